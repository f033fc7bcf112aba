"""节点逾期: red from the first day after the due date, climbing the ladder by working days (decisions §3, §10)."""

from collections.abc import Iterator
from datetime import date

from alerts.choices import Level, Severity
from alerts.rules import nodes
from alerts.rules.base import CLIMB, WEEK, Finding, Rule, Tuning, thresholds
from common.escalation import escalation_level
from common.workdays import due_text, work_calendar
from projects.models import Milestone


def find(today: date, tuning: Tuning) -> Iterator[Finding]:
    """Open nodes whose due date has passed, each on its rung."""
    calendar = work_calendar()
    for node in nodes.read(Milestone.objects.overdue(today)):
        rung = escalation_level(node.due_on, today, calendar, thresholds=thresholds(tuning))
        yield Finding(
            subject=node.subject,
            project_id=node.project_id,
            unit_id=node.unit_id,
            severity=Severity.RED,
            level=Level(rung.level),
            due_on=node.due_on,
            title=node.project_name,
            detail=f"{node.name}{due_text(node.due_on, today, calendar)}（计划 {node.due_on} 完成）",
            path=node.path,
            window=f"level:{rung.level}",
            facts={"node": node.code, "name": node.name, "overdue_wd": rung.overdue_wd},
        )


NODE_OVERDUE = Rule(
    code="node_overdue",
    name="节点逾期",
    section="节点逾期",
    explanation="关键节点过了计划完成日期仍未完成。按逾期工作日由提醒升到督办、约谈、通报；"
    "每升一级通知一次，其间每周提醒一次。",
    find=find,
    cleared=nodes.cleared,
    told=lambda level: CLIMB[level],
    repeat_days=WEEK,
    has_ladder=True,
)
