"""Truths about plans and months, in SQL on whole 元. Nobody else may compare completed with scheduled."""

from typing import Any

from django.db.models import BigIntegerField, Case, F, IntegerField, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Greatest, Least
from django.db.models.lookups import Exact, GreaterThanOrEqual, IsNull, LessThan, LessThanOrEqual

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
        entries = self.model._meta.get_field("project").related_model.monthly_entries
        rows = self.filter(year=period.year)
        rows = rows.annotate(completed_to_date=told_to_date(entries, period, project="project"), **schedule(period))
        return rows.annotate(light=progress_light())


class MonthlyEntryQuerySet(QuerySet):
    """Figures by month."""

    def up_to(self, period: Period) -> "MonthlyEntryQuerySet":
        """Of the period's year, through its month."""
        return self.filter(year=period.year, month__lte=period.month)


def schedule(period: Period, plan: str = "") -> dict[str, Combinable]:
    """due_part and due_whole: whole months from the plan's start through `period`, of those of the plan.
    `plan` is the path to the plan from the rows annotated ("plan__")."""
    whole = F(f"{plan}end_month") - F(f"{plan}start_month") + 1
    part = Greatest(Value(0), Least(Value(period.month) - F(f"{plan}start_month") + 1, whole))
    return {
        "due_part": Case(default=part, output_field=IntegerField()),
        "due_whole": Case(default=whole, output_field=IntegerField()),
    }


def told_to_date(entries: Any, period: Period, *, project: str) -> Subquery:
    """Σ completed (万元) of the year through `period`, NULL when nothing was told. `entries` is the relation
    Project.monthly_entries, `project` the rows' own key of the project."""
    model = entries.rel.related_model
    told = model.objects.up_to(period).filter(project=OuterRef(project)).order_by().values("project")
    return Subquery(
        told.annotate(total=Sum("completed")).values("total"), output_field=model._meta.get_field("completed")
    )


def progress_light(done: str = "completed_to_date") -> Case:
    """The progress light (rule light.progress, preset `ratio`) of rows with target, `done`, due_part and due_whole.
    done/(target·part/whole) < p % is judged as done·whole·100 < target·part·p, in 元: exact (decisions §2)."""
    done, target = Cast(F(done), BigIntegerField()), Cast(F("target"), BigIntegerField())
    part, whole = F("due_part"), F("due_whole")
    hundredfold = done * whole * Value(100, output_field=BigIntegerField())

    def below(percent: int) -> Combinable:
        return LessThan(hundredfold, target * part * Value(percent, output_field=BigIntegerField()))

    unjudged = [IsNull(target, True), LessThanOrEqual(target, 0), IsNull(done, True)]
    return Case(
        *[When(condition, then=Value(Light.GRAY.value)) for condition in unjudged],
        When(GreaterThanOrEqual(done, target), then=Value(Light.BLUE.value)),
        When(Exact(part, 0), then=Value(Light.GRAY.value)),
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
