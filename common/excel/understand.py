"""The one entry of the reader: bytes in, an `Understanding` out. Pure; the same input gives the same answer.

The gate and the parser (in its own limited process) come first; what the grids mean is worked out here.
"""

from pathlib import PurePath
from typing import Any

from common.excel import gate, infer, sandbox
from common.excel.build import Builder, Issues, telling_sheet_name, told_by
from common.excel.checks import check_projects
from common.excel.columns import Matcher
from common.excel.grid import Grid
from common.excel.headers import Table, find_tables, table_at
from common.excel.model import Choices, RowReading, SheetReading, Understanding
from common.excel.preamble import stated_unit, title_year
from common.excel.rows import Row, classify
from common.excel.text import show, squash, tidy
from common.excel.textlist import read_text_list, text_column

SAMPLES = 3
COPY_SHARE = 0.8
_SHOWN_TEXT = 200


def read_workbook(data: bytes, filename: str, choices: Choices | None = None) -> Understanding:
    """Understand a project list. Raises `gate.FileRefused` (one Chinese sentence) for a file that cannot be read."""
    kind = gate.check(data, filename)
    return understand(sandbox.read_grids(data, kind), filename, choices)


def understand(grids: list[dict[str, Any]], filename: str = "", choices: Choices | None = None) -> Understanding:
    """The meaning of raw grids (see `reader`). `choices` are a person's corrections."""
    choices = choices or Choices()
    matcher = Matcher(extra=choices.aliases)
    issues = Issues()
    result = Understanding(PurePath(filename).name)
    found: list[tuple[SheetReading, list[dict[str, Any]]]] = []
    year = title_year(PurePath(filename).stem)
    for raw in grids:
        found += read_sheet(Grid(raw), matcher, choices, issues, year)
    drop_copies(found, issues, choices)
    name_categories(found)
    for sheet, projects in found:
        result.sheets.append(sheet)
        if sheet.imported:
            result.projects += projects
        result.ignored += ignored_rows(sheet)
    check_projects(result.projects, issues)
    kept = {sheet.name for sheet in result.sheets if sheet.imported}
    result.warnings = [item for item in issues.warnings if item["sheet"] in kept]
    result.errors = [item for item in issues.errors if item["sheet"] in kept]
    if not result.projects:
        named = any(column.field == "name" for sheet in result.sheets for column in sheet.columns)
        result.needs_mapping = not named and any(_has_rows(Grid(raw)) for raw in grids)
        explain_nothing(result)
    return result


def read_sheet(
    grid: Grid, matcher: Matcher, choices: Choices, issues: Issues, year: int | None
) -> list[tuple[SheetReading, list[dict[str, Any]]]]:
    """The tables of one sheet with their projects; a sheet that is left out says why."""
    if choices.sheets is not None and grid.name not in choices.sheets:
        return [(SheetReading(grid.name, hidden=grid.hidden, why="没有选择导入这张工作表"), [])]
    if choices.sheets is None and grid.hidden:
        return [(SheetReading(grid.name, hidden=True, why="隐藏的工作表"), [])]
    if not any(grid.rows):
        return [(SheetReading(grid.name, hidden=grid.hidden, why="空工作表"), [])]
    chosen = choices.header_rows.get(grid.name)
    if chosen is None:
        tables = find_tables(grid, matcher, year)
    else:
        tables = [table_at(grid, matcher, [row - 1 for row in chosen], year)]
    if not tables:
        column = text_column(grid)
        if column is not None:
            return [read_text_list(grid, column, issues)]
        tables = [table_at(grid, matcher, [], year)]
    several = len(tables) > 1
    return [read_table(table, number if several else 1, choices, issues) for number, table in enumerate(tables, 1)]


def read_table(
    table: Table, number: int, choices: Choices, issues: Issues
) -> tuple[SheetReading, list[dict[str, Any]]]:
    """One table: columns settled, rows classified, projects built."""
    grid = table.grid
    sheet = SheetReading(grid.name, number, grid.hidden, title=table.title, unit=table.unit, columns=table.columns)
    sheet.header_rows = [row + 1 for row in table.header]
    inferred = infer.before_rows(table)
    choose_columns(table, choices)
    if table.column("name") is None:
        sheet.why = "没有“项目名称”列" if table.header else "没有找到表头"
        sample_columns(table, [])
        return sheet, []
    forced = {row - 1: kind for row, kind in choices.rows.get(grid.name, {}).items()}
    rows = classify(table, forced)
    if grid.name not in choices.columns:
        inferred += infer.after_rows(table, rows)
    table.unit = sheet.unit = table.unit or unit_in_notes(table, rows)
    sheet.imported = True
    projects = Builder(table, rows, choices, issues).build()
    sheet.rows = [row_reading(table, row) for row in preamble_rows(table)]
    sheet.rows += [row_reading(table, row) for row in rows if row.kind != "blank"]
    sample_columns(table, rows)
    for column, message in inferred:
        issues.warn(grid.name, None, column.header or column.letter, "column_inferred", message)
    warn_columns(table, issues)
    if not projects:
        sheet.imported = False
        sheet.why = "表头已识别，但下面没有项目行"
    return sheet, projects


def unit_in_notes(table: Table, rows: list[Row]) -> str | None:
    """The money unit when only a note below the table states it."""
    texts = (
        squash(show(table.grid.value(row.row, column)))
        for row in rows
        if row.kind == "note"
        for column in table.grid.filled(row.row, table.left, table.right)
    )
    return next((unit for text in texts if (unit := stated_unit(text))), None)


