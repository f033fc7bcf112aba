"""Steps 5 and 6: rows by verdict, errors by reason."""

from typing import Any

from django.db.models import QuerySet

from common.money import wan_column
from ingest.choices import Verdict
from ingest.models import ImportBatch, ImportRow
from ingest.reasons import hint_of, reason_of, title_of
from projects.choices import Stage
from projects.models import Project

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


_COMPARED = (  # field of a row's own words → how the project tells it
    ("lead_unit", "责任单位", lambda p: p.lead_unit.label),
    ("national_code", "项目代码", lambda p: p.national_code),
    ("stage", "阶段", lambda p: p.state_label),
    (
        "total_investment",
        "总投资（万元）",
        lambda p: wan_column(p.total_investment) if p.total_investment is not None else "",
    ),
    ("location", "建设地点", lambda p: p.location),
    ("owner_name", "建设单位", lambda p: p.owner_name),
)


def with_sides(rows: list[ImportRow]) -> list[ImportRow]:
    """The questions, each look-alike beside the row: `sides` is {projects, lines: [{label, row, others}]}."""
    pks = {option["pk"] for row in rows for option in row.asks.get("match", {}).get("options", ())}
    projects = Project.objects.select_related("lead_unit").in_bulk(pks)
    for row in rows:
        found = [projects[o["pk"]] for o in row.asks.get("match", {}).get("options", ()) if o["pk"] in projects]
        told = {item["field"]: item["after"] for item in row.diff}
        lines = [
            {"label": label, "row": told.get(field, ""), "others": [tell(p) for p in found]}
            for field, label, tell in _COMPARED
        ]
        row.sides = {"projects": found, "lines": lines} if found else None  # type: ignore[attr-defined]
    return rows


def questions_of(batch: ImportBatch) -> list[ImportRow]:
    """Rows that wait for a decision of the person, or had one."""
    return list(batch.rows.exclude(asks={}))
