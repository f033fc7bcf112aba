"""Steps 5 and 6: rows by verdict, errors by reason."""

from typing import Any

from django.db.models import QuerySet

from ingest.choices import Verdict
from ingest.models import ImportBatch, ImportRow
from ingest.reasons import hint_of, reason_of, title_of
from projects.choices import Stage

SHOWN = 60  # rows of one reason on the page; the workbook has all of them
STAGES = dict(Stage.choices)


def tally(batch: ImportBatch, shown: str, url: str) -> list[dict[str, Any]]:
    """Counts by verdict, each a filter (components/_tally)."""
    return [
        {
            "label": "未导入（需改正）"
            if batch.state == ImportBatch.State.COMMITTED and verdict == Verdict.REFUSED
            else verdict.label,
            "count": batch.counts.get(verdict, 0),
            "url": f"{url}?show={verdict.value}",
            "active": verdict == shown,
            "tone": "bad" if verdict == Verdict.REFUSED else "",
        }
        for verdict in Verdict
    ]


def first_shown(batch: ImportBatch) -> str:
    """The rows to look at first: what changes; what is to be corrected has a panel of its own."""
    order = (Verdict.CHANGED, Verdict.NEW, Verdict.UNCHANGED, Verdict.REFUSED, Verdict.SKIPPED)
    return next((verdict.value for verdict in order if batch.counts.get(verdict)), Verdict.NEW.value)


def grouped(rows: QuerySet[ImportRow], level: str, without: str = "") -> list[dict[str, Any]]:
    """Errors or warnings by reason: rows once per reason, the most frequent reason first.

    `without` leaves out a reason that is shown elsewhere.
    """
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows.exclude(**{level: []}).only("sheet", "row", "name", level):
        for item in getattr(row, level):
            groups.setdefault(reason_of(item["code"]), []).append({"row": row, **item})
    groups.pop(without, None)
    found = [
        {
            "reason": reason,
            "title": title_of(reason),
            "hint": hint_of(reason),
            "rows": len({(item["row"].sheet, item["row"].row) for item in items}),
            "items": items[:SHOWN],
            "more": len(items) - SHOWN,
        }
        for reason, items in groups.items()
    ]
    return sorted(found, key=lambda group: -group["rows"])


def questions_of(batch: ImportBatch) -> list[ImportRow]:
    """Rows that wait for a decision of the person, or had one."""
    return list(batch.rows.exclude(asks={}))
