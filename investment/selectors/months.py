"""Reads of the monthly reporting: the grid of an official, what waits for review, who still owes figures."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.urls import reverse

from accounts.models import Unit, User
from accounts.roles import Can
from common import settings
from common.money import percent, wan_column
from common.periods import BadPeriod, Period
from common.workdays import due_text, work_calendar
from investment.actions.reporting import COMPOSITION, locks_on
from investment.choices import EntryState
from investment.models import MonthlyEntry, ReportDraft, ReportReminder
from investment.month_form import MonthFacts, MonthForm, facts_of, oddities
from investment.querysets import owing_report, unreported
from projects.models import Project

PER_PAGE = 50
MONTHS_BACK = 11
WAITING = (EntryState.SUBMITTED, EntryState.REVIEWED)
REVIEW_TABS = {
    "waiting": "待审核",
    "reviewed": "单位已复核",
    "accepted": "已审定",
    "returned": "已退回",
    "all": "全部",
}


def asked_period(text: str | None, today: date) -> Period:
    """The month asked for, when it lies within the last twelve; else the month of today."""
    current = Period.open_for_report(today)
    try:
        asked = Period.parse(text or "")
    except BadPeriod:
        return current
    return asked if 0 <= current.months_since(asked) <= MONTHS_BACK else current


def window(period: Period, today: date) -> dict[str, Any]:
    """The reporting window of a month, in words: when it closes, when it locks, and the months to choose from."""
    calendar = work_calendar()
    due = period.due(settings.get("report_day"), calendar)
    current = Period.open_for_report(today)
    return {
        "period": period,
        "due": due,
        "due_word": due_text(due, today, calendar),
        "late": today > due,
        "locks": locks_on(period),
        "locked": today > locks_on(period),
        "months": [current.shift(-back) for back in range(MONTHS_BACK + 1)],
    }


# --- the grid ---------------------------------------------------------------------------------------------------------
@dataclass
class GridRow:
    """A project's row: its form, what stands beside it, and what came of sending it."""

    project: Project
    form: MonthForm
    facts: MonthFacts
    planned: Decimal | None
    locked: bool
    odd: tuple[str, ...] = ()
    conflict: str = ""
    errors: list[str] = field(default_factory=list)

    @property
    def entry(self) -> MonthlyEntry | None:
        return self.facts.entry

    def says(self, *names: str) -> bool:
        """Whether any of these fields is filled in or wrong."""
        return any(self.form[name].value() or self.form[name].errors for name in names)

    @property
    def unfolded(self) -> bool:
        """Whether a phone shows more of the row than the month's figure."""
        return self.says(*COMPOSITION, "corrects", "note") or bool(self.form["statistics"].errors)

    @property
    def is_typed(self) -> bool:
        """Whether the row stood on the page that was sent, open, with something else in it than before."""
        sent = self.form.add_prefix("completed") in self.form.data
        return sent and not self.locked and self.form.has_changed()


def grid_projects(user: User, period: Period) -> QuerySet:
    """The projects whose month the person may report: those under way, and those that have a figure already."""
    mine = Project.objects.editable_by(user, Can.REPORT).select_related("lead_unit")
    told = MonthlyEntry.objects.of(period).values("project")
    running = Project.objects.running().values("pk")
    return mine.filter(Q(pk__in=running) | Q(pk__in=told)).order_by("lead_unit__order", "lead_unit", "name", "pk")


def grid_page(user: User, period: Period, number: str | None) -> Page:
    """One page of the grid's projects."""
    return Paginator(grid_projects(user, period), PER_PAGE).get_page(number)


def grid_rows(projects: list[Project], period: Period, today: date, data: Any = None) -> list[GridRow]:
    """Rows with their forms, bound when something was sent."""
    facts = facts_of(projects, period, today)
    rows = []
    for project in projects:
        one = facts[project.pk]
        form = MonthForm(data, project=project, period=period, facts=one, prefix=f"p{project.pk}", required=False)
        months = one.plan.months if one.plan else None
        planned = months[period.month - 1] if months else None
        rows.append(GridRow(project, form, one, planned, locked=one.locked(period, today)))
    return rows


def restore(rows: list[GridRow], user: User, period: Period) -> Any:
    """Fill unbound rows with what the person had typed; when that was, None without a draft."""
    draft = ReportDraft.objects.filter(user=user, year=period.year, month=period.month).first()
    if draft is None:
        return None
    for row in rows:
        if not row.locked:
            row.form.initial |= draft.rows.get(str(row.project.pk), {})
    return draft.saved_at


# --- review -----------------------------------------------------------------------------------------------------------
def review_entries(user: User, period: Period, state: str) -> QuerySet:
    """The month's figures that the person may review, in a state: waiting, returned, accepted or all."""
    mine = Project.objects.editable_by(user, Can.REVIEW_FIGURES).values("pk")
    entries = MonthlyEntry.objects.of(period).filter(project__in=mine)
    return entries.filter(_states(user, state)).select_related("project__lead_unit", "reported_by", "decided_by")


