"""Redis away: pages still save, and the mails go out when it is back, rung by a real beat (`make rig`)."""

import re
import signal
import time
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

import pytest

from tests.rig.kill import working_days
from tests.rig.world import World, free_port, until

pytestmark = pytest.mark.rig

PATIENCE = 10  # seconds a person may have to wait for a page while the broker is gone
BEAT = 60  # seconds between two rings of config/beat.py


class Browser:
    """A person at the running site: cookies, forms, nothing else."""

    def __init__(self, address: str) -> None:
        self.address = address
        handlers = urllib.request.HTTPCookieProcessor(CookieJar()), urllib.request.ProxyHandler({})
        self.opener = urllib.request.build_opener(*handlers)

    def get(self, path: str) -> str:
        with self.opener.open(self.address + path, timeout=30) as answer:
            return answer.read().decode()

    def post(self, form: str, path: str, **fields: str) -> float:
        """Send `fields` to `path` with the token of the page `form`; the seconds it took. Raises when refused."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(form)).group(1)
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": token, **fields}).encode()
        started = time.monotonic()
        with self.opener.open(self.address + path, data=body, timeout=60) as answer:
            assert answer.status == 200
        return time.monotonic() - started


@pytest.fixture
def world(tmp_path):
    """A district with web, worker and beat of its own; everybody misses one node on the first day."""
    with World(tmp_path, people=3, projects_each=1) as world:
        world.env |= {"HOST": "127.0.0.1", "PORT": str(free_port())}
        world.set_day(working_days(1)[0])
        world.start("web", "-m", "gunicorn", "-c", "ops/gunicorn.conf.py", "config.wsgi")
        world.start_worker()
        schedule = str(tmp_path / "beat")
        world.start("beat", "-m", "celery", "-A", "config", "beat", "-l", "warning", "--pidfile=", "-s", schedule)
        yield world


@pytest.fixture
def boss(world):
    """The administrator, logged in."""
    browser = Browser(f"http://127.0.0.1:{world.env['PORT']}")

    def answers():
        try:
            return browser.get("/accounts/login/")
        except OSError:
            return None

    until(answers, seconds=40, what="login page")
    browser.post("/accounts/login/", "/accounts/login/", username="boss", password="pw")
    return browser


def sent(world) -> int:
    return world.value("SELECT count(*) FROM alerts_mail WHERE state = 'sent'")


def waiting(world) -> int:
    return world.value("SELECT count(*) FROM alerts_mail WHERE state = 'pending'")


def test_pages_save_without_redis_and_the_mails_leave_when_it_is_back(world, boss):
    until(lambda: sent(world) == 3, seconds=2 * BEAT, what="the first digests, rung by beat", each=1)

    world.kill("redis")
    operations = "/alerts/operations/"
    assert boss.post(operations, f"{operations}test/") < PATIENCE
    assert waiting(world) == 1
    alert = world.value("SELECT min(id) FROM alerts_alert")
    form = f"/alerts/{alert}/acknowledge/"
    assert boss.post(form, form, measure="本周召开协调会", promised_on="2026-03-20") < PATIENCE
    assert world.value("SELECT measure FROM alerts_alert WHERE id = %s", alert) == "本周召开协调会"

    world.start_redis()
    until(lambda: sent(world) == 4 and not waiting(world), seconds=3 * BEAT, what="the mail, after Redis came back")

    world.signal("redis", signal.SIGSTOP)  # frozen: connections stand, nothing answers
    try:
        assert boss.post(operations, f"{operations}test/") < PATIENCE
        assert waiting(world) == 1
    finally:
        world.signal("redis", signal.SIGCONT)
    until(lambda: sent(world) == 5 and not waiting(world), seconds=3 * BEAT, what="the mail, after Redis thawed")
    arrived = world.arrived()
    assert len(arrived) == 5
    assert set(arrived.values()) == {1}
