"""Many savers at once, as real processes: nothing is lost, nothing is overwritten, nothing is "locked"."""

import json
import os
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
from psycopg2 import sql

from tests.rig.world import ROOT, server_url, until

SHORT = os.environ.get("SIZE") == "short"
SAVERS = 32
ROUNDS = 8 if SHORT else 30
WRITERS = 8
SECONDS = 5 if SHORT else 60

pytestmark = pytest.mark.rig


def environment(folder: Path, database_url: str) -> dict[str, str]:
    return {
        **{key: value for key, value in os.environ.items() if not key.startswith("PYTEST")},
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "DATABASE_URL": database_url,
        "VAR_DIR": str(folder / "var"),
        "LOG_LEVEL": "ERROR",
    }


def run(env: dict[str, str], *argv: str) -> str:
    done = subprocess.run([sys.executable, *argv], cwd=ROOT, env=env, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def start(env: dict[str, str], *argv: str, program: str = "tests.rig.saver") -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", program, *argv],
        cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def results_of(processes: list[subprocess.Popen]) -> list[dict]:
    """What each printed; a process that ended with an error fails the test with its words."""
    results = []
    for process in processes:
        output, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors[-3000:]
        results.append(json.loads(output))
    return results


@pytest.fixture
def postgres(tmp_path):
    """The environment of a PostgreSQL database of the test's own."""
    name = f"dongliang_race_{os.getpid()}"
    server = psycopg2.connect(server_url())
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    yield environment(tmp_path, urlunsplit(urlsplit(server_url())._replace(path=f"/{name}")))
    with server.cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
    server.close()


def test_of_32_savers_one_succeeds_per_round_and_nothing_is_lost(postgres, tmp_path):
    run(postgres, "manage.py", "migrate", "--verbosity", "0")
    project = run(postgres, "-m", "tests.rig.seed_small", "1")
    connection = psycopg2.connect(postgres["DATABASE_URL"])
    connection.autocommit = True

    def value(text: str):
        with connection.cursor() as cursor:
            cursor.execute(text, [project])
            return cursor.fetchone()[0]

    version = value("SELECT version FROM projects_project WHERE id = %s")
    savers = [start(postgres, "race", project, str(tmp_path), str(number)) for number in range(SAVERS)]
    try:
        until(lambda: len(list(tmp_path.glob("here.*"))) == SAVERS, seconds=180, what="32 savers")
        for turn in range(ROUNDS):
            seen = value("SELECT version FROM projects_project WHERE id = %s")
            assert seen == version + turn  # exactly one save per round
            fresh = tmp_path / "go.new"
            fresh.write_text(str(seen))
            fresh.rename(tmp_path / f"go.{turn}")
            until(lambda turn=turn: len(list(tmp_path.glob(f"done.{turn}.*"))) == SAVERS, seconds=60, what="the round")
        (tmp_path / "stop").touch()
        results = results_of(savers)
    finally:
        for saver in savers:
            saver.kill()
    winners = {turn: number for number, result in enumerate(results) for turn in result["won"]}
    assert sum(len(result["won"]) for result in results) == len(winners) == ROUNDS
    assert sum(result.get("stale", 0) for result in results) == ROUNDS * (SAVERS - 1)
    assert value("SELECT content FROM projects_project WHERE id = %s") == f"第{ROUNDS - 1}轮 {winners[ROUNDS - 1]}"
    edits = "SELECT count(*) FROM accounts_auditentry WHERE kind = 'project' AND action = '修改项目' AND object_id = %s"
    assert value(edits) == ROUNDS
    connection.close()


def test_eight_writers_on_sqlite_never_meet_a_locked_database(tmp_path):
    env = environment(tmp_path, f"sqlite:///{tmp_path / 'rig.sqlite3'}")
    run(env, "manage.py", "migrate", "--verbosity", "0")
    run(env, "-m", "tests.rig.seed_small", "20")
    writers = [start(env, "mixed", str(SECONDS), str(number)) for number in range(WRITERS)]
    done: Counter = Counter()
    for result in results_of(writers):  # an OperationalError would have ended its writer
        done.update(result)
    assert min(done[kind] for kind in ("edit", "report", "journal", "month", "list")) > WRITERS
    count = (
        "from projects.models import *; from accounts.models import AuditEntry as A; "
        "print(ProgressReport.objects.count(), JournalEntry.objects.count(), "
        "A.objects.filter(action='修改项目').count())"
    )
    stored = run(env, "manage.py", "shell", "--no-imports", "-c", count).split()
    assert [int(number) for number in stored] == [done["report"], done["journal"], done["edit"]]


@pytest.mark.parametrize("database", ["postgresql", "sqlite"])
def test_whoever_writes_sees_at_once_how_the_project_stands(request, tmp_path, database):
    """Eight at a time: a judgement kept is never older than what its reader wrote before (ADR 0007)."""
    if database == "sqlite":
        env = environment(tmp_path, f"sqlite:///{tmp_path / 'rig.sqlite3'}")
    else:
        env = request.getfixturevalue("postgres")
    run(env, "manage.py", "migrate", "--verbosity", "0")
    run(env, "-m", "tests.rig.seed_small", "40")
    writers = [
        start(env, str(SECONDS), str(number), str(WRITERS), program="tests.rig.judger") for number in range(WRITERS)
    ]
    done: Counter = Counter()
    for result in results_of(writers):  # a difference would have ended its writer
        done.update(result)
    assert min(done[kind] for kind in ("month", "plan", "node", "project", "kept")) > WRITERS, done
    assert "不一致 0 处" in run(env, "manage.py", "check_integrity")


def test_a_thousand_reports_of_one_month_by_32_clients_are_one_row_and_lose_nothing(postgres, tmp_path):
    run(postgres, "manage.py", "migrate", "--verbosity", "0")
    project = run(postgres, "-m", "tests.rig.seed_small", "1")
    times = -(-1000 // SAVERS)
    clients = [
        start(postgres, project, str(tmp_path), str(number), str(times), program="tests.rig.reporter")
        for number in range(SAVERS)
    ]
    try:
        until(lambda: len(list(tmp_path.glob("here.*"))) == SAVERS, seconds=180, what="32 clients")
        (tmp_path / "go").touch()
        results = results_of(clients)
    finally:
        for client in clients:
            client.kill()
    done: Counter = Counter()
    for result in results:
        done.update(result)
    assert done["taken"] + done["stale"] + done["refused"] >= 1000
    connection = psycopg2.connect(postgres["DATABASE_URL"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), max(version), max(completed), max(state) FROM investment_monthlyentry")
        rows, version, completed, state = cursor.fetchone()
        cursor.execute(
            "SELECT count(*) FILTER (WHERE action = '填报投资'), count(*) FILTER (WHERE action LIKE '%%月报') "
            "FROM accounts_auditentry WHERE kind = 'project' AND object_id = %s",
            [project],
        )
        told, judged = cursor.fetchone()
        cursor.execute(
            "SELECT changes FROM accounts_auditentry WHERE action = '填报投资' AND object_id = %s "
            "ORDER BY id DESC LIMIT 1",
            [project],
        )
        last = cursor.fetchone()[0]
    connection.close()
    assert rows == 1
    assert (told, judged) == (done["taken"], done["decided"])  # every word that was acknowledged is in the trail
    assert version == done["taken"] + done["decided"]  # and moved the row once
    assert Decimal(next(iter(last.values()))[1]) * 10_000 == completed
    assert state in ("submitted", "accepted", "returned")
