"""The supervisor of `make run` and `make stack`, with real processes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
open(sys.argv[1], "a").write(f"{child.pid}\\n")
time.sleep(60)
"""
SUPERVISE = """
import sys
from common.supervisor import Service, Supervisor
parent, notes = sys.argv[1:]
services = [Service("甲", [sys.executable, "-c", parent, notes]), Service("乙", [sys.executable, "-c", "{other}"])]
supervisor = Supervisor(services, say=lambda line: print(line, flush=True))
sys.exit(supervisor.run(lambda: True, lambda: print("ready", flush=True)))
"""
STAYS = "import time; time.sleep(60)"


@pytest.fixture
def supervise(tmp_path):
    """Starts a supervisor of two services; the first has a child of its own, noted in a file."""
    started = []

    def start(other: str = STAYS) -> tuple[subprocess.Popen, Path]:
        notes = tmp_path / "children"
        process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISE.replace("{other}", other), PARENT, str(notes)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process, notes

    yield start
    for process in started:
        process.kill()
        process.wait()


def wait_for(condition, seconds: float = 10.0):
    """The first true value of `condition()`; fails when it stays false."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.05)
    raise AssertionError("waited in vain")


def lives(pid: int) -> bool:
    """Whether the process exists and is not a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def pids(notes: Path) -> list[int]:
    return [int(line) for line in notes.read_text().split()] if notes.exists() else []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_everything_and_leaves_nothing_behind(supervise, number):
    process, notes = supervise()
    child = wait_for(lambda: pids(notes))[0]
    assert process.stdout.readline() == "ready\n"
    process.send_signal(number)
    assert process.wait(timeout=30) == 0
    wait_for(lambda: not lives(child))


def test_a_killed_service_is_started_again_and_its_orphans_are_ended(supervise):
    process, notes = supervise()
    first = wait_for(lambda: pids(notes))[0]
    leader = int(Path(f"/proc/{first}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(leader, signal.SIGKILL)
    wait_for(lambda: len(pids(notes)) == 2)
    wait_for(lambda: not lives(first))
    process.terminate()
    assert process.wait(timeout=30) == 0


def test_a_service_that_cannot_live_stops_everything_with_an_error(supervise):
    process, notes = supervise(other="raise SystemExit(7)")
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "乙 反复退出（代码 7）" in output
    assert all(not lives(pid) for pid in pids(notes))
