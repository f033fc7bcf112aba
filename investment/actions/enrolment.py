"""入库纳统: applied for by the unit, decided by the statistics officer, every step logged."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django_fsm import ConcurrentTransition, TransitionNotAllowed

from accounts import audit
from accounts.models import User
from common import clock
from common.errors import DomainError, StaleVersion
from investment.choices import EnrolmentState, EntryKind, ExcuseState, ExitReason, UnenrolledReason
from investment.models import EnrolmentEvent, StatisticsEnrolment
from investment.papers import ENROLMENT
from investment.querysets.enrolment import in_statistics
from projects.choices import Status
from projects.gates import read_gate
from projects.models import Project


@transaction.atomic
def submit_enrolment(
    *,
    project: Project,
    by: User | None,
    today: date,
    kind: str = EntryKind.PROJECT,
    total: Decimal | None = None,
    note: str = "",
    version: int | None = None,
) -> StatisticsEnrolment:
    """Hand the papers in. `total` is the planned investment as the statistics count it (万元; default: ours).

    Raises DomainError when the project has not started, need not enter, or papers are missing; StaleVersion.
    """
    if project.actual_start_date is None:
        raise DomainError("先开工、再入库：项目还没有实际开工日期，不能申报入库纳统。")
    enrolment = _take(project, version)
    enrolment.kind, enrolment.total = kind, project.total_investment if total is None else total
    _move(enrolment, "submit", today)
    if not Project.objects.filter(in_statistics(Project), pk=project.pk).exists():
        raise DomainError("这个项目不足统计起点（或属农户投资），不需要入库纳统。")
    missing = read_gate(project, ENROLMENT, today).missing
    if missing:
        names = "、".join(item.demand.label for item in missing)
        raise DomainError(f"还缺 {len(missing)} 项资料：{names}。请补齐后再申报。")
    return _log(enrolment, "申报", today, by, note)


@transaction.atomic
def return_enrolment(
    *, project: Project, by: User | None, today: date, note: str, version: int | None = None
) -> StatisticsEnrolment:
    """Give the papers back, with the reason."""
    if not note.strip():
        raise DomainError("退回须写明原因，责任单位据此补正。")
    enrolment = _take(project, version)
    _move(enrolment, "send_back", today)
    return _log(enrolment, "退回", today, by, note)


@transaction.atomic
def enter_statistics(
    *,
    project: Project,
    by: User | None,
    today: date,
    on: date,
    code: str = "",
    note: str = "",
    version: int | None = None,
) -> StatisticsEnrolment:
    """Record that the statistics took the project in on a day."""
    enrolment = _take(project, version)
    if on > today:
        raise DomainError(f"入库日期 {on} 晚于今天。")
    if enrolment.submitted_on and on < enrolment.submitted_on:
        raise DomainError(f"入库日期 {on} 早于申报日期 {enrolment.submitted_on}。")
    enrolment.code = code.strip()
    _move(enrolment, "enter", on)
    return _log(enrolment, "入库", on, by, note)


@transaction.atomic
def leave_statistics(
    *,
    project: Project,
    by: User | None,
    today: date,
    on: date,
    exit_reason: str,
    note: str,
    version: int | None = None,
) -> StatisticsEnrolment:
    """Record that the project left the statistics, and why. Only 竣工 keeps it counted as entered."""
    if not note.strip():
        raise DomainError("退库须写明情况。")
    enrolment = _take(project, version)
    if on > today or (enrolment.entered_on and on < enrolment.entered_on):
        raise DomainError(f"退库日期 {on} 应在入库日期与今天之间。")
    if exit_reason == ExitReason.COMPLETED and project.completed_on is None:
        raise DomainError("项目还没有竣工日期，不能以“项目竣工”退库。")
    enrolment.exit_reason = exit_reason
    _move(enrolment, "leave", on)
    return _log(enrolment, f"退库（{ExitReason(exit_reason).label}）", on, by, note)


@transaction.atomic
def explain_unenrolled(
    *, project: Project, by: User | None, today: date, reason: str, note: str, version: int | None = None
) -> StatisticsEnrolment:
    """Say why a started project is not in the statistics; the clock stops when the reason is approved."""
    if not note.strip():
        raise DomainError("请说明未纳统的具体情况。")
    if project.status != Status.NORMAL or project.actual_start_date is None:
        raise DomainError("项目没有在建，不需要说明未纳统原因。")
    enrolment = _take(project, version)
    if enrolment.state == EnrolmentState.ENTERED:
        raise DomainError("项目已经入库，不需要说明原因。")
    enrolment.reason, enrolment.reason_note, enrolment.excuse = reason, note.strip(), ExcuseState.ASKED
    _save(enrolment)
    return _log(enrolment, f"说明原因（{UnenrolledReason(reason).label}）", today, by, note)


@transaction.atomic
def decide_excuse(
    *, project: Project, by: User | None, today: date, grant: bool, note: str = "", version: int | None = None
) -> StatisticsEnrolment:
    """Approve or refuse the reason that waits."""
    if not grant and not note.strip():
        raise DomainError("不予认可须写明理由。")
    enrolment = _take(project, version)
    if enrolment.excuse != ExcuseState.ASKED:
        raise DomainError("没有待审核的未纳统原因，请刷新页面查看结果。")
    enrolment.excuse = ExcuseState.GRANTED if grant else ExcuseState.REFUSED
    _save(enrolment)
    return _log(enrolment, "认可理由" if grant else "不予认可", today, by, note)


def _take(project: Project, version: int | None) -> StatisticsEnrolment:
    """The project's row, locked, in the version the person saw (0: there was none; None: not asked)."""
    enrolment, _ = StatisticsEnrolment.objects.select_for_update().get_or_create(
        project=project, defaults={"version": 0}
    )
    if version is not None and version != enrolment.version:
        raise StaleVersion(enrolment)
    return enrolment


def _move(enrolment: StatisticsEnrolment, step: str, on: date) -> None:
    """Take one step of the machine and save. Raises DomainError from a state that does not lead there."""
    try:
        getattr(enrolment, step)(on)
    except TransitionNotAllowed:
        raise DomainError(f"这个项目的纳统状态是“{enrolment.get_state_display()}”，不能办理这一步。") from None
    _save(enrolment)


def _save(enrolment: StatisticsEnrolment) -> None:
    enrolment.version = F("version") + 1
    try:
        enrolment.save()
    except ConcurrentTransition:
        raise StaleVersion(enrolment) from None
    enrolment.refresh_from_db()


def _log(enrolment: StatisticsEnrolment, step: str, on: date, by: User | None, note: str) -> StatisticsEnrolment:
    EnrolmentEvent.objects.create(enrolment=enrolment, step=step, on=on, note=note.strip(), at=clock.now(), by=by)
    audit.record(
        by=by,
        action="入库纳统",
        subject=enrolment.project,
        changes={"纳统": ["", step], "日期": ["", on]},
        reason=note.strip(),
    )
    return enrolment
