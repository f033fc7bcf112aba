"""Truths about catching up, and which projects stand on the automatic lists (features §4, 17)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import BigIntegerField, Count, F, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import LessThan

from common.db import exists_in, rows_of
from common.lights import WARNING
from common.periods import Period
from investment.catchup import BEST, LAST
from investment.querysets.enrolment import started_within
from projects.choices import Stage, Status

APPROVALS = ("FEASIBILITY", "RATIFY_DOC", "RECORD_DOC")  # 审批、核准、备案 (handbook §1.3)
MONTHS_BACK = 24  # of its own history, for what a project manages in a month
ZERO = Value(0, output_field=BigIntegerField())
GRACE_MONTHS = 1  # 开工 for longer than that and still not 建设


class CatchUpPlanQuerySet(QuerySet):
    """追赶计划."""

    def open(self) -> "CatchUpPlanQuerySet":
        """Not yet closed."""
        return self.filter(closed_on__isnull=True)


class CatchUpStepQuerySet(QuerySet):
    """周节点."""

    def missed(self, today: date) -> "CatchUpStepQuerySet":
        """Past their day and not done, of plans still open whose project is under way."""
        return self.filter(
            done_on__isnull=True,
            due_on__lt=today,
            plan__closed_on__isnull=True,
            plan__project__status=Status.NORMAL,
        )


class _SumOf(Subquery):
    """SQL: Σ of the column `amount` (whole 元) of a query that may be cut off; NULL of nothing."""

    template = "(SELECT SUM(amount) FROM (%(subquery)s) AS cut)"
    output_field = BigIntegerField()


def with_pace(projects: QuerySet, period: Period) -> QuerySet:
    """Of each project's months of the last two years through `period`: told_months, and best_sum and last_sum (元), the
    sums of the best and of the last three. Months that hold several are left out."""
    since = period.shift(1 - MONTHS_BACK)
    within = Q(year__gt=since.year) | Q(year=since.year, month__gte=since.month)
    until = Q(year__lt=period.year) | Q(year=period.year, month__lte=period.month)
    told = rows_of(projects.model.monthly_entries, covers_from__isnull=True).told().filter(within, until)
    amounts = told.annotate(amount=Cast("completed", BigIntegerField()))
    counted = told.order_by().values("project").annotate(n=Count("pk")).values("n")
    return projects.annotate(
        told_months=Coalesce(Subquery(counted), 0),
        best_sum=Coalesce(_SumOf(amounts.order_by("-amount").values("amount")[:BEST]), ZERO),
        last_sum=Coalesce(_SumOf(amounts.order_by("-year", "-month").values("amount")[:LAST]), ZERO),
    )


def behind_schedule(rows: QuerySet) -> QuerySet:
    """Of projects with the columns of `with_money`: planned, told, running, and less done than was due (欠序时)."""
    done = Cast(F("completed_to_date"), BigIntegerField())
    told = rows.filter(status=Status.NORMAL, target__gt=0, completed_to_date__isnull=False)
    return told.filter(LessThan(done * F("due_scale"), F("due_yuan")))


@dataclass(frozen=True, slots=True)
class Listed:
    """An automatic list. `narrow(projects, today)` takes projects with the columns of `with_lights`."""

    code: str
    label: str
    explanation: str
    narrow: Callable[[QuerySet, date], QuerySet]


def _approved_not_started(projects: QuerySet, today: date) -> QuerySet:
    papers = projects.model.evidence
    return projects.filter(
        exists_in(papers, code__in=APPROVALS, withdrawn_at__isnull=True),
        status=Status.NORMAL,
        stage__in=[Stage.PLANNING, Stage.RESERVE],
        actual_start_date__isnull=True,
    )


def _started_not_building(projects: QuerySet, today: date) -> QuerySet:
    return projects.filter(
        status=Status.NORMAL, stage=Stage.COMMENCED, actual_start_date__lt=started_within(today, GRACE_MONTHS)
    )


def _building_not_finished(projects: QuerySet, today: date) -> QuerySet:
    running = projects.filter(status=Status.NORMAL, stage__in=[Stage.COMMENCED, Stage.CONSTRUCTION])
    return running.filter(completed_on__isnull=True, planned_completion_to__lt=today)


def _should_start(projects: QuerySet, today: date) -> QuerySet:
    return projects.filter(status=Status.NORMAL, light_start__in=WARNING)


def _should_invest(projects: QuerySet, today: date) -> QuerySet:
    nothing = Q(completed_to_date__isnull=True) | Q(completed_to_date__lte=0)
    return projects.filter(nothing, status=Status.NORMAL, target__gt=0, due_yuan__gt=0)


def _should_enter(projects: QuerySet, today: date) -> QuerySet:
    return projects.filter(status=Status.NORMAL, light_stat__in=WARNING)


LISTS: tuple[Listed, ...] = (
    Listed("approved", "批而未开", "已取得审批、核准或备案，尚未开工", _approved_not_started),
    Listed("started", "开而未建", "开工一个月以上，未转入建设", _started_not_building),
    Listed("building", "建而未竣", "已过计划竣工时间，尚未竣工", _building_not_finished),
    Listed("should_start", "应开未开", "已过首次计划开工月，未开工且没有批准的延期理由", _should_start),
    Listed("should_invest", "应投未投", "时序已到，本年完成投资为零或没有填报", _should_invest),
    Listed("should_enter", "应统未统", "应入库纳统，开工满期未入库且没有认可的理由", _should_enter),
)
