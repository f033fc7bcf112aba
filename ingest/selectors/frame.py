"""Where a batch stands: its steps, what every page of it shows."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import User
from common import clock
from ingest.actions.batch import CLOSED, imported_sheets
from ingest.choices import Step, Verdict
from ingest.layouts import nearly_alike
from ingest.models import ImportBatch
from ingest.progress import progress_of
from ingest.registry import KINDS, kinds_for

State = ImportBatch.State
_TOLD = (Verdict.NEW, Verdict.CHANGED, Verdict.UNCHANGED, Verdict.SKIPPED, Verdict.REFUSED)
STILL = timedelta(seconds=20)  # after that an order nobody took up looks forgotten
_COLUMNS_OPEN = (Step.SHEETS, Step.COLUMNS)
ORDER = [Step.SHEETS, Step.COLUMNS, Step.VALUES, Step.PREVIEW]


def batches(user: User) -> QuerySet[ImportBatch]:
    """The batches of every kind of list the person may import, newest first, without their readings."""
    mine = ImportBatch.objects.filter(kind__in=[kind.code for kind in kinds_for(user)])
    return mine.defer("reading", "choices").select_related("file", "created_by__unit")


def batch_lines(user: User) -> Iterator[list[Any]]:
    """The batches as rows of a workbook; the counts of what was written, where it was."""
    for batch in batches(user).iterator():
        written = batch.state == ImportBatch.State.COMMITTED
        state = "已撤销" if batch.undone_at else batch.get_state_display()
        yield [
            batch.pk,
            batch.file.name,
            KINDS[batch.kind].label,
            batch.created_at.astimezone(clock.SHANGHAI),
            str(batch.created_by),
            state,
            *(batch.counts.get(verdict, 0) if written else None for verdict in _TOLD),
        ]


def step_of(batch: ImportBatch) -> Step:
    """The step that is to be done now."""
    written = batch.state in (ImportBatch.State.COMMITTED, ImportBatch.State.COMMITTING)
    return Step.RECEIPT if written else Step(batch.state)


def step_url(batch: ImportBatch, step: Step) -> str:
    """The page of a step; while the import is on its way the last one shows how far it is."""
    if step == Step.RECEIPT and batch.state == ImportBatch.State.COMMITTING:
        return reverse("ingest:progress", args=[batch.pk])
    return reverse(f"ingest:{step.value}", args=[batch.pk])


def steps(batch: ImportBatch | None, now: Step) -> list[dict[str, Any]]:
    """The bar of steps (components/_steps): those behind the batch can be opened again."""
    here = list(Step).index(now)
    bar = []
    for index, step in enumerate(Step):
        url = step_url(batch, step) if batch and step in ORDER and batch.state not in CLOSED else ""
        bar.append(
            {"label": step.label, "state": "now" if index == here else "past" if index < here else "", "url": url}
        )
    return bar


def frame(batch: ImportBatch, now: Step, user: User) -> dict[str, Any]:
    """What every step shows around its own business."""
    sheets = imported_sheets(batch.reading)
    names = "、".join(f"「{name}」" for name in dict.fromkeys(sheet["name"] for sheet in sheets))
    kind = KINDS[batch.kind]
    position = ORDER.index(now) if now in ORDER else 0
    return {
        "title": now.label,
        "step_now": now.value,
        "batch": batch,
        "steps": steps(batch, now),
        "crumbs": [{"label": "导入", "url": reverse("ingest:batch_list")}, {"label": f"批次 {batch.pk}", "url": ""}],
        "sheet_names": names,
        "row_count": len(batch.reading["projects"]),
        "row_word": "行" if kind.records else "个项目",
        "name_label": kind.name_label,
        "back_url": step_url(batch, ORDER[position - 1]) if position else "",
        "earlier": earlier(batch),
        "nearly": None if batch.alike_id or batch.parent_id or now not in _COLUMNS_OPEN else nearly_alike(batch),
        "followers": [one for one in batch.followers.defer("reading", "choices") if one.state != State.DISCARDED],
        "is_mine": batch.created_by_id == user.pk,
    }


def progress(batch: ImportBatch, now: datetime) -> dict[str, Any]:
    """How far a commit has come, and whether it lies still so long that a person may wish to wake it."""
    percent, doing = progress_of(batch)
    is_still = batch.lease_until is not None and batch.lease_until + STILL <= now
    return {"percent": percent, "doing": doing, "is_still": is_still, "to_write": to_write(batch)}


def to_write(batch: ImportBatch) -> int:
    """How many rows the import writes."""
    return batch.counts.get(Verdict.NEW, 0) + batch.counts.get(Verdict.CHANGED, 0)


def earlier(batch: ImportBatch) -> ImportBatch | None:
    """The last import of the very same file."""
    same = ImportBatch.objects.filter(file__sha256=batch.file.sha256, state=ImportBatch.State.COMMITTED)
    return same.exclude(pk=batch.pk).select_related("committed_by").defer("reading", "choices").first()
