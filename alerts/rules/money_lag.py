"""投资滞后: the progress light of the last closed month is yellow or red, for how many months on end (decisions §2).

Lights on end climb the ladder (features §2.2): a red or repeated yellows 督办, reds on end 约谈, then 通报.
"""

from collections.abc import Iterator
from datetime import date

from alerts.choices import Audience, Level, Severity
from alerts.rules import projects
from alerts.rules.base import CLIMB, Finding, Parameter, Rule, Tuning
from common.lights import WARNING, Light
from common.money import percent
from common.periods import Period
from investment.lights import closed_period, lagging
from projects.models import Project

TOLD = CLIMB | {Level.SUPERVISE: (*CLIMB[Level.SUPERVISE], Audience.LEADER)}  # a red reaches the leader at once


def find(today: date, tuning: Tuning) -> Iterator[Finding]:
    """Running projects behind their schedule, each on the rung of its months on end."""
    period = closed_period(today)
    columns = ("light_progress", "target", "completed_to_date", "due_part", "due_whole")
    rows = list(projects.read(lagging(Project.objects.running(), period), *columns))
    before = [_lights(period.shift(-back)) for back in range(1, max(tuning.values()))] if rows else []
    for about, (light, target, done, part, whole) in rows:
        told = [light, *(month.get(about["project_id"], "") for month in before)]
        level = _level(told, tuning)
        red = light == Light.RED
        reds = _on_end(told, (Light.RED,))
        rate = percent(done, target * part / whole)
        again = f"，连续 {reds} 个月红灯" if reds > 1 else ""
        yield Finding(
            subject=f"lag:{about['project_id']}",
            severity=Severity.RED if red else Severity.YELLOW,
            level=level,
            detail=f"截至{period.label}，达序时率 {rate}%，完成年度计划 {percent(done, target)}%{again}",
            window=f"{light}:{period}",
            facts={"period": str(period), "rate": str(rate), "reds": reds},
            **about,
        )


def _lights(period: Period) -> dict[int, str]:
    """project → its light of a month, where it is yellow or red."""
    rows = lagging(Project.objects.running(), period)
    return dict(rows.order_by().values_list("pk", "light_progress"))


def _on_end(told: list[str], lights: tuple[str, ...]) -> int:
    """For how many months on end, from the last one back, the light was one of `lights`."""
    for months, light in enumerate(told):
        if light not in lights:
            return months
    return len(told)


def _level(told: list[str], tuning: Tuning) -> Level:
    reds = _on_end(told, (Light.RED,))
    if reds >= tuning["bulletin"]:
        return Level.BULLETIN
    if reds >= tuning["interview"]:
        return Level.INTERVIEW
    if reds or _on_end(told, WARNING) >= tuning["supervise"]:
        return Level.SUPERVISE
    return Level.REMIND


def _reason(project: Project, subject: str) -> str:
    return f"项目已于 {project.completed_on} 竣工" if project.completed_on else "投资进度已回到序时以内"


MONEY_LAG = Rule(
    code="money_lag",
    name="投资滞后",
    section="投资滞后",
    explanation="最近一个已截止月份的投资进度灯为黄或红，每个月份通知一次。红灯或连续黄灯督办并通知包联领导，"
    "连续红灯约谈，再连续红灯通报。",
    find=find,
    cleared=projects.cleared(_reason),
    told=lambda level: TOLD[level],
    parameters=(
        Parameter("supervise", "督办：连续黄灯", 2, "个月", least=1, most=12),
        Parameter("interview", "约谈：连续红灯", 2, "个月", least=1, most=12),
        Parameter("bulletin", "通报：连续红灯", 3, "个月", least=1, most=12),
    ),
)
