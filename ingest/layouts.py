"""The shape of a list, by which the next one like it is known: what was decided about its columns holds again."""

import hashlib
import json
import re
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts import audit
from accounts.models import User
from common.excel.model import Choices
from common.excel.text import squash
from common.excel.writer import REASON
from ingest.decisions import Decisions
from ingest.models import ImportBatch
from ingest.reading import imported_sheets
from ingest.registry import KINDS

_RECENT = 8  # imports among which one nearly alike is looked for
_NEARLY = 0.6  # share of common headers
_MONTHS = re.compile(r"\d+(?:[-－—–~～至]+\d+)?(?=月)")  # 1-10月 of one month is 1-11月 of the next


def layout_of(understood: dict[str, Any]) -> str:
    """The fingerprint of a list: the headers of its tables and the units stated, "" where it has no headers.
    Our own column of reasons, names of sheets and the months of the year do not count, years do: their figures mean
    something else."""
    tables = [
        [sheet["unit"], [_shape(column) for column in sheet["columns"] if column["header"] != REASON]]
        for sheet in _headed(understood)
    ]
    if not tables:
        return ""
    return hashlib.sha256(json.dumps(tables, ensure_ascii=False).encode()).hexdigest()


def meanings(understood: dict[str, Any]) -> list[list[tuple]]:
    """Which columns mean what, table by table; the column with our own reasons does not count."""
    return [
        [
            (column["index"], _shape(column), column["field"])
            for column in sheet["columns"]
            if column["header"] != REASON
        ]
        for sheet in imported_sheets(understood)
    ]


def examples(kind: str | None = None) -> QuerySet[ImportBatch]:
    """The imports that may be followed, newest first: their columns were to be remembered, they were not taken back,
    their layout was not forgotten."""
    found = ImportBatch.objects.filter(
        state=ImportBatch.State.COMMITTED, choices__remember_columns=True, undone_at=None
    ).exclude(layout="", settled_layout="")
    return (found.filter(kind=kind) if kind else found).order_by("-committed_at", "-pk")


def last_alike(kind: str, layout: str) -> ImportBatch | None:
    """The last import of a list of this shape, as the reader saw it alone or as it was settled: words learned from it
    let the reader find a header today that it did not find then."""
    if not layout:
        return None
    return examples(kind).filter(Q(layout=layout) | Q(settled_layout=layout)).first()


def nearly_alike(batch: ImportBatch) -> dict[str, Any] | None:
    """The recent import whose headers are nearly those of a list without an example: {pk, more, less}."""
    mine = _headers(batch.reading["sheets"])
    best, told = _NEARLY, None
    recent = examples(batch.kind).exclude(pk=batch.pk).values_list("pk", "reading__sheets")
    for pk, sheets in recent[:_RECENT]:
        theirs = _headers(sheets)
        share = len(mine.keys() & theirs.keys()) / max(1, len(mine.keys() | theirs.keys()))
        if share >= best and (told is None or share > best):
            more = [header for shape, header in mine.items() if shape not in theirs]
            less = [header for shape, header in theirs.items() if shape not in mine]
            best, told = share, {"pk": pk, "more": more, "less": less}
    return told


@transaction.atomic
def forget_layout(*, batch: ImportBatch, by: User) -> None:
    """The next list of the shape of this import is asked about from the start; what was imported stays as it is."""
    told = [layout for layout in (batch.layout, batch.settled_layout) if layout]
    same = ImportBatch.objects.filter(Q(layout__in=told) | Q(settled_layout__in=told), kind=batch.kind)
    same.update(layout="", settled_layout="")
    audit.record(by=by, action="忘记表格格式", subject=batch, reason=f"批次 {batch.pk}")


def carried(alike: ImportBatch, understood: dict[str, Any]) -> Decisions:
    """The decisions about tables and columns of an import, for a list of the same shape with sheets of its own names.
    Rows, values and years belong to the list they were decided for."""
    names = dict(zip(_names(alike.reading), _names(understood), strict=False))
    before = Decisions.of(alike).choices

    def renamed(by_sheet: dict[str, Any]) -> dict[str, Any]:
        return {names[name]: chosen for name, chosen in by_sheet.items() if name in names}

    decisions = Decisions(fixed=Decisions.of(alike).fixed)
    decisions.choices = Choices(
        sheets=None if before.sheets is None else [names[name] for name in before.sheets if name in names],
        header_rows=renamed(before.header_rows),
        columns=renamed(before.columns),
        units=renamed(before.units),
        default_unit=before.default_unit,
    )
    return decisions


def speaks_for_itself(untold: dict[str, Any], understood: dict[str, Any], decisions: Decisions, kind: str) -> bool:
    """Whether the list itself states what must never be carried over unseen: the unit its money is read in, whose its
    rows are, and what its columns are called. `untold` is the reading without `decisions`, `understood` the one under
    them."""
    if any(not any(column["header"] for column in sheet["columns"]) for sheet in imported_sheets(understood)):
        return False
    stated = {
        (sheet["name"], sheet["table"], column["index"]): column["unit"] or sheet["unit"]
        for sheet in untold["sheets"]
        for column in sheet["columns"]
    }
    read = money_units(understood, kind)
    return not decisions.fixed and all(unit and stated.get(key) == unit for key, unit in read.items())


def money_units(understood: dict[str, Any], kind: str) -> dict[tuple[str, int, int], str | None]:
    """(sheet, table, column) → the unit in which a column of money is read, of the tables that give projects."""
    money = {column.source for column in KINDS[kind].columns if column.kind == "money"}
    return {
        (sheet["name"], sheet["table"], column["index"]): column["unit"] or sheet["unit"]
        for sheet in imported_sheets(understood)
        for column in sheet["columns"]
        if column["field"] in money
    }


def _headers(sheets: list[dict[str, Any]]) -> dict[str, str]:
    """Header by shape, of every table that is seen."""
    return {
        _shape(column): " ".join(column["header"].split())
        for sheet in sheets
        if not sheet["hidden"]
        for column in sheet["columns"]
        if column["header"] and column["header"] != REASON
    }


def _names(understood: dict[str, Any]) -> list[str]:
    return list(dict.fromkeys(sheet["name"] for sheet in _headed(understood)))


def _headed(understood: dict[str, Any]) -> list[dict[str, Any]]:
    """The tables with headers that are seen."""
    return [
        sheet
        for sheet in understood["sheets"]
        if not sheet["hidden"] and any(column["header"] for column in sheet["columns"])
    ]


def _shape(column: dict[str, Any]) -> str:
    return _MONTHS.sub("#", squash(column["header"]))
