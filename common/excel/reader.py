"""Bytes → raw grids, with python-calamine. Runs in the limited child process only (see `sandbox`).

A grid is JSON: `{"name", "hidden", "rows", "merges", "hidden_rows", "hidden_columns", "errors", "uncached"}`; rows and
columns count from 0. A cell is null, a string, a number, a boolean, or `{"t": ISO date or date-time}`.
"""

import csv
import datetime as dt
import io
import math
from typing import Any

import python_calamine as calamine

from common.excel import gate, ole, scan
from common.excel.gate import BROKEN, MAX_CELL_TEXT, MAX_COLUMNS, MAX_ROWS, RESAVE, FileRefused

MAX_CELLS = 1_500_000
Grid = dict[str, Any]


def read(data: bytes, kind: str) -> list[Grid]:
    """All sheets of a file that passed `gate.check`, hidden ones included. Raises FileRefused."""
    return read_csv(data) if kind == "csv" else read_book(data, kind)


def read_book(data: bytes, kind: str) -> list[Grid]:
    """Sheets of an .xlsx or .xls with the facts of their scan."""
    facts = scan.scan_xlsx(data) if kind == "xlsx" else [("", fact) for fact in ole.scan_biff(data)]
    if sum(fact.cells for _, fact in facts) > MAX_CELLS:
        raise FileRefused("表格的单元格过多（上限 150 万个）：请拆分成几个文件再上传。")
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except calamine.PasswordError:
        raise FileRefused("文件已加密（设有打开密码）：请去掉密码后再上传。") from None
    except (calamine.CalamineError, calamine.ZipError, calamine.XmlError, OSError, ValueError):
        raise FileRefused(BROKEN) from None
    named = dict(facts)
    metadata = book.sheets_metadata
    grids = []
    for position, sheet in enumerate(metadata):
        if sheet.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        if kind == "xlsx":
            fact = named.get(sheet.name, ole.SheetFacts())
        else:
            fact = facts[position][1] if len(facts) == len(metadata) else ole.SheetFacts()
        grids.append(read_sheet(book, sheet, fact))
    if not grids:
        raise FileRefused(f"工作簿里没有可读的工作表：{RESAVE}。")
    return grids


def read_sheet(book: calamine.CalamineWorkbook, sheet: calamine.SheetMetadata, fact: ole.SheetFacts) -> Grid:
    """One sheet as a grid."""
    try:
        content = book.get_sheet_by_name(sheet.name)
        merges = [[*first, *last] for first, last in content.merged_cell_ranges or []]
        rows = [row_of(row) for row in content.to_python(skip_empty_area=False)]
    except (calamine.CalamineError, calamine.WorksheetNotFound, calamine.XmlError, calamine.ZipError, ValueError):
        raise FileRefused(f"工作表“{sheet.name[:31]}”的内容已损坏，无法读取：{RESAVE}。") from None
    if not any(rows) and fact.cells > len(fact.uncached) + len(fact.errors):
        raise FileRefused(f"工作表“{sheet.name[:31]}”的写法无法识别：{RESAVE}。")
    for (row, column), text in fact.errors.items():
        while len(rows) <= row:
            rows.append([])
        rows[row] += [None] * (column + 1 - len(rows[row]))
        rows[row][column] = text
    while rows and not rows[-1]:
        rows.pop()
    return {
        "name": sheet.name,
        "hidden": sheet.visible != calamine.SheetVisibleEnum.Visible,
        "rows": rows,
        "merges": sorted(merge for merge in merges if merge[0] < MAX_ROWS and merge[1] < MAX_COLUMNS),
        "hidden_rows": sorted(fact.hidden_rows),
        "hidden_columns": sorted(fact.hidden_columns),
        "errors": sorted([row, column, text] for (row, column), text in fact.errors.items()),
        "uncached": sorted([row, column] for row, column in fact.uncached),
    }


def row_of(values: list[Any]) -> list[Any]:
    """JSON cells of a row without the empty ones at its end."""
    cells = [cell(value) for value in values]
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def cell(value: Any) -> Any:
    """One cell for JSON; whole numbers become int, infinite ones text (they are reported, not computed with)."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value if not value.isspace() else None
    if isinstance(value, float):
        if not math.isfinite(value):
            return str(value)
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return {"t": value.date().isoformat() if midnight else value.isoformat(timespec="seconds")}
    if isinstance(value, dt.date):
        return {"t": value.isoformat()}
    return value if isinstance(value, int) else str(value)


def read_csv(data: bytes) -> list[Grid]:
    """A CSV as one sheet. Comma, tab or semicolon; quoted line breaks are kept."""
    text = gate.decode_text(data)
    lines = text.splitlines()[:20]
    delimiter = max(",\t;", key=lambda mark: sum(line.count(mark) for line in lines))
    csv.field_size_limit(MAX_CELL_TEXT)
    rows: list[list[Any]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for values in reader:
            if len(rows) >= MAX_ROWS:
                raise FileRefused(f"表格超过 {MAX_ROWS} 行：请拆分成几个文件再上传。")
            row = row_of(values)
            if len(row) > MAX_COLUMNS:
                where = f"CSV 第 {reader.line_num} 行超过 {MAX_COLUMNS} 列"
                raise FileRefused(f"{where}：请检查分隔符，或另存为 .xlsx 再上传。")
            rows.append(row)
    except csv.Error:
        raise FileRefused(
            f"CSV 第 {reader.line_num} 行无法解析（引号不成对或内容过长）：请修改该行，或另存为 .xlsx 再上传。"
        ) from None
    if not any(rows):
        raise FileRefused("文件里没有任何内容：请检查后重新选择文件。")
    empty: Grid = {"merges": [], "hidden_rows": [], "hidden_columns": [], "errors": [], "uncached": []}
    return [{"name": "CSV", "hidden": False, "rows": rows, **empty}]
