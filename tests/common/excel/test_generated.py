"""Many generated layouts with known truth; `LAYOUTS=500` runs the whole series."""

import os
from decimal import Decimal

import pytest

from common.excel.reader import read
from common.excel.understand import understand
from tests.common.excel.layouts import make

AMOUNTS = ("total_investment", "annual_plan", "completed_ytd")
SEEDS = range(int(os.environ.get("LAYOUTS", "40")))


def wrong_cells(made, result) -> list[str]:
    """Differences between the truth of a workbook and what was read; a lost or invented project is one each."""
    read_rows = {(p["sheet"], p["row"], p["name"]): p for p in result.projects}
    found = []
    for truth in made.projects:
        project = read_rows.pop((truth["sheet"], truth["row"], truth["name"]), None)
        if project is None:
            found.append(f"lost {truth['sheet']} {truth['row']} {truth['name']}")
            continue
        for key, want in truth.items():
            got = project.get(key)
            if key in AMOUNTS and want is not None and got is not None:
                same = abs(Decimal(str(want)) - Decimal(got)) < Decimal("0.005")
            else:
                same = (want or None) == (got or None)
            if not same:
                found.append(f"row {truth['row']} {key}: want {want!r}, got {got!r}")
    return found + [f"invented {key}" for key in read_rows]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_generated_list_is_understood(seed):
    made = make(seed)
    assert wrong_cells(made, understand(read(made.data, "xlsx"))) == [], made.traits


def test_the_generator_can_be_misread():
    """The comparison is not blind: a truth that differs is noticed."""
    made = make(0)
    made.projects[0]["name"] += "错"
    assert len(wrong_cells(made, understand(read(made.data, "xlsx")))) == 2
