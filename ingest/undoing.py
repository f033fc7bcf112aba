"""What taking back an import would do, row by row. Pure reading: the same for the question and for the deed.

A created project goes when nobody has done anything to it since; a changed field gets back what it held when it still
holds what the import wrote. Otherwise the row is left alone and its conflicts are told.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from accounts.models import AuditEntry, Unit
from common.importing import Facts
from ingest.choices import Verdict
from ingest.decisions import Decisions
from ingest.judging import PARTS
from ingest.models import ImportBatch, ImportRow
from ingest.packing import unpack
from ingest.registry import KINDS
from ingest.resolving import facts_of

UNDO_DAYS = 7
_SOME = 500


@dataclass
class RowUndo:
    """One row: `restore` by floor what is to be written back; `conflicts` [{label, wrote, now, who}] leave it alone."""

    row: ImportRow
    restore: list[dict[str, Any]] = field(default_factory=list)
    conflicts: list[dict[str, str]] = field(default_factory=list)


def undo_until(batch: ImportBatch) -> date | None:
    """The last day on which a batch can be taken back; None when its kind cannot, or it has been."""
    if batch.state != ImportBatch.State.COMMITTED or batch.undone_at or not KINDS[batch.kind].undoable:
        return None
    return (batch.committed_at + timedelta(days=UNDO_DAYS)).date()


def facts_for(batch: ImportBatch, today: date) -> Facts:
    """Year and month of the list's figures, and its people."""
    return facts_of(Decisions.of(batch), KINDS[batch.kind], today)[1]


def foresee(batch: ImportBatch, facts: Facts) -> list[RowUndo]:
    """Every row that wrote something, in the order of the list."""
    rows = batch.rows.filter(verdict__in=(Verdict.NEW, Verdict.CHANGED), project__isnull=False).select_related(
        "project"
    )
    found = [RowUndo(row) for row in rows]
    for start in range(0, len(found), _SOME):
        some = found[start : start + _SOME]
        trails = _since(batch, [undo.row.project_id for undo in some])
        for undo in some:
            if undo.row.verdict == Verdict.NEW:
                undo.conflicts = [
                    {"label": label, "wrote": was, "now": now, "who": entry.actor_label}
                    for entry in trails.get(undo.row.project_id, ())
                    for label, (was, now) in (entry.changes or {entry.action: ["", ""]}).items()
                ]
        _changed([undo for undo in some if undo.row.verdict == Verdict.CHANGED], facts, trails)
    return found


def _since(batch: ImportBatch, pks: Iterable[int]) -> dict[int, list[AuditEntry]]:
    """What people did to the projects after the import, newest last."""
    trails: dict[int, list[AuditEntry]] = {}
    entries = AuditEntry.objects.filter(kind="project", object_id__in=list(pks), at__gt=batch.committed_at)
    for entry in entries.order_by("pk"):
        trails.setdefault(entry.object_id, []).append(entry)
    return trails


def _changed(undos: list[RowUndo], facts: Facts, trails: dict[int, list[AuditEntry]]) -> None:
    pks = [undo.row.project_id for undo in undos]
    held = [part.current(pks, facts) for part in PARTS]
    units = {unit.pk: unit for unit in Unit.objects.all()} if undos else {}
    for undo in undos:
        for part, current, packed in zip(PARTS, held, undo.row.written, strict=True):
            now_held = current.get(undo.row.project_id, {})
            back: dict[str, Any] = {}
            for name, (before, after) in unpack(packed, units).items():
                now = now_held.get(name)
                if part.show(name, now) == part.show(name, after):
                    back[name] = before
                elif part.show(name, now) != part.show(name, before):
                    who = trails.get(undo.row.project_id, [])
                    undo.conflicts.append(
                        {
                            "label": part.label(name, facts),
                            "wrote": part.show(name, after),
                            "now": part.show(name, now),
                            "who": who[-1].actor_label if who else "",
                        }
                    )
            undo.restore.append(back)
