"""From a stored list to what the wizard shows: the reader's understanding, first rows, 清空, remembered columns.

The result is `ImportBatch.reading`, JSON:
    sheets    [{name, table, hidden, imported, why, title, unit, header_rows, columns, head, kinds, projects, last_row}]
              head: first rows as [row, [cells]]; kinds: row → [kind, why] of every row that is no project
    projects  dicts of the reader plus `clear` (fields to be emptied)
    warnings, errors, needs_mapping
"""

from dataclasses import asdict, replace
from typing import Any

from common.collecting import uncollected
from common.excel import gate, sandbox
from common.excel.aliases import FIELDS
from common.excel.columns import canonical
from common.excel.grid import Grid
from common.excel.model import Choices, SheetReading, Understanding
from common.excel.text import show, tidy
from common.importing import CLEAR
from ingest.models import ColumnMapping
from ingest.registry import KINDS

HEAD_ROWS = 14
HEAD_CELLS = 12
MAX_KINDS = 400


@uncollected()
def read(content: bytes, name: str, kind: str, choices: Choices) -> dict[str, Any]:
    """Understand a list under the decisions of a person. Raises FileRefused."""
    grids = sandbox.read_grids(content, gate.check(content, name))
    answered = {field: blank | choices.values.get(field, {}) for field, blank in _cleared(kind).items()}
    choices = replace(choices, values=answered, aliases=remembered_fields(kind) | choices.aliases)
    found = KINDS[kind].understand(grids, name, choices)
    by_name = {raw["name"]: Grid(raw) for raw in grids}
    for project in found.projects:
        _mark_cleared(project, by_name[project["sheet"]], found)
    return {
        "sheets": [_sheet(sheet, by_name[sheet.name], found) for sheet in found.sheets],
        "projects": found.projects,
        "warnings": found.warnings,
        "errors": found.errors,
        "needs_mapping": found.needs_mapping,
    }


def imported_sheets(understood: dict[str, Any]) -> list[dict[str, Any]]:
    """The tables that give projects."""
    return [sheet for sheet in understood["sheets"] if sheet["imported"]]


def mappable_sheets(understood: dict[str, Any]) -> list[dict[str, Any]]:
    """The tables whose columns are asked about: those that give projects, else those without a name column."""
    nameless = [
        sheet
        for sheet in understood["sheets"]
        if sheet["columns"] and not sheet["hidden"] and all(column["field"] != "name" for column in sheet["columns"])
    ]
    return imported_sheets(understood) or nameless


def taken_for(sheet: dict[str, Any], row: int) -> str:
    """What a row passes for, in the three words a person may choose from: header, project, note."""
    if row in sheet["header_rows"]:
        return "header"
    above = bool(sheet["header_rows"]) and row < sheet["header_rows"][0]
    kind = "note" if above else sheet["kinds"].get(str(row), ["project"])[0]
    return "project" if kind in ("project", "continuation") else "note"


def header_key(path: list[str]) -> tuple[str, str]:
    """(header, its comparable form): how a remembered column is found again."""
    header = "".join(path)
    return header[:200], canonical(header)[0][:200]


def remembered(kind: str) -> dict[str, ColumnMapping]:
    """Confirmed columns by the comparable form of their header."""
    return {mapping.header_key: mapping for mapping in ColumnMapping.objects.filter(kind=kind)}


def remembered_fields(kind: str) -> dict[str, str]:
    return {mapping.header: mapping.field for mapping in ColumnMapping.objects.filter(kind=kind) if mapping.field}


def _cleared(kind: str) -> dict[str, dict[str, str]]:
    """清空 is no value of any column: it is found again by `_mark_cleared`."""
    return {field: {CLEAR: ""} for field in (*FIELDS, *(column.source for column in KINDS[kind].columns))}


def _mark_cleared(project: dict[str, Any], grid: Grid, found: Understanding) -> None:
    for sheet in found.sheets:
        if sheet.name != project["sheet"] or not sheet.imported:
            continue
        fields = [
            column.field
            for column in sheet.columns
            if column.field and tidy(show(grid.value(project["row"] - 1, column.index))) == CLEAR
        ]
        if fields:
            project["clear"] = fields


def _sheet(sheet: SheetReading, grid: Grid, found: Understanding) -> dict[str, Any]:
    """One table as the wizard needs it; its rows only where they are no projects."""
    meta = {key: value for key, value in vars(sheet).items() if key not in ("rows", "columns")}
    first = max(0, (sheet.header_rows[0] if sheet.header_rows else 1) - 6)
    head = [
        [row + 1, [tidy(show(grid.spread(row, column)))[:24] for column in range(min(grid.width, HEAD_CELLS))]]
        for row in range(first, min(grid.height, first + HEAD_ROWS))
    ]
    others = [row for row in sheet.rows if row.kind not in ("project", "blank")]
    mine = [project for project in found.projects if project["sheet"] == sheet.name]
    return {
        **meta,
        "columns": [asdict(column) for column in sheet.columns],
        "head": head,
        "kinds": {str(row.row): [row.kind, row.why, _digest(row.cells)] for row in others[:MAX_KINDS]},
        "projects": len(mine) if sheet.imported else 0,
        "last_row": grid.height,
    }


def _digest(cells: list[str]) -> str:
    """What stands in a row, in a few words."""
    return " ".join(dict.fromkeys(cell for cell in cells if cell))[:60]
