"""Writing year plans: set once, changed by request, judged by the version in force (handbook §10.2)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet

from accounts import audit
from accounts.models import User
from accounts.roles import Can
from common import clock, settings
from common.bulk import insert_all
from common.db import save_versioned
from common.errors import DomainError, NotAllowed, StaleVersion
from common.money import wan_column
from common.periods import Period
from common.text import quoted
from common.workdays import work_calendar
from investment.apportion import cumulate, weights_of
from investment.choices import AnnualKind, PlanSplit
from investment.models import AnnualPlan, OpeningBalance, PlanVersion
from investment.querysets import going_on, with_year_left
from projects.choices import RequestState
from projects.models import Project

TERMS = ("target", "annual_kind", "start_month", "end_month")


@transaction.atomic
def set_annual_plan(
    *,
    project: Project,
    year: int,
    target: Decimal | None,
    by: User | None,
    annual_kind: str = "",
    start_month: int = 1,
    end_month: int = 12,
    version: int | None = None,
    reason: str = "",
    split: str = PlanSplit.LINEAR,
    months: Sequence[Decimal] | None = None,
    effective_month: int | None = None,
) -> AnnualPlan:
    """Set a year's planned investment (万元) at once: for the first time, or as the bureau's own list says.

    `months` are the twelve amounts of PlanSplit.TYPED. `version` is the one the person saw; None when there was no
    plan yet. A changed plan is in force from `effective_month` (default: the first month that is still open; the whole
    year when it had no target so far). Raises StaleVersion when somebody else set it meanwhile, DomainError for a
    negative target and for a year that is over.
    """
    terms = _terms(target, annual_kind, start_month, end_month, split, months)
    plan = AnnualPlan.objects.filter(project=project, year=year).first()
    before = plan.target if plan else None
    if plan is None:
        plan = _create(AnnualPlan, project=project, year=year, **_decided(terms))
        first = first_version(plan, by, terms)
        first.reason, first.effective_month = reason, effective_month or 1
        first.save()
    else:
        save_versioned(plan, version=plan.version if version is None else version, **_decided(terms))
        decision = _draft(plan, by, terms, reason)
        decision.decided_by, decision.decided_at, decision.state = by, decision.requested_at, RequestState.APPROVED
        _put_in_force(decision, effective_month or _since(plan))
    audit.record(
        by=by, action="年度计划", subject=project, changes={f"{year}年度计划": [before, target]}, reason=reason
    )
    return plan


@transaction.atomic
def retract_plan(*, plan: AnnualPlan, by: User | None, reason: str) -> None:
    """Take back a year's plan that was set by mistake: there is none again. One that was changed or is asked to be
    changed stays: DomainError. The trail keeps it."""
    if plan.versions.count() > 1:
        raise DomainError("年度计划设定后又有调整或调整申请，不能撤回。")
    audit.record(
        by=by,
        action="撤回年度计划",
        subject=plan.project,
        changes={f"{plan.year}年度计划": [plan.target, ""]},
        reason=reason,
    )
    plan.delete()


@transaction.atomic
def request_plan_change(
    *,
    project: Project,
    year: int,
    target: Decimal | None,
    by: User,
    reason: str,
    today: date,
    version: int,
    annual_kind: str = "",
    start_month: int = 1,
    end_month: int = 12,
    split: str = PlanSplit.LINEAR,
    months: Sequence[Decimal] | None = None,
    effective_month: int | None = None,
) -> PlanVersion:
    """Ask to change a plan that is set, from `effective_month` on (default: the first month that is still open).

    Raises StaleVersion when the plan is no longer the one seen, DomainError when a request waits already.
    """
    if not reason.strip():
        raise DomainError("调整计划须说明理由。")
    plan = AnnualPlan.objects.filter(project=project, year=year).first()
    if plan is None or plan.version != version:
        raise StaleVersion(plan or project)
    first_open = _open_month(year, today)
    if first_open is None:
        raise _over(plan)
    if effective_month and effective_month < first_open:
        raise DomainError(f"{effective_month}月已经截止，计划调整最早从{first_open}月起生效。")
    asked = _draft(plan, by, _terms(target, annual_kind, start_month, end_month, split, months), reason)
    asked.effective_month = effective_month or first_open
    try:
        with transaction.atomic():
            asked.save(force_insert=True)
    except IntegrityError as error:
        raise DomainError(f"{year}年度计划已有一份调整申请待审核，请先撤回或等待审核。") from error
    audit.record(
        by=by,
        action="申请调整计划",
        subject=project,
        changes={f"{year}年度计划": [plan.target, target]},
        reason=reason,
    )
    return asked


@transaction.atomic
def decide_plan_change(*, request: PlanVersion, approve: bool, by: User, today: date, note: str = "") -> PlanVersion:
    """Approve or return a change. It takes effect from the month asked for, or from the first one still open by now:
    a month that has closed is never judged anew."""
    if not by.may(Can.DECIDE_FIGURES):
        raise NotAllowed("年度计划调整由发改局审核。")
    if by == request.requested_by and not settings.get("requester_may_approve"):
        raise NotAllowed("申请人不能审核自己提交的计划调整。")
    if not approve and not note.strip():
        raise DomainError("退回须填写理由。")
    plan, now = request.plan, clock.now()
    before = plan.target
    state = RequestState.APPROVED if approve else RequestState.RETURNED
    _settle(request, state=state, decided_by=by, decided_at=now, decision_note=note)
    if approve:
        if plan.versions.filter(state=RequestState.APPROVED, number__gt=request.number).exists():
            raise DomainError("申请提出以后计划已经变过，请退回，由责任单位按新的计划重新申请。")
        first_open = _open_month(request.year, today)
        if first_open is None:
            raise _over(plan, "，请退回")
        save_versioned(plan, version=plan.version, **{name: getattr(request, name) for name in TERMS})
        _put_in_force(request, max(first_open, request.effective_month))
    audit.record(
        by=by,
        action="调整计划" if approve else "退回计划调整",
        subject=request.project,
        changes={f"{request.year}年度计划": [before, request.target]} if approve else {},
        reason=note or request.reason,
    )
    return request


@transaction.atomic
def cancel_plan_change(*, request: PlanVersion, by: User) -> None:
    """The unit takes its request back."""
    _settle(request, state=RequestState.CANCELLED, decided_by=by, decided_at=clock.now())
    audit.record(by=by, action="撤回计划调整", subject=request.project)


@transaction.atomic
def carry_over(*, projects: QuerySet, year: int, by: User | None) -> list[AnnualPlan]:
    """Open the plans of `year` for projects that go on and have none yet: 续建, the target still to be set
    (计划待下达), with what the year before left undone (万元). A few statements whatever their number. Raises
    DomainError."""
    going = with_year_left(going_on(projects, year), year - 1).order_by("pk")
    plans = [
        AnnualPlan(project=project, year=year, annual_kind=AnnualKind.CONTINUED, carried_over=project.year_left)
        for project in going
    ]
    try:
        with transaction.atomic():
            insert_all(plans)
            insert_all(first_version(plan, by) for plan in plans)
    except IntegrityError as error:
        raise DomainError("其中有项目刚被他人列入计划，请重新核对后再结转。") from error
    audit.record_all(
        audit.draft(by=by, action="结转", subject=plan.project, changes={f"{year}年度计划": ["", "待下达"]})
        for plan in plans
    )
    return plans


@transaction.atomic
def set_opening_balance(
    *, project: Project, year: int, amount: Decimal, by: User | None, version: int | None = None, reason: str = ""
) -> OpeningBalance:
    """上年末累计 (万元): what was invested before `year`, of which the platform has no months. Raises StaleVersion, and
    DomainError for a negative amount."""
    if amount < 0:
        raise DomainError("上年末累计不能是负数，以前没有投资的填 0。")
    held = OpeningBalance.objects.filter(project=project).first()
    before = held.amount if held else None
    if held is None:
        held = _create(OpeningBalance, project=project, year=year, amount=amount)
    else:
        save_versioned(held, version=held.version if version is None else version, year=year, amount=amount)
    audit.record(
        by=by, action="上年末累计", subject=project, changes={f"{year}年以前累计完成": [before, amount]}, reason=reason
    )
    return held


def first_version(plan: AnnualPlan, by: User | None, terms: dict[str, Any] | None = None) -> PlanVersion:
    """The unsaved version with which a new plan begins, in force for the whole year. Every plan has one."""
    terms = terms or first_terms(plan.target, plan.annual_kind, plan.start_month, plan.end_month)
    return PlanVersion(plan=plan, **first_columns(plan.project_id, plan.year, by, terms))


def first_terms(target: Decimal | None, annual_kind: str, start_month: int, end_month: int = 12) -> dict[str, Any]:
    """The columns of a version that spreads its target evenly over its months."""
    return _terms(target, annual_kind, start_month, end_month, PlanSplit.LINEAR, None)


def first_columns(project: int, year: int, by: User | None, terms: dict[str, Any]) -> dict[str, Any]:
    """The columns of the version with which a plan begins, but for the plan itself."""
    now, who = clock.now(), by.pk if by else None
    return terms | {
        "project_id": project,
        "year": year,
        "number": 1,
        "until_month": 12,
        "requested_by_id": who,
        "requested_at": now,
        "decided_by_id": who,
        "decided_at": now,
    }


def _draft(plan: AnnualPlan, by: User | None, terms: dict[str, Any], reason: str) -> PlanVersion:
    """The next version of a plan, unsaved, waiting."""
    last = plan.versions.aggregate(last=Max("number"))["last"] or 0
    return PlanVersion(
        plan=plan,
        project_id=plan.project_id,
        year=plan.year,
        number=last + 1,
        state=RequestState.PENDING,
        reason=reason,
        requested_by=by,
        requested_at=clock.now(),
        **terms,
    )


def _put_in_force(version: PlanVersion, month: int) -> None:
    """From `month` on this version holds; what held before ends the month before. The plan's own version was just
    raised, so that two decisions cannot do this at once."""
    others = version.plan.versions.filter(until_month__gte=month).exclude(pk=version.pk)
    others.filter(effective_month__lt=month).update(until_month=month - 1)
    others.filter(effective_month__gte=month).update(until_month=0)
    version.effective_month, version.until_month = month, 12
    version.save()


def _settle(request: PlanVersion, **decision: Any) -> None:
    """Decide a waiting request; the first one wins."""
    waiting = PlanVersion.objects.filter(pk=request.pk, state=RequestState.PENDING)
    if not waiting.update(**decision):
        raise DomainError("这份计划调整申请已经处理过了。")
    request.refresh_from_db()


def _open_month(year: int, today: date) -> int | None:
    """The first month of the year that has not closed; None when the year is over."""
    following = Period.last_closed(today, settings.get("report_day"), work_calendar()).next()
    if following.year > year:
        return None
    return following.month if following.year == year else 1


def _since(plan: AnnualPlan) -> int:
    """The month from which a plan set anew holds: months that were judged by a target stay judged by it."""
    if not plan.versions.filter(state=RequestState.APPROVED, target__isnull=False).exists():
        return 1
    first_open = _open_month(plan.year, clock.today())
    if first_open is None:
        raise _over(plan)
    return first_open


def _over(plan: AnnualPlan, advice: str = "") -> DomainError:
    return DomainError(f"{plan.year}年已经结束，{quoted(plan.project.name)}的年度计划不能再调整{advice}。")


def _decided(terms: dict[str, Any]) -> dict[str, Any]:
    return {name: terms[name] for name in TERMS}


def _terms(
    target: Decimal | None,
    annual_kind: str,
    start_month: int,
    end_month: int,
    split: str,
    months: Sequence[Decimal] | None,
) -> dict[str, Any]:
    """The columns of a version; the months of a split other than LINEAR as cumulated 元."""
    if target is not None and target < 0:
        raise DomainError("年度计划投资不能是负数，本年不安排投资的填 0。")
    if not target:
        split = PlanSplit.LINEAR  # nothing to split
    cumulative = None
    if split == PlanSplit.TYPED:
        cumulative, start_month, end_month = _typed(target, months or ())
    elif split != PlanSplit.LINEAR:
        weights = weights_of(split, start_month, end_month, settings.get("season_curve"))
        cumulative = cumulate(target, weights)
    return {
        "target": target,
        "annual_kind": annual_kind,
        "start_month": start_month,
        "end_month": end_month,
        "split": split,
        "cumulative": cumulative,
    }


def _typed(target: Decimal | None, months: Sequence[Decimal]) -> tuple[list[int], int, int]:
    """(cumulated 元, first and last month with a plan) of twelve typed amounts that sum to the target."""
    if len(months) != 12 or any(amount < 0 for amount in months):
        raise DomainError("分月计划须填满十二个月，没有计划的月份填 0，不能填负数。")
    gap = Decimal(target or 0) - sum(months, Decimal(0))
    if gap:
        words = "少" if gap > 0 else "多"
        raise DomainError(f"分月计划之和比年度计划{words} {wan_column(abs(gap))} 万元，请核对。")
    busy = [month for month, amount in enumerate(months, 1) if amount]
    return cumulate(Decimal(target or 0), months), busy[0], busy[-1]


def _create(model: Any, **values: Any) -> Any:
    """Insert; the unique key decides when two come at once."""
    try:
        with transaction.atomic():
            return model.objects.create(**values)
    except IntegrityError as error:
        raise StaleVersion(values["project"]) from error
