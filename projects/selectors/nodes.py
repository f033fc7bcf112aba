"""Reads of the node plan: rows with their light in words, the drawing, and what a new target would change."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from common import gantt, settings
from common.lights import Light
from common.periods import Period
from common.rules import light_rules
from common.workdays import WorkCalendar, due_text, work_calendar
from projects.choices import Status
from projects.models import Milestone, Project


@dataclass(frozen=True)
class NodeRow:
    """A node as the page shows it. `word` stands beside the light; `note` (with `tone`) says by how much."""

    node: Milestone
    light: str
    word: str
    note: str = ""
    tone: str = ""

    @property
    def is_open(self) -> bool:
        """Still to be done and judged."""
        return self.node.done_on is None and self.node.is_tracked


def node_rows(project: Project, today: date) -> list[NodeRow]:
    """Applicable nodes of the project in order: one query (the settings and the calendar aside)."""
    calendar = work_calendar()
    rules = light_rules(Period.last_closed(today, settings.get("report_day"), calendar))
    nodes = project.milestones.filter(is_applicable=True).with_light(today, calendar, warn_workdays=rules.node_workdays)
    resting = project.status != Status.NORMAL
    return [_row(node, today, calendar, resting=resting) for node in nodes]


def _row(node: Milestone, today: date, calendar: WorkCalendar, *, resting: bool) -> NodeRow:
    if node.done_on:
        return NodeRow(node, Light.BLUE, "办结", _against_plan(node, calendar))
    if not node.is_tracked:
        return NodeRow(node, Light.GRAY, "未跟踪", "登记前的节点")
    if resting:
        return NodeRow(node, Light.GRAY, "暂停")
    if node.due_on is None:
        return NodeRow(node, Light.GRAY, "未排期")
    forecast, tone = "", ""
    if node.forecast_on and node.forecast_on > node.due_on:
        forecast, tone = f"预计晚 {calendar.between(node.due_on, node.forecast_on)} 个工作日", "warn"
    begun = "进行中" if node.begun_on else "未开始"
    if node.light == Light.RED:
        return NodeRow(node, Light.RED, "逾期", due_text(node.due_on, today, calendar).removeprefix("逾期 "), "bad")
    if node.light == Light.YELLOW:
        return NodeRow(node, Light.YELLOW, "临近", forecast or due_text(node.due_on, today, calendar), tone)
    return NodeRow(node, Light.GREEN if node.begun_on else Light.GRAY, begun, forecast, tone)


def _against_plan(node: Milestone, calendar: WorkCalendar) -> str:
    if not node.due_on or node.done_on == node.due_on:
        return ""
    days = calendar.between(node.due_on, node.done_on)
    return f"晚 {days} 个工作日" if days > 0 else f"早 {-days} 个工作日" if days else ""


def plan_lines(rows: list[NodeRow]) -> list[dict]:
    """The table of the plan: {row, after}: each node with the names of those it waits for."""
    names = {row.node.code: row.node.name for row in rows}
    return [{"row": row, "after": "、".join(names[c] for c in row.node.deps if c in names)} for row in rows]


def next_row(rows: list[NodeRow]) -> NodeRow | None:
    """The open, scheduled node that is due first."""
    scheduled = [row for row in rows if row.is_open and row.node.due_on]
    return min(scheduled, key=lambda row: (row.node.due_on, row.node.order), default=None)


def current_rows(rows: list[NodeRow], limit: int = 2) -> list[NodeRow]:
    """What the update sheet asks about: open nodes that have begun or are due first, at most `limit`."""
    waiting = [row for row in rows if row.is_open]
    far = date.max
    return sorted(waiting, key=lambda r: (r.node.due_on or far, r.node.begun_on is None, r.node.order))[:limit]


def drawing(rows: list[NodeRow], today: date, *, link: bool) -> dict | None:
    """The `gantt` of components/_gantt.html; None when no node has a date. `link` leads to editing a node."""
    return gantt.build([_bar(row, link=link) for row in rows if row.node.due_on or row.node.done_on], today)


def _bar(row: NodeRow, *, link: bool) -> gantt.Node:
    node = row.node
    baseline = node.baseline_due_on or node.due_on
    began = node.start_on
    if began and node.due_on and baseline:
        began = baseline - (node.due_on - began)
    return gantt.Node(
        name=node.name,
        owner=node.department,
        planned_from=began,
        planned_on=baseline,
        started_on=node.begun_on,
        done_on=node.done_on,
        expected_on=node.forecast_on or (node.due_on if node.due_on != baseline else None),
        milestone=node.duration == 0,
        light=row.light,
        word=row.word,
        note=row.note,
        tone=row.tone,
        url=reverse("projects:node_edit", args=[node.pk]) if link and node.is_tracked else "",
    )


def critical_sentence(rows: list[NodeRow]) -> str:
    """What a delay of which nodes would delay the target."""
    names = [row.node.name for row in rows if row.is_open and row.node.is_critical]
    return f"关键路径：{' → '.join(names)}。这些节点晚一天，目标就晚一天。" if names else ""


def compare(rows: list[NodeRow], plan) -> list[dict]:
    """Per node of a previewed plan: {node, before, start, after, shift (working days, positive = later), slot}."""
    calendar = work_calendar()
    lines = []
    for row in rows:
        slot = plan.nodes.get(row.node.code)
        if slot is None or row.node.done_on:
            continue
        before = row.node.due_on
        shift = calendar.between(before, slot.latest_finish) if before else None
        lines.append({"node": row.node, "before": before, "after": slot.latest_finish, "shift": shift, "slot": slot})
    return lines
