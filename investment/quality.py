"""Facts of a project that cannot all be right (dq.*, handbook §10.20): soft warnings, each one expression in SQL."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, QuerySet

from common.periods import Period
from investment.models import AnnualPlan
from investment.querysets import with_since_start
from projects.choices import Stage


@dataclass(frozen=True, slots=True)
class Fault:
    """`find(projects, today)` narrows to those that have it."""

    code: str
    text: str
    find: Callable[[QuerySet, date], QuerySet]


def _over_total(projects: QuerySet, today: date) -> QuerySet:
    """开工以来累计 exceeds the total investment."""
    return with_since_start(projects, Period.of(today)).filter(since_start__gt=F("total_investment"))


def _plan_over_total(projects: QuerySet, today: date) -> QuerySet:
    plans = AnnualPlan.objects.filter(year=today.year, target__gt=F("project__total_investment"))
    return projects.filter(pk__in=plans.values("project"))


FAULTS: tuple[Fault, ...] = (
    Fault("future_start", "实际开工日期晚于今天", lambda rows, today: rows.filter(actual_start_date__gt=today)),
    Fault(
        "production_first",
        "投产日期早于竣工日期",
        lambda rows, today: rows.filter(production_date__lt=F("completed_on")),
    ),
    Fault(
        "no_total",
        "已开工而没有总投资",
        lambda rows, today: rows.filter(
            stage__in=[Stage.COMMENCED, Stage.CONSTRUCTION, Stage.PRODUCTION], total_investment=None
        ),
    ),
    Fault("over_total", "累计完成投资超过总投资", _over_total),
    Fault("plan_over_total", "本年计划超过总投资", _plan_over_total),
)
