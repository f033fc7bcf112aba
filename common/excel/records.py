"""Lists that are no project lists: a header somewhere in the first rows, then one record per row.

The same understanding as of projects (`understand`), with the caller's own columns and without guesses from
sections, marks and stages. Every record has `sheet`, `row`, `name` and the fields its cells give.
"""

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from common.excel.aliases import FIELDS, Column
from common.excel.build import Issues, column_label
from common.excel.columns import Matcher
from common.excel.grid import Grid
from common.excel.headers import Table, find_tables, is_numbering, is_repeat, table_at, title_year
from common.excel.model import Choices, ColumnReading, SheetReading, Understanding
from common.excel.rows import Row, is_total
from common.excel.text import is_blank, show, tidy
from common.excel.understand import (
    choose_columns,
    explain_nothing,
    ignored_rows,
    preamble_rows,
    row_reading,
    sample_columns,
    warn_columns,
)
from common.excel.values import read

SERIAL = FIELDS["serial"]


def understand_records(
    grids: list[dict[str, Any]], filename: str, choices: Choices | None, columns: Sequence[Column]
) -> Understanding:
    """The records of raw grids (see `reader`) under `columns`; the one called `name` tells records from other rows."""
    choices = choices or Choices()
    vocabulary = (*columns, *(() if any(column.field == SERIAL.field for column in columns) else (SERIAL,)))
    matcher = Matcher(vocabulary, choices.aliases)
    issues = Issues()
    result = Understanding(PurePath(filename).name)
    year = title_year(PurePath(filename).stem)
    for raw in grids:
        for sheet, records in _read_sheet(Grid(raw), matcher, choices, issues, year):
            result.sheets.append(sheet)
            result.projects += records
            result.ignored += ignored_rows(sheet)
    result.warnings, result.errors = issues.warnings, issues.errors
    if not result.projects:
        named = any(column.field == "name" for sheet in result.sheets for column in sheet.columns)
        result.needs_mapping = not named
        explain_nothing(result)
    return result


def _read_sheet(
    grid: Grid, matcher: Matcher, choices: Choices, issues: Issues, year: int | None
) -> list[tuple[SheetReading, list[dict[str, Any]]]]:
    if choices.sheets is not None and grid.name not in choices.sheets:
        return [(SheetReading(grid.name, hidden=grid.hidden, why="没有选择导入这张工作表"), [])]
    if choices.sheets is None and grid.hidden:
        return [(SheetReading(grid.name, hidden=True, why="隐藏的工作表"), [])]
    if not any(grid.rows):
        return [(SheetReading(grid.name, hidden=grid.hidden, why="空工作表"), [])]
    chosen = choices.header_rows.get(grid.name)
    if chosen is None:
        tables = find_tables(grid, matcher, year) or [table_at(grid, matcher, [], year)]
    else:
        tables = [table_at(grid, matcher, [row - 1 for row in chosen], year)]
    several = len(tables) > 1
    return [
        _read_table(table, matcher, number if several else 1, choices, issues) for number, table in enumerate(tables, 1)
    ]


def _read_table(
    table: Table, matcher: Matcher, number: int, choices: Choices, issues: Issues
) -> tuple[SheetReading, list[dict[str, Any]]]:
    grid = table.grid
    sheet = SheetReading(grid.name, number, grid.hidden, title=table.title, unit=table.unit, columns=table.columns)
    sheet.header_rows = [row + 1 for row in table.header]
    choose_columns(table, choices)
    name = table.column("name")
    if name is None:
        sheet.why = "没有名称列" if table.header else "没有找到表头"
        sample_columns(table, [])
        return sheet, []
    forced = {row - 1: kind for row, kind in choices.rows.get(grid.name, {}).items()}
    rows = [_row(table, name.index, row, forced) for row in range(table.first, table.last + 1)]
    sheet.rows = [row_reading(table, row) for row in (*preamble_rows(table), *rows) if row.kind != "blank"]
    kinds = matcher.kinds
    records = [_record(table, row, kinds, choices, issues) for row in rows if row.kind == "project"]
    sample_columns(table, rows)
    warn_columns(table, issues)
    found = [record for record in records if record]
    sheet.imported = bool(records)
    sheet.why = "" if records else "表头已识别，但下面没有数据行"
    return sheet, found


def _row(table: Table, name: int, row: int, forced: dict[int, str]) -> Row:
    """A row with its kind: a record unless it is empty, a total, or the header again."""
    grid = table.grid
    found = Row(row, lines=[row])
    found.name = show(grid.spread(row, name)).strip()
    filled = grid.filled(row, table.left, table.right)
    serial = table.column("serial")
    found.serial = show(grid.value(row, serial.index)).strip() if serial else ""
    first = show(grid.value(row, filled[0])).strip() if filled else ""
    if not filled:
        found.kind, found.why = "blank", "空行"
    elif row in forced:
        found.kind, found.why = forced[row], "人工指定"
    elif is_repeat(table, row) or is_numbering(table, row):
        found.kind, found.why = "note", "重复的表头"
    elif any(is_total(text) for text in (found.serial, found.name, first)):
        found.kind, found.why = "total", "合计行"
    elif len(filled) == 1 and grid.value(row, name) is None:
        found.kind, found.why = "note", "说明文字"
    else:
        found.kind, found.why = "project", ""
    return found


def _record(table: Table, row: Row, kinds: dict[str, str], choices: Choices, issues: Issues) -> dict[str, Any]:
    """The fields of a row; empty when it has no name (then an error names the row)."""
    sheet, number = table.grid.name, row.row + 1
    record: dict[str, Any] = {"sheet": sheet, "row": number, "last_row": number}
    for column in table.columns:
        if column.field and column.field != SERIAL.field:
            value = _value(table, row, column, kinds.get(column.field, "text"), choices, issues)
            if value is not None:
                record[column.field] = value
    if not record.get("name"):
        column = table.column("name") or table.columns[0]
        message = f"第 {number} 行「{column_label(column)}」：没有填写，这一行未导入，请补上。"
        issues.fail(sheet, number, column, "name_missing", message)
        return {}
    return record


def _value(table: Table, row: Row, column: ColumnReading, kind: str, choices: Choices, issues: Issues) -> Any:
    """What a cell says; a date as its last day, as precise as it is written."""
    grid, sheet, number = table.grid, table.grid.name, row.row + 1
    value = grid.spread(row.row, column.index)
    assert column.field is not None
    if tidy(show(value)) in choices.values.get(column.field, {}) or is_blank(value):
        return None
    unit = None
    if kind == "money":
        chosen = choices.units.get(sheet, {}).get(column.index)
        unit = chosen or column.unit or table.unit or choices.default_unit or "万元"
    reading = read(kind, value, unit=unit, year=table.year)
    for problem in reading.problems:
        issues.cell(sheet, number, column, value, problem)
    return reading.value[1] if kind == "date" and reading.value else reading.value
