"""kill -9 at every point of an alert's way: episodes exist once, every mail arrives (`make rig`).

SIZE=short goes round the points once, otherwise twice, each time by another process; SIZE=full is twenty worlds of
four rounds, so every process dies twenty times at every point. RIG_SEED sets the seed.
"""

import os
import time

import pytest

from tests.rig import kill
from tests.rig.world import World

WORLDS, ROUNDS = {"short": (1, 1), "full": (20, 4)}.get(os.environ.get("SIZE", ""), (1, 2))
SEED = int(os.environ.get("RIG_SEED", "20261124"))

pytestmark = pytest.mark.rig
results: list[kill.Point] = []


@pytest.mark.parametrize("number", range(WORLDS))
def test_a_killed_process_loses_nothing_and_doubles_no_record(number, tmp_path):
    kills = ROUNDS * len(kill.POINTS)
    with World(tmp_path, people=kill.PEOPLE, projects_each=kill.projects_for(kills)) as world:
        books, started = kill.Books(world), time.monotonic()
        try:
            rows = kill.rehearse(world, books, kill.working_days(kills), SEED + number)
            world.note(f"{kills} kills in {time.monotonic() - started:.0f} s, books looked at {books.samples} times")
            says = world.run("-m", "tests.rig.ledger")
        finally:
            kill.keep_log(world, f"rig-kills-{number}.log")
    results.extend(rows)
    kill.report(kill.added(results))
    assert books.broken == []
    assert books.samples > kills
    assert "holds=True" in says
    for row in rows:
        assert row.kills >= ROUNDS, row
        assert row.expected, row
        assert row.missing == 0, row
        assert row.records == row.expected, row
        assert row.duplicate_records == 0, row
        assert row.duplicate_mails == row.duplicates_in_window <= row.kills, row
        assert row.same_message_id, row
