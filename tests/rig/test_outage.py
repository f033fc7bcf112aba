"""Redis flushed, killed, frozen, full, set up as a cache; too many beats: nobody is asked for patience, nothing is lost
or told twice (reliability B3, B5; `make rig`). Web, worker, beat, Redis and mail sink are real processes.
"""

import json
import signal
from urllib.error import HTTPError

import pytest

from tests.rig import kill
from tests.rig.browser import Browser, log_in
from tests.rig.world import World, until

pytestmark = pytest.mark.rig

PATIENCE = 10  # seconds a person may have to wait for one page while the broker is gone
SAVES = 40
PEOPLE = 3


@pytest.fixture
def world(tmp_path):
    """A district with a worker of its own; everybody misses one node on every working day."""
    with World(tmp_path, people=PEOPLE, projects_each=1) as world:
        world.start_worker()
        yield world


def sent(world) -> int:
    return world.value("SELECT count(*) FROM alerts_mail WHERE state = 'sent'")


def waiting(world) -> int:
    return world.value("SELECT count(*) FROM alerts_mail WHERE state = 'pending'")


def all_sent(world, mails: int):
    """A condition for `until`: so many mails have left and none waits."""
    return lambda: sent(world) >= mails and not waiting(world)


def test_pages_save_without_redis_and_the_mails_leave_when_it_is_back(world):
    days = kill.working_days(2)
    books = kill.Books(world)
    world.set_day(days[0])
    world.start_beat()
    boss = log_in(world.start_web())
    until(all_sent(world, PEOPLE), seconds=60, what="the first digests, rung by beat", meanwhile=books.sample)

    world.kill("redis")
    operations = "/alerts/operations/"
    assert boss.post(operations, f"{operations}test/") < PATIENCE
    assert waiting(world) == 1
    alert = world.value("SELECT min(id) FROM alerts_alert")
    form = f"/alerts/{alert}/acknowledge/"
    assert boss.post(form, form, measure="本周召开协调会", promised_on="2026-03-20") < PATIENCE
    assert world.value("SELECT measure FROM alerts_alert WHERE id = %s", alert) == "本周召开协调会"
    world.start_redis()
    until(all_sent(world, PEOPLE + 1), seconds=90, what="the mail, after Redis came back", meanwhile=books.sample)

    world.signal("redis", signal.SIGSTOP)  # frozen: connections stand, nothing answers
    try:
        assert boss.post(operations, f"{operations}test/") < PATIENCE
        assert waiting(world) == 1
    finally:
        world.signal("redis", signal.SIGCONT)
    until(all_sent(world, PEOPLE + 2), seconds=90, what="the mail, after Redis thawed", meanwhile=books.sample)

    for _ in range(5):
        world.queue.send_task("alerts.tasks.send_deliveries", expires=55)
    world.set_day(days[1])
    world.redis("FLUSHALL")  # whatever was rung is gone; the next ring comes
    until(all_sent(world, 2 * PEOPLE + 2), seconds=90, what="the next day's mails, after FLUSHALL")
    assert set(world.arrived().values()) == {1}
    assert sum(world.arrived().values()) == 2 * PEOPLE + 2
    assert books.broken == []


def saves(boss) -> list[float]:
    """Seconds of so many saves, each of which rings, in order of length. Raises when one is refused."""
    operations = "/alerts/operations/"
    return sorted(boss.post(operations, f"{operations}test/") for _ in range(SAVES))


def p95(seconds: list[float]) -> float:
    return seconds[int(len(seconds) * 0.95) - 1]


def test_a_frozen_and_a_full_redis_slow_nobody_down(world):
    """The first save meets the dead broker, the others do not ask it again so soon (reliability B3)."""
    boss = log_in(world.start_web())
    world.set_day(kill.working_days(1)[0])
    usual = saves(boss)
    for trouble, end in (
        (lambda: world.signal("redis", signal.SIGSTOP), lambda: world.signal("redis", signal.SIGCONT)),
        (
            lambda: world.redis("CONFIG", "SET", "maxmemory", "1"),
            lambda: world.redis("CONFIG", "SET", "maxmemory", "0"),
        ),
    ):
        trouble()
        try:
            seen = saves(boss)
        finally:
            end()
        world.note(f"p95 of {SAVES} saves: {p95(usual):.3f} s, in trouble {p95(seen):.3f} s, at most {seen[-1]:.3f} s")
        assert seen[-1] < PATIENCE
        assert seen[int(SAVES * 0.9) - 1] < usual[-1] + 1  # nine of ten never met the broker
    world.start_beat()

    def done() -> bool:
        """A full Redis ends a Celery worker; what starts it (compose, systemd, `serve`) starts it again."""
        if world.processes["worker"].poll() is not None:
            world.note("the worker had ended")
            world.start_worker()
        return all_sent(world, 3 * SAVES)()

    until(done, seconds=90, what="every mail that was asked for")
    assert set(world.arrived().values()) == {1}


def test_a_redis_set_up_as_a_cache_is_refused(world):
    world.redis("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
    world.start_worker("refused")
    until(lambda: world.processes["refused"].poll() is not None, seconds=30, what="the worker's refusal")
    assert world.processes["refused"].returncode != 0
    assert "maxmemory-policy" in (world.folder / "refused.out").read_text()
    web = world.start_web()
    log_in(web)
    with pytest.raises(HTTPError) as answer:
        Browser(web).get("/readyz")
    assert answer.value.code == 503
    assert json.load(answer.value)["checks"]["broker"]["error"] == "maxmemory-policy=allkeys-lru"


def test_five_beats_leave_the_same_record_as_one(world):
    """One beat, two, five on three days: an alert per node, a run per day, a mail per person and day."""
    running = 0
    for day, beats in zip(kill.working_days(3), (1, 2, 5), strict=True):
        for number in range(running, beats):
            world.start_beat(f"beat{number}")
        running = beats
        mails = sent(world) + PEOPLE
        world.set_day(day)
        until(all_sent(world, mails), seconds=90, what=f"the mails of {day}")
        rung = world.rings()
        until(lambda rung=rung, beats=beats: world.rings() >= rung + 3 * beats, seconds=60, what="three more rounds")
        found = world.query("SELECT rule, subject FROM alerts_alert WHERE closed_at IS NULL")
        assert sorted(found) == sorted(kill.expected_on(world, day))
        assert world.value("SELECT count(*) FROM alerts_mail") == mails
    assert world.value("SELECT count(*) FROM alerts_jobrun WHERE job = 'scan'") == 3
    assert world.value("SELECT count(*) = count(DISTINCT (rule, subject)) FROM alerts_alert")
    assert set(world.arrived().values()) == {1}
