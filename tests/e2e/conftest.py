"""The product as people meet it: `make run` and `make stack` with their own data, and a real Chromium.

Nothing here knows Django: pages are looked at, mails are read where they arrive, the clock is moved by its file.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PASSWORD = "Yunling@2026"  # of the demonstration accounts
SHOTS = ROOT / "build" / "shots"
NAMELESS = """[...document.querySelectorAll("table tbody tr")].some(row => row.offsetHeight
    && row.querySelector(".cell-name") && ![...row.querySelectorAll(".cell-name")].some(name => name.offsetHeight))"""


@dataclass
class Site:
    """A running product. `kind` is "run" or "stack"."""

    kind: str
    url: str
    var: Path
    env: dict[str, str]
    process: subprocess.Popen = field(repr=False)

    def move_clock(self, *, days: float = 0, hours: float = 0) -> None:
        """Let so much time pass, on top of what has passed already."""
        file = Path(self.env["CLOCK_FILE"])
        shift = float(file.read_text()) + days * 86400 + hours * 3600
        fresh = file.with_suffix(".new")
        fresh.write_text(str(shift))
        fresh.rename(file)

    def stand_at(self, moment: datetime) -> None:
        """Let it be `moment` (aware)."""
        self.move_clock(hours=(moment - datetime.now(moment.tzinfo)).total_seconds() / 3600 - self._shift() / 3600)

    def _shift(self) -> float:
        return float(Path(self.env["CLOCK_FILE"]).read_text())

    def mails(self, address: str = "") -> list[EmailMessage]:
        """Mails as they arrived, oldest first, those to `address` only when given."""
        folder = self.var / "mails"
        if self.kind == "stack":
            raw = [path.read_bytes() for path in sorted(folder.glob("*.eml"))]
        else:
            divider = b"-" * 79 + b"\n"
            raw = [
                part
                for path in sorted(folder.glob("*.log"), key=lambda p: p.stat().st_mtime_ns)
                for part in path.read_bytes().split(divider)
                if part.strip()
            ]
        found = [message_from_bytes(one, policy=policy.default) for one in raw]
        return [mail for mail in found if address in str(mail["To"])]

    def manage(self, *arguments: str) -> str:
        """A management command in the site's environment; its standard output."""
        done = subprocess.run(
            [ROOT / ".venv/bin/python", "manage.py", *arguments],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=300,
            check=True,
        )
        return done.stdout

    def stop(self) -> None:
        """As Ctrl-C would, and see that it ends."""
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(timeout=40)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(condition, *, seconds: float, what: str):
    """Wait until `condition()` gives something true, and return it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.5)
    raise AssertionError(f"not within {seconds} s: {what}")


def answers(url: str) -> bool:
    try:
        return urllib.request.urlopen(url, timeout=3).status == 200  # noqa: S310
    except OSError:
        return False


def start(kind: str, var: Path, *, at: datetime | None = None) -> Site:
    """`make run` or `make stack` on an empty database with the demonstration district, living at `at` or now."""
    port, queue = str(free_port()), "8" if at else "9"  # two stacks may live at once
    clock_file = var / "clock"
    clock_file.write_text(str((at - datetime.now(at.tzinfo)).total_seconds() if at else 0))
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",  # not the suite's own
        "VAR_DIR": str(var),
        "PORT": port,
        "BASE_URL": f"http://127.0.0.1:{port}",
        "TESTING": "1",
        "REHEARSAL": "1",
        "CLOCK_FILE": str(clock_file),
    }
    if kind == "stack":
        env |= {
            "DJANGO_SETTINGS_MODULE": "config.settings.prod",
            "DATABASE_URL": f"postgres://root@127.0.0.1:5432/dongliang_e2e_{os.getpid()}_{port}",
            "REDIS_URL": f"redis://127.0.0.1:6379/{queue}",
            "SMTP_PORT": str(free_port()),
            "SECRET_KEY": "for the browser tests only, thirty-two characters and more",
            "ALLOWED_HOSTS": "127.0.0.1",
            "HTTPS": "0",
            "ALLOW_DEMO_REGION": "1",
            "STATIC_ROOT": str(var / "static"),
        }
        env["EMAIL_URL"] = f"smtp://127.0.0.1:{env['SMTP_PORT']}"
        subprocess.run(["redis-cli", "-n", queue, "flushdb"], check=True, capture_output=True)
    log = (var / "log").open("wb")
    process = subprocess.Popen(
        ["make", kind], cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    site = Site(kind, f"http://127.0.0.1:{port}", var, env, process)
    door = "readyz" if kind == "stack" else "healthz"

    def up():
        assert process.poll() is None, (var / "log").read_text(errors="replace")[-3000:]
        return answers(f"{site.url}/{door}")

    until(up, seconds=240, what=f"make {kind} answers on /{door}")
    return site


@pytest.fixture(scope="session", params=["run", "stack"])
def site(request, tmp_path_factory) -> Iterator[Site]:
    """The product, once started with `make run` and once with `make stack`."""
    running = start(request.param, tmp_path_factory.mktemp(request.param))
    yield running
    finish(running)


def finish(running: Site) -> None:
    """Stop it and leave nothing behind."""
    running.stop()
    if running.kind == "stack":
        name = running.env["DATABASE_URL"].rpartition("/")[2]
        subprocess.run(
            ["psql", "-h", "127.0.0.1", "-U", "root", "-d", "postgres", "-qc", f"DROP DATABASE {name} WITH (FORCE)"],
            check=True,
        )


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


class Person:
    """Somebody at a browser, logged in to a site; complains about script errors and outside requests."""

    def __init__(self, browser, site: Site, username: str, *, width: int = 1440, password: str = PASSWORD) -> None:
        self.site, self.username, self.password = site, username, password
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, locale="zh-CN", timezone_id="Asia/Shanghai", has_touch=width < 500
        )
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.expects_refusals = False  # a story in which a form is sent back says so: the browser logs the 422
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("console", self._heard)
        self.page.on(
            "request",
            lambda r: (
                r.url.startswith(("http:", "https:"))
                and not r.url.startswith(site.url)
                and self.complaints.append(f"outside: {r.url}")
            ),
        )
        if username:
            self.log_in(username, password)

    def _heard(self, message) -> None:
        refusal = self.expects_refusals and "status of 422" in message.text
        if message.type == "error" and not refusal:
            self.complaints.append(f"{message.text} @ {self.page.url}")

    def log_in(self, username: str, password: str = PASSWORD) -> None:
        self.page.goto(f"{self.site.url}/accounts/login/")
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", password)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url(lambda url: "/login/" not in url)

    def open(self, path: str):
        self.page.goto(f"{self.site.url}{path}")
        return self.page

    def shot(self, name: str) -> None:
        """A full-page picture for people to look at; nothing may scroll sideways, every row shows its name."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        width = self.page.viewport_size["width"]
        self.page.screenshot(path=SHOTS / f"{self.site.kind}-{name}-{width}.png", full_page=True)
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} scrolls sideways by {wide} px at {width}"
        assert not self.page.evaluate(NAMELESS), f"{name} has rows without a name at {width}"

    def leave(self) -> None:
        self.context.close()
        assert not self.complaints, self.complaints


@pytest.fixture
def person(chromium, site):
    """`person("admin")` opens a browser as somebody of the demonstration district."""
    people: list[Person] = []

    def arrive(username: str, **kw) -> Person:
        people.append(Person(chromium, site, username, **kw))
        return people[-1]

    yield arrive
    for one in people:
        one.leave()
