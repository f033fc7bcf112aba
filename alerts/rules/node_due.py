"""节点将到期: told once per due date, a few working days ahead (handbook §6.2, L1)."""

from collections.abc import Iterator
from datetime import date

from alerts.choices import Level, Severity
from alerts.rules import nodes
from alerts.rules.base import RESPONSIBLE, Finding, Parameter, Rule, Tuning, always
from common.workdays import due_text, work_calendar
from projects.models import Milestone


def find(today: date, tuning: Tuning) -> Iterator[Finding]:
    """Open nodes due from today on within the set number of working days."""
    calendar = work_calendar()
    for node in nodes.read(Milestone.objects.due_within(today, calendar, tuning["workdays"])):
        yield Finding(
            subject=node.subject,
            project_id=node.project_id,
            unit_id=node.unit_id,
            severity=Severity.YELLOW,
            level=Level.REMIND,
            due_on=node.due_on,
            title=node.project_name,
            detail=f"{node.name}须于 {node.due_on} 前完成，{due_text(node.due_on, today, calendar)}",
            path=node.path,
            window=f"due:{node.due_on}",
            facts={"node": node.code, "name": node.name, "left_wd": calendar.between(today, node.due_on)},
        )


NODE_DUE = Rule(
    code="node_due",
    name="节点将到期",
    section="即将到期",
    explanation="关键节点在设定的工作日数内到期（含到期当天），每个到期日提醒一次。",
    find=find,
    cleared=nodes.cleared,
    told=always(*RESPONSIBLE),
    parameters=(Parameter("workdays", "提前", 3, "个工作日", most=60),),
)
