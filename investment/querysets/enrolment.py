"""Truths about 入库纳统, in SQL on projects (handbook §3.4). Today is always an argument.

Enrolments are few and short: conditions on them are sets of projects read once, never joins.
"""

from datetime import date, timedelta
from typing import Any

from django.db.models import Case, CharField, F, Q, QuerySet, Subquery, Sum, Value, When

from common import settings
from common.db import rows_of
from common.lights import Light
from common.periods import Period
from common.rules import LightRules, light_rules
from common.workdays import add_months
from investment.choices import EnrolmentState, EntryKind, ExcuseState, ExitReason
from projects.choices import Status

REALESTATE_INDUSTRY = "K701"  # 房地产开发经营, GB/T 4754
ENTERED = Q(state=EnrolmentState.ENTERED) | Q(state=EnrolmentState.EXITED, exit_reason=ExitReason.COMPLETED)
GREEN_MONTHS = 1  # months after the start that may pass before a project counts as due (handbook §3.4)
STANDING = (
    "kind",
    "state",
    "code",
    "total",
    "submitted_on",
    "returned_on",
    "times_returned",
    "entered_on",
    "exited_on",
    "reason",
    "reason_note",
    "excuse",
)


def enrolled(model: Any, condition: Q) -> Q:
    """SQL: the project's enrolment meets `condition`."""
    rows = model.enrolments.rel.related_model._default_manager.filter(condition)
    return Q(pk__in=rows.values("project"))


def is_entered(model: Any) -> Q:
    """SQL: in the statistics, or out of them because it was finished."""
    return enrolled(model, ENTERED)


def in_statistics(model: Any) -> Q:
    """SQL: the project must enter (rule stat.entry_required): from the threshold on, real estate always, 农户 never."""
    return ~_is_rural(model) & (_is_estate(model) | Q(total_investment__gte=settings.get("stat_threshold")))


def entry_tier(model: Any) -> Case:
    """SQL: the reporting tier (500-5000, 5000+, realestate); NULL when the project need not enter."""
    least, upper = settings.get("stat_threshold"), settings.get("stat_tier")
    return Case(
        When(_is_rural(model), then=Value(None)),
        When(_is_estate(model), then=Value(EntryKind.REALESTATE.value)),
        When(total_investment__gte=upper, then=Value(f"{upper}+")),
        When(total_investment__gte=least, then=Value(f"{least}-{upper}")),
        default=Value(None),
        output_field=CharField(),
    )


def _is_rural(model: Any) -> Q:
    return enrolled(model, Q(kind=EntryKind.RURAL))


def _is_estate(model: Any) -> Q:
    """As its enrolment says; without one, as its industry says."""
    said = enrolled(model, Q(kind=EntryKind.REALESTATE))
    return said | (Q(industry_code__startswith=REALESTATE_INDUSTRY) & ~enrolled(model, Q()))


def with_enrolment(projects: QuerySet) -> QuerySet:
    """stat_tier, and stat_NAME of every column in STANDING; NULL where nothing was done yet."""
    row = rows_of(projects.model.enrolments)
    columns = {f"stat_{name}": Subquery(row.values(name)[:1]) for name in STANDING}
    return projects.annotate(stat_tier=entry_tier(projects.model), **columns)


def with_stat_light(projects: QuerySet, today: date, rules: LightRules | None = None) -> QuerySet:
    """light_stat (rule light.stat_entry): green through one month after the start, yellow through two, then red.
    `rules` default to those in force on the day."""
    model, rules = projects.model, rules or light_rules(Period.of(today))
    return projects.annotate(
        light_stat=Case(
            When(is_entered(model), then=Value(Light.GREEN.value)),
            When(Q(actual_start_date__isnull=True) | ~in_statistics(model), then=Value(Light.GRAY.value)),
            When(enrolled(model, Q(excuse=ExcuseState.GRANTED)), then=Value(Light.GREEN.value)),
            When(actual_start_date__gte=started_within(today, rules.stat_yellow), then=Value(Light.GREEN.value)),
            When(actual_start_date__gte=started_within(today, rules.stat_red), then=Value(Light.YELLOW.value)),
            default=Value(Light.RED.value),
        )
    )


def with_both_totals(projects: QuerySet, period: Period) -> QuerySet:
    """stat_ytd and dispatch_ytd (万元): what the statistics and the platform say of the year's months through `period`
    for which both have a figure; NULL when there is none."""
    months = rows_of(projects.model.monthly_entries, statistics__isnull=False).up_to(period).order_by()
    field = projects.model.monthly_entries.rel.related_model._meta.get_field("completed")
    sums = {
        name: Subquery(months.values("project").annotate(t=Sum(column)).values("t"), output_field=field)
        for name, column in (("stat_ytd", "statistics"), ("dispatch_ytd", "completed"))
    }
    return projects.annotate(**sums)


def differing(projects: QuerySet, period: Period) -> QuerySet:
    """Projects of which the statistics and the platform say different sums for the same months."""
    both = with_both_totals(projects.model._default_manager.all(), period)
    return projects.filter(pk__in=both.filter(stat_ytd__isnull=False).exclude(stat_ytd=F("dispatch_ytd")).values("pk"))


def due_to_enter(projects: QuerySet, today: date) -> QuerySet:
    """应入库: must enter, started, a full month has passed (the denominator of 纳统率). Left-out projects (退库、终止)
    do not count."""
    month_passed = Q(actual_start_date__lte=months_ago(today, GREEN_MONTHS))
    return projects.filter(month_passed, in_statistics(projects.model)).exclude(
        status__in=[Status.WITHDRAWN, Status.TERMINATED]
    )


def entered_of_due(projects: QuerySet, today: date) -> QuerySet:
    """The numerator of 纳统率: those of `due_to_enter` that are entered."""
    return due_to_enter(projects, today).filter(is_entered(projects.model))


def unenrolled(projects: QuerySet, today: date, months: int = GREEN_MONTHS) -> QuerySet:
    """Under way for more than `months` months, must enter, is not entered and has no approved reason."""
    model = projects.model
    late = projects.filter(in_statistics(model), actual_start_date__lt=started_within(today, months))
    waived = is_entered(model) | enrolled(model, Q(excuse=ExcuseState.GRANTED))
    return late.filter(status=Status.NORMAL).exclude(waived)


def unexplained(projects: QuerySet, today: date) -> QuerySet:
    """Of those unenrolled, the ones whose reason is still owed: nothing said, or refused."""
    told = enrolled(projects.model, Q(excuse=ExcuseState.ASKED) | Q(state=EnrolmentState.SUBMITTED))
    return unenrolled(projects, today).exclude(told)


def started_within(today: date, months: int) -> date:
    """The earliest start of which `months` months (clipped to the month's end) have not yet run out on `today`."""
    day = add_months(today, -months)
    while add_months(day, months) < today:
        day += timedelta(days=1)
    return day


def months_ago(today: date, months: int) -> date:
    """The latest day from which `months` full months (clipped to the month's end) have passed on `today`."""
    day = add_months(today, -months)
    while add_months(day + timedelta(days=1), months) <= today:
        day += timedelta(days=1)
    return day
