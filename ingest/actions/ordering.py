"""A commit is ordered in the request and carried out by a worker. The batch is the record of the order (ADR 0001).

COMMITTING with a lease that is over waits for a worker; with a running one somebody is at it. A worker that dies
leaves nothing written: the order is carried out again, by the sweep or when a person asks.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import F, Q

from accounts import audit
from accounts.models import User
from common import bell, clock
from common.db import alone, save_versioned
from common.errors import DomainError, StaleVersion
from ingest import files
from ingest.actions.batch import must_be_allowed, must_be_open, must_be_own
from ingest.actions.committing import WRITING, Busy, PreviewOutdated, write
from ingest.actions.previewing import preview
from ingest.choices import Verdict
from ingest.models import ImportBatch
from ingest.progress import Cancelled, ask_to_stop, followed

log = logging.getLogger(__name__)
State = ImportBatch.State
PREVIEW_HOURS = 24
PARTIAL, ALL = "partial", "all"
TASK = "ingest.tasks.commit_batch"
MAX_ATTEMPTS = 3  # of an order whose carrying out ends with an error nobody foresaw
BUSY_SECONDS = 5
BROKEN = "系统在写入时出错，没有写入任何数据。请稍后再试；仍不成功请联系系统管理员。"


def order_commit(*, batch: ImportBatch, mode: str, by: User, version: int, reason: str = "") -> ImportBatch:
    """Order the import of every row that was judged new or changed, or of none of them.

    `mode` is PARTIAL (rows to be corrected stay out) or ALL (then there may be none). `reason` is why planned dates
    move. A batch that is ordered or committed already stays as it is: sending twice imports once. Raises
    PreviewOutdated, NotAllowed, DomainError, StaleVersion.
    """
    if batch.state in (State.COMMITTING, State.COMMITTED) and batch.committed_by_id == by.pk:
        return batch
    must_be_open(batch, by)
    must_be_allowed(batch.kind, by)
    files.content_of(batch.file)
    if batch.state != State.PREVIEW or not batch.staged_hash:
        raise DomainError("请先完成预检，再导入。")
    if batch.previewed_at is None or clock.now() - batch.previewed_at > timedelta(hours=PREVIEW_HOURS):
        raise PreviewOutdated(f"预检已超过 {PREVIEW_HOURS} 小时，已按现在的数据重新预检，请核对后再导入。", status=410)
    if mode == ALL and batch.counts[Verdict.REFUSED]:
        raise DomainError(
            f"还有 {batch.counts[Verdict.REFUSED]} 行需改正：全部无误后才能整批导入，或选择先导入无误的行。"
        )
    if batch.counts["moved"] and not reason.strip():
        raise DomainError(f"有 {batch.counts['moved']} 个项目的计划日期会改变，请填写理由。")
    order = {"mode": mode, "reason": reason.strip(), "ip": audit.client_ip.get()}
    with transaction.atomic():
        save_versioned(
            batch, version=version, state=State.COMMITTING, order=order, committed_by=by, lease_until=clock.now(),
            attempt=0, refusal={},
        )  # fmt: skip
        transaction.on_commit(lambda: bell.ring(TASK, [batch.pk], expires=3600))
    return batch


def commit(*, batch: ImportBatch, mode: str, by: User, version: int, reason: str = "") -> ImportBatch:
    """Order and carry out at once, in this process. Raises what stood in the way."""
    order_commit(batch=batch, mode=mode, by=by, version=version, reason=reason)
    carry_out(batch.pk)
    batch.refresh_from_db()
    if batch.state != State.COMMITTED:
        raise PreviewOutdated(batch.refusal.get("message", BROKEN))
    return batch


def carry_out_waiting(now: datetime) -> int:
    """Carry out the orders that nobody is at. Returns how many were taken up."""
    waiting = ImportBatch.objects.filter(_free(now), state=State.COMMITTING).order_by("pk").values_list("pk", flat=True)
    return sum(carry_out(pk) for pk in list(waiting))


def carry_out(pk: int) -> bool:
    """Carry out the order of a batch, if it is there and nobody else is at it. Never raises: the batch keeps why."""
    try:
        batch = _claim(pk, clock.now())
    except OperationalError as error:  # SQLite: somebody writes for longer than we wait
        log.warning("import %s has to wait: %s", pk, error)
        return False
    if batch is None:
        return False
    audit.client_ip.set(batch.order.get("ip"))
    try:
        with followed(batch):
            write(batch)
    except Cancelled as cancelled:
        _hand_back(batch, cancelled.message)
    except PreviewOutdated as outdated:
        _hand_back(batch, outdated.message, rows=outdated.rows, look_again=True)
    except (Busy, OperationalError) as error:  # another import is at it, or the database is locked: next ring
        log.warning("import %s has to wait: %s", pk, error)
        _mine(batch).update(lease_until=clock.now() + timedelta(seconds=BUSY_SECONDS))
    except DomainError as error:
        _hand_back(batch, error.message)
    except Exception:
        log.exception("import %s failed", pk)
        if batch.attempt >= MAX_ATTEMPTS:
            _hand_back(batch, BROKEN)
    return True


def resume_commit(*, batch: ImportBatch, by: User) -> None:
    """A person asks for an order that seems to lie still: ring again, without a broker do it here and now."""
    must_be_own(batch, by)
    if is_waiting(batch, clock.now()) and not bell.ring(TASK, [batch.pk], expires=3600):
        carry_out(batch.pk)


def is_waiting(batch: ImportBatch, now: datetime) -> bool:
    """Whether nobody is at an order."""
    return ImportBatch.objects.filter(_free(now), pk=batch.pk, state=State.COMMITTING).exists()


def cancel_commit(*, batch: ImportBatch, by: User) -> ImportBatch:
    """Take an order back. Until the worker's transaction ends nothing is written; then it is too late: DomainError."""
    must_be_own(batch, by)
    ask_to_stop(batch)
    message = "已取消导入，没有写入任何数据。"
    with transaction.atomic():
        taken = ImportBatch.objects.filter(pk=batch.pk, state=State.COMMITTING).update(**_back(message))
        if taken:
            audit.record(by=by, action="取消导入", subject=batch)
    batch.refresh_from_db()
    if batch.state == State.COMMITTED:
        raise DomainError("这一批刚刚写完，已来不及取消；可以在结果页撤销。")
    return batch


