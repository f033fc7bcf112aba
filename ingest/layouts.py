"""The shape of a list, by which the next one like it is known: what was decided about its columns holds again."""

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

from common.excel.model import Choices
from common.excel.text import squash
from common.excel.writer import REASON
from ingest.decisions import Decisions
from ingest.models import ImportBatch
from ingest.reading import imported_sheets
from ingest.registry import KINDS

_MONTHS = re.compile(r"\d+(?:[-－—–~～至]+\d+)?(?=月)")  # 1-10月 of one month is 1-11月 of the next


def layout_of(understood: dict[str, Any]) -> str:
    """The fingerprint of a list as the reader alone understands it: the headers of its tables and the units stated.
    Names of sheets and the months of the year do not count, years do: their figures mean something else."""
    tables = [
        [sheet["unit"], [[_shape(column), column["unit"]] for column in sheet["columns"]]]
        for sheet in understood["sheets"]
        if sheet["columns"] and not sheet["hidden"]
    ]
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


def last_alike(kind: str, layout: str) -> ImportBatch | None:
    """The last import of a list of this shape whose columns were to be remembered, if it was not taken back."""
    found = ImportBatch.objects.filter(kind=kind, layout=layout, choices__remember_columns=True, undone_at=None)
    return found.filter(state=ImportBatch.State.COMMITTED).order_by("-committed_at").first()


def carried(alike: ImportBatch, understood: dict[str, Any]) -> Decisions:
    """The decisions about tables and columns of an import, for a list of the same shape with sheets of its own names.
    Rows, values and years belong to the list they were decided for."""
    names = dict(zip(_names(alike.reading), _names(understood), strict=False))
    before = Decisions.of(alike).choices

    def renamed(by_sheet: dict[str, Any]) -> dict[str, Any]:
        return {names[name]: chosen for name, chosen in by_sheet.items() if name in names}

    decisions = Decisions()
    decisions.choices = Choices(
        sheets=None if before.sheets is None else [names[name] for name in before.sheets if name in names],
        header_rows=renamed(before.header_rows),
        columns=renamed(before.columns),
        units=renamed(before.units),
        default_unit=before.default_unit,
    )
    return decisions


def speaks_for_itself(untold: dict[str, Any], understood: dict[str, Any], decisions: Decisions, kind: str) -> bool:
    """Whether the list itself states what must never be carried over unseen: the unit of its money, and whose its
    rows are. `untold` is the reading without `decisions`, `understood` the one under them."""
    stated = {key for key, sheet, column in _columns(untold) if column["unit"] or sheet["unit"]}
    money = {column.source for column in KINDS[kind].columns if column.kind == "money"}
    asked = {key for key, sheet, column in _columns(understood) if column["field"] in money and sheet["imported"]}
    return asked <= stated and not decisions.fixed


def _columns(understood: dict[str, Any]) -> Iterator[tuple[tuple, dict[str, Any], dict[str, Any]]]:
    for sheet in understood["sheets"]:
        for column in sheet["columns"]:
            yield (sheet["name"], sheet["table"], column["index"]), sheet, column


def _names(understood: dict[str, Any]) -> list[str]:
    return list(dict.fromkeys(sheet["name"] for sheet in understood["sheets"]))


def _shape(column: dict[str, Any]) -> str:
    return _MONTHS.sub("#", squash(column["header"]))
