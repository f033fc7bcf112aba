"""Workbooks we hand out: tables, import templates, and the user's own file with its errors marked.

Text never becomes a live formula: it is always written as a text cell, and text that begins like a formula also gets
Excel's quote prefix, so that editing the cell does not wake it up. Numbers and dates stay numbers and dates.
"""

import datetime as dt
import io
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, PatternFill
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell

from common.excel import gate, sandbox
from common.excel.aliases import Column
from common.excel.scan import column_number
from common.excel.text import show

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
REASON = "错误原因"
TEMPLATE_ROWS = 2000
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
_WIDTHS = {"name": 36, "long_text": 48, "money": 14, "date": 14, "range": 16, "unit": 22, "people": 16, "serial": 6}
_HINTS = {
    "money": "数字，单位万元；也可带单位填写，如 1.2亿元",
    "date": "如 2026年3月、2026-03-15 或 2026",
    "range": "如 2024-2026 或 2024年3月至2026年12月",
    "people": "多人之间用顿号“、”分隔",
    "flag": "填“是”或“否”",
    "code": "24 位国家统一代码，请按文本填写",
    "percent": "0 到 100 的数字",
}
_PIECE = 1 << 16
Row = Mapping[str, Any] | Sequence[Any]


class _Book:
    """An xlsxwriter workbook with the few formats we use."""

    def __init__(self, target: Any = None, **options: Any) -> None:
        self.buffer = io.BytesIO() if target is None else target
        self.book = xlsxwriter.Workbook(self.buffer, _OPTIONS | options)
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def style(self, **properties: Any) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(properties)
        return self._formats[key]

    def bytes(self) -> bytes:
        self.book.close()
        return self.buffer.getvalue()

    def write(self, sheet: Any, row: int, column: int, value: Any, **properties: Any) -> None:
        """One cell by the type of its value: text, number, date, 是/否, people; None stays empty."""
        properties.setdefault("valign", "top")
        if value is None or value == "":
            if len(properties) > 1:
                sheet.write_blank(row, column, None, self.style(**properties))
        elif isinstance(value, bool):
            sheet.write_string(row, column, "是" if value else "否", self.style(**properties))
        elif isinstance(value, (int, float, Decimal)):
            properties.setdefault("num_format", "#,##0.####" if value != int(value) else "#,##0")
            sheet.write_number(row, column, float(value), self.style(**properties))
        elif isinstance(value, dt.datetime):
            stamp = self.style(num_format="yyyy-mm-dd hh:mm", **properties)
            sheet.write_datetime(row, column, value.replace(tzinfo=None), stamp)
        elif isinstance(value, dt.date):
            sheet.write_datetime(row, column, value, self.style(num_format="yyyy-mm-dd", **properties))
        else:
            text = "、".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
            text = clean(text)
            if text.startswith(DANGEROUS):
                properties["quote_prefix"] = True
            sheet.write_string(row, column, text, self.style(text_wrap=True, **properties))


