"""Sums of a group of projects, the same for list, cockpit and report. Sums are made before rounding (handbook §8.3)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from common.db import keys_of, rows_among
from common.fields import YUAN_PER_WAN
from common.lights import Light
from common.money import percent
from common.periods import Period
from common.rules import YELLOW_BELOW
from investment.choices import PlanSplit
from investment.models import MonthlyEntry, PlanVersion
from investment.querysets import owing_report

PLANNED = Q(target__gt=0)
SUMS = {  # of projects with the columns of `with_lights`, in the order of Money.add
    "n": Count("pk"),
    "total": Sum("total_investment"),
    "planned": Count("pk", filter=PLANNED),
    "year_target": Sum("target", filter=PLANNED),
    "year_done": Sum("completed_to_date", filter=PLANNED),
    "year_due": Sum("due_yuan", filter=PLANNED),
}


@dataclass
class Money:
    """Sums of a group: plan, done and scheduled-to-date, in 万元, unrounded."""

    projects: int = 0
    planned: int = 0  # projects with a plan
    total: Decimal = Decimal(0)
    target: Decimal = Decimal(0)
    done: Decimal = Decimal(0)
    scheduled: Decimal = Decimal(0)
    lights: Counter = field(default_factory=Counter)

    def add(self, line: Sequence[Any]) -> None:
        """Take in a line of `by_light`."""
        light, scale, projects, total, planned, target, done, due, *_ = line
        self.projects += projects
        self.total += total or 0
        self.lights[light] += projects
        self.planned += planned
        self.target += target or 0
        self.done += done or 0
        if due:
            self.scheduled += Decimal(due) / scale / YUAN_PER_WAN

    @property
    def rate(self) -> Decimal | None:
        """年度完成率, percent with one digit."""
        return percent(self.done, self.target)

    @property
    def scheduled_rate(self) -> Decimal | None:
        """时序进度 of the group, percent with one digit."""
        return percent(self.scheduled, self.target)

    @property
    def to_schedule(self) -> Decimal | None:
        """达序时率, percent with one digit."""
        return percent(self.done, self.scheduled)

    @property
    def lead_pp(self) -> Decimal | None:
        """超/欠序时, points: subtracted exactly, rounded once (handbook §3.2)."""
        return percent(self.done - self.scheduled, self.target)

    @property
    def light(self) -> str:
        """The tone of the group's bar: yellow below the usual limit of a project's yellow, whatever the preset."""
        return Light.YELLOW if self.to_schedule is not None and self.to_schedule < YELLOW_BELOW else Light.GREEN


def freshness(projects: QuerySet, period: Period) -> dict:
    """{at, period, duty, told}: when a figure came last, how many owe one for the period, how many of them told it."""
    reported = MonthlyEntry.objects.told().of(period).filter(project=OuterRef("pk"))
    counts = owing_report(projects, period).aggregate(duty=Count("pk"), told=Count("pk", filter=Exists(reported)))
    return {"at": as_of(projects), "period": period, **counts}


def as_of(projects: QuerySet) -> datetime | None:
    """数据截至: when a figure of these projects came last."""
    entries = rows_among(MonthlyEntry.objects.order_by("-reported_at"), projects, "project")
    return entries.values_list("reported_at", flat=True).first()


def by_light(projects: QuerySet, *keys: str) -> list[tuple]:
    """Sums of projects with the columns of `with_lights`, by light and `keys`: lines for Money.add, followed by the
    keys. What is due is summed by its scale, so that it is divided once."""
    groups = projects.order_by().values("light", "due_scale", *keys).annotate(**SUMS)
    return list(groups.values_list("light", "due_scale", *SUMS, *keys))


def summarise(projects: QuerySet) -> Money:
    """The sums of projects with the columns of `with_lights`: one query."""
    money = Money()
    for line in by_light(projects):
        money.add(line)
    return money


def scheduled_by_month(projects: QuerySet, year: int) -> list[Decimal]:
    """累计时序 of a group through each of the twelve months (万元), each month by the versions then in force."""
    versions = PlanVersion.objects.filter(project__in=keys_of(projects), year=year, until_month__gt=0)
    even = versions.filter(split=PlanSplit.LINEAR, target__gt=0).order_by()
    groups = list(
        even.values_list("effective_month", "until_month", "start_month", "end_month").annotate(total=Sum("target"))
    )
    split = list(versions.exclude(cumulative=None).values_list("effective_month", "until_month", "cumulative"))
    through = []
    for month in range(1, 13):
        due = sum((total * elapsed(month, start, end) for since, until, start, end, total in groups
                   if since <= month <= until), Decimal(0))  # fmt: skip
        yuan = sum(cumulative[month - 1] for since, until, cumulative in split if since <= month <= until)
        through.append(due + Decimal(yuan) / YUAN_PER_WAN)
    return through


def elapsed(month: int, start: int, end: int) -> Decimal:
    """时序 as a share: whole months from `start` through `month`, of `start` through `end` (handbook §3.2)."""
    whole = end - start + 1
    return Decimal(min(max(month - start + 1, 0), whole)) / whole
