"""月报未填: asked for before the closing day and on it, red after it (handbook §8.2, ux N12)."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Q
from django.urls import reverse

from alerts.choices import Level, Severity
from alerts.rules.base import CHUNK, RESPONSIBLE, Finding, Parameter, Rule, Tuning, always, key_of
from common import settings
from common.periods import Period
from common.workdays import due_text, work_calendar
from investment.models import MonthlyEntry, ReportReminder
from investment.querysets import unreported
from projects.models import Project

MONTHS_BACK = 12  # closed months that are still asked for


def find(today: date, tuning: Tuning) -> Iterator[Finding]:
    """Projects that owe the figure of a closed month (red), or of the open one shortly before it closes (yellow)."""
    calendar, closing_day = work_calendar(), settings.get("report_day")
    for period in _asked_for(today, tuning["workdays"]):
        due = period.due(closing_day, calendar)
        missed = due < today
        rows = unreported(Project.objects.all(), period).order_by("pk").values_list("pk", "name", "lead_unit_id")
        asked = _reminded(period) if rows else {}
        for pk, name, unit_id in rows:
            yield Finding(
                subject=f"report:{pk}:{period}",
                project_id=pk,
                unit_id=unit_id,
                severity=Severity.RED if missed else Severity.YELLOW,
                level=Level.REMIND,
                due_on=due,
                title=name,
                detail=f"{period.label}完成投资未填报，{due_text(due, today, calendar)}（{due} 截止）",
                path=reverse("projects:project_update", args=[pk]),
                window=("missed" if missed else "closing") + asked.get(unit_id, ""),
                reminder=int(due == today),
                facts={"period": str(period), "overdue_wd": max(calendar.between(due, today), 0)},
            )


def _reminded(period: Period) -> dict[int, str]:
    """Unit → a window of its own when the bureau has asked for the month (investment.actions.remind_units): people
    are told again."""
    rows = ReportReminder.objects.filter(year=period.year, month=period.month).order_by("on")
    return {unit: f":{on:%m%d}" for unit, on in rows.values_list("unit", "on")}


def _asked_for(today: date, workdays: int) -> list[Period]:
    """Closed months of the last year, and open ones that close within the set number of working days."""
    calendar, closing_day = work_calendar(), settings.get("report_day")
    closed = Period.last_closed(today, closing_day, calendar)
    periods = [closed.shift(-back) for back in range(MONTHS_BACK)]
    following = closed.next()
    while following <= Period.of(today):
        if calendar.between(today, following.due(closing_day, calendar)) <= workdays:
            periods.append(following)
        following = following.next()
    return periods


def cleared(subjects: list[str], today: date) -> dict[str, str]:
    """Why months are no longer asked for: told, or not owed any more."""
    told = set()
    for start in range(0, len(subjects), CHUNK):
        chunk = subjects[start : start + CHUNK]
        wanted = {subject.split(":")[2] for subject in chunk}
        months = Q()
        for period in map(Period.parse, wanted):
            months |= Q(year=period.year, month=period.month)
        entries = MonthlyEntry.objects.told().filter(months, project__in=[key_of(subject) for subject in chunk])
        told |= {f"report:{pk}:{Period(y, m)}" for pk, y, m in entries.values_list("project_id", "year", "month")}
    oldest = Period.last_closed(today, settings.get("report_day"), work_calendar()).shift(1 - MONTHS_BACK)
    return {subject: _reason(subject, subject in told, oldest) for subject in subjects}


def _reason(subject: str, is_told: bool, oldest: Period) -> str:
    period = Period.parse(subject.split(":")[2])
    if is_told:
        return f"{period.label}完成投资已填报"
    if period < oldest:
        return f"{period.label}已超过 {MONTHS_BACK} 个月，不再催报"
    return f"项目已不需要填报{period.label}数据（暂停、竣工、退库或无年度计划）"


REPORT_MISSING = Rule(
    code="report_missing",
    name="月报未填",
    section="月度投资未填报",
    explanation="应报项目在截止日前若干个工作日和截止当天提醒，截止后仍未填报转红，每月份只转红一次。",
    find=find,
    cleared=cleared,
    told=always(*RESPONSIBLE),
    parameters=(Parameter("workdays", "截止前", 3, "个工作日", most=20),),
)
