"""Which rows are no longer what the preview showed, and what changed meanwhile."""

from typing import Any

from accounts.models import AuditEntry
from ingest.choices import Verdict
from ingest.models import ImportBatch
from ingest.plans import RowPlan

NAMED = 5  # rows in the sentence; the page lists them all


def rows_that_moved(batch: ImportBatch, plans: list[RowPlan]) -> list[dict[str, Any]]:
    """[{sheet, row, name, what}] of the rows that would now be something else; `what` are sentences."""
    staged = {(row.sheet, row.row): row for row in batch.rows.all()}
    moved = []
    for plan in plans:
        row = staged.pop((plan.sheet, plan.row), None)
        now = (plan.project.pk, plan.project.version) if plan.project else (None, None)
        if row is None or (row.verdict, row.project_id, row.diff) != (plan.verdict, now[0], plan.diff):
            same = False
        else:
            same = plan.verdict != Verdict.CHANGED or row.seen_version == now[1]
        if not same:
            moved.append((plan, row))
    trails = _trails(batch, [plan.project.pk for plan, _ in moved if plan.project])
    return [
        {"sheet": plan.sheet, "row": plan.row, "name": plan.name, "what": _what(plan, row, trails)}
        for plan, row in moved
    ]


def sentence(moved: list[dict[str, Any]]) -> str:
    """What the person reads first."""
    names = "、".join(f"第 {item['row']} 行“{item['name'] or '（没有名称）'}”" for item in moved[:NAMED])
    more = f"等 {len(moved)} 行" if len(moved) > NAMED else ""
    return f"预检之后有人修改过数据，{names}{more}与预检时不同，整批没有写入；已重新预检，请核对后再导入。"


def _what(plan: RowPlan, row: Any, trails: dict[int, list[str]]) -> list[str]:
    if row is None:
        return ["预检时没有这一行"]
    told = [] if row.verdict == plan.verdict else [f"预检时为“{row.get_verdict_display()}”，现在为“{_label(plan)}”"]
    before = {item["label"]: item["before"] for item in row.diff}
    told += [
        f"{item['label']}：预检时为 {before[item['label']] or '空'}，现在为 {item['before'] or '空'}"
        for item in (plan.diff if row.verdict == plan.verdict else ())
        if before.get(item["label"], item["before"]) != item["before"]
    ]
    told += trails.get(plan.project.pk, ()) if plan.project else ()
    return told or ["项目刚被修改过"]


def _label(plan: RowPlan) -> str:
    return str(Verdict(plan.verdict).label)


def _trails(batch: ImportBatch, pks: list[int]) -> dict[int, list[str]]:
    """What was done to these projects since the preview, by whom."""
    trails: dict[int, list[str]] = {}
    entries = AuditEntry.objects.filter(kind="project", object_id__in=pks, at__gt=batch.previewed_at).order_by("pk")
    for entry in entries[:500]:
        changes = "；".join(f"{label} {was or '空'} → {now or '空'}" for label, (was, now) in entry.changes.items())
        trails.setdefault(entry.object_id, []).append(
            f"{entry.actor_label} {entry.action}{f'：{changes}' if changes else ''}"
        )
    return trails
