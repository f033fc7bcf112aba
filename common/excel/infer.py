"""What the cells of a table tell about its columns when the header does not. Every inference is a warning to check."""

import re
from collections import Counter
from collections.abc import Callable

from common.excel.aliases import FIELDS
from common.excel.headers import Table
from common.excel.labels import label_of
from common.excel.model import ColumnReading
from common.excel.rows import Row, numbering, raw, section_label, section_role
from common.excel.text import is_blank, show, squash

_SAMPLE_ROWS = 400
_TICKED = re.compile(r"性质|阶段|状态|类别|类型|情况")
_ROLES = {"unit": "responsible", "place": "area", "category": "industry", "level": "level"}


def before_rows(table: Table) -> list[tuple[ColumnReading, str]]:
    """Serial column without a header; a name header that stands one column beside its data."""
    found: list[tuple[ColumnReading, str]] = []
    if table.column("serial") is None:
        for column in table.columns[:3]:
            if column.field is None and not column.header and _share(table, column.index, _is_serial) >= 0.6:
                column.field, column.confidence, column.why = "serial", "exact", "没有列名，内容是连续的序号"
                break
    found += _merged_category(table)
    name = table.column("name")
    if name is None or _share(table, name.index, _is_text) >= 0.3:
        return found
    for offset in (1, -1):
        index = name.index + offset
        other = next((column for column in table.columns if column.index == index), None)
        if other and not other.header and _share(table, index, _is_text) >= 0.5:
            if table.column("serial") is None and _share(table, name.index, _is_serial) >= 0.5:
                name.field = "serial"
            else:
                name.field = None
            name.why = f"列名与数据错开一列，名称在第 {other.letter} 列"
            other.field, other.confidence, other.why = "name", "exact", "列名与数据错开一列"
            found.append((other, "表头的“项目名称”与数据错开一列，已按数据所在列读取，请核对"))
            break
    return found


def _merged_category(table: Table) -> list[tuple[ColumnReading, str]]:
    """A first column without header whose texts are merged over several rows groups them: 产业类 | 民生类."""
    for column in table.columns[:2]:
        areas = {
            area
            for row in range(table.first, table.last + 1)
            if (area := table.grid.merged.get((row, column.index)))
            and area[1] == area[3] == column.index
            and area[0] >= table.first
        }
        texts = [squash(table.grid.text(area[0], column.index)) for area in areas]
        if column.header or column.field or len(areas) < 2 or not all(texts):
            continue
        role = Counter(section_role(section_label(text)) for text in texts).most_common(1)[0][0]
        field = _ROLES.get(role)
        if field and table.column(field) is None:
            column.field, column.confidence, column.why = field, "exact", "没有列名，内容是合并的分组"
            return [(column, "这一列没有列名，内容像是分组，已按分组读取，请核对")]
    return []


def after_rows(table: Table, rows: list[Row]) -> list[tuple[ColumnReading, str]]:
    """A remark, category or unknown column that holds nothing but words of stage, nature or level gives them."""
    projects = [row for row in rows if row.kind == "project"]
    found: list[tuple[ColumnReading, str]] = []
    if len(projects) < 2:
        return found
    for column in table.columns:
        values = [value for row in projects if not is_blank(value := raw(table, row, column.index))]
        if len(values) < 2:
            continue
        field = _told(column.field, [show(value) for value in values])
        if column.field == "annual_goal" and all(re.fullmatch(r"[\d,.]+", squash(show(value))) for value in values):
            field = "annual_plan"
        if field and table.column(field) is None:
            what = {"stage": "建设阶段或性质", "level": "项目级别", "annual_plan": "金额"}[field]
            column.field, column.confidence, column.suggestion = field, "exact", None
            column.why = f"内容都是{what}"
            found.append((column, f"这一列的内容都是{what}，已按{FIELDS[field].label}读取，请核对"))
    return found


def _told(field: str | None, texts: list[str]) -> str | None:
    """What the texts of a remark, category or unknown column say throughout."""
    if field not in ("remark", "industry", "progress_text", None):
        return None
    if sum(label_of(text) is not None and squash(text) not in ("是", "否") for text in texts) >= 0.8 * len(texts):
        return "stage"
    if sum(section_role(section_label(text)) == "level" for text in texts) >= 0.8 * len(texts):
        return "level"
    return None


def tick_columns(table: Table, rows: list[Row]) -> dict[int, tuple[str, str]]:
    """Columns 新建 | 续建 or 前期 | 竣工 under one parent, holding nothing but ticks: index → (field, label)."""
    projects = [row.row for row in rows if row.kind == "project"]
    found: dict[int, tuple[str, str]] = {}
    for column in table.columns:
        label = label_of(column.path[-1]) if len(column.path) > 1 else None
        if column.field not in (None, "start", "end") or label is None or not _TICKED.search(column.path[-2]):
            continue
        cells = [value for row in projects if not is_blank(value := table.grid.value(row, column.index))]
        if cells and all(is_tick(value) for value in cells):
            found[column.index] = ("nature" if label.nature else "stage", column.path[-1])
            column.field, column.why = None, "打勾的列，按勾选读取"
    return found


def is_tick(value: object) -> bool:
    """Is this cell a tick?"""
    return squash(show(value)).upper() in ("√", "✓", "✔", "☑", "1", "是", "Y", "●", "■", "▲", "V")


def _share(table: Table, column: int, test: Callable[[object], bool]) -> float:
    """Share of rows in which the cell of a column passes a test; a line of text over several columns is no row."""
    grid = table.grid
    total = hits = 0
    for row in range(table.first, min(table.last + 1, table.first + _SAMPLE_ROWS)):
        if len(grid.filled(row, table.left, table.right)) >= min(2, table.right - table.left + 1):
            total += 1
            hits += test(grid.value(row, column))
    return hits / total if total else 0.0


def _is_serial(value: object) -> bool:
    if isinstance(value, int) and not isinstance(value, bool):
        return 0 < value < 20_000
    return isinstance(value, str) and numbering(squash(value)) in (("arabic", ""), ("child", ""))


def _is_text(value: object) -> bool:
    return isinstance(value, str) and not is_blank(value) and len(squash(value)) >= 3 and not _is_serial(value)
