"""Lists as districts really keep them, one per function, each with its truth written by hand.

A case is (grids, truth): truth names every project by (sheet, Excel row) with the fields that the list states; a field
given as None must stay empty. The names are composed; nothing is taken from a real list.
"""

from collections.abc import Callable
from typing import Any

from common.excel.scan import column_number

Case = tuple[list[dict[str, Any]], dict[tuple[str, int], dict[str, Any]]]
CASES: dict[str, Callable[[], Case]] = {}


def case(make: Callable[[], Case]) -> Callable[[], Case]:
    CASES[make.__name__] = make
    return make


def page(
    rows: list[list[Any]],
    merges: str = "",
    name: str = "Sheet1",
    *,
    hidden_rows: tuple = (),
    hidden_columns: tuple = (),
) -> dict[str, Any]:
    """A raw grid as the parser delivers it; `merges` as Excel writes them: "A1:F1 A3:A4"."""
    return {
        "name": name,
        "hidden": False,
        "rows": [[None if value == "" else value for value in row] for row in rows],
        "merges": [_area(text) for text in merges.split()],
        "hidden_rows": [row - 1 for row in hidden_rows],
        "hidden_columns": list(hidden_columns),
        "errors": [],
        "uncached": [],
    }


def _area(text: str) -> list[int]:
    corners = []
    for corner in text.split(":"):
        letters = corner.rstrip("0123456789")
        corners += [int(corner[len(letters) :]) - 1, column_number(letters)]
    return corners


def told(truth: dict[int, dict[str, Any]], sheet: str = "Sheet1") -> dict[tuple[str, int], dict[str, Any]]:
    return {(sheet, row): fields for row, fields in truth.items()}
