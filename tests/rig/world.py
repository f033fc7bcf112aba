"""A world to break: a database, a Redis, a mail sink and workers of its own, as real processes on this machine.

It kills only what it started, by process id. The witness is SQL of its own, not the product's querysets.
"""

import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from contextlib import suppress
from datetime import date, datetime
from datetime import time as clock_time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from celery import Celery
from psycopg2 import sql

from common.clock import SHANGHAI

ROOT = Path(__file__).resolve().parent.parent.parent
LEASE = 5  # seconds, in place of a minute
SERVER = "postgres://root@127.0.0.1:5432/postgres"


def server_url() -> str:
    """The PostgreSQL server: that of DATABASE_URL when it names one."""
    url = os.environ.get("DATABASE_URL", "")
    return url if url.startswith("postgres") else SERVER


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(condition, *, seconds: float, what: str, each: float = 0.2, meanwhile=None):
    """Wait for `condition()` to be true; `meanwhile()` runs before each look. Fails loudly, naming what never came."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if meanwhile:
            meanwhile()
        if found := condition():
            return found
        time.sleep(each)
    raise AssertionError(f"after {seconds:g} s there was still no: {what}")


def _on_server(statement) -> None:
    connection = psycopg2.connect(server_url(), connect_timeout=5)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()


def drop_database(name: str) -> None:
    """Remove one of the rig's databases, whoever is still connected."""
    _on_server(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


class World:
    """Everything a rehearsal needs. Use as a context manager."""

    template = ""  # the database that worlds are copied from
    _numbers, _making = itertools.count(), threading.Lock()

    def __init__(self, folder: Path, *, people: int, projects_each: int) -> None:
        self.folder = folder
        self.people, self.projects_each = people, projects_each
        self.database = f"dongliang_rig_{os.getpid()}_{next(World._numbers)}"
        self.redis_port, self.smtp_port = free_port(), free_port()
        self.processes: dict[str, subprocess.Popen] = {}
        self.log = (folder / "rig.log").open("a")
        parts = urlsplit(server_url())
        self.env = {
            **{key: value for key, value in os.environ.items() if not key.startswith("PYTEST")},
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "DATABASE_URL": urlunsplit(parts._replace(path=f"/{self.database}")),
            "REDIS_URL": f"redis://127.0.0.1:{self.redis_port}/0",
            "EMAIL_URL": f"smtp://127.0.0.1:{self.smtp_port}",
            "VAR_DIR": str(folder / "var"),
            "CLOCK_FILE": str(folder / "clock"),
            "FAILPOINT_DIR": str(folder),
            "MAIL_LEASE_SECONDS": str(LEASE),
            "JOB_LEASE_SECONDS": str(LEASE),
            "IMPORT_LEASE_SECONDS": str(LEASE),
            "TESTING": "1",
            "PYTHONUNBUFFERED": "1",
        }
        self.queue = Celery("rig", broker=self.env["REDIS_URL"])
        self.queue.conf.broker_transport_options = {"socket_timeout": 2, "socket_connect_timeout": 2}

    def __enter__(self) -> "World":
        make = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        with World._making:  # one copy at a time
            _on_server(make.format(sql.Identifier(self.database), sql.Identifier(self._migrated())))
        self.start_redis()
        self.start("sink", "manage.py", "smtp_sink", "--port", str(self.smtp_port), "--dir", str(self.folder / "mails"))
        self.run("-m", "tests.rig.seed", str(self.people), str(self.projects_each))
        self.connection = psycopg2.connect(self.env["DATABASE_URL"])
        self.connection.autocommit = True
        return self

    def __exit__(self, *error) -> None:
        for name in list(self.processes):
            self.kill(name)
        if hasattr(self, "connection"):
            self.connection.close()
        drop_database(self.database)
        self.log.close()

    def _migrated(self) -> str:
        """An empty database with the product's tables, made once a session and copied into every world."""
        if not World.template:
            name = f"dongliang_rig_{os.getpid()}_empty"
            _on_server(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            own, World.template = self.env["DATABASE_URL"], name
            self.env["DATABASE_URL"] = urlunsplit(urlsplit(own)._replace(path=f"/{name}"))
            self.run("manage.py", "migrate", "--verbosity", "0")
            self.env["DATABASE_URL"] = own
        return World.template

    # --- processes ------------------------------------------------------------------------------------------------
    def run(self, *argv: str) -> str:
        """A command to its end; what it printed."""
        done = subprocess.run(
            [sys.executable, *argv], cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def start(self, name: str, *argv: str) -> subprocess.Popen:
        """Start one of our own programs in a process group of its own."""
        return self._spawn(name, [sys.executable, *argv])

    def start_worker(self, name: str = "worker", *, children: int = 2) -> None:
        options = ["-c", str(children), "-l", "warning", "-n", f"{name}@rig"]
        self.start(name, "-m", "celery", "-A", "config", "worker", *options)

    def start_beat(self, name: str = "beat") -> None:
        """A beat with the product's table, its minutes told in seconds."""
        schedule = str(self.folder / name)
        self.start(name, "-m", "celery", "-A", "tests.rig.fast", "beat", "-l", "info", "--pidfile=", "-s", schedule)

    def rings(self) -> int:
        """How often the beats have rung."""
        return sum(path.read_text().count("Sending due task") for path in self.folder.glob("beat*.out"))

    def start_web(self) -> str:
        """The site, with one process; its address."""
        self.env |= {"HOST": "127.0.0.1", "PORT": str(free_port()), "WEB_WORKERS": "1"}
        self.start("web", "-m", "gunicorn", "-c", "ops/gunicorn.conf.py", "config.wsgi")
        return f"http://127.0.0.1:{self.env['PORT']}"

    def start_redis(self) -> None:
        binary = shutil.which("redis-server")
        assert binary, "redis-server is not installed"
        folder = self.folder / "redis"
        folder.mkdir(exist_ok=True)
        options = ["--port", str(self.redis_port), "--bind", "127.0.0.1", "--dir", str(folder), "--appendonly", "yes"]
        self._spawn("redis", [binary, *options, "--maxmemory-policy", "noeviction"])
        until(lambda: self._listens(self.redis_port), seconds=15, what="redis")

    def redis(self, *command: str) -> None:
        """A command to Redis, such as FLUSHALL or CONFIG SET."""
        with self.queue.connection_for_write() as connection:
            connection.default_channel.client.execute_command(*command)
        self.note(f"redis: {' '.join(command)}")

    def _spawn(self, name: str, argv: list[str]) -> subprocess.Popen:
        output = (self.folder / f"{name}.out").open("ab")
        process = subprocess.Popen(
            argv, cwd=ROOT, env=self.env, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
        output.close()
        self.processes[name] = process
        self.note(f"start {name} pid {process.pid}")
        return process

    @staticmethod
    def _listens(port: int) -> bool:
        with socket.socket() as probe:
            probe.settimeout(0.5)
            return probe.connect_ex(("127.0.0.1", port)) == 0

    def kill(self, name: str) -> None:
        """SIGKILL to a program and its children."""
        process = self.processes.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.note(f"killed {name} pid {process.pid} and its children")

    def kill_alone(self, name: str) -> None:
        """SIGKILL to a program only: its children go on as orphans until the world ends."""
        process = self.processes.pop(name)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        self.processes[f"orphans of {process.pid}"] = process
        self.note(f"killed {name} pid {process.pid} alone")

    def owner(self, pid: int) -> str:
        """The name of the program to whose group a process belongs."""
        group = os.getpgid(pid)
        return next(name for name, process in self.processes.items() if process.pid == group)

    def signal(self, name: str, number: int) -> None:
        """A signal to one program."""
        os.kill(self.processes[name].pid, number)

    def note(self, line: str) -> None:
        """The rehearsal's log: who was killed where, and when it was restarted."""
        self.log.write(f"{datetime.now(SHANGHAI):%H:%M:%S.%f} {line}\n")
        self.log.flush()

    # --- the clock and the bell -------------------------------------------------------------------------------------
    def set_day(self, day: date) -> None:
        """Move the product's clock to 10:00 of a day."""
        moment = datetime.combine(day, clock_time(10), tzinfo=SHANGHAI)
        fresh = self.folder / "clock.new"
        fresh.write_text(str((moment - datetime.now(SHANGHAI)).total_seconds()))
        fresh.rename(self.folder / "clock")

    def ring(self, *tasks: str) -> None:
        """What beat does every minute, at once."""
        for task in tasks or ("run_due_jobs", "send_deliveries"):
            with suppress(Exception):  # a ring that is lost is part of the rehearsal: the next one comes
                self.queue.send_task(task if "." in task else f"alerts.tasks.{task}", retry=False, expires=55)

    # --- killing ----------------------------------------------------------------------------------------------------
    def arm(self, point: str, turn: int, serial: int) -> None:
        """Let the next process that passes `point` for the `turn`-th time stand still there."""
        self.release()
        fresh = self.folder / "arm.new"
        fresh.write_text(f"{point}:{turn} {serial}")
        fresh.rename(self.folder / "arm")

    def victim(self) -> int | None:
        """The pid of the process that stands at the armed point."""
        for announcement in self.folder.glob("stopped.*"):
            return int(announcement.suffix[1:])
        return None

    def release(self) -> None:
        """Let whoever stands at a point go on; forget who was killed there."""
        for announcement in self.folder.glob("stopped.*"):
            announcement.unlink()

    # --- the witness --------------------------------------------------------------------------------------------------
    def query(self, text: str, *values) -> list[tuple]:
        """Rows of a statement, read by a connection of the rig's own."""
        with self.connection.cursor() as cursor:
            cursor.execute(text, values)
            return cursor.fetchall()

    def value(self, text: str, *values):
        """The single value of a statement."""
        return self.query(text, *values)[0][0]

    def arrivals(self) -> dict[str, list[float]]:
        """Message-ID → the moments (time.time) at which the sink took it."""
        ledger, taken = self.folder / "mails" / "mails.jsonl", defaultdict(list)
        for line in ledger.read_text(encoding="utf-8").splitlines() if ledger.exists() else ():
            told = json.loads(line)
            taken[told["message_id"]].append(datetime.fromisoformat(told["at"]).timestamp())
        return taken

    def arrived(self) -> Counter:
        """Message-ID → how often the sink took it."""
        return Counter({key: len(moments) for key, moments in self.arrivals().items()})
