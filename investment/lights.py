"""The lights of a project together: progress, start, node, freshness, and the overall one (decisions §15).

Every list, dashboard, alert, report and export takes them from here.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, F, FilteredRelation, Q, QuerySet, Value, When

from common import settings
from common.lights import WARNING, Light, worst_of
from common.money import percent
from common.periods import Period
from common.workdays import WorkCalendar, due_text, work_calendar
from investment.querysets import in_force, progress_light, schedule, told_to_date, unreported
from projects.choices import Stage, Status

DIMENSIONS = {"light_progress": "进度", "light_start": "开工", "light_node": "节点", "light_report": "填报"}


def with_money(projects: QuerySet, period: Period) -> QuerySet:
    """The year's money through `period`: target, completed_to_date (万元), the columns of `schedule`, light_progress.
    The plan is the version then in force."""
    then = FilteredRelation("plan_versions", condition=in_force(period, "plan_versions__"))
    rows = projects.annotate(plan=then).annotate(
        target=F("plan__target"),
        completed_to_date=told_to_date(projects.model.monthly_entries, period, project="pk"),
        **schedule(period, "plan__"),
    )
    return rows.annotate(light_progress=progress_light())


def with_report_light(projects: QuerySet, today: date) -> QuerySet:
    """light_report: a figure missing for the last closed month is yellow, for the last two red (decisions §4)."""
    last = closed_period(today)
    one = unreported(projects.model.objects.all(), last).values("pk")
    two = unreported(projects.model.objects.filter(pk__in=one), last.previous()).values("pk")
    return projects.annotate(
        light_report=Case(
            When(pk__in=two, then=Value(Light.RED.value)),
            When(pk__in=one, then=Value(Light.YELLOW.value)),
            default=Value(Light.GRAY.value),
        )
    )


def with_lights(projects: QuerySet, today: date, *, period: Period | None = None) -> QuerySet:
    """Every dimension and `light`, the overall one: the worst that is judged; a suspended project is gray.

    Money is judged through `period` (default: the last closed month), dates through today.
    """
    period = period or closed_period(today)
    rows = with_money(projects, period)
    rows = rows.with_start_light(today).with_node_light(
        today, work_calendar(), warn_workdays=settings.get("node_warn_workdays")
    )
    rows = with_report_light(rows, today)
    return rows.annotate(light=overall_light(*DIMENSIONS))


def overall_light(*dimensions: str) -> Case:
    """SQL: the worst of the annotated lights; gray does not compete, a suspended project is gray (light.overall)."""
    resting = When(~Q(status=Status.NORMAL), then=Value(Light.GRAY.value))
    return Case(resting, default=worst_of(*dimensions) if dimensions else Value(Light.GRAY.value))


def closed_period(today: date) -> Period:
    """The latest month whose closing day has passed; boards say which month they show (decisions §14)."""
    return Period.last_closed(today, settings.get("report_day"), work_calendar())


@dataclass(frozen=True, slots=True)
class Reason:
    """One dimension of a project's light, in words with the figures used."""

    code: str
    label: str
    light: str
    text: str


def why(row: Any, today: date, calendar: WorkCalendar) -> list[Reason]:
    """Every dimension of a project that carries the columns of `with_lights` and `with_next_node`."""
    texts = {
        "light_progress": _progress_text(row),
        "light_start": _start_text(row),
        "light_node": _node_text(row, today, calendar),
        "light_report": _report_text(row),
    }
    return [Reason(code, label, getattr(row, code), texts[code]) for code, label in DIMENSIONS.items()]


def light_reason(row: Any, today: date, calendar: WorkCalendar) -> str:
    """The short reason under the overall light: what the worst dimensions say; "" when all is well."""
    if row.status != Status.NORMAL:
        since = f"，自 {row.status_since}" if row.status_since else ""
        return f"{Status(row.status).label}{since}"
    if row.light not in WARNING:
        return "" if row.light != Light.GRAY else "没有可评的计划"
    return "；".join(reason.text for reason in why(row, today, calendar) if reason.light == row.light)


def _progress_text(row: Any) -> str:
    if not row.target:
        return "本年没有年度计划"
    if row.completed_to_date is None:
        return "本年还没有填报完成投资"
    if not row.due_part:
        return "尚未到计划起始月"
    if row.completed_to_date >= row.target:
        return f"已完成年度计划（{percent(row.completed_to_date, row.target)}%）"
    scheduled = row.target * row.due_part / row.due_whole
    gap = percent(row.completed_to_date - scheduled, row.target)
    against = f"{'超' if gap >= 0 else '落后'}时序 {abs(gap)} 个百分点"
    return f"达序时率 {percent(row.completed_to_date, scheduled)}%，{against}"


def _start_text(row: Any) -> str:
    if row.actual_start_date:
        return f"{row.actual_start_date} 已开工"
    if row.light_start == Light.GREEN and row.stage in (Stage.COMMENCED, Stage.CONSTRUCTION, Stage.PRODUCTION):
        return "已开工"
    if not row.baseline_start_to:
        return "没有计划开工时间"
    planned = f"计划 {row.baseline_start_to.year}年{row.baseline_start_to.month}月开工"
    if row.start_excuse:
        return f"{planned}，已批准延期：{row.start_excuse}"
    return f"{planned}，尚未开工" if row.light_start in WARNING else planned


def _node_text(row: Any, today: date, calendar: WorkCalendar) -> str:
    if row.light_node == Light.BLUE:
        return "节点全部完成"
    if not row.next_node_due:
        return "节点未排期"
    return f"{row.next_node_name}{due_text(row.next_node_due, today, calendar)}"


def _report_text(row: Any) -> str:
    if row.light_report == Light.RED:
        return "连续两个月未填报完成投资"
    return "上一报告月未填报完成投资" if row.light_report == Light.YELLOW else "没有漏报"
