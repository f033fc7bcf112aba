"""Invented lists that look like the real ones: every project found, none invented, every stated cell right."""

import pytest

from common.excel.understand import understand
from tests.common.excel.wild import cells, groups, headers, kinds, money, names, rows, tables, words
from tests.common.excel.wild.case import CASES

MODULES = (headers, tables, rows, cells, names, money, groups, kinds, words)


def differences(result, truth) -> list[str]:
    """What was lost, invented or misread. Two tables side by side share rows: there the name decides."""
    found, left = [], list(result.projects)
    for (sheet, row), wanted in truth.items():
        project = next(
            (p for p in left if (p["sheet"], p["row"], p["name"]) == (sheet.strip(), row, wanted["name"])), None
        )
        if project is None:
            found.append(f"lost {row} {wanted['name']}")
            continue
        left.remove(project)
        found += [
            f"row {row} {key}: want {want!r}, got {project.get(key)!r}"
            for key, want in wanted.items()
            if project.get(key) != want
        ]
    return found + [f"invented {p['sheet']} {p['row']} {p['name']}" for p in left]


@pytest.mark.parametrize("name", CASES)
def test_a_list_from_the_wild_is_understood(name):
    grids, truth = CASES[name]()
    result = understand(grids)
    assert differences(result, truth) == []
    assert result.needs_mapping == (not truth)


def test_every_module_brought_its_cases():
    assert {make.__module__ for make in CASES.values()} == {module.__name__ for module in MODULES}