def _states(user: User, state: str) -> Q:
    if state == "waiting":
        return Q(state__in=WAITING if user.may(Can.DECIDE_FIGURES) else [EntryState.SUBMITTED])
    return Q(state=state) if state in EntryState.values else Q()


def review_tabs(user: User, period: Period, state: str) -> list[dict[str, Any]]:
    """Links with counts, one query."""
    mine = Project.objects.editable_by(user, Can.REVIEW_FIGURES).values("pk")
    entries = MonthlyEntry.objects.of(period).filter(project__in=mine)
    each = {f"n_{code}": Count("pk", filter=_states(user, code) or Q(pk__gt=0)) for code in REVIEW_TABS}
    counts = entries.aggregate(**each)
    here = reverse("investment:month_review")
    return [
        {
            "label": label,
            "url": f"{here}?period={period}&state={code}",
            "active": code == state,
            "count": counts[f"n_{code}"],
        }
        for code, label in REVIEW_TABS.items()
    ]


def review_rows(entries: list[MonthlyEntry], period: Period, today: date) -> list[dict[str, Any]]:
    """Each figure with last month, the month's plan and the year beside it."""
    projects = [entry.project for entry in entries]
    facts = facts_of(projects, period, today)
    rows = []
    for entry in entries:
        one = facts[entry.project_id]
        months = one.plan.months if one.plan else None
        total = one.before + entry.completed
        rows.append(
            {
                "entry": entry,
                "project": entry.project,
                "last": one.last,
                "planned": months[period.month - 1] if months else None,
                "total": total,
                "rate": percent(total, one.plan.target) if one.plan else None,
                "composition": _composition(entry),
                "odd": oddities(entry.project, one, entry.completed, (entry.works, entry.equipment, entry.other_costs)),
                "corrects": entry.corrects,
            }
        )
    return rows


def _composition(entry: MonthlyEntry) -> str:
    if entry.works is None:
        return ""
    parts = (("建安", entry.works), ("设备", entry.equipment), ("其他", entry.other_costs))
    return "，".join(f"{name} {wan_column(amount)}" for name, amount in parts)


# --- who reported -----------------------------------------------------------------------------------------------------
KINDS = {"owed": "应报", "told": "已报", "missing": "未报", "late": "迟报", "returned": "退回待改"}


def status_projects(user: User, period: Period, kind: str) -> QuerySet:
    """The visible projects behind a number of the status page."""
    visible = Project.objects.visible_to(user)
    owing = owing_report(visible, period)
    entries = MonthlyEntry.objects.of(period)
    told = entries.told().values("project")
    if kind == "told":
        return owing.filter(pk__in=told)
    if kind == "missing":
        return unreported(visible, period)
    if kind == "late":
        return owing.filter(pk__in=entries.told().filter(late_workdays__gt=0).values("project"))
    if kind == "returned":
        return owing.filter(pk__in=entries.filter(state=EntryState.RETURNED).values("project"))
    return owing


def status_units(user: User, period: Period) -> list[dict[str, Any]]:
    """Per unit: {unit, owed, told, missing, late, returned, reminded (date)}; six queries however many units."""
    counts: dict[int, dict[str, Any]] = {}
    for kind in KINDS:
        rows = status_projects(user, period, kind).order_by().values_list("lead_unit").annotate(n=Count("pk"))
        for unit, n in rows:
            counts.setdefault(unit, dict.fromkeys(KINDS, 0))[kind] = n
    reminders = ReportReminder.objects.filter(year=period.year, month=period.month).order_by().values_list("unit")
    reminded = dict(reminders.annotate(on=Max("on")))
    units = Unit.objects.filter(pk__in=counts).order_by("order", "pk")
    return [{"unit": unit, "reminded": reminded.get(unit.pk), **counts[unit.pk]} for unit in units]


def status_rows(projects: QuerySet, period: Period) -> QuerySet:
    """Projects of the status page with the figure, when it came and how late."""
    own = MonthlyEntry.objects.of(period).filter(project=OuterRef("pk"))
    columns = ("completed", "reported_at", "late_workdays", "state", "decision_note")
    rows = projects.select_related("lead_unit").with_people()
    return rows.annotate(**{f"month_{name}": Subquery(own.values(name)[:1]) for name in columns}).order_by(
        "lead_unit__order", "lead_unit", "name", "pk"
    )


def month_total(user: User, period: Period) -> dict[str, Decimal]:
    """调度数 and 统计数 of the month over the visible projects, and how far they are apart (万元)."""
    entries = MonthlyEntry.objects.told().of(period).filter(project__in=Project.objects.visible_to(user).values("pk"))
    sums = entries.aggregate(dispatch=Sum("completed"), statistics=Sum("statistics"))
    dispatch, statistics = sums["dispatch"] or Decimal(0), sums["statistics"] or Decimal(0)
    return {"dispatch": dispatch, "statistics": statistics, "gap": dispatch - statistics}
