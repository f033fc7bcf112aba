"""kill -9 at every point of an alert's way: episodes exist once, every mail arrives (`make rig`).

SIZE=short goes round the points once, otherwise twice, each time by another process; SIZE=full is twenty worlds of
four rounds, so every process dies twenty times at every point. LANES worlds stand side by side; RIG_SEED sets the seed.
"""

import os
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.rig import kill
from tests.rig.world import World

WORLDS, ROUNDS = {"short": (1, 1), "full": (20, 4)}.get(os.environ.get("SIZE", ""), (1, 2))
LANES = int(os.environ.get("LANES", "1"))
SEED = int(os.environ.get("RIG_SEED", "20261124"))
KILLS = ROUNDS * len(kill.POINTS)

pytestmark = pytest.mark.rig


def rehearsal(number: int, folder) -> tuple[list[kill.Point], kill.Books, str]:
    """One world and its kills: the rows, the books and what the product's own books say in the end."""
    folder.mkdir()
    with World(folder, people=kill.PEOPLE, projects_each=kill.projects_for(KILLS)) as world:
        books, started = kill.Books(world), time.monotonic()
        try:
            rows = kill.rehearse(world, books, kill.working_days(KILLS), SEED + number)
            world.note(f"{KILLS} kills in {time.monotonic() - started:.0f} s, books looked at {books.samples} times")
            return rows, books, world.run("-m", "tests.rig.ledger")
        finally:
            kill.keep_log(world, f"rig-kills-{number}.log")


def test_a_killed_process_loses_nothing_and_doubles_no_record(tmp_path):
    results: list[kill.Point] = []
    with ThreadPoolExecutor(LANES) as lanes:
        started = [lanes.submit(rehearsal, number, tmp_path / f"world{number}") for number in range(WORLDS)]
        for rows, books, says in (world.result() for world in started):
            results.extend(rows)
            kill.report(kill.added(results))
            assert books.broken == []
            assert books.samples > KILLS
            assert "holds=True" in says
    for row in kill.added(results):
        assert row.kills >= WORLDS * ROUNDS, row
        assert row.expected, row
        assert row.missing == 0, row
        assert row.records == row.expected, row
        assert row.duplicate_records == 0, row
        assert row.duplicate_mails == row.duplicates_in_window <= row.kills, row
        assert row.same_message_id, row
