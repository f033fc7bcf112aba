"""A sheet as rows and columns, with merged areas that can be asked for. Rows and columns count from 0."""

from typing import Any

from common.excel.text import is_blank, show

Area = tuple[int, int, int, int]
_MAX_MERGED_CELLS = 500_000


class Grid:
    """One sheet of `reader`: values, merges, what is hidden."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.name: str = raw["name"]
        self.hidden: bool = raw["hidden"]
        self.rows: list[list[Any]] = raw["rows"]
        self.height = len(self.rows)
        self.width = max((len(row) for row in self.rows), default=0)
        self.hidden_rows = set(raw["hidden_rows"])
        self.hidden_columns = set(raw["hidden_columns"])
        self.uncached = {(row, column) for row, column in raw["uncached"]}
        self._filled: dict[int, list[int]] = {}
        self.merged: dict[tuple[int, int], Area] = {}
        for top, left, bottom, right in raw["merges"]:
            area = (top, left, min(bottom, self.height - 1), min(right, self.width - 1))
            cells = (area[2] - top + 1) * (area[3] - left + 1)
            if cells > 1 and len(self.merged) + cells <= _MAX_MERGED_CELLS:
                for row in range(top, area[2] + 1):
                    self.merged.update(((row, column), area) for column in range(left, area[3] + 1))

    def value(self, row: int, column: int) -> Any:
        """The cell's own value, None outside the sheet."""
        cells = self.rows[row] if 0 <= row < self.height else ()
        return cells[column] if column < len(cells) else None

    def spread(self, row: int, column: int) -> Any:
        """The value a reader sees there: that of the merged area the cell belongs to, else its own."""
        area = self.merged.get((row, column))
        return self.value(area[0], area[1]) if area else self.value(row, column)

    def text(self, row: int, column: int) -> str:
        """The cell's own value as text."""
        return show(self.value(row, column)).strip()

    def filled(self, row: int, first: int = 0, last: int | None = None) -> list[int]:
        """Columns of a row that hold a value of their own (placeholders such as —— do not count)."""
        if row >= self.height:
            return []
        columns = self._filled.get(row)
        if columns is None:
            columns = self._filled[row] = [c for c, value in enumerate(self.rows[row]) if not is_blank(value)]
        if first == 0 and (last is None or last >= self.width - 1):
            return columns
        return [column for column in columns if column >= first and (last is None or column <= last)]
