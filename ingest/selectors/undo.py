"""What taking an import back would do, for the page that asks and the receipt that tells."""

from datetime import date
from typing import Any

from ingest.choices import Verdict
from ingest.models import ImportBatch
from ingest.registry import KINDS
from ingest.undoing import facts_for, foresee, undo_until


def undo_page(batch: ImportBatch, today: date) -> dict[str, Any]:
    """Counts of what goes and what is restored, and the rows that stay with their conflicts."""
    found = foresee(batch, facts_for(batch, today))
    clear = [undo for undo in found if not undo.conflicts]
    last_day = undo_until(batch)
    kind = KINDS[batch.kind]
    return {
        "about": "" if kind.records is None else kind.label,
        "removed": sum(undo.row.verdict == Verdict.NEW for undo in clear),
        "restored": sum(undo.row.verdict == Verdict.CHANGED for undo in clear),
        "kept": [{"row": undo.row, "conflicts": undo.conflicts} for undo in found if undo.conflicts],
        "last_day": last_day,
        "too_late": last_day is None or today > last_day,
    }


def kept_rows(batch: ImportBatch) -> list[dict[str, Any]]:
    """Rows that an undo left alone, with why."""
    rows = batch.rows.exclude(kept=[]).select_related("project") if batch.undone_at else ()
    return [{"row": row, "conflicts": row.kept} for row in rows]
