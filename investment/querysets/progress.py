"""Truths about months, in SQL on whole 元. Nobody else may compare completed with scheduled."""

from typing import Any

from django.db.models import BigIntegerField, Case, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import Exact, GreaterThanOrEqual, IsNull, LessThan, LessThanOrEqual

from common.lights import Light
from common.periods import Period
from investment.choices import EntryState
from projects.choices import Stage, Status

# Preset `ratio` (handbook §3.3): 达序时率 below 60 % red, below 80 % yellow. As whole percents, compared exactly.
RED_BELOW, YELLOW_BELOW = 60, 80


class MonthlyEntryQuerySet(QuerySet):
    """Figures by month."""

    def told(self) -> "MonthlyEntryQuerySet":
        """Figures that count: a returned one is owed again (ADR 0006)."""
        return self.filter(~Q(state=EntryState.RETURNED))

    def of(self, period: Period) -> "MonthlyEntryQuerySet":
        """The month's figures."""
        return self.filter(year=period.year, month=period.month)

    def up_to(self, period: Period) -> "MonthlyEntryQuerySet":
        """What counts of the period's year, through its month."""
        return self.told().filter(year=period.year, month__lte=period.month)


def told_to_date(entries: Any, period: Period, *, project: str) -> Subquery:
    """Σ completed (万元) of the year through `period`, NULL when nothing was told. `entries` is the relation
    Project.monthly_entries, `project` the rows' own key of the project."""
    model = entries.rel.related_model
    told = model.objects.up_to(period).filter(project=OuterRef(project)).order_by().values("project")
    return Subquery(
        told.annotate(total=Sum("completed")).values("total"), output_field=model._meta.get_field("completed")
    )


def with_since_start(projects: QuerySet, period: Period) -> QuerySet:
    """开工以来累计 (handbook §3.1): columns before_year (上年末累计) and this_year, 万元, NULL when nothing was told.

    An opening balance stands for everything before its year; months of those years are not counted again.
    """
    told = _entries(projects).told().filter(project=OuterRef("pk")).order_by().values("project")
    opening = Coalesce(F("opening_balance__year"), Value(0))
    earlier = told.filter(year__lt=period.year, year__gte=OuterRef("opened"))
    amount = _entries(projects).model._meta.get_field("completed")
    summed = Subquery(earlier.annotate(total=Sum("completed")).values("total"), output_field=amount)
    held = Case(When(opened__lte=period.year, then=F("opening_balance__amount")), output_field=amount)
    zero = Value(0, output_field=amount)
    return projects.annotate(opened=opening).annotate(
        before_year=Case(
            When(Q(opened__gt=0, opened__lte=period.year), then=held + Coalesce(summed, zero)),
            default=summed,
            output_field=amount,
        ),
        this_year=told_to_date(projects.model.monthly_entries, period, project="pk"),
    )


def progress_light(done: str = "completed_to_date") -> Case:
    """The progress light (rule light.progress, preset `ratio`) of rows with target, `done`, due_yuan and due_scale
    (querysets.plans). done/(due/scale) < p % is judged as done·scale·100 < due·p, in 元: exact (decisions §2)."""
    done, target = Cast(F(done), BigIntegerField()), Cast(F("target"), BigIntegerField())
    due = F("due_yuan")
    hundredfold = done * F("due_scale") * Value(100, output_field=BigIntegerField())

    def below(percent: int) -> Combinable:
        return LessThan(hundredfold, due * Value(percent, output_field=BigIntegerField()))

    unjudged = [IsNull(target, True), LessThanOrEqual(target, 0), IsNull(done, True)]
    return Case(
        *[When(condition, then=Value(Light.GRAY.value)) for condition in unjudged],
        When(GreaterThanOrEqual(done, target), then=Value(Light.BLUE.value)),
        When(Exact(due, 0), then=Value(Light.GRAY.value)),
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
    told = _entries(projects).told().of(period).values("project")
    return owing_report(projects, period).exclude(pk__in=told)


def _entries(projects: QuerySet) -> MonthlyEntryQuerySet:
    return projects.model.monthly_entries.rel.related_model.objects.all()


def _planned(projects: QuerySet, year: int) -> QuerySet:
    plans = projects.model.annual_plans.rel.related_model.objects
    return plans.filter(year=year, target__gt=0).values("project")
