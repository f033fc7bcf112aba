"""Every hostile and odd file through the real door: the stated verdict, the same server afterwards, nothing written.

Then mutated files: never a 500, never a dead server. SIZE=full sends 2,000 of them, otherwise 60; RIG_SEED varies them.
"""

import hashlib
import http.cookiejar
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections import Counter
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.common.excel import hostile
from tests.rig.world import ROOT, free_port, until

pytestmark = pytest.mark.rig
MUTATIONS = 2000 if os.environ.get("SIZE") == "full" else 60
SEED = int(os.environ.get("RIG_SEED", "80"))
PASSWORD = "Yunling@2026"  # of the demonstration accounts
MAX_MEMORY_KB = 512 * 1024
MAX_SECONDS = 30


class Door:
    """A running product and somebody who imports through its upload page."""

    def __init__(self, var: Path) -> None:
        self.var, port = var, free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.env = {
            **os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.dev", "VAR_DIR": str(var), "PORT": str(port),
            "BASE_URL": self.url, "TESTING": "1",
        }  # fmt: skip
        self.env.pop("DATABASE_URL", None)
        python = ROOT / ".venv/bin/python"
        subprocess.run(
            [python, "manage.py", "prepare", "--demo"], cwd=ROOT, env=self.env, check=True, capture_output=True
        )
        self.log = (var / "log").open("wb")
        self.process = subprocess.Popen(
            [python, "manage.py", "serve"], cwd=ROOT, env=self.env, stdout=self.log, stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar), _NoRedirect)
        until(lambda: self.answers(), seconds=120, what="the server")
        self.peak = 0
        self.stopping = threading.Event()
        self.watcher = threading.Thread(target=self._watch, daemon=True)
        self.watcher.start()
        self.send("/accounts/login/", urlencode({"username": "admin", "password": PASSWORD}).encode())

    def answers(self) -> bool:
        try:
            return self.get("/healthz")[0] == 200
        except OSError:
            return False

    def get(self, path: str) -> tuple[int, str]:
        return self._ask(urllib.request.Request(f"{self.url}{path}"))  # noqa: S310

    def send(self, path: str, body: bytes, kind: str = "application/x-www-form-urlencoded") -> tuple[int, str]:
        """POST with the token of the page itself."""
        self.get(path)
        token = next(cookie.value for cookie in self.jar if cookie.name.endswith("csrftoken"))
        headers = {"Content-Type": kind, "X-CSRFToken": token, "Referer": f"{self.url}{path}"}
        return self._ask(urllib.request.Request(f"{self.url}{path}", body, headers))  # noqa: S310

    def upload(self, content: bytes, name: str) -> tuple[int, str]:
        """(status, sentence or target)."""
        mark = uuid.uuid4().hex
        quoted = name.replace('"', "")
        kind = f'--{mark}\r\nContent-Disposition: form-data; name="kind"\r\n\r\nproject\r\n'
        head = f'{kind}--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{quoted}"\r\n'
        body = head.encode() + b"Content-Type: text/html\r\n\r\n" + content + f"\r\n--{mark}--\r\n".encode()
        status, text = self.send("/import/new/", body, f"multipart/form-data; boundary={mark}")
        told = re.search(r'<p class="error"[^>]*>(.*?)</p>', text, re.DOTALL)
        return status, told[1] if told else text[:200]

    def _ask(self, request: urllib.request.Request) -> tuple[int, str]:
        try:
            with self.opener.open(request, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.headers.get("Location") or answer.read().decode()

    def family(self) -> set[int]:
        """Process ids of the server and all it started."""
        found, fresh = set(), {self.process.pid}
        while fresh:
            found |= fresh
            listed = [Path(f"/proc/{pid}/task/{pid}/children") for pid in fresh]
            fresh = {int(word) for file in listed if file.exists() for word in file.read_text().split()} - found
        return found

    def _watch(self) -> None:
        while not self.stopping.wait(0.05):
            for pid in self.family():
                try:
                    status = Path(f"/proc/{pid}/status").read_text()
                except OSError:
                    continue
                found = re.search(r"VmHWM:\s+(\d+)", status)
                self.peak = max(self.peak, int(found[1]) if found else 0)

    def fingerprint(self) -> str:
        """Of every row that is no session, and of every stored file's name."""
        digest = hashlib.sha256()
        with sqlite3.connect(f"file:{next(self.var.glob('*.sqlite3'))}?mode=ro", uri=True) as database:
            tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type='table'")]
            for table in sorted(tables):
                if not re.search(r"session|axes|jobrun|cache|sqlite_", table):
                    for row in database.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 - names of our own tables
                        digest.update(repr(row).encode())
        files = sorted(str(path) for path in (self.var / "files").rglob("*") if path.is_file())
        digest.update(json.dumps(files).encode())
        return digest.hexdigest()

    def stop(self) -> None:
        self.stopping.set()
        self.watcher.join()
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(timeout=40)
        self.log.close()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


@pytest.fixture(scope="module")
def door(tmp_path_factory):
    one = Door(tmp_path_factory.mktemp("door"))
    yield one
    one.stop()


def report(name: str, **figures: object) -> None:
    """Into build/hostile.json."""
    file = ROOT / "build" / "hostile.json"
    known = json.loads(file.read_text()) if file.exists() else {}
    file.write_text(json.dumps(known | {name: figures}, indent=1))


def test_every_hostile_file_is_refused_and_changes_nothing(door):
    steady, before = door.family(), door.fingerprint()
    wrong, slowest = [], 0.0
    for case, (make, name, word) in hostile.REFUSED.items():
        started = time.monotonic()
        status, told = door.upload(make(), name)
        slowest = max(slowest, time.monotonic() - started)
        if status not in (413, 422) or not (status == 413 or re.search(word, told)) or "Traceback" in told:
            wrong.append(f"{case}: {status} {told[:150]}")
    assert wrong == []
    assert door.fingerprint() == before
    assert steady <= door.family(), "a server process died"
    assert door.peak < MAX_MEMORY_KB and slowest < MAX_SECONDS
    report("refused", files=len(hostile.REFUSED), slowest_seconds=slowest, peak_mb=door.peak // 1024)


def test_every_odd_file_is_read_or_refused_as_stated(door):
    steady = door.family()
    wrong = []
    for case, (make, name, verdict) in hostile.ODD.items():
        status, told = door.upload(make(), name)
        if status not in ((302,) if verdict == "read" else (302, 422)):
            wrong.append(f"{case}: {status} {told[:150]}")
        elif status == 302:
            for step in ("sheets", "columns"):
                page = door.get(told.replace("sheets", step))
                if page[0] not in (200, 302) or "<script>alert(1)" in page[1]:
                    wrong.append(f"{case}: {step} {page[0]}")
    assert wrong == []
    assert steady <= door.family()
    assert door.peak < MAX_MEMORY_KB


def test_mutated_files_never_break_the_server(door):
    rng = random.Random(SEED)
    seeds = [(hostile.plain_book(), "a.xlsx"), (hostile.hidden_rows(), "b.xlsx"), (hostile.epoch_1904(), "c.xlsx")]
    steady, outcomes, slowest = door.family(), Counter(), 0.0
    for number in range(MUTATIONS):
        good, name = seeds[number % len(seeds)]
        started = time.monotonic()
        status, told = door.upload(hostile.mutated(good, rng), name)
        slowest = max(slowest, time.monotonic() - started)
        outcomes[status] += 1
        assert status in (302, 422), (number, status, told)
    assert outcomes[302] and outcomes[422]
    assert steady <= door.family(), "a server process died"
    assert door.peak < MAX_MEMORY_KB and slowest < MAX_SECONDS
    report("mutated", seed=SEED, answers=dict(outcomes), slowest_seconds=slowest, peak_mb=door.peak // 1024)
