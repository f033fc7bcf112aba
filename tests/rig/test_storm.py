"""A storm of SIGKILL at random moments, and the calm beside it (reliability B2, B13; `make rig`).

SIZE=short storms for half a minute, otherwise two; SIZE=full for thirty minutes over ten thousand alerts.
"""

import os
import random
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.rig import kill
from tests.rig.seed import NODES
from tests.rig.world import World, until

MINUTES, PEOPLE, DAYS = {"short": (0.5, 12, 3), "full": (30, 100, 100)}.get(os.environ.get("SIZE", ""), (2, 24, 9))
SEED = int(os.environ.get("RIG_SEED", "20261126"))
WORKERS = ("worker-a", "worker-b", "worker-c")
BEAT_SECONDS = 2  # of tests.rig.fast
OWED = "SELECT count(*) FROM alerts_alertnotice WHERE state = 'pending'"

pytestmark = pytest.mark.rig


@pytest.fixture
def world(tmp_path):
    """A district in which everybody misses one node on every working day, with three workers and a beat."""
    with World(tmp_path, people=PEOPLE, projects_each=-(-(DAYS + 4) // len(NODES))) as world:
        for name in WORKERS:
            world.start_worker(name)
        world.start_beat()
        yield world


def children(pid: int) -> list[int]:
    """The processes that a process started."""
    with suppress(FileNotFoundError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def strike(world: World, chance: random.Random) -> float:
    """SIGKILL to somebody: mostly a worker's child, now and then a whole worker or the beat. Returns when."""
    name = chance.choice(WORKERS)
    kind = chance.choices(("child", "worker", "beat"), (85, 10, 5))[0]
    young = children(world.processes[name].pid) if kind == "child" else []
    now = time.time()
    if young:
        pid = chance.choice(young)
        world.note(f"kill -9: child, pid {pid} of {name}")
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    elif kind == "beat":
        world.kill("beat")
        world.start_beat()
    else:
        world.kill(name)
        world.start_worker(name)
    return now


def calm(world: World, books: kill.Books, day) -> None:
    """Wait until the day is worked off: every alert stands and nothing waits to be sent."""

    def done() -> bool:
        alerts = world.query("SELECT rule, subject FROM alerts_alert WHERE closed_at IS NULL")
        stands = world.value(kill.SCANNED, day) == 1 and kill.expected_on(world, day) <= set(alerts)
        return stands and not world.value(OWED)

    until(done, seconds=180, what=f"the calm after {day}", each=0.1, meanwhile=books.sample)


def test_a_storm_of_kills_loses_nothing(world):
    chance, books = random.Random(SEED), kill.Books(world)
    days = kill.working_days(DAYS + 1)
    kills: list[float] = []
    storm_days, last = days[:-1], days[-1]
    end = time.monotonic() + MINUTES * 60
    try:
        for number, day in enumerate(storm_days):
            world.set_day(day)
            until_next = end - (len(storm_days) - number - 1) * MINUTES * 60 / DAYS
            while time.monotonic() < until_next:
                time.sleep(chance.uniform(0.3, 2))
                kills.append(strike(world, chance))
                books.sample()
        world.set_day(last)
        calm(world, books, last)
        says = world.run("-m", "tests.rig.ledger")
    finally:
        kill.keep_log(world, "rig-storm.log")
    taken = world.arrivals()
    alerts, records = world.query("SELECT count(*), count(DISTINCT (rule, subject)) FROM alerts_alert")[0]
    mails = {key for (key,) in world.query("SELECT message_id FROM alerts_mail WHERE state = 'sent'")}
    twice = [moments for moments in taken.values() if len(moments) > 1]
    traced = [moments for moments in twice if kill.in_flight(moments, kills)]
    row = kill.Point(
        "storm", SEED, kills=len(kills), expected=len(kill.expected_on(world, last)), records=records,
        missing=len(mails - set(taken)), duplicate_records=alerts - records,
        duplicate_mails=sum(len(moments) - 1 for moments in taken.values()),
        duplicates_in_window=sum(len(moments) - 1 for moments in traced),
        same_message_id=set(taken) <= mails,
    )  # fmt: skip
    kill.report([row])
    assert row.kills >= MINUTES * 60 / 2.5, row
    assert row.missing == row.duplicate_records == 0, row
    assert row.duplicate_mails == row.duplicates_in_window, row
    assert row.same_message_id, row
    assert books.broken == []
    assert "holds=True" in says


def test_on_a_calm_day_everything_is_there_within_a_minute_and_once(world):
    """The hand-off: from the moment a node is late to its record, and to the mail (reliability B13)."""
    books, spans = kill.Books(world), []
    for day in kill.working_days(3):
        started = time.monotonic()
        world.set_day(day)
        calm(world, books, day)
        spans.append(time.monotonic() - started)
    world.note(f"from late to mailed: {', '.join(f'{span:.1f} s' for span in spans)}")
    assert max(spans) <= BEAT_SECONDS + 60
    assert world.value("SELECT count(*) = count(DISTINCT (rule, subject)) FROM alerts_alert")
    assert {len(moments) for moments in world.arrivals().values()} == {1}
    assert books.broken == []
