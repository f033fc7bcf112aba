"""投产: announced before the planned date, red after it."""

from collections.abc import Iterator
from datetime import date

from alerts.choices import Audience, Level, Severity
from alerts.rules import projects
from alerts.rules.base import RESPONSIBLE, WEEK, Finding, Parameter, Rule, Tuning, always
from common.workdays import due_text, work_calendar
from projects.choices import Stage
from projects.models import Project


def find_due(today: date, tuning: Tuning) -> Iterator[Finding]:
    """Projects that are planned to produce within the set number of working days."""
    rows = Project.objects.production_due_within(today, work_calendar(), tuning["workdays"])
    return _findings(rows, today, Severity.YELLOW, "due")


def find_missed(today: date, tuning: Tuning) -> Iterator[Finding]:
    """Projects whose planned date of production has passed."""
    return _findings(Project.objects.production_missed(today), today, Severity.RED, "missed")


def _findings(rows, today: date, severity: Severity, window: str) -> Iterator[Finding]:
    calendar = work_calendar()
    for about, (due,) in projects.read(rows, "planned_production_to"):
        yield Finding(
            subject=f"production:{about['project_id']}",
            severity=severity,
            level=Level.REMIND,
            due_on=due,
            detail=f"计划 {due} 前投产，{due_text(due, today, calendar)}",
            window=f"{window}:{due}",
            **about,
        )


def _reason(project: Project, subject: str) -> str:
    if project.stage == Stage.PRODUCTION:
        return f"项目已于 {project.production_date} 投产"
    return f"计划投产时间为 {project.planned_production_to or '未定'}"


PRODUCTION_DUE = Rule(
    code="production_due",
    name="临近计划投产",
    section="即将投产",
    explanation="在建项目的计划投产日期在设定的工作日数内，每个日期提醒一次。",
    find=find_due,
    cleared=projects.cleared(_reason),
    told=always(*RESPONSIBLE),
    parameters=(Parameter("workdays", "提前", 20, "个工作日", most=120),),
    duty=False,
)
PRODUCTION_MISSED = Rule(
    code="production_missed",
    name="应投未投",
    section="应投未投",
    explanation="计划投产日期已过而未投产，每周提醒一次，同时通知包联领导。",
    find=find_missed,
    cleared=projects.cleared(_reason),
    told=always(*RESPONSIBLE, Audience.LEADER),
    repeat_days=WEEK,
)
