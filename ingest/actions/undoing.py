"""Taking an import back, for seven days, row by row; what was edited later is left alone."""

from django.db import transaction

from accounts import audit
from accounts.models import User
from common import clock
from common.db import alone, save_versioned
from common.errors import DomainError
from common.importing import Facts, RecordPart
from ingest.actions.batch import must_be_allowed
from ingest.actions.committing import WRITING, Busy
from ingest.choices import Verdict
from ingest.judging import PARTS
from ingest.models import ImportBatch, ImportRow
from ingest.registry import KINDS
from ingest.undoing import UNDO_DAYS, RowUndo, facts_for, foresee, undo_until
from projects.actions import unload_projects


@transaction.atomic
def undo_import(*, batch: ImportBatch, by: User, version: int) -> ImportBatch:
    """Remove what a batch created and give changed fields back what they held; rows with later edits stay.

    Raises DomainError (too late, already done), NotAllowed, StaleVersion.
    """
    must_be_allowed(batch.kind, by)
    last_day = undo_until(batch)
    if last_day is None:
        raise DomainError("这一批没有可以撤销的内容。")
    if clock.today() > last_day:
        raise DomainError(f"导入已超过 {UNDO_DAYS} 天，不能整批撤销；有误的项目请逐个修改。")
    if not alone(WRITING):
        raise Busy("另一位同事正在导入，请稍候再撤销。")
    facts, reason = facts_for(batch, clock.today()), f"撤销导入批次 {batch.pk}"
    found = foresee(batch, facts)
    clear = [undo for undo in found if not undo.conflicts]
    if part := KINDS[batch.kind].records:
        _take_back(clear, part, facts, by, reason)
    else:
        for undo in clear:
            if undo.row.verdict == Verdict.CHANGED:
                _restore(undo, facts, by, reason)
        created = [undo.row.project for undo in clear if undo.row.verdict == Verdict.NEW]
        batch.rows.filter(project__in=created).update(project=None)
        unload_projects(projects=created, by=by, reason=reason)
    kept = [undo.row for undo in found if undo.conflicts]
    for undo in found:
        undo.row.kept = undo.conflicts
    ImportRow.objects.bulk_update(kept, ["kept"], batch_size=400)
    counts = batch.counts | {"undone": len(found) - len(kept), "kept": len(kept)}
    save_versioned(batch, version=version, undone_at=clock.now(), undone_by=by, counts=counts)
    told = {"已撤销": ["", counts["undone"]], "未撤销": ["", counts["kept"]]}
    audit.record(by=by, action="撤销导入", subject=batch, changes=told)
    return batch


def _restore(undo: RowUndo, facts, by: User, reason: str) -> None:
    """Write back through the actions that people use; what they refuse becomes a conflict of the row."""
    project = undo.row.project
    try:
        with transaction.atomic():
            for part, values in zip(PARTS, undo.restore, strict=True):
                if values:
                    project.refresh_from_db()
                    part.take_back(project, values, facts, by=by, reason=reason)
    except DomainError as error:
        undo.conflicts.append({"label": "没有撤销", "wrote": "", "now": error.message, "who": ""})


def _take_back(undos: list[RowUndo], part: RecordPart, facts: Facts, by: User, reason: str) -> None:
    """Records go back one by one; one that others of the list still stand on is tried again after them."""
    left, refused = undos, {}
    while left:
        refused = {}
        for undo in left:
            try:
                with transaction.atomic():
                    _take_one_back(undo, part, facts, by, reason)
            except DomainError as error:
                refused[undo.row.pk] = error.message
        again = [undo for undo in left if undo.row.pk in refused]
        if len(again) == len(left):
            break
        left = again
    for undo in left if refused else ():
        undo.conflicts.append({"label": "没有撤销", "wrote": "", "now": refused[undo.row.pk], "who": ""})


def _take_one_back(undo: RowUndo, part: RecordPart, facts: Facts, by: User, reason: str) -> None:
    """Held to the record as it stands now: an earlier row of the list may have touched it."""
    assert undo.record is not None
    fresh = part.again([undo.record.key])
    if undo.record.key in fresh:
        aside, is_new = undo.row.record["aside"], undo.row.verdict == Verdict.NEW
        part.take_back(fresh[undo.record.key], undo.restore[0], aside, is_new=is_new, facts=facts, by=by, reason=reason)
