"""Truths about the reserve library, in SQL: maturity, size, what has not moved (handbook §3.5, §1.2)."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from common import settings
from common.periods import Period
from projects.choices import BatchKind, Stage, Status, Verdict
from projects.gates import DEMANDS, flags_of
from projects.lifecycle import COMMENCED

LARGE = Decimal(10_000)  # 万元: ≥ 1 亿元
AT_THE_START = "COMMENCE_EVIDENCE"  # comes into being with the start itself: no measure of maturity
PAPERS = tuple(demand for demand in DEMANDS[COMMENCED] if demand.code != AT_THE_START)


class ReserveTruths(QuerySet):
    """Joined to the project's queryset."""

    def in_reserve(self) -> QuerySet:
        """What the library holds: in 储备, neither withdrawn nor terminated."""
        return self.filter(stage=Stage.RESERVE, status__in=[Status.NORMAL, Status.SUSPENDED])

    def with_maturity(self, today: date) -> QuerySet:
        """papers_needed and papers_held: what the gate of 开工 asks of the project, and what of it is at hand (a paper
        replaced by 容缺受理 counts as held)."""
        needed: Any = Value(0)
        held: Any = Value(0)
        for demand in PAPERS:
            flags = flags_of(demand, self.model, today)
            need, has, waived = (flags[f"{word}_{demand.code}"] for word in ("need", "has", "waived"))
            needed = needed + _one(Q(need))
            held = held + _one(Q(need) & (Q(has) | Q(waived)))
        return self.annotate(papers_needed=needed, papers_held=held)

    def mature(self, today: date) -> QuerySet:
        """Projects of the library that could start at any time: nothing is lacking but the start itself."""
        rows = self.in_reserve().with_demands(COMMENCED, today)
        for demand in PAPERS:
            rows = rows.filter(
                Q(**{f"need_{demand.code}": False})
                | Q(**{f"has_{demand.code}": True})
                | Q(**{f"waived_{demand.code}": True})
            )
        return rows

    def large(self) -> QuerySet:
        """Projects of 1 亿元 or more."""
        return self.filter(total_investment__gte=LARGE)

    def stale_reserve(self, today: date) -> QuerySet:
        """Projects that entered the library long ago (withdraw_stale_months) and have not moved on, unless a meeting
        has decided since then that they stay. Suspended ones rest."""
        months = settings.get("withdraw_stale_months")
        limit = _months_before(today, months)
        proposals = self.model.reserve_proposals.rel.related_model.objects
        kept = proposals.filter(
            project=OuterRef("pk"),
            batch__kind=BatchKind.ADJUST,
            batch__closed_at__isnull=False,
            batch__meeting_on__gt=limit,
            verdict__in=[Verdict.REFUSED, Verdict.DEFERRED],
        )
        entered = Q(reserved_at__lte=limit) | Q(reserved_at__isnull=True, stage_since__lte=limit)
        return self.filter(~Exists(kept), entered, stage=Stage.RESERVE, status=Status.NORMAL)

    def planned_to(self, kind: str, year: int, *, done: bool = False) -> QuerySet:
        """Projects that mean to be completed ("complete") or produce ("produce") in a year; `done`: those that have, by
        its end. 竣工率 and 投产率 divide the second by the first (handbook §3.5)."""
        planned, fact = {
            "complete": ("planned_completion_to", "completed_on"),
            "produce": ("planned_production_to", "production_date"),
        }[kind]
        rows = self.filter(**{f"{planned}__year": year})
        return rows.filter(**{f"{fact}__year__lte": year}) if done else rows

    def converted(self, first: date, last: date) -> QuerySet:
        """Projects that went from 储备 to 开工 between two days, whatever became of them since."""
        return self.filter(pk__in=self._moved("commence", first, last))

    def in_reserve_on(self, day: date) -> QuerySet:
        """Projects that stood in 储备 at the end of a day, by their recorded moves."""
        changes = self.model.stage_changes.rel.related_model.objects
        last = changes.filter(project=OuterRef("pk"), on__lte=day).order_by("-on", "-pk").values("after")[:1]
        return self.annotate(stood=last).filter(stood=Stage.RESERVE)

    def _moved(self, edge: str, first: date, last: date, **where: Any) -> QuerySet:
        changes = self.model.stage_changes.rel.related_model.objects
        return changes.filter(edge=edge, on__range=(first, last), **where).values("project")

    def entered_reserve(self, first: date, last: date) -> QuerySet:
        """Projects admitted between two days, or loaded from a list as standing in 储备."""
        loaded = Q(pk__in=self._moved("baseline", first, last, after=Stage.RESERVE))
        return self.filter(Q(pk__in=self._moved("admit_to_reserve", first, last)) | loaded)

    def left_reserve(self, first: date, last: date) -> QuerySet:
        """Projects that left the library between two days without starting: 退库, 终止, 退回谋划."""
        changes = self.model.stage_changes.rel.related_model.objects
        left = changes.filter(
            edge__in=["withdraw", "terminate", "send_back"], before=Stage.RESERVE, on__range=(first, last)
        )
        return self.filter(pk__in=left.values("project"))


def _one(condition: Q) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())


def _months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last of that month."""
    month = Period.of(day).shift(-months)
    return min(month.last_day(), month.first_day().replace(day=min(day.day, month.last_day().day)))
