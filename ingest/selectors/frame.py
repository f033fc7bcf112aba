"""Where a batch stands: its steps, what every page of it shows."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import User
from ingest.actions.batch import ENDED, imported_sheets
from ingest.choices import Step
from ingest.models import ImportBatch

ORDER = [Step.SHEETS, Step.COLUMNS, Step.VALUES, Step.PREVIEW]


def batches(user: User) -> QuerySet[ImportBatch]:
    """All batches, newest first, without their readings."""
    return ImportBatch.objects.defer("reading", "choices").select_related("file", "created_by__unit")


def step_of(batch: ImportBatch) -> Step:
    """The step that is to be done now."""
    return Step.RECEIPT if batch.state == ImportBatch.State.COMMITTED else Step(batch.state)


def step_url(batch: ImportBatch, step: Step) -> str:
    return reverse(f"ingest:{step.value}", args=[batch.pk])


def steps(batch: ImportBatch | None, now: Step) -> list[dict[str, Any]]:
    """The bar of steps (components/_steps): those behind the batch can be opened again."""
    here = list(Step).index(now)
    bar = []
    for index, step in enumerate(Step):
        url = step_url(batch, step) if batch and step in ORDER and batch.state not in ENDED else ""
        bar.append(
            {"label": step.label, "state": "now" if index == here else "past" if index < here else "", "url": url}
        )
    return bar


def frame(batch: ImportBatch, now: Step, user: User) -> dict[str, Any]:
    """What every step shows around its own business."""
    sheets = imported_sheets(batch.reading)
    names = "、".join(f"「{name}」" for name in dict.fromkeys(sheet["name"] for sheet in sheets))
    position = ORDER.index(now) if now in ORDER else 0
    return {
        "title": now.label,
        "batch": batch,
        "steps": steps(batch, now),
        "crumbs": [{"label": "导入", "url": reverse("ingest:batch_list")}, {"label": f"批次 {batch.pk}", "url": ""}],
        "sheet_names": names,
        "row_count": len(batch.reading["projects"]),
        "back_url": step_url(batch, ORDER[position - 1]) if position else "",
        "earlier": earlier(batch),
        "is_mine": batch.created_by_id == user.pk,
    }


def earlier(batch: ImportBatch) -> ImportBatch | None:
    """The last import of the very same file."""
    same = ImportBatch.objects.filter(file__sha256=batch.file.sha256, state=ImportBatch.State.COMMITTED)
    return same.exclude(pk=batch.pk).select_related("committed_by").defer("reading", "choices").first()
