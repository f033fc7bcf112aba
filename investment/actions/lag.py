"""Writing 追赶计划: made for a project that is behind, told week by week, closed by the light itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import User
from common.db import save_versioned
from common.errors import DomainError
from common.fields import YUAN_PER_WAN
from common.lights import WARNING, Light
from common.money import wan_column
from common.periods import Period
from common.workdays import work_calendar
from investment.catchup import split_evenly, weekly_dates
from investment.choices import CatchUpOutcome
from investment.dimensions import Judging
from investment.lights import judging_of, light_reason, with_lights, with_money
from investment.models import CatchUpPlan, CatchUpStep, LagCause
from investment.querysets import least_done
from projects.choices import Status
from projects.models import Project

FARTHEST = timedelta(days=366)  # a plan to catch up is no plan for another year


@dataclass(frozen=True, slots=True)
class Step:
    """One weekly step: `amount` in 万元, None where it is no money."""

    due_on: date
    text: str
    amount: Decimal | None = None


@transaction.atomic
def open_catch_up(
    *,
    project: Project,
    cause: LagCause,
    cause_note: str,
    measures: str,
    target_on: date,
    by: User | None,
    today: date,
    steps: Sequence[Step] = (),
) -> CatchUpPlan:
    """Make the plan of a red or yellow project; without `steps` the weeks up to `target_on` share evenly what is
    lacking. Raises DomainError when the light is good, the date has passed, or a plan is open already."""
    row = with_lights(Project.objects.filter(pk=project.pk), today).get()
    if row.light not in WARNING:
        raise DomainError(f"项目现在是{Light(row.light).label}，不需要追赶计划。")
    if target_on <= today:
        raise DomainError(f"计划转绿日期 {target_on} 应在今天之后。")
    if target_on > today + FARTHEST:
        raise DomainError(f"计划转绿日期 {target_on} 太远，请填写一年以内的日期。")
    if any(not today <= step.due_on <= target_on for step in steps):
        raise DomainError("周节点的日期应在今天与计划转绿日期之间。")
    amount = to_catch_up(project, target_on, today)
    try:
        with transaction.atomic():
            plan = CatchUpPlan.objects.create(
                project=project,
                light=row.light,
                cause=cause,
                cause_note=cause_note.strip(),
                measures=measures.strip(),
                opened_on=today,
                target_on=target_on,
                amount=amount,
                created_by=by,
            )
    except IntegrityError as error:
        raise DomainError("这个项目已经有追赶计划，您的没有保存。请先查看那一份，需要时撤销后重新制定。") from error
    rows = steps or weekly_steps(amount, target_on, today)
    CatchUpStep.objects.bulk_create(
        [CatchUpStep(plan=plan, due_on=one.due_on, text=one.text, amount=one.amount) for one in rows]
    )
    changes = {"滞后原因": ["", cause.name], "计划转绿日期": ["", target_on]}
    audit.record(by=by, action="制定追赶计划", subject=project, changes=changes, reason=measures)
    return plan


def to_catch_up(project: Project, target_on: date, today: date) -> Decimal | None:
    """万元 still to be done for a green progress light in the month of `target_on`; None when money is not behind."""
    until = Period.of(min(target_on, date(today.year, 12, 31)))
    judging = judging_of(today)
    row = with_money(Project.objects.filter(pk=project.pk), until).get()
    if not row.target or not row.due_yuan:
        return None
    least = least_done(judging.rules, target=row.target, due=row.due_yuan, scale=row.due_scale)
    lacking = least - (row.completed_to_date or Decimal(0))
    return lacking if lacking > 0 else None


def weekly_steps(amount: Decimal | None, target_on: date, today: date) -> list[Step]:
    """The weeks up to `target_on`; the money falls evenly on them and sums to `amount` to the 元."""
    days = weekly_dates(today, target_on, work_calendar())
    if amount is None:
        return [Step(day, "按措施推进，报送进展") for day in days]
    parts = split_evenly(int(amount * YUAN_PER_WAN), len(days))
    shares = [Decimal(part) / YUAN_PER_WAN for part in parts]
    return [Step(day, f"完成投资 {wan_column(share)} 万元", share) for day, share in zip(days, shares, strict=True)]


@transaction.atomic
def finish_step(*, step: CatchUpStep, note: str, by: User | None, today: date, version: int) -> CatchUpStep:
    """Tell that a weekly step is reached. Raises StaleVersion; DomainError when the plan is closed or
    the step was told."""
    if step.plan.closed_on:
        raise DomainError("这份追赶计划已经销号。")
    if step.done_on:
        raise DomainError(f"这个周节点已于 {step.done_on} 完成。")
    save_versioned(step, version=version, done_on=today, note=note.strip())
    audit.record(
        by=by,
        action="完成追赶周节点",
        subject=step.plan.project,
        changes={step.text[:40]: [step.due_on, today]},
        reason=note,
    )
    return step


@transaction.atomic
def withdraw_catch_up(*, plan: CatchUpPlan, reason: str, by: User | None, today: date, version: int) -> CatchUpPlan:
    """Take a plan back, with the reason; a new one may follow."""
    if not reason.strip():
        raise DomainError("撤销追赶计划须说明理由。")
    if plan.closed_on:
        raise DomainError("这份追赶计划已经销号。")
    _close(plan, CatchUpOutcome.WITHDRAWN, reason.strip(), by, today, version)
    return plan


def close_caught_up(*, today: date) -> int:
    """Close every open plan whose project's light is good now, with the fact. Returns how many closed."""
    judging = judging_of(today)
    plans = {plan.project_id: plan for plan in CatchUpPlan.objects.open().select_related("project")}
    rows = with_lights(Project.objects.filter(pk__in=plans), today, period=judging.period, rules=judging.rules)
    closed = 0
    for row in rows.exclude(light__in=WARNING).with_next_node():
        if row.status == Status.SUSPENDED:
            continue  # a pause is no cure
        outcome, fact = _fact(row, judging)
        plan = plans[row.pk]
        with transaction.atomic():
            _close(plan, outcome, fact, None, today, plan.version)
        closed += 1
    return closed


def _fact(row: Any, judging: Judging) -> tuple[CatchUpOutcome, str]:
    if row.status != Status.NORMAL:
        return CatchUpOutcome.STOPPED, f"项目已{Status(row.status).label}"
    if row.light == Light.GRAY:
        return CatchUpOutcome.STOPPED, light_reason(row, judging)
    progress = f"，完成 {wan_column(row.completed_to_date)} 万元" if row.completed_to_date is not None else ""
    return CatchUpOutcome.GREEN, f"截至{judging.period.label}转为{Light(row.light).label}{progress}"


def _close(plan: CatchUpPlan, outcome: CatchUpOutcome, fact: str, by: User | None, today: date, version: int) -> None:
    save_versioned(plan, version=version, closed_on=today, outcome=outcome, closing_fact=fact[:300])
    changes = {"追赶计划": ["进行中", outcome.label]}
    audit.record(by=by, action="追赶计划销号", subject=plan.project, changes=changes, reason=fact)