def choose_columns(table: Table, choices: Choices) -> None:
    """Apply the mapping of a person: a field chosen for one column is taken from every other."""
    chosen = choices.columns.get(table.grid.name, {})
    for column in table.columns:
        if column.index in chosen:
            column.field = chosen[column.index]
            column.confidence, column.suggestion = "chosen", None
        elif column.field in chosen.values():
            column.field, column.confidence = None, "none"
        unit = choices.units.get(table.grid.name, {}).get(column.index)
        column.unit = unit or column.unit


def preamble_rows(table: Table) -> list[Row]:
    """Title, unit and header rows, as rows that are left out."""
    rows = [Row(row, "note", "标题或说明") for row in table.preamble]
    return rows + [Row(row, "note", "表头") for row in table.header]


def row_reading(table: Table, row: Row) -> RowReading:
    """A row as the wizard shows it."""
    grid = table.grid
    texts = [tidy(show(grid.value(row.row, column)))[:_SHOWN_TEXT] for column in range(table.left, table.right + 1)]
    reading = RowReading(row.row + 1, row.kind, row.why, texts, list(row.sections), row.row in grid.hidden_rows)
    if row.parent is not None:
        reading.parent = row.parent + 1
    return reading


def sample_columns(table: Table, rows: list[Row]) -> None:
    """Three example values per column, of projects when there are any."""
    order = [row.row for row in rows if row.kind == "project"] or list(range(table.first, table.last + 1))
    for column in table.columns:
        column.samples = []
        for row in order[:50]:
            text = tidy(show(table.grid.value(row, column.index)))[:60]
            if text and text not in column.samples:
                column.samples.append(text)
            if len(column.samples) == SAMPLES:
                break


def warn_columns(table: Table, issues: Issues) -> None:
    """Suggestions wait for a person; hidden rows and columns are read and said to be."""
    for column in table.columns:
        if column.suggestion:
            message = f"「{column.header}」没有对应到字段，可能是其他写法，请核对。"
            issues.warn(table.grid.name, None, column.header, "column_suggested", message)
    hidden = [column.letter for column in table.columns if column.hidden and column.field]
    if hidden:
        message = f"隐藏的列 {'、'.join(hidden)} 也已读取，请核对。"
        issues.warn(table.grid.name, None, None, "hidden_columns", message)
    rows = sorted(row + 1 for row in table.grid.hidden_rows if table.first <= row <= table.last)
    if rows:
        message = f"隐藏的 {len(rows)} 行（如第 {rows[0]} 行）也已读取，请核对。"
        issues.warn(table.grid.name, None, None, "hidden_rows", message)


def drop_copies(found: list[tuple[SheetReading, list[dict[str, Any]]]], issues: Issues, choices: Choices) -> None:
    """A sheet that repeats the projects of others is left out; what only it has is still imported."""
    if choices.sheets is not None:
        return
    seen: dict[tuple[str, str], dict[str, Any]] = {}
    order = sorted(range(len(found)), key=lambda i: (-len(found[i][1]), not found[i][0].title, i))
    for position in order:
        sheet, projects = found[position]
        others = [
            project for project in projects if seen.get(_key(project), {"sheet": sheet.name})["sheet"] != sheet.name
        ]
        if projects and len(others) >= COPY_SHARE * len(projects):
            left = [project for project in projects if project not in others]
            names = "、".join(dict.fromkeys(seen[_key(project)]["sheet"] for project in others))
            sheet.why = f"与工作表“{names}”的 {len(others)} 个项目重复"
            sheet.imported = bool(left)
            repeated = {project["row"] for project in others}
            for row in sheet.rows:
                if row.row in repeated:
                    row.kind, row.why = "note", f"与工作表“{names}”重复"
            projects[:] = left
            for project in left:
                message = f"第 {project['row']} 行：这个项目只在副本“{sheet.name}”中有，请核对。"
                issues.warn(sheet.name, project["row"], None, "only_in_copy", message)
        for project in projects:
            seen.setdefault(_key(project), project)


def _key(project: dict[str, Any]) -> tuple[str, str]:
    return squash(project["name"]).casefold(), project.get("total_investment") or ""


def name_categories(found: list[tuple[SheetReading, list[dict[str, Any]]]]) -> None:
    """With several sheets of projects, a telling sheet name says what rows do not: category, level, unit or place."""
    names = {sheet.name for sheet, projects in found if sheet.imported and projects}
    if len(names) < 2:
        return
    for sheet, projects in found:
        label = telling_sheet_name(sheet.name)
        field, value = told_by(label) if label else (None, "")
        if field:
            for project in projects:
                project.setdefault(field, value)


def ignored_rows(sheet: SheetReading) -> list[dict[str, Any]]:
    """Rows that gave no project, each with its reason."""
    return [
        {"sheet": sheet.name, "row": row.row, "why": row.why}
        for row in sheet.rows
        if row.kind in ("section", "total", "note")
    ]


def explain_nothing(result: Understanding) -> None:
    """A workbook without projects says why, sheet by sheet."""
    code = "needs_mapping" if result.needs_mapping else "no_projects"
    for sheet in result.sheets:
        message = f"工作表“{sheet.name}”没有读到项目：{sheet.why or '没有项目行'}。"
        item = {"sheet": sheet.name, "row": None, "column": None, "letter": None, "code": code, "message": message}
        result.warnings.append(item)


def _has_rows(grid: Grid) -> bool:
    return not grid.hidden and sum(1 for row in range(grid.height) if len(grid.filled(row)) >= 2) >= 2
