"""The same list, moved, padded or signed, means the same: every case of `wild` in every disguise."""

from collections.abc import Callable
from typing import Any

import pytest

from common.excel.understand import understand
from tests.common.excel.test_wild import differences
from tests.common.excel.wild.case import CASES

Grid = dict[str, Any]
HALF = str.maketrans("（）：", "():")
SPOKEN_AS_TEXT = {
    "dates_in_every_dress",
    "owner_and_name_order_swapped_with_codes",
}  # there a number means something else


def _moved(grid: Grid, down: int, right: int) -> None:
    grid["rows"] = [[] for _ in range(down)] + [[None] * right + row for row in grid["rows"]]
    grid["merges"] = [[top + down, left + right, end + down, last + right] for top, left, end, last in grid["merges"]]
    grid["hidden_rows"] = [row + down for row in grid["hidden_rows"]]
    grid["hidden_columns"] = [column + right for column in grid["hidden_columns"]]


def _each(grid: Grid, change: Callable[[Any], Any]) -> None:
    grid["rows"] = [[change(value) for value in row] for row in grid["rows"]]


def one_column_to_the_right(grid: Grid) -> int:
    _moved(grid, 0, 1)
    return 0


def below_an_annex_line(grid: Grid) -> int:
    _moved(grid, 2, 0)
    grid["rows"][0] = ["附件1"]
    return 2


def numbers_as_text(grid: Grid) -> int:
    _each(grid, lambda value: str(value) if type(value) in (int, float) else value)
    return 0


def half_width(grid: Grid) -> int:
    _each(grid, lambda value: value.translate(HALF) if isinstance(value, str) else value)
    return 0


def padded(grid: Grid) -> int:
    _each(grid, lambda value: f" {value}\u3000" if isinstance(value, str) else value)
    return 0


def signed(grid: Grid) -> int:
    grid["rows"] += [["注：以上数据由各单位提供。"], ["填表人：张某某", "联系电话：13800000000"]]
    return 0


@pytest.mark.wide
@pytest.mark.parametrize(
    "disguise", [one_column_to_the_right, below_an_annex_line, numbers_as_text, half_width, padded, signed]
)
def test_a_list_in_disguise_means_the_same(disguise):
    wrong = {}
    for name, make in CASES.items():
        grids, truth = make()
        if disguise is numbers_as_text and name in SPOKEN_AS_TEXT:
            continue
        down = max(disguise(grid) for grid in grids)
        told = {}
        for (sheet, row), fields in truth.items():
            told[sheet, row + down] = {key: _expected(key, value, down, disguise) for key, value in fields.items()}
        if found := differences(understand(grids), told):
            wrong[name] = found
    assert wrong == {}


def _expected(key: str, value: Any, down: int, disguise: Callable[[Grid], int]) -> Any:
    if key == "parent_row" and value:
        return value + down
    return value.translate(HALF) if disguise is half_width and isinstance(value, str) else value
