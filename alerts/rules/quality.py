"""数据存疑: facts of a project that cannot all be right (handbook §10.20)."""

from collections.abc import Iterator
from datetime import date

from alerts.choices import Audience, Level, Severity
from alerts.rules import projects
from alerts.rules.base import Finding, Rule, Tuning, always
from investment.quality import FAULTS
from projects.models import Project


def find(today: date, tuning: Tuning) -> Iterator[Finding]:
    """Every fault of every project that is not withdrawn or terminated: one query per kind of fault."""
    for fault in FAULTS:
        for about, _ in projects.read(fault.find(Project.objects.active(), today)):
            yield Finding(
                subject=f"quality:{about['project_id']}:{fault.code}",
                severity=Severity.YELLOW,
                level=Level.REMIND,
                detail=fault.text,
                window=fault.code,
                **about,
            )


QUALITY = Rule(
    code="quality",
    name="数据存疑",
    section="数据存疑",
    explanation="项目的日期或金额互相矛盾：开工日期晚于今天、投产早于竣工、累计完成或年度计划超过总投资等。",
    find=find,
    cleared=projects.cleared(lambda project, subject: "数据已更正"),
    told=always(Audience.OFFICIAL, Audience.UNIT),
)
