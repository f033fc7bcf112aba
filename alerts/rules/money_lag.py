"""投资滞后: the progress light of the last closed month is yellow or red (decisions §2, features §2.2)."""

from collections.abc import Iterator
from datetime import date

from alerts.choices import Audience, Level, Severity
from alerts.rules import projects
from alerts.rules.base import RESPONSIBLE, Finding, Rule, Tuning
from common.lights import WARNING, Light
from common.money import percent
from investment.lights import closed_period, with_money
from projects.models import Project

TOLD = {Level.REMIND: RESPONSIBLE, Level.SUPERVISE: (*RESPONSIBLE, Audience.UNIT, Audience.LEADER)}


def find(today: date, tuning: Tuning) -> Iterator[Finding]:
    """Running projects behind their schedule. Yellow: the owner acts; red: unit and leader are told."""
    period = closed_period(today)
    rows = with_money(Project.objects.running(), period).filter(light_progress__in=WARNING)
    figures = ("light_progress", "target", "completed_to_date", "due_part", "due_whole")
    for about, (light, target, done, part, whole) in projects.read(rows, *figures):
        red = light == Light.RED
        rate = percent(done, target * part / whole)
        yield Finding(
            subject=f"lag:{about['project_id']}",
            severity=Severity.RED if red else Severity.YELLOW,
            level=Level.SUPERVISE if red else Level.REMIND,
            detail=f"截至{period.label}，达序时率 {rate}%，完成年度计划 {percent(done, target)}%",
            window=f"{light}:{period}",
            facts={"period": str(period), "rate": str(rate)},
            **about,
        )


def _reason(project: Project, subject: str) -> str:
    return f"项目已于 {project.completed_on} 竣工" if project.completed_on else "投资进度已回到序时以内"


MONEY_LAG = Rule(
    code="money_lag",
    name="投资滞后",
    section="投资滞后",
    explanation="最近一个已截止月份的投资进度灯为黄或红，每个月份通知一次；红灯同时通知责任单位和包联领导。",
    find=find,
    cleared=projects.cleared(_reason),
    told=lambda level: TOLD[level],
)