def _free(now: datetime) -> Q:
    """Orders without a running lease; one far ahead comes from a clock that has since been set back."""
    never = now + timedelta(seconds=2 * settings.IMPORT_LEASE_SECONDS)
    return Q(lease_until__lte=now) | Q(lease_until__gt=never)


@transaction.atomic
def _claim(pk: int, now: datetime) -> ImportBatch | None:
    """The order, if it is ours now. While an import is being written nobody takes anything over: a lease may run out
    before a long commit ends, a lock does not."""
    if not alone(WRITING):
        return None
    lease = now + timedelta(seconds=settings.IMPORT_LEASE_SECONDS)
    free = ImportBatch.objects.filter(_free(now), pk=pk, state=State.COMMITTING)
    if free.update(lease_until=lease, attempt=F("attempt") + 1) != 1:
        return None
    return ImportBatch.objects.select_related("file", "committed_by").get(pk=pk)


def _mine(batch: ImportBatch) -> Any:
    """The batch while this attempt holds it."""
    return ImportBatch.objects.filter(pk=batch.pk, state=State.COMMITTING, attempt=batch.attempt)


def _back(message: str, rows: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """To the preview, with the reason."""
    refusal = {"message": message, "rows": rows or []}
    return {"state": State.PREVIEW, "refusal": refusal, "lease_until": None, "version": F("version") + 1}


def _hand_back(
    batch: ImportBatch, message: str, rows: list[dict[str, Any]] | None = None, look_again: bool = False
) -> None:
    """The order cannot be carried out: the batch is at its preview again, a fresh one when that was the matter."""
    if not _mine(batch).update(**_back(message, rows)):
        return
    fresh = ImportBatch.objects.select_related("created_by").get(pk=batch.pk)
    if look_again:
        try:
            preview(batch=fresh, by=fresh.created_by, version=fresh.version)
        except StaleVersion:
            log.info("import %s is being worked on in another window", batch.pk)
