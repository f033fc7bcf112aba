"""储备久置: a year in the library without moving on (handbook §1.2); a meeting decides."""

from collections.abc import Iterator
from datetime import date

from alerts.choices import Audience, Level, Severity
from alerts.rules import projects
from alerts.rules.base import RESPONSIBLE, Finding, Rule, Tuning, always
from projects.models import Project


def find(today: date, tuning: Tuning) -> Iterator[Finding]:
    """Projects of the library that rest for too long (site setting withdraw_stale_months)."""
    for about, (since,) in projects.read(Project.objects.stale_reserve(today), "stage_since"):
        yield Finding(
            subject=f"reserve:{about['project_id']}",
            severity=Severity.YELLOW,
            level=Level.REMIND,
            detail=f"{since} 起在储备库，没有转开工，请提出保留、调整或退库意见",
            window="stale",
            **about,
        )


STALE_RESERVE = Rule(
    code="stale_reserve",
    name="储备久置",
    section="储备久置",
    explanation="入储备库满十二个月没有转开工，也没有会议决定保留，每月提醒一次。",
    find=find,
    cleared=projects.cleared(lambda project, subject: "已转开工、退库，或会议决定保留"),
    told=always(*RESPONSIBLE, Audience.UNIT, Audience.BUREAU),
    repeat_days=30,
)
