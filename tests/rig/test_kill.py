"""kill -9 in the middle of scans and deliveries: episodes exist once, every mail arrives (`make rig`).

SIZE=short kills five times of each kind, otherwise twenty; RIG_KILLS and RIG_SEED set both.
"""

import os

import pytest

from tests.rig import kill
from tests.rig.world import World

KILLS = int(os.environ.get("RIG_KILLS", "5" if os.environ.get("SIZE") == "short" else "20"))
SEED = int(os.environ.get("RIG_SEED", "20261124"))

pytestmark = pytest.mark.rig


def test_a_killed_worker_loses_nothing_and_doubles_no_record(tmp_path, capsys):
    days = kill.working_days(2 * KILLS)
    with World(tmp_path, people=kill.PEOPLE, projects_each=kill.projects_for(2 * KILLS)) as world:
        results = kill.rehearse(world, kill.SCAN_POINTS, days[:KILLS], SEED)
        results += kill.rehearse(world, kill.MAIL_POINTS, days[KILLS:], SEED)
    with capsys.disabled():
        kill.report(results)
    assert sum(row.kills for row in results) == 2 * KILLS
    for row in results:
        assert bool(row.expected) == bool(row.kills), row
        assert row.missing == 0, row
        assert row.records == row.expected, row
        assert row.duplicate_records == 0, row
        assert row.duplicate_mails == row.duplicates_in_window <= row.kills, row
        assert row.same_message_id, row
