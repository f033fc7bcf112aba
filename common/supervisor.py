"""Runs a few processes together: starts, restarts, and stops all of them (`make run`, `make stack`).

No terminal is needed and nothing is left behind. It knows nothing of Django.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

GRACE_SECONDS = 15.0  # after SIGTERM; then the whole process group is killed
QUICK_DEATH_SECONDS = 8.0  # a process that lives shorter died of something that a restart does not cure …
QUICK_DEATHS_ALLOWED = 3  # … unless it was only bad luck
POLL_SECONDS = 0.2


@dataclass
class Service:
    """One process to keep running. `env` is laid over the supervisor's environment."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen | None = field(default=None, init=False)
    started: float = field(default=0.0, init=False)
    quick_deaths: int = field(default=0, init=False)

    def start(self) -> None:
        """Start in a process group of its own, so that a Ctrl-C reaches the supervisor only."""
        self.process = subprocess.Popen(
            self.argv, env={**os.environ, **self.env}, stdin=subprocess.DEVNULL, start_new_session=True
        )
        self.started = time.monotonic()

    def exit_code(self) -> int | None:
        """None while it runs."""
        return self.process.poll() if self.process else None

    def kill_group(self) -> None:
        """Whatever is left of the process and its children."""
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Supervisor:
    """Keeps services running until SIGINT, SIGTERM or SIGHUP arrives."""

    def __init__(self, services: Sequence[Service], *, say: Callable[[str], None]) -> None:
        self.services = list(services)
        self.say = say
        self.stopping = False

    def run(self, ready: Callable[[], bool], on_ready: Callable[[], None]) -> int:
        """Start all, call `on_ready` once when `ready()` is first true, then watch. Returns the exit code:
        0 after a signal, 1 when a service does not stay up."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        announced = False
        try:
            for service in self.services:
                service.start()
            while not self.stopping:
                if not all(self._keep(service) for service in self.services):
                    return 1
                if not announced and ready():
                    announced = True
                    on_ready()
                time.sleep(POLL_SECONDS)
            return 0
        finally:
            self._stop_all()

    def _on_signal(self, number: int, frame: object) -> None:
        self.stopping = True

    def _keep(self, service: Service) -> bool:
        """Restart the service if it ended. False when it keeps dying at once."""
        code = service.exit_code()
        if code is None:
            return True
        quick = time.monotonic() - service.started < QUICK_DEATH_SECONDS
        service.quick_deaths = service.quick_deaths + 1 if quick else 0
        if service.quick_deaths > QUICK_DEATHS_ALLOWED:
            self.say(f"{service.name} 反复退出（代码 {code}），全部停止。原因见上面的输出。")
            return False
        self.say(f"{service.name} 退出（代码 {code}），正在重启。")
        service.kill_group()
        time.sleep(min(service.quick_deaths, 2))
        service.start()
        return True

    def _stop_all(self) -> None:
        """SIGTERM to every leader (each knows how to end its children), then the groups, whatever is left of them."""
        for service in self.services:
            if service.process and service.process.poll() is None:
                service.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        for service in self.services:
            if service.process:
                try:
                    service.process.wait(max(0.0, deadline - time.monotonic()))
                except subprocess.TimeoutExpired:
                    self.say(f"{service.name} 没有按时结束，强制结束。")
                service.kill_group()


def web(**env: str) -> Service:
    """gunicorn on $HOST:$PORT."""
    return Service("网站", [sys.executable, "-m", "gunicorn", "-c", "ops/gunicorn.conf.py", "config.wsgi"], env)


def worker(*, with_beat: bool = False, **env: str) -> Service:
    """A Celery worker of two processes; `with_beat` lets it keep the clock too (only one process may)."""
    beat_option = ["-B"] if with_beat else []
    argv = [sys.executable, "-m", "celery", "-q", "-A", "config", "worker", "-c", "2", "-l", "warning", *beat_option]
    return Service("后台任务", argv, env)


def beat(**env: str) -> Service:
    """The clock of the beat table."""
    argv = [sys.executable, "-m", "celery", "-q", "-A", "config", "beat", "-l", "warning", "--pidfile="]
    return Service("定时", argv, env)


def port_is_free(host: str, port: int) -> bool:
    """Whether a server could listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def answers(url: str) -> bool:
    """Whether a GET of `url` gives 200, without a proxy in between."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=2) as response:
            return response.status == 200
    except OSError:
        return False
