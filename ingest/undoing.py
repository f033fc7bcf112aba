"""What taking back an import would do, row by row. Pure reading: the same for the question and for the deed.

What an import created goes when nobody has done anything to it since; a changed field gets back what it held when it
still holds what the import wrote. Otherwise the row is left alone and its conflicts are told.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from accounts.models import AuditEntry, Unit
from common.importing import Facts, Record, RecordPart
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
    """One row: `restore` by floor what is to be written back; `conflicts` [{label, wrote, now, who}] leave it alone.
    `record` is what it is about, of lists whose rows are records."""

    row: ImportRow
    record: Record | None = None
    restore: list[dict[str, Any]] = field(default_factory=list)
    conflicts: list[dict[str, str]] = field(default_factory=list)


def undo_until(batch: ImportBatch) -> date | None:
    """The last day on which a batch can be taken back; None when it wrote nothing, or it has been."""
    if batch.state != ImportBatch.State.COMMITTED or batch.undone_at:
        return None
    return (batch.committed_at + timedelta(days=UNDO_DAYS)).date()


def facts_for(batch: ImportBatch, today: date) -> Facts:
    """Year and month of the list's figures, and its people."""
    return facts_of(Decisions.of(batch), KINDS[batch.kind], today)[1]


def foresee(batch: ImportBatch, facts: Facts) -> list[RowUndo]:
    """Every row that wrote something, in the order of the list."""
    if part := KINDS[batch.kind].records:
        return _foresee_records(batch, part)
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


def _since(batch: ImportBatch, pks: Iterable[int], kind: str = "project") -> dict[int, list[AuditEntry]]:
    """What people did to the records after the import, newest last."""
    trails: dict[int, list[AuditEntry]] = {}
    entries = AuditEntry.objects.filter(kind=kind, object_id__in=list(pks), at__gt=batch.committed_at)
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


def _foresee_records(batch: ImportBatch, part: RecordPart) -> list[RowUndo]:
    """Likewise where the rows are records. What was imported before records were kept cannot be compared: told so."""
    rows = batch.rows.filter(verdict__in=(Verdict.NEW, Verdict.CHANGED)).select_related("project")
    found = [RowUndo(row) for row in rows]
    there = part.again([_key(undo.row) for undo in found if undo.row.record])
    units = {unit.pk: unit for unit in Unit.objects.all()} if found else {}
    for undo in found:
        if not undo.row.record:
            undo.conflicts = [_left("导入时没有记下原值", "请逐条修改")]
        elif (record := there.get(_key(undo.row))) is None:
            undo.conflicts = [_left(undo.row.name, "已删除或已改名")]
        else:
            undo.record = record
            _compare(undo, record, unpack(undo.row.written[0], units), part)
            if not undo.conflicts and (why := part.used_since(record, undo.restore[0], batch.committed_at)):
                undo.conflicts = [_left("没有撤销", why)]
    _name_who(batch, found)
    return found


def _key(row: ImportRow) -> Any:
    key = row.record["key"]
    return tuple(key) if isinstance(key, list) else key


def _left(label: str, now: str) -> dict[str, str]:
    return {"label": label, "wrote": "", "now": now, "who": ""}


def _compare(undo: RowUndo, record: Record, written: dict[str, tuple[Any, Any]], part: RecordPart) -> None:
    """Field by field: what is to be written back, what somebody else has changed since."""
    held, back = record.held or {}, {}
    for name, (before, after) in written.items():
        now = held.get(name)
        if part.show(name, now) == part.show(name, after):
            back[name] = before
        elif part.show(name, now) != part.show(name, before):
            told = {"wrote": part.show(name, after), "now": part.show(name, now), "who": ""}
            undo.conflicts.append({"label": part.label(name, record), **told})
    undo.restore = [back]


def _name_who(batch: ImportBatch, found: list[RowUndo]) -> None:
    """Who has worked on the records that stay: the last one in their trail since the import."""
    kept = [(undo, _subject(undo)) for undo in found if undo.conflicts]
    for kind in {subject[0] for _, subject in kept if subject}:
        pks = [subject[1] for _, subject in kept if subject and subject[0] == kind]
        trails = _since(batch, pks, kind)
        for undo, subject in kept:
            if subject and subject[0] == kind and (trail := trails.get(subject[1])):
                for conflict in undo.conflicts:
                    conflict["who"] = trail[-1].actor_label


def _subject(undo: RowUndo) -> tuple[str, int] | None:
    """Whose trail tells of a row: its project's, else its record's own."""
    if undo.row.project_id:
        return "project", undo.row.project_id
    subject = undo.record.subject if undo.record else None
    return (subject._meta.model_name, subject.pk) if subject is not None else None
