"""Judging every row and keeping the verdicts, so that the commit can be held to them."""

from django.db import transaction

from accounts.models import User
from common import clock
from common.bulk import insert_rows
from common.collecting import uncollected
from common.db import save_versioned
from ingest.actions.batch import must_be_open
from ingest.judged import judged
from ingest.models import ImportBatch, ImportRow
from ingest.plans import Judgement


@uncollected()
@transaction.atomic
def preview(*, batch: ImportBatch, by: User, version: int) -> Judgement:
    """Judge the whole list; nothing but the batch and its rows is written. Raises StaleVersion."""
    must_be_open(batch, by)
    found = judged(batch, by)
    save_versioned(
        batch,
        version=version,
        state=ImportBatch.State.PREVIEW,
        counts=found.counts(),
        staged_hash=found.fingerprint,
        previewed_at=clock.now(),
    )
    batch.rows.all().delete()
    insert_rows(
        ImportRow,
        (
            {
                "batch_id": batch.pk,
                "sheet": plan.sheet,
                "row": plan.row,
                "name": plan.name[:200],
                "verdict": plan.verdict,
                "errors": plan.errors,
                "warnings": plan.warnings,
                "asks": plan.asks,
                "diff": plan.diff,
                "project_id": plan.project.pk if plan.project else None,
                "seen_version": plan.project.version if plan.project else None,
            }
            for plan in found.plans
        ),
    )
    return found
