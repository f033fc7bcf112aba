"""长期无进展: a project under way of which nothing has been told for long."""

from collections.abc import Iterator
from datetime import date

from alerts.choices import Audience, Level, Severity
from alerts.rules import projects
from alerts.rules.base import RESPONSIBLE, Finding, Parameter, Rule, Tuning, always
from common.clock import SHANGHAI
from projects.models import Project


def find(today: date, tuning: Tuning) -> Iterator[Finding]:
    """Running projects without a progress report for the set number of days."""
    rows = Project.objects.stalled(today, tuning["days"]).with_last_report()
    for about, (last,) in projects.read(rows, "last_reported_at"):
        since = f"最近一次进展报于 {last.astimezone(SHANGHAI):%Y-%m-%d}" if last else "从未报送进展"
        yield Finding(
            subject=f"stalled:{about['project_id']}",
            severity=Severity.YELLOW,
            level=Level.REMIND,
            detail=f"已超过 {tuning['days']} 天没有报送进展，{since}",
            window="stalled",
            **about,
        )


def _reason(project: Project, subject: str) -> str:
    return f"项目已于 {project.completed_on} 竣工" if project.completed_on else "已报送进展"


STALLED = Rule(
    code="stalled",
    name="长期无进展",
    section="长期无进展",
    explanation="开工、建设阶段的项目在设定的天数内没有报送过进展，每两周提醒一次，同时通知责任单位。",
    find=find,
    cleared=projects.cleared(_reason),
    told=always(*RESPONSIBLE, Audience.UNIT),
    repeat_days=14,
    parameters=(Parameter("days", "无进展满", 60, "天", least=7),),
)
