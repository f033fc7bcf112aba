"""Truths about months, in SQL on whole 元."""

from typing import Any

from django.db.models import Case, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from common.periods import Period
from investment.choices import EntryState
from projects.choices import Stage, Status


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
    Project.monthly_entries, `project` the rows' own key of the project. Over many rows join by `holding` instead."""
    model = entries.rel.related_model
    held = model.objects.filter(holding(period), project=OuterRef(project))
    return Subquery(held.values("year_to_date")[:1], output_field=model._meta.get_field("year_to_date"))


def holding(period: Period, entries: str = "") -> Q:
    """The condition on MonthlyEntry by which its year_to_date is the sum through `period`; `entries` is the path to
    it. One figure of a project at most holds in a month, so that joining it multiplies no rows."""
    return Q(
        **{
            f"{entries}year": period.year,
            f"{entries}month__lte": period.month,
            f"{entries}until_month__gte": period.month,
        }
    )


def with_since_start(projects: QuerySet, period: Period) -> QuerySet:
    """开工以来累计 (handbook §3.1), 万元: columns before_year (上年末累计) and this_year, NULL when nothing was told,
    and since_start, their sum, never NULL.

    An opening balance stands for everything before its year; months of those years are not counted again.
    """
    told = _entries(projects).told().filter(project=OuterRef("pk")).order_by().values("project")
    opening = Coalesce(F("opening_balance__year"), Value(0))
    earlier = told.filter(year__lt=period.year, year__gte=OuterRef("opened"))
    amount = _entries(projects).model._meta.get_field("completed")
    summed = Subquery(earlier.annotate(total=Sum("completed")).values("total"), output_field=amount)
    zero = Value(0, output_field=amount)
    rows = projects.annotate(opened=opening).annotate(
        before_year=Case(
            When(Q(opened__gt=0, opened__lte=period.year), then=F("opening_balance__amount") + Coalesce(summed, zero)),
            default=summed,
            output_field=amount,
        ),
        this_year=told_to_date(projects.model.monthly_entries, period, project="pk"),
    )
    both = Coalesce(F("before_year"), zero) + Coalesce(F("this_year"), zero)
    return rows.annotate(since_start=ExpressionWrapper(both, output_field=amount))


def told_in(entries: Any, period: Period, *, project: str) -> Subquery:
    """What was told of the month alone (万元), NULL when nothing was; arguments as `told_to_date`."""
    model = entries.rel.related_model
    told = model.objects.told().of(period).filter(project=OuterRef(project)).order_by()
    return Subquery(told.values("completed")[:1], output_field=model._meta.get_field("completed"))


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
    told = _entries(projects).told().of(period).filter(project=OuterRef("pk"))
    return owing_report(projects, period).filter(~Exists(told))


def _entries(projects: QuerySet) -> MonthlyEntryQuerySet:
    return projects.model.monthly_entries.rel.related_model.objects.all()


def _planned(projects: QuerySet, year: int) -> QuerySet:
    plans = projects.model.annual_plans.rel.related_model.objects
    return plans.filter(year=year, target__gt=0).values("project")
