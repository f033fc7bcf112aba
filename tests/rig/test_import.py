"""kill -9 of the worker or of the web process while it imports: every row or none, and the order is carried out after.

SIZE=short kills four times, otherwise twenty; RIG_KILLS, RIG_ROWS and RIG_SEED set the numbers. Every second kill is
at a random moment of the commit, the others at a failpoint inside its transaction.
"""

import os
import random
import time

import pytest

from tests.rig import kill
from tests.rig.world import World, until

KILLS = int(os.environ.get("RIG_KILLS", "4" if os.environ.get("SIZE") == "short" else "20"))
ROWS = int(os.environ.get("RIG_ROWS", "2000"))
SEED = int(os.environ.get("RIG_SEED", "20261124"))
POINTS = ("import.judged", "import.loaded", "import.written")

pytestmark = pytest.mark.rig


def state_of(world: World, batch: int) -> str:
    return world.value("SELECT state FROM ingest_importbatch WHERE id = %s", batch)


def written(world: World, mark: str) -> int:
    return world.value("SELECT count(*) FROM projects_project WHERE name LIKE %s", f"{mark}第%")


def begin(world: World, who: str, batch: int) -> None:
    """Let the worker or the web process begin."""
    if who == "worker":
        world.start_worker()
        world.queue.send_task("ingest.tasks.commit_batch", args=[batch], retry=False)
    else:
        world.start("web", "-m", "tests.rig.importer", "web", str(batch))


def finish(world: World, batch: int) -> None:
    """A worker and the bell of every minute, rung more often."""
    world.start_worker("after")
    until(
        lambda: state_of(world, batch) == "committed",
        seconds=240, what=f"end of batch {batch}", each=1, meanwhile=lambda: world.ring("ingest.tasks.commit_waiting"),
    )  # fmt: skip
    world.kill("after")


def judge(world: World, batch: int, mark: str, result: kill.Point) -> None:
    """The receipt, the projects and their history tell the same."""
    projects = written(world, mark)
    receipt = world.value(
        "SELECT count(DISTINCT r.project_id) FROM ingest_importrow r JOIN projects_project p ON p.id = r.project_id "
        "WHERE r.batch_id = %s AND r.verdict = 'new' AND p.name = r.name",
        batch,
    )
    history = world.value(
        "SELECT count(*) FROM accounts_auditentry WHERE kind = 'project' AND action = '登记项目' AND label LIKE %s",
        f"{mark}第%",
    )
    imports = world.value(
        "SELECT count(*) FROM accounts_auditentry WHERE action = '导入清单' AND object_id = %s", batch
    )
    result.expected += ROWS
    result.records += projects
    result.missing += sum(ROWS - min(ROWS, count) for count in (projects, receipt, history)) + (1 - min(1, imports))
    result.duplicate_records += sum(max(0, count - ROWS) for count in (projects, history)) + max(0, imports - 1)


def test_a_killed_import_writes_every_row_or_none(tmp_path):
    chance = random.Random(SEED)
    results = {who: kill.Point(f"import.{who}", SEED) for who in ("worker", "web")}
    between: list[tuple[str, int]] = []
    with World(tmp_path, people=1, projects_each=1) as world:
        mark = "试"
        batch = int(world.run("-m", "tests.rig.importer", "stage", str(ROWS), mark))
        started = time.monotonic()
        finish(world, batch)
        whole = time.monotonic() - started
        assert written(world, mark) == ROWS
        for serial in range(KILLS):
            who = ("worker", "web")[serial % 2]
            mark = f"甲{serial:02d}"
            batch = int(world.run("-m", "tests.rig.importer", "stage", str(ROWS), mark))
            point = POINTS[serial // 4 % 3] if serial % 4 > 1 else ""
            if point:
                world.arm(point, 1, serial)
            begin(world, who, batch)
            if point:
                until(world.victim, seconds=120, what=f"process at {point}", each=0.05)
            else:
                time.sleep(chance.uniform(0.1, 1.1) * whole)
            world.note(f"kill {who} of batch {batch} {point or 'at a random moment'}")
            world.kill(who)
            time.sleep(0.5)  # the server notices that its client is gone
            found = written(world, mark)
            between += [(who, found)] if found not in (0, ROWS) else []
            finish(world, batch)
            results[who].kills += 1
            judge(world, batch, mark, results[who])
    kill.report(list(results.values()))
    assert between == [], "neither every row nor none"
    assert sum(row.kills for row in results.values()) == KILLS
    for row in results.values():
        assert (row.missing, row.duplicate_records) == (0, 0), row
        assert row.records == row.expected, row
