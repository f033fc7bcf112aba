"""Truths about state funds, in SQL on whole 元 (handbook §4). Today is always an argument."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Round
from django.db.models.lookups import GreaterThan, LessThan

from common.db import keys_of, rows_among
from common.fields import YUAN_PER_WAN, MoneyField
from common.lights import WARNING, Light
from common.periods import Period
from common.rules import LightRules, light_rules
from common.workdays import WorkCalendar
from investment.choices import CENTRAL_FUNDS, IDLE, LOST, AmountKind, FundCause, FundState
from investment.querysets.enrolment import months_ago

AHEAD_POINTS = 15  # money may run at most so many points ahead of the works
ISSUED_IDLE_MONTHS = 1  # 下达满1个月 without a receipt
RUNNING = (FundState.ISSUED, FundState.RECEIVED, FundState.PAID, FundState.SPENT)  # money is on its way


class FundProgrammeQuerySet(QuerySet):
    """Programmes."""

    def open(self, today: date) -> "FundProgrammeQuerySet":
        """Taking applications on that day; the last day counts."""
        begun = Q(open_from__isnull=True) | Q(open_from__lte=today)
        return self.filter(begun, Q(deadline__isnull=True) | Q(deadline__gte=today))

    def due_within(self, today: date, calendar: WorkCalendar, workdays: int) -> "FundProgrammeQuerySet":
        """Open programmes whose deadline lies within `workdays` working days, the day itself included."""
        return self.open(today).filter(deadline__isnull=False, deadline__lt=calendar.add(today, workdays + 1))


class FundApplicationQuerySet(QuerySet):
    """Applications, with their money."""

    def live(self) -> "FundApplicationQuerySet":
        """Neither lost nor waiting for the unit: what counts as asked for."""
        return self.exclude(state__in=[*LOST, *IDLE])

    def central(self) -> "FundApplicationQuerySet":
        """Of the central funds, of which the same works may take only one (dup_fund)."""
        return self.filter(programme__kind__in=CENTRAL_FUNDS)

    def with_amounts(self, window: Q | None = None) -> "FundApplicationQuerySet":
        """asked, approved, issued, received, paid, spent (万元, 0 without rows) and first_received_on. `window`
        narrows the rows (amounts__on…) that are added up."""
        inside = window or Q()
        sums = {kind.value: _total(Q(amounts__kind=kind) & inside) for kind in AmountKind}
        receipt = Q(amounts__kind=AmountKind.RECEIVED, amounts__amount__gt=0)
        return self.annotate(**sums, first_received_on=Min("amounts__on", filter=receipt))

    def with_light(self, today: date, rules: LightRules | None = None) -> "FundApplicationQuerySet":
        """light_fund (rule light.fund, handbook §4.3): three full months after the first receipt less than half spent
        is yellow, after six less than 80 % red; red too when it is_undivided or is_unstarted, which are columns of
        their own; fund_cause (FundCause) is the first of the two, else NULL. Nothing received, or lost, is not judged.
        `rules` default to those in force."""
        rules = rules or light_rules(Period.of(today))
        rows = self.with_amounts().annotate(
            first_issued_on=Min("amounts__on", filter=Q(amounts__kind=AmountKind.ISSUED)),
            is_undivided=_flag(
                Q(state=FundState.ISSUED, received__lte=0)
                & Q(first_issued_on__lte=months_ago(today, ISSUED_IDLE_MONTHS))
            ),
            is_unstarted=_flag(
                Q(state__in=RUNNING, programme__start_by__lt=today, project__actual_start_date__isnull=True)
            ),
        )
        return rows.annotate(
            light_fund=Case(
                When(Q(is_undivided=1) | Q(is_unstarted=1), then=Value(Light.RED.value)),
                When(Q(received__lte=0) | Q(state__in=LOST), then=Value(Light.GRAY.value)),
                When(_slow(today, rules.fund_red_months, rules.fund_red_rate), then=Value(Light.RED.value)),
                When(_slow(today, rules.fund_yellow_months, rules.fund_yellow_rate), then=Value(Light.YELLOW.value)),
                default=Value(Light.GREEN.value),
                output_field=CharField(),
            ),
            fund_cause=Case(
                When(is_unstarted=1, then=Value(FundCause.UNSTARTED.value)),
                When(is_undivided=1, then=Value(FundCause.UNDIVIDED.value)),
                default=Value(None),
                output_field=CharField(),
            ),
        )

    def with_physical(self, projects: type) -> "FundApplicationQuerySet":
        """physical: 形象进度 (percent) as last reported, NULL when nobody said; ahead: money paid runs more than
        15 points ahead of it, as shares of what was issued (features 25). Needs `with_amounts`."""
        told = projects.reports.rel.related_model._default_manager.filter(
            project=OuterRef("project"), physical_percent__isnull=False
        )
        rows = self.annotate(physical=Subquery(told.order_by("-submitted_at", "-pk").values("physical_percent")[:1]))
        tenths = Cast(Round(F("physical") * 10), BigIntegerField())
        lead = GreaterThan(_yuan("paid") * _int(1000), _yuan("issued") * (tenths + _int(AHEAD_POINTS * 10)))
        return rows.annotate(
            ahead=Case(When(Q(physical__isnull=False) & Q(issued__gt=0) & Q(lead), then=Value(1)), default=Value(0))
        )


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0))


def _total(where: Q) -> Coalesce:
    nothing = Value(0, output_field=MoneyField())
    return Coalesce(Sum("amounts__amount", filter=where), nothing, output_field=MoneyField())


def _yuan(name: str) -> Cast:
    return Cast(F(name), BigIntegerField())


def _int(number: int) -> Value:
    return Value(number, output_field=BigIntegerField())


def _slow(today: date, months: int, percent: int) -> Q:
    """So many full months since the first receipt, and less than so many percent of it spent: exact, in 元."""
    little: Combinable = LessThan(_yuan("spent") * _int(100), _yuan("received") * _int(percent))
    return Q(first_received_on__lte=months_ago(today, months)) & Q(little)


def least_spent(received: Decimal, first_received_on: date | None, today: date, rules: LightRules) -> Decimal:
    """The least spent (万元, to the 元) of `received` that is green on the day: `with_light` read backwards; 0 before
    the first receipt."""
    if first_received_on is None:
        return Decimal(0)
    limits = (
        (rules.fund_yellow_months, rules.fund_yellow_rate),
        (rules.fund_red_months, rules.fund_red_rate),
    )
    rate = max((rate for months, rate in limits if first_received_on <= months_ago(today, months)), default=0)
    return Decimal(-(-int(received * YUAN_PER_WAN) * rate // 100)) / YUAN_PER_WAN


def with_fund_light(projects: QuerySet, today: date, rules: LightRules | None = None) -> QuerySet:
    """light_fund of a project: the worst of its applications, gray without money received; fund_cause: the
    first that any of them has."""
    applications = projects.model.fund_applications.rel.related_model._default_manager
    lit = rows_among(applications.with_light(today, rules), projects, "project")

    def some(then: Light | FundCause, **where: Any) -> When:
        return When(pk__in=keys_of(lit.filter(**where), "project"), then=Value(then.value))

    return projects.annotate(
        light_fund=Case(
            *(some(light, light_fund=light) for light in (Light.RED, Light.YELLOW, Light.GREEN)),
            default=Value(Light.GRAY.value),
            output_field=CharField(),
        ),
        fund_cause=Case(
            *(some(cause, fund_cause=cause) for cause in FundCause),
            default=Value(None),
            output_field=CharField(),
        ),
    )


def slow_funds(applications: QuerySet, today: date) -> QuerySet:
    """Applications whose money lags: red or yellow."""
    return applications.with_light(today).filter(light_fund__in=WARNING)


def conditions(programme: Any) -> dict[str, Q]:
    """What the programme asks of a project, by the field that says it; what it leaves open is not there."""
    asked = {}
    if programme.industries:
        asked["industries"] = Q(
            *[("industry_code__startswith", prefix) for prefix in programme.industries], _connector=Q.OR
        )
    if programme.stages:
        asked["stages"] = Q(stage__in=programme.stages)
    if programme.levels:
        asked["levels"] = Q(level__in=programme.levels)
    if programme.least_total is not None:
        asked["least_total"] = Q(total_investment__gte=programme.least_total)
    return asked


def fitting(projects: QuerySet, programme: Any) -> QuerySet:
    """Projects under way to or in construction that meet every condition the programme sets."""
    return projects.active().filter(*conditions(programme).values(), closed_on__isnull=True)
