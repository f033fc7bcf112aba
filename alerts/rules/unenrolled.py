"""应统未统: started and not in the statistics; yellow after one month, red after two (features §2.2, handbook §3.4)."""

from collections.abc import Iterator
from datetime import date

from alerts.choices import Audience, Level, Severity
from alerts.rules import projects
from alerts.rules.base import RESPONSIBLE, WEEK, Finding, Parameter, Rule, Tuning
from investment.querysets.enrolment import unenrolled
from projects.models import Project

TOLD = {Level.REMIND: RESPONSIBLE, Level.SUPERVISE: (*RESPONSIBLE, Audience.UNIT, Audience.LEADER)}


def find(today: date, tuning: Tuning) -> Iterator[Finding]:
    """Projects under way for longer than the set months that must enter the statistics and have not."""
    late = set(unenrolled(Project.objects.all(), today, tuning["red"]).values_list("pk", flat=True))
    rows = unenrolled(Project.objects.all(), today, tuning["yellow"])
    for about, (started,) in projects.read(rows, "actual_start_date"):
        red = about["project_id"] in late
        yield Finding(
            subject=f"unenrolled:{about['project_id']}",
            severity=Severity.RED if red else Severity.YELLOW,
            level=Level.SUPERVISE if red else Level.REMIND,
            detail=f"{started} 开工，已满 {tuning['red' if red else 'yellow']} 个月，尚未入库纳统",
            window="red" if red else "yellow",
            **about,
        )


UNENROLLED = Rule(
    code="unenrolled",
    name="应统未统",
    section="应统未统",
    explanation="开工满一个月尚未入库纳统亮黄灯，满两个月亮红灯；转红同时通知责任单位和包联领导。有批准的未纳统原因的不提醒。",
    find=find,
    cleared=projects.cleared(lambda project, subject: "已入库纳统，或已批准未纳统原因"),
    told=lambda level: TOLD[level],
    repeat_days=WEEK,
    parameters=(
        Parameter("yellow", "黄灯：开工满", 1, "个月", least=1, most=12),
        Parameter("red", "红灯：开工满", 2, "个月", least=1, most=24),
    ),
)
