"""Truths about plans and months, in SQL on whole 元. Nobody else may compare completed with scheduled."""

from django.db.models import BigIntegerField, Case, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Greatest, Least
from django.db.models.lookups import LessThan

from common.db import as_integer
from common.lights import Light
from common.periods import Period
from projects.choices import Stage, Status

# Preset `ratio` (handbook §3.3): 达序时率 below 60 % red, below 80 % yellow. As whole percents, compared exactly.
RED_BELOW, YELLOW_BELOW = 60, 80


class AnnualPlanQuerySet(QuerySet):
    """Plans of a year."""

    def with_progress(self, period: Period) -> "AnnualPlanQuerySet":
        """Columns completed_to_date (万元, NULL when nothing was reported), due_part/due_whole (时序 as a fraction)
        and light: 时序进度 of the year up to and including `period` (linear, handbook §3.2)."""
        months = rows_of_plan(self.model, period).values("project").annotate(total=Sum("completed")).values("total")
        month = Value(period.month)
        whole = F("end_month") - F("start_month") + 1
        part = Greatest(Value(0), Least(month - F("start_month") + 1, whole))
        return (
            self.filter(year=period.year)
            .annotate(
                completed_to_date=Subquery(months, output_field=self.model._meta.get_field("target")),
                due_part=Case(default=part, output_field=IntegerField()),
                due_whole=Case(default=whole, output_field=IntegerField()),
            )
            .annotate(light=progress_light("target", "completed_to_date", "due_part", "due_whole"))
        )


class MonthlyEntryQuerySet(QuerySet):
    """Figures by month."""

    def up_to(self, period: Period) -> "MonthlyEntryQuerySet":
        """Of the period's year, through its month."""
        return self.filter(year=period.year, month__lte=period.month)


def rows_of_plan(plan_model, period: Period) -> QuerySet:
    """Monthly entries of the outer plan's project in the period's year, through its month."""
    entries = plan_model._meta.get_field("project").related_model.monthly_entries.rel.related_model.objects
    return entries.up_to(period).filter(project=OuterRef("project")).order_by()


def progress_light(target: str, done: str, part: str, whole: str) -> Case:
    """The progress light (rule light.progress, preset `ratio`) over four columns: target and done as money,
    时序 = part/whole. done/(target·part/whole) < p % is judged as done·whole·100 < target·part·p, in 元."""
    left = as_integer(done) * F(whole) * Value(100, output_field=BigIntegerField())

    def below(percent: int) -> Combinable:
        return LessThan(left, as_integer(target) * F(part) * Value(percent, output_field=BigIntegerField()))

    unjudged = Q(**{f"{target}__isnull": True}) | Q(**{f"{target}__lte": 0}) | Q(**{f"{done}__isnull": True})
    return Case(
        When(unjudged, then=Value(Light.GRAY.value)),
        When(**{f"{done}__gte": F(target)}, then=Value(Light.BLUE.value)),
        When(**{part: 0}, then=Value(Light.GRAY.value)),
        When(below(RED_BELOW), then=Value(Light.RED.value)),
        When(below(YELLOW_BELOW), then=Value(Light.YELLOW.value)),
        default=Value(Light.GREEN.value),
    )


def owing_report(projects: QuerySet, period: Period) -> QuerySet:
    """Projects that owe a monthly figure for `period`: under way, planned for the year, on duty since that month."""
    return projects.filter(
        status=Status.NORMAL,
        stage__in=[Stage.COMMENCED, Stage.CONSTRUCTION],
        completed_on__isnull=True,
        reporting_since__lte=period.first_day(),
        pk__in=_planned(projects, period.year),
    )


def unreported(projects: QuerySet, period: Period) -> QuerySet:
    """Projects that owe a figure for `period` and have none. Missing is not zero."""
    entries = projects.model.monthly_entries.rel.related_model.objects
    told = entries.filter(year=period.year, month=period.month).values("project")
    return owing_report(projects, period).exclude(pk__in=told)


def _planned(projects: QuerySet, year: int) -> QuerySet:
    plans = projects.model.annual_plans.rel.related_model.objects
    return plans.filter(year=year, target__gt=0).values("project")
