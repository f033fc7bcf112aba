"""The lights of a project together: progress, start, node, freshness, and the overall one (decisions §15).

Every list, dashboard, alert, report and export takes them from here.
"""

from datetime import date

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When

from common import settings
from common.lights import Light, worst_of
from common.periods import Period
from common.workdays import work_calendar
from investment.models import AnnualPlan
from investment.querysets import unreported
from projects.choices import Status

DIMENSIONS = {"light_progress": "进度", "light_start": "开工", "light_node": "节点", "light_report": "填报"}


def with_money(projects: QuerySet, period: Period) -> QuerySet:
    """Columns of the year's money through `period`: target, completed_to_date (万元), due_part, due_whole, light_progress."""
    plans = AnnualPlan.objects.with_progress(period).filter(project=OuterRef("pk"))
    columns = {
        "target": "target",
        "completed_to_date": "completed_to_date",
        "due_part": "due_part",
        "due_whole": "due_whole",
        "light_progress": "light",
    }
    rows = projects.annotate(**{name: Subquery(plans.values(column)[:1]) for name, column in columns.items()})
    return rows.annotate(light_progress=Case(When(light_progress__isnull=False, then=F("light_progress")), default=Value(Light.GRAY.value)))


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
