"""The import itself: one transaction, once per batch, held to what the preview promised."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import OperationalError, transaction
from django.db.models import F

from accounts import audit
from accounts.actions import add_alias, add_unit
from accounts.choices import UnitKind
from accounts.models import Unit, User
from accounts.roles import Can
from common import clock
from common.errors import DomainError, NotAllowed, StaleVersion
from common.failpoints import failpoint
from common.importing import SKIP
from ingest import files
from ingest.actions.batch import imported_sheets, must_be_allowed, must_be_open
from ingest.choices import Verdict
from ingest.decisions import Decisions
from ingest.matching import UnitBook
from ingest.models import ColumnMapping, ImportBatch, ImportRow, ValueMapping
from ingest.plans import RowPlan
from ingest.reading import header_key
from ingest.registry import KINDS

PREVIEW_HOURS = 24
PARTIAL, ALL = "partial", "all"


class PreviewOutdated(DomainError):
    """What was previewed no longer holds; the list must be judged again. 409, or 410 when it is merely too old."""

    status = 409
    code = "preview_outdated"

    def __init__(self, message: str, status: int = 409) -> None:
        super().__init__(message)
        self.status = status


def commit(*, batch: ImportBatch, mode: str, by: User, version: int, reason: str = "") -> ImportBatch:
    """Write every row that was judged new or changed, or none of them.

    `mode` is PARTIAL (rows to be corrected stay out) or ALL (then there may be none). `reason` is why planned dates
    move. A batch that is already committed stays as it is: sending twice imports once. Raises PreviewOutdated (names
    the rows), NotAllowed, DomainError, StaleVersion.
    """
    if batch.state == ImportBatch.State.COMMITTED and batch.committed_by_id == by.pk:
        return batch
    must_be_open(batch, by)
    must_be_allowed(batch.kind, by)
    files.content_of(batch.file)
    if batch.state != ImportBatch.State.PREVIEW or not batch.staged_hash:
        raise DomainError("请先完成预检，再导入。")
    if batch.previewed_at is None or clock.now() - batch.previewed_at > timedelta(hours=PREVIEW_HOURS):
        raise PreviewOutdated(f"预检已超过 {PREVIEW_HOURS} 小时，已按现在的数据重新预检，请核对后再导入。", status=410)
    if mode == ALL and batch.counts[Verdict.REFUSED]:
        raise DomainError(
            f"还有 {batch.counts[Verdict.REFUSED]} 行需改正：全部无误后才能整批导入，或选择先导入无误的行。"
        )
    if batch.counts["moved"] and not reason.strip():
        raise DomainError(f"有 {batch.counts['moved']} 个项目的计划日期会改变，请填写理由。")
    try:
        with transaction.atomic():
            _commit(batch, by, version, reason.strip())
    except StaleVersion as stale:
        if isinstance(stale.record, ImportBatch):
            raise
        raise PreviewOutdated(f"“{stale.record}”刚被他人修改，整批没有写入；已重新预检，请核对后再导入。") from stale
    batch.refresh_from_db()
    return batch


def _commit(batch: ImportBatch, by: User, version: int, reason: str) -> None:
    _one_at_a_time()
    taken = ImportBatch.objects.filter(
        pk=batch.pk, version=version, state=ImportBatch.State.PREVIEW, staged_hash=batch.staged_hash
    ).update(state=ImportBatch.State.COMMITTED, committed_at=clock.now(), committed_by=by, version=F("version") + 1)
    if taken != 1:
        raise StaleVersion(batch, "这个批次刚在另一个窗口里处理过，请查看现在的进度。")
    decisions = Decisions.of(batch)
    kind = KINDS[batch.kind]
    found = kind.judge(batch.reading, decisions, kind, by=by, today=clock.today())
    if found.pending_units:
        _create_units(found.pending_units, by)
        found = kind.judge(batch.reading, decisions, kind, by=by, today=clock.today())
    if found.fingerprint != batch.staged_hash:
        raise PreviewOutdated(_what_moved(batch, found.plans))
    failpoint("import.judged")
    note = f"导入：{batch.file.name}"
    made = kind.write(found, note=note, reason=reason, by=by)
    rows = list(batch.rows.all())
    for row in rows:
        row.project_id = made.get((row.sheet, row.row), row.project_id)
    ImportRow.objects.bulk_update(rows, ["project_id"], batch_size=400)
    _remember(batch, decisions, by)
    counts = batch.counts
    told = {Verdict(name).label: ["", counts[name]] for name in Verdict.values}
    audit.record(by=by, action="导入清单", subject=batch, changes=told, reason=reason)
    failpoint("import.written")


def _one_at_a_time() -> None:
    """Two imports never interleave: every batch that waits for its commit is locked. SQLite has one writer anyway."""
    waiting = ImportBatch.objects.filter(state=ImportBatch.State.PREVIEW).order_by("pk")
    try:
        list(waiting.select_for_update(nowait=True).values_list("pk"))
    except OperationalError as error:
        raise DomainError("另一位同事正在导入，请稍候片刻再点一次。", code="busy") from error


def _create_units(pending: Sequence[Unit], by: User) -> None:
    if pending and not by.may(Can.MANAGE_UNITS):
        raise NotAllowed("您的账号不能新建单位，请回到“值对应”一步改为对应到已有单位。")
    root = Unit.objects.filter(parent=None, kind=UnitKind.DISTRICT).first() or Unit.objects.filter(parent=None).first()
    for unit in pending:
        add_unit(name=unit.name, kind=unit.kind, parent=root, by=by)


def _what_moved(batch: ImportBatch, plans: list[RowPlan]) -> str:
    """The rows that would now be something else than previewed, named."""
    staged = {
        (row.sheet, row.row): (row.verdict, row.project_id, row.seen_version, row.diff) for row in batch.rows.all()
    }
    moved = []
    for plan in plans:
        known = (plan.project.pk, plan.project.version) if plan.project else (None, None)
        verdict, project, version, diff = staged.get((plan.sheet, plan.row), ("", None, None, []))
        same = verdict == plan.verdict and project == known[0] and diff == plan.diff
        if not same or (verdict == Verdict.CHANGED and version != known[1]):
            moved.append(f"第 {plan.row} 行“{plan.name or '（没有名称）'}”")
    more = f"等 {len(moved)} 行" if len(moved) > 5 else ""
    names = "、".join(moved[:5])
    return f"预检之后有人修改过数据，{names}{more}与预检时不同，整批没有写入；已重新预检，请核对后再导入。"


def _remember(batch: ImportBatch, decisions: Decisions, by: User) -> None:
    """Learn what a person confirmed: columns, spellings of units, labels."""
    if decisions.remember_columns:
        for sheet in imported_sheets(batch.reading):
            for column in sheet["columns"]:
                if column["confidence"] == "exact" or not column["path"]:
                    continue
                header, key = header_key(column["path"])
                money = decisions.choices.units.get(sheet["name"], {}).get(column["index"], "")
                ColumnMapping.objects.update_or_create(
                    kind=batch.kind,
                    header_key=key,
                    defaults={"header": header, "field": column["field"] or "", "unit": money},
                )
    if not decisions.remember_values:
        return
    book = UnitBook()
    for spelling, answer in decisions.units.items():
        target = spelling
        for _ in decisions.units:
            if not decisions.units.get(target, "").startswith("as:"):
                break
            target = decisions.units[target][3:]
        final = decisions.units.get(target, "")
        unit = next((u for u in book.units if final == f"unit:{u.pk}"), None) or book.find(target)
        if unit and answer not in ("new", "blank", SKIP) and book.find(spelling) is None:
            add_alias(unit=unit, name=spelling[:100], by=by)
    for source, answers in decisions.labels.items():
        for text, option in answers.items():
            if option != SKIP:
                ValueMapping.objects.update_or_create(
                    kind=batch.kind, field=source, key=text[:200], defaults={"value": option}
                )
