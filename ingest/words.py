"""How a judge speaks: faults with their cell, what the reader said, and small questions every judge asks."""

import re
from collections.abc import Sequence
from typing import Any

from accounts.models import Unit, User
from accounts.roles import Can, Scope
from common.excel.text import tidy
from common.importing import Fault, ImportColumn

_CELL = re.compile(r"现为“(.*)”，应为(.*?)。?$", re.DOTALL)


class Words:
    """Says where in the list something was found. `columns` are those of the kind."""

    def __init__(self, reading: dict[str, Any], columns: Sequence[ImportColumn]) -> None:
        self.labels = {column.source: column.label for column in columns}
        self.columns = {
            (sheet["name"], column["field"]): column
            for sheet in reversed(reading["sheets"])
            if sheet["imported"]
            for column in sheet["columns"]
            if column["field"]
        }

    def fault(self, sheet: str, row: int, fault: Fault) -> dict[str, Any]:
        """A fault in the form of the reader's errors: where, what was found, what is expected."""
        column = self.columns.get((sheet, fault.source), {})
        if not column and fault.source in ("start", "end"):
            column = self.columns.get((sheet, "duration"), {})
        label = column.get("header") or self.labels.get(fault.source, fault.source)
        found = f"现为“{fault.found}”，" if fault.found else "没有填写，"
        verb = "" if fault.expected.startswith("请") else "应为"
        return {
            "code": fault.code,
            "column": label,
            "letter": column.get("letter"),
            "found": fault.found,
            "expected": fault.expected,
            "message": f"第 {row} 行「{label}」：{found}{verb}{fault.expected}".rstrip("。") + "。",
        }


def from_reader(item: dict[str, Any]) -> dict[str, Any]:
    """An error or warning of the reader as rows keep them."""
    cell = _CELL.search(item["message"])
    found, expected = cell.groups() if cell else ("", item["message"].split("：", 1)[-1].rstrip("。"))
    keys = ("code", "column", "letter", "message")
    return {key: item.get(key) for key in keys} | {"found": found, "expected": expected}


def by_row(items: list[dict[str, Any]]) -> dict[tuple[str, int], list[dict[str, Any]]]:
    """Errors or warnings that name a row, by (sheet, row)."""
    rows: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for item in items:
        if item.get("row"):
            rows.setdefault((item["sheet"], item["row"]), []).append(item)
    return rows


def reach_of(by: User) -> set[int] | None:
    """Units whose projects the person may import; None is the whole district."""
    scopes, units = by.reach(Can.IMPORT)
    if Scope.DISTRICT in scopes:
        return None
    return set(Unit.objects.subtree_of(*units).values_list("pk", flat=True))


def is_news(value: Any, held: Any) -> bool:
    """Whether a value of the list says something else than what is there; blanks that no cell keeps do not count."""
    if isinstance(value, str):
        held = held or ""
        return value not in (held, tidy(held), tidy(held, keep_lines=True))
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        held = held or ()
    return bool(value != held)
