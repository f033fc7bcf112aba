"""工作日历未维护: deadlines are about to be counted over a year that nobody announced (handbook §8.1)."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.urls import reverse

from alerts.choices import Audience, Level, Severity
from alerts.rules.base import Finding, Parameter, Rule, Tuning, always
from common.workdays import work_calendar


def find(today: date, tuning: Tuning) -> Iterator[Finding]:
    """The year that begins within the set number of days, where its days are only estimated."""
    ahead = today + timedelta(days=tuning["days"])
    if work_calendar().basis(ahead) != "official":
        yield Finding(
            subject=f"calendar:{ahead.year}",
            severity=Severity.YELLOW,
            level=Level.REMIND,
            due_on=date(ahead.year - 1, 12, 31),
            title=f"{ahead.year}年工作日历",
            detail="放假和调休安排还没有录入，期限和逾期按推算的节假日计",
            path=reverse("accounts:calendar"),
            window="missing",
        )


CALENDAR_MISSING = Rule(
    code="calendar_missing",
    name="工作日历未维护",
    section="工作日历未维护",
    explanation="下一年度临近，而国务院办公厅的放假安排还没有录入工作日历。",
    find=find,
    cleared=lambda subjects, today: dict.fromkeys(subjects, "放假安排已录入"),
    told=always(Audience.BUREAU),
    repeat_days=7,
    parameters=(Parameter("days", "年前", 30, "天", least=1, most=120),),
)
