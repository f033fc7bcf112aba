"""Truths about plans, in SQL on whole 元: which version was in force, and what it had scheduled (handbook §3.2)."""

from typing import Any

from django.db.models import BigIntegerField, Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Greatest, Least
from django.db.models.lookups import Exact

from common.periods import Period
from common.rules import LightRules, Preset
from investment.choices import PlanSplit
from investment.querysets.judging import progress_light
from investment.querysets.progress import told_in, told_to_date
from projects.choices import RequestState

BIG = BigIntegerField()


class AnnualPlanQuerySet(QuerySet):
    """Plans of a year, as last decided."""


class PlanVersionQuerySet(QuerySet):
    """Decisions about plans."""

    def in_force(self, period: Period) -> "PlanVersionQuerySet":
        """The version by which a month is judged; at most one per project (handbook §10.2)."""
        return self.filter(in_force(period))

    def pending(self) -> "PlanVersionQuerySet":
        """Changes that wait for a decision."""
        return self.filter(state=RequestState.PENDING)

    def with_progress(self, period: Period, rules: LightRules) -> "PlanVersionQuerySet":
        """Of the versions in force: completed_to_date (万元, NULL when nothing was told), the columns of `schedule`,
        and light by `rules`, through `period`."""
        entries = self.model._meta.get_field("project").related_model.monthly_entries
        rows = self.in_force(period)
        rows = rows.annotate(completed_to_date=told_to_date(entries, period, project="project"), **schedule(period))
        if rules.preset == Preset.MONTHLY80:
            month_done = told_in(entries, period, project="project")
            rows = rows.annotate(month_done=month_done, **month_schedule(period))
        return rows.annotate(light=progress_light(rules))


def in_force(period: Period, versions: str = "") -> Q:
    """The condition on PlanVersion by which it is in force in a month; `versions` is the path to it. A month lies
    within the range of one version only, so that joining it multiplies no rows."""
    return Q(
        **{
            f"{versions}year": period.year,
            f"{versions}effective_month__lte": period.month,
            f"{versions}until_month__gte": period.month,
        }
    )


def with_year_left(projects: QuerySet, year: int) -> QuerySet:
    """Projects with what their plan of `year` (万元) leaves undone: plan_of_year, done_in_year and year_left, which is
    never negative and NULL without a plan."""
    plans = projects.model.annual_plans.rel.related_model
    amount = plans._meta.get_field("target")
    plan = plans.objects.filter(project=OuterRef("pk"), year=year).values("target")[:1]
    done = told_to_date(projects.model.monthly_entries, Period(year, 12), project="pk")
    zero = Value(0, output_field=amount)
    return projects.annotate(plan_of_year=Subquery(plan, output_field=amount), done_in_year=done).annotate(
        year_left=Case(
            When(
                plan_of_year__isnull=False,
                then=Greatest(F("plan_of_year") - Coalesce(F("done_in_year"), zero), zero, output_field=amount),
            ),
            output_field=amount,
        )
    )


def going_on(projects: QuerySet, year: int) -> QuerySet:
    """Projects under way that have no plan of `year` yet: what is to be carried over into it."""
    plans = projects.model.annual_plans.rel.related_model.objects
    return projects.running().exclude(pk__in=plans.filter(year=year).values("project"))


def schedule(period: Period, plan: str = "") -> dict[str, Combinable]:
    """What a version scheduled through `period`; `plan` is the path to it from the rows annotated ("plan__").

    due_yuan / due_scale: the amount in 元, exact; compare with these, they do not overflow.
    due_part / due_whole: the same as a fraction of the year, for display. NULL without a version.
    """
    return {
        "due_yuan": _by_split(plan, _elapsed(plan, period.month) * _target(plan), _through(plan, period.month)),
        "due_scale": _by_split(plan, _length(plan), Value(1)),
        "due_part": _by_split(plan, _elapsed(plan, period.month), _through(plan, period.month)),
        "due_whole": _by_split(plan, _length(plan), _target(plan)),
    }


def month_schedule(period: Period, plan: str = "") -> dict[str, Combinable]:
    """The plan of the month alone: month_yuan / month_scale in 元, exact (preset monthly80)."""
    of_month = _elapsed(plan, period.month) - _elapsed(plan, period.month - 1)
    before = _through(plan, period.month - 1) if period.month > 1 else Value(0, output_field=BIG)
    return {
        "month_yuan": _by_split(plan, of_month * _target(plan), _through(plan, period.month) - before),
        "month_scale": _by_split(plan, _length(plan), Value(1)),
    }


def _by_split(plan: str, linear: Combinable, stored: Combinable) -> Case:
    even = When(Exact(F(f"{plan}split"), Value(PlanSplit.LINEAR.value)), then=linear)
    return Case(even, default=stored, output_field=BIG)


def _target(plan: str) -> Combinable:
    return Cast(F(f"{plan}target"), BIG)


def _length(plan: str) -> Combinable:
    return Cast(F(f"{plan}end_month") - F(f"{plan}start_month") + 1, BIG)


def _elapsed(plan: str, month: int) -> Combinable:
    """Months of the plan from its start through `month`."""
    begun = Cast(Value(month + 1) - F(f"{plan}start_month"), BIG)
    return Greatest(Value(0, output_field=BIG), Least(begun, _length(plan)))


def _through(plan: str, month: int) -> Any:
    """The stored 元 through `month`."""
    return Cast(KeyTextTransform(month - 1, f"{plan}cumulative"), BIG)
