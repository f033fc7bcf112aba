"""The import itself: one transaction, once per batch, held to what the preview promised."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from accounts import audit
from accounts.actions import add_unit
from accounts.choices import UnitKind
from accounts.models import Unit, User
from accounts.roles import Can
from common import clock
from common.collecting import uncollected
from common.db import alone, set_each
from common.errors import DomainError, NotAllowed, StaleVersion
from common.failpoints import failpoint
from ingest.actions.remembering import remember
from ingest.choices import Verdict
from ingest.decisions import Decisions
from ingest.judged import judged
from ingest.models import ImportBatch, ImportRow
from ingest.moved import rows_that_moved, sentence
from ingest.packing import pack
from ingest.plans import Judgement, RowPlan
from ingest.progress import Cancelled, tell
from ingest.registry import KINDS

WRITING = "ingest.commit"  # what one import does at a time


class PreviewOutdated(DomainError):
    """What was previewed no longer holds; the list must be judged again. 409, or 410 when it is merely too old.

    `rows` are the rows that moved (ingest.moved).
    """

    status = 409
    code = "preview_outdated"

    def __init__(self, message: str, status: int = 409, rows: list[dict[str, Any]] | None = None) -> None:
        super().__init__(message)
        self.status, self.rows = status, rows or []


class Busy(DomainError):
    """Another import is being written: this one waits for its turn."""

    code = "busy"


@uncollected()
def write(batch: ImportBatch) -> None:
    """Write every row of an ordered batch that was judged new or changed, or none of them.

    Raises PreviewOutdated (with the rows), Busy, Cancelled, NotAllowed, DomainError: then nothing is written.
    """
    try:
        with transaction.atomic():
            _write(batch)
    except StaleVersion as stale:
        raise PreviewOutdated(f"“{stale.record}”刚被他人修改，整批没有写入；已重新预检，请核对后再导入。") from stale


def _write(batch: ImportBatch) -> None:
    if not alone(WRITING):  # two imports never interleave
        raise Busy("另一位同事正在导入，轮到时自动开始。")
    by, reason = batch.committed_by, batch.order["reason"]
    found = _judged_again(batch, by)
    failpoint("import.judged")
    made = KINDS[batch.kind].write(found, note=f"导入：{batch.file.name}", reason=reason, by=by)
    _note_rows(batch, found.plans, made)
    remember(batch, Decisions.of(batch), by)
    told = {Verdict(name).label: ["", batch.counts[name]] for name in Verdict.values}
    audit.record(by=by, action="导入清单", subject=batch, changes=told, reason=reason)
    failpoint("import.written")
    tell(1, "完成")
    _end(batch)


def _end(batch: ImportBatch) -> None:
    """The last statement of the transaction: whoever cancelled or took the batch over before it has the last word."""
    mine = ImportBatch.objects.filter(pk=batch.pk, state=ImportBatch.State.COMMITTING, attempt=batch.attempt)
    ended = mine.update(
        state=ImportBatch.State.COMMITTED, committed_at=clock.now(), lease_until=None, version=F("version") + 1
    )
    if ended != 1:
        raise Cancelled("导入已取消或已由另一进程接手。")


def _judged_again(batch: ImportBatch, by: User) -> Judgement:
    """The judgement of the preview, made again on what is there now. Raises PreviewOutdated when it differs."""
    found = judged(batch, by)
    if found.pending_units:
        _create_units(found.pending_units, by)
        found = judged(batch, by)
    if found.fingerprint != batch.staged_hash:
        moved = rows_that_moved(batch, found.plans)
        raise PreviewOutdated(sentence(moved), rows=moved)
    return found


def _create_units(pending: Sequence[Unit], by: User) -> None:
    if pending and not by.may(Can.MANAGE_UNITS):
        raise NotAllowed("您的账号不能新建单位，请回到“值对应”一步改为对应到已有单位。")
    root = Unit.objects.filter(parent=None, kind=UnitKind.DISTRICT).first() or Unit.objects.filter(parent=None).first()
    for unit in pending:
        add_unit(name=unit.name, kind=unit.kind, parent=root, by=by)


def _note_rows(batch: ImportBatch, plans: list[RowPlan], made: dict[tuple[str, int], int]) -> None:
    """The receipt: which project a row became, and what it changed, so that it can be undone."""
    rows = batch.rows.filter(verdict=Verdict.NEW).order_by("pk").values_list("pk", "sheet", "row")
    set_each(ImportRow, "project_id", [(pk, made[sheet, row]) for pk, sheet, row in rows if (sheet, row) in made])
    kept = {(plan.sheet, plan.row): plan for plan in plans if plan.record or plan.verdict == Verdict.CHANGED}
    wrote = [row for row in _written_rows(batch).only("sheet", "row") if (row.sheet, row.row) in kept]
    for row in wrote:
        plan = kept[row.sheet, row.row]
        row.written = [pack(before, after) for before, after in zip(plan.before, plan.changes, strict=False)]
        row.record = plan.record and {"key": plan.record.key, "aside": plan.record.aside}
    ImportRow.objects.bulk_update(wrote, ["written", "record"], batch_size=400)


def _written_rows(batch: ImportBatch) -> QuerySet[ImportRow]:
    """The rows whose writing must be known to be taken back: of new projects everything goes."""
    verdicts = (Verdict.NEW, Verdict.CHANGED) if KINDS[batch.kind].records else (Verdict.CHANGED,)
    return batch.rows.filter(verdict__in=verdicts)