def clean(text: str) -> str:
    """Text that an .xlsx can hold: plain line breaks, no control characters, at most 32,767 characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return ILLEGAL_CHARACTERS_RE.sub("", text)[: gate.MAX_CELL_TEXT]


def header_of(column: Column) -> str:
    """The header a column gets in our own files; amounts name their unit."""
    return f"{column.label}（万元）" if column.kind == "money" else column.label


def stream_table(
    columns: Sequence[Column], rows: Iterable[Row], title: str = "", notes: Sequence[str] = (), sheet: str = "清单"
) -> Iterator[bytes]:
    """The .xlsx of `write_table` in pieces: rows go to a temporary file as they come, however many there are."""
    with tempfile.TemporaryFile() as file:
        out = _Book(file, in_memory=False, constant_memory=True)
        _fill(out, columns, rows, title, notes, sheet)
        out.book.close()
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def write_table(
    columns: Sequence[Column], rows: Iterable[Row], title: str = "", notes: Sequence[str] = (), sheet: str = "清单"
) -> bytes:
    """An .xlsx of `rows` (dicts by field, or sequences in column order). Amounts are numbers in 万元."""
    out = _Book()
    _fill(out, columns, rows, title, notes, sheet)
    return out.bytes()


def _fill(
    out: _Book, columns: Sequence[Column], rows: Iterable[Row], title: str, notes: Sequence[str], sheet: str
) -> None:
    page = out.book.add_worksheet(sheet_name(sheet))
    top = 0
    if title:
        page.write_string(0, 0, clean(title), out.style(bold=True, font_size=14))
        top = 1
    _header(out, page, top, columns)
    position = top
    for position, row in enumerate(rows, top + 1):
        values = [row.get(column.field) for column in columns] if isinstance(row, Mapping) else row
        for index, value in enumerate(values):
            out.write(page, position, index, value)
    page.autofilter(top, 0, max(position, top + 1), len(columns) - 1)
    for offset, note in enumerate(notes, 2):
        page.write_string(position + offset, 0, clean(note), out.style(font_color="#667085"))


def _header(out: _Book, page: Any, row: int, columns: Sequence[Column]) -> None:
    for index, column in enumerate(columns):
        look = out.style(bold=True, bg_color="#F0F3F7", border=1, text_wrap=True, valign="vcenter", align="center")
        page.write_string(row, index, header_of(column), look)
        page.set_column(index, index, _WIDTHS.get(column.kind, 16))
    page.freeze_panes(row + 1, 0)


def write_template(
    columns: Sequence[Column],
    options: Mapping[str, Sequence[str]] | None = None,
    rows: Iterable[Row] = (),
    sheet: str = "项目导入",
    noun: str = "项目",
    locked: Sequence[str] = (),
    hidden: Sequence[str] = (),
) -> bytes:
    """An import template that this reader reads back exactly: header, 填写说明, a drop-down per field in `options`.

    `rows` fills it with the user's own records; blank otherwise. With `locked` fields the sheet is protected: they are
    grey and cannot be typed into; `hidden` columns are not seen.
    """
    options = options or {}
    out = _Book()
    page = out.book.add_worksheet(sheet_name(sheet))
    guide = out.book.add_worksheet("填写说明")
    lists = out.book.add_worksheet("选项")
    lists.hide()
    _header(out, page, 0, columns)
    looks = [_look(column, locked) for column in columns]
    for index, column in enumerate(columns):
        page.set_column(
            index,
            index,
            _WIDTHS.get(column.kind, 16),
            out.style(**looks[index]) if looks[index] else None,
            {"hidden": column.field in hidden},
        )
        choices = options.get(column.field, ("是", "否") if column.kind == "flag" else ())
        if choices and column.field not in locked:
            _drop_down(page, lists, index, choices)
    for position, row in enumerate(rows, 1):
        values = [row.get(column.field) for column in columns] if isinstance(row, Mapping) else row
        for index, value in enumerate(values):
            out.write(page, position, index, value, **{k: v for k, v in looks[index].items() if k != "num_format"})
    if locked:
        page.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})
    _guide(out, guide, [column for column in columns if column.field not in hidden], options, noun, locked)
    return out.bytes()


def _look(column: Column, locked: Sequence[str]) -> dict[str, Any]:
    """The format of a column: text stays text, amounts have thousands; locked cells are grey, others open."""
    look: dict[str, Any] = {}
    if column.kind in ("code", "date", "range", "text"):
        look["num_format"] = "@"
    elif column.kind == "money":
        look["num_format"] = "#,##0.####"
    if locked:
        look |= {"locked": True, "bg_color": "#F0F3F7"} if column.field in locked else {"locked": False}
    return look


def _drop_down(page: Any, lists: Any, index: int, choices: Sequence[str]) -> None:
    """A list to choose from, kept on the hidden sheet."""
    for line, choice in enumerate(choices):
        lists.write_string(line, index, clean(choice))
    first = xl_rowcol_to_cell(0, index, row_abs=True, col_abs=True)
    last = xl_rowcol_to_cell(len(choices) - 1, index, row_abs=True, col_abs=True)
    rule = {
        "validate": "list",
        "source": f"=选项!{first}:{last}",
        "error_type": "warning",
        "error_title": "不在选项中",
        "error_message": "请从下拉列表中选择，或确认后保留。",
    }
    page.data_validation(1, index, TEMPLATE_ROWS, index, rule)


def _guide(
    out: _Book,
    guide: Any,
    columns: Sequence[Column],
    options: Mapping[str, Sequence[str]],
    noun: str,
    locked: Sequence[str],
) -> None:
    lines = [
        f"一行一个{noun}，请不要改动表头；可以删除不需要的列，也可以增加自己的列（不会导入）。",
        "空白单元格表示不修改原有内容；要清空原有内容，请填写“清空”。",
    ]
    if locked:
        lines[0] = f"一行一个{noun}。灰色的列锁定，用来认出是哪一行；请不要增加、复制或删除行列。"
    for row, line in enumerate(lines):
        guide.write_string(row, 0, line)
    top = len(lines) + 1
    for index, (label, width) in enumerate((("列", 24), ("要求", 8), ("怎样填写", 60))):
        guide.write_string(top, index, label, out.style(bold=True, bg_color="#F0F3F7", border=1))
        guide.set_column(index, index, width)
    for row, column in enumerate(columns, top + 1):
        choices = options.get(column.field, ())
        hint = (
            f"可选：{'、'.join(choices[:12])}{'……' if len(choices) > 12 else ''}"
            if choices
            else column.hint or _HINTS.get(column.kind)
        )
        out.write(guide, row, 0, header_of(column))
        out.write(guide, row, 1, "锁定" if column.field in locked else "必填" if column.required else "可不填")
        out.write(guide, row, 2, hint or "文字")


def sheet_name(name: str) -> str:
    """A name Excel accepts: no forbidden characters, at most 31 characters, never empty."""
    kept = "".join(char for char in name if char not in "[]:*?/\\'" and unicodedata.category(char)[0] != "C")
    return kept[:31] or "清单"


def mark_errors(
    original: bytes,
    errors: Sequence[Mapping[str, Any]],
    filename: str = "",
    header_rows: Mapping[str, Sequence[int]] | None = None,
) -> bytes:
    """The user's own workbook with red cells, a last column 错误原因 and a first sheet 修改说明.

    `errors` are those of an `Understanding` (sheet, row, letter, message). An .xlsx keeps its layout (formulas become
    their values); .xls and .csv come back as a new .xlsx of their values. Raises gate.FileRefused.
    """
    kind = gate.check(original, filename)
    if kind == "xlsx":
        sandbox.read_grids(original, kind)  # the scan must have passed before openpyxl sees the file
        book = openpyxl.load_workbook(io.BytesIO(original), data_only=True)
    else:
        book = _rebuilt(sandbox.read_grids(original, kind))
    by_row: dict[tuple[str, int], list[Mapping[str, Any]]] = {}
    for error in errors:
        if error.get("row"):
            by_row.setdefault((str(error["sheet"]), int(error["row"])), []).append(error)
    red = PatternFill("solid", start_color="FDECEC", end_color="FDECEC")
    for name in dict.fromkeys(sheet for sheet, _ in by_row):
        if name in book.sheetnames:
            rows = {row: items for (sheet, row), items in by_row.items() if sheet == name}
            _mark_sheet(book[name], rows, red, (header_rows or {}).get(name))
    _explain(book, len(by_row), errors)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _mark_sheet(page: Any, rows: Mapping[int, list[Mapping[str, Any]]], red: PatternFill, header: Any) -> None:
    last = page.max_column
    while last > 1 and all(page.cell(row, last).value is None for row in range(1, min(page.max_row, 200) + 1)):
        last -= 1
    head = max(header) if header else max(1, min(rows) - 1)
    known = page.cell(head, last).value == REASON
    column = last if known else last + 1
    for row in range(1, page.max_row + 1) if known else ():
        page.cell(row, column).value = None
    page.cell(head, column).value = REASON
    for row, items in rows.items():
        for error in items:
            if error.get("letter"):
                page.cell(row, column_number(str(error["letter"])) + 1).fill = red
        cell = page.cell(row, column)
        cell.value = clean("\n".join(str(error["message"]) for error in items))
        cell.data_type, cell.fill, cell.alignment = "s", red, Alignment(wrap_text=True, vertical="top")
    page.column_dimensions[page.cell(head, column).column_letter].width = 60


def _explain(book: Any, count: int, errors: Sequence[Mapping[str, Any]]) -> None:
    name = "修改说明"
    if name in book.sheetnames:
        del book[name]
    page = book.create_sheet(name, 0)
    page["A1"] = f"共 {count} 行需要改正，标红的单元格有误，最后一列写明了原因。"
    page["A2"] = "请直接在原来的工作表里改正后保存，再上传本文件；不需要重新对应列。"
    general = [str(error["message"]) for error in errors if not error.get("row")]
    for row, message in enumerate(general, 4):
        page.cell(row, 1).value = clean(message)
        page.cell(row, 1).data_type = "s"
    page.column_dimensions["A"].width = 100


def _rebuilt(grids: Sequence[Mapping[str, Any]]) -> Any:
    """A plain workbook of the values of a file that openpyxl cannot open."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for grid in grids:
        page = book.create_sheet(sheet_name(str(grid["name"])))
        page.sheet_state = "hidden" if grid["hidden"] else "visible"
        for row, cells in enumerate(grid["rows"], 1):
            for column, value in enumerate(cells, 1):
                if value is not None:
                    cell = page.cell(row, column)
                    text = isinstance(value, (str, dict))
                    cell.value = clean(show(value)) if text else value
                    cell.data_type = "s" if text else cell.data_type
    return book
