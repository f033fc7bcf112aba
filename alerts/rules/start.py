"""开工: announced before the planned date; yellow and red as the start light says (features §2.2, rule light.start)."""

from collections.abc import Iterator
from datetime import date

from alerts.choices import Audience, Level, Severity
from alerts.rules import projects
from alerts.rules.base import RESPONSIBLE, WEEK, Finding, Parameter, Rule, Tuning, always
from common.lights import WARNING, Light
from common.workdays import due_text, work_calendar
from projects.models import Project

TOLD_OF = {
    Severity.YELLOW: Level.REMIND,  # the owner acts
    Severity.RED: Level.SUPERVISE,  # unit and leader are told
}
MISSED_TOLD = {Level.REMIND: RESPONSIBLE, Level.SUPERVISE: (*RESPONSIBLE, Audience.UNIT, Audience.LEADER)}


def find_due(today: date, tuning: Tuning) -> Iterator[Finding]:
    """Projects that are planned to start within the set number of working days."""
    calendar = work_calendar()
    rows = Project.objects.start_due_within(today, calendar, tuning["workdays"])
    for about, (due,) in projects.read(rows, "planned_start_to"):
        yield Finding(
            subject=f"start:{about['project_id']}",
            severity=Severity.YELLOW,
            level=Level.REMIND,
            due_on=due,
            detail=f"计划 {due} 前开工，{due_text(due, today, calendar)}",
            window=f"due:{due}",
            **about,
        )


def find_missed(today: date, tuning: Tuning) -> Iterator[Finding]:
    """Projects whose start light is yellow or red, judged by the first planned month (handbook §10.15)."""
    rows = Project.objects.active().with_start_light(today).filter(light_start__in=WARNING, status="normal")
    for about, (light, first) in projects.read(rows, "light_start", "baseline_start_to"):
        severity = Severity.RED if light == Light.RED else Severity.YELLOW
        yield Finding(
            subject=f"start:{about['project_id']}",
            severity=severity,
            level=TOLD_OF[severity],
            due_on=first,
            detail=f"首次计划 {first.year}年{first.month}月开工，尚未开工",
            window=f"light:{severity}",
            **about,
        )


def _reason(project: Project, subject: str) -> str:
    if project.actual_start_date:
        return f"项目已于 {project.actual_start_date} 开工"
    if project.start_excuse:
        return f"已批准延期开工：{project.start_excuse}"
    return f"计划开工时间为 {project.planned_start_to or '未定'}"


START_DUE = Rule(
    code="start_due",
    name="临近计划开工",
    section="即将开工",
    explanation="谋划、储备项目的计划开工日期在设定的工作日数内，每个日期提醒一次。",
    find=find_due,
    cleared=projects.cleared(_reason),
    told=always(*RESPONSIBLE),
    parameters=(Parameter("workdays", "提前", 10, "个工作日", most=120),),
    duty=False,
)
START_MISSED = Rule(
    code="start_missed",
    name="应开未开",
    section="应开未开",
    explanation="首次计划的开工月份已过而未开工亮黄灯，连续三个月亮红灯；转红时同时通知责任单位和包联领导。",
    find=find_missed,
    cleared=projects.cleared(_reason),
    told=lambda level: MISSED_TOLD[level],
    repeat_days=WEEK,
)
