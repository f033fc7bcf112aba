"""The lights of a project together: every dimension, and the overall one (decisions §15).

Every list, dashboard, alert, report and export takes them from here.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, CharField, F, FilteredRelation, Q, QuerySet, Value, When

from common import settings
from common.lights import WARNING, Light, worst_of
from common.periods import Period
from common.rules import LightRules, light_rules
from common.workdays import work_calendar
from investment.dimensions import DIMENSIONS, Dimension, Judging, with_progress_light
from investment.querysets import holding, in_force, schedule
from projects.choices import Status


def with_money(projects: QuerySet, period: Period) -> QuerySet:
    """The year's money through `period`: target, completed_to_date (万元) and the columns of `schedule`. The plan is
    the version then in force."""
    then = FilteredRelation("plan_versions", condition=in_force(period, "plan_versions__"))
    told = FilteredRelation("monthly_entries", condition=holding(period, "monthly_entries__"))
    return projects.annotate(plan=then, told=told).annotate(
        target=F("plan__target"),
        completed_to_date=F("told__year_to_date"),
        **schedule(period, "plan__"),
    )


def with_progress(projects: QuerySet, period: Period, rules: LightRules | None = None) -> QuerySet:
    """The columns of `with_money`, and light_progress by `rules` (default: those in force in the period)."""
    return with_progress_light(with_money(projects, period), period, rules or light_rules(period))


def lagging(projects: QuerySet, period: Period) -> QuerySet:
    """Projects whose progress light through `period` is yellow or red, with the columns of `with_money`."""
    return with_progress(projects, period).filter(light_progress__in=WARNING)


def with_lights(
    projects: QuerySet, today: date, *, period: Period | None = None, rules: LightRules | None = None
) -> QuerySet:
    """Every dimension and `light`, the overall one: the worst that is judged; a suspended project is gray.

    Money is judged through `period` (default: the last closed month), dates through today, all by `rules` (default:
    those in force in the period).
    """
    judging = judging_of(today, period=period, rules=rules)
    rows = with_progress(projects, judging.period, judging.rules)
    for dimension in DIMENSIONS:
        if dimension.code in judging.rules.off:
            unjudged = Value(Light.GRAY.value, output_field=CharField())
            rows = rows.annotate(**{dimension.column: unjudged})
        else:
            rows = dimension.judge(rows, judging)
    return rows.annotate(light=overall_light(*[dimension.column for dimension in DIMENSIONS]))


def judging_of(today: date, *, period: Period | None = None, rules: LightRules | None = None) -> Judging:
    """Which month, rules and calendar hold on a day."""
    period = period or closed_period(today)
    return Judging(today, period, rules or light_rules(period), work_calendar())


def overall_light(*dimensions: str) -> Case:
    """SQL: the worst of the annotated lights; gray does not compete, a suspended project is gray (light.overall)."""
    resting = When(~Q(status=Status.NORMAL), then=Value(Light.GRAY.value))
    return Case(resting, default=worst_of(*dimensions) if dimensions else Value(Light.GRAY.value))


def closed_period(today: date) -> Period:
    """The latest month whose closing day has passed; boards say which month they show (decisions §14)."""
    return Period.last_closed(today, settings.get("report_day"), work_calendar())


@dataclass(frozen=True, slots=True)
class Reason:
    """One dimension of a project's light: what it says, the figures and limits behind it, what turns it green."""

    code: str
    label: str
    light: str
    text: str
    basis: str
    hint: str


def why(row: Any, judging: Judging) -> list[Reason]:
    """Every dimension of a project that carries the columns of `with_lights` and `with_next_node`."""
    return [_reason(row, dimension, judging) for dimension in DIMENSIONS]


def _reason(row: Any, dimension: Dimension, judging: Judging) -> Reason:
    light = getattr(row, dimension.column)
    if dimension.code in judging.rules.off:
        return Reason(dimension.code, dimension.label, light, "按现行规则不参评", "", "")
    hint = dimension.hint(row, judging) if light in WARNING and row.status == Status.NORMAL else ""
    says, basis = dimension.says(row, judging), dimension.basis(row, judging)
    return Reason(dimension.code, dimension.label, light, says, basis, hint)


def light_reason(row: Any, judging: Judging) -> str:
    """The short reason under the overall light: what the worst dimensions say; "" when all is well."""
    if row.status != Status.NORMAL:
        since = f"，自 {row.status_since}" if row.status_since else ""
        return f"{Status(row.status).label}{since}"
    if row.light not in WARNING:
        return "" if row.light != Light.GRAY else "没有可评的计划"
    worst = [dimension for dimension in DIMENSIONS if getattr(row, dimension.column) == row.light]
    return "；".join(dimension.says(row, judging) for dimension in worst)
