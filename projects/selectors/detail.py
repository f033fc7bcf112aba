"""Reads of the project page: the frame around every tab, and the overview."""

from datetime import date
from typing import Any

from django.db.models import Count, IntegerField, Subquery, Value
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.models import Follow, User
from accounts.roles import Can
from common import settings
from common.db import rows_of
from common.periods import Period
from common.workdays import due_text, work_calendar
from projects.actions import CORRECTABLE
from projects.actions.personal import FOLLOW_KIND
from projects.choices import Duty, RequestState, Stage, Status, TargetKind
from projects.columns import REGISTRY
from projects.explain import facts_of, reasons_of
from projects.lifecycle import COMPLETED, STATE_LABELS
from projects.models import Assignment, Project, StageRequest
from projects.permissions import may, may_move
from projects.selectors import nodes as node_plan
from projects.selectors.people import people_on
from projects.selectors.trail import report_entries
from projects.tabs import tabs_for


def open_project(user: User, pk: int, today: date) -> Project:
    """The project with every column the header reads, or 404 for a stranger."""
    rows = REGISTRY.standing(today).judged(Project.objects.visible_to(user))
    rows = rows.select_related("lead_unit", "chain", "owner")
    counted = rows.annotate(
        node_count=_count(Project.milestones, is_applicable=True), file_count=_count(Project.attachments)
    )
    return get_object_or_404(counted, pk=pk)


def _count(relation: Any, **where: Any) -> Coalesce:
    rows = rows_of(relation, **where).order_by().values(relation.field.name).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(rows, output_field=IntegerField()), Value(0))


def frame(user: User, project: Project, tab: str, today: date) -> dict[str, Any]:
    """What templates/projects/_project_frame.html shows around the tab `tab`: header, stages, tabs, what one may do.

    Also `rows` (nodes) and `people`, which most tabs show again. The number of queries does not depend on the data.
    """
    rows = node_plan.node_rows(project, today)
    people = people_on(project, today)
    pending = StageRequest.objects.filter(project=project, state=RequestState.PENDING)
    may_edit = may(user, project, Can.EDIT_PROJECTS)
    return {
        "project": project,
        "title": project.name,
        "today": today,
        "tab": tab,
        "crumbs": _crumbs(project),
        "facts": [
            *facts_of(project, today),
            next_node_fact(node_plan.next_row(rows), today),
            target_fact(project, today, may_edit),
            people_fact(project, people),
        ],
        "pipe": pipe_of(project, today),
        "tabs": [
            {
                "label": one.label,
                "url": reverse(one.url_name, args=[project.pk]),
                "active": one.code == tab,
                "count": one.count(project) if one.count else None,
            }
            for one in tabs_for(user, project)
        ],
        "rows": rows,
        "people": people,
        "pending": pending.select_related("requested_by__unit").first(),
        "followed": Follow.objects.filter(user=user, kind=FOLLOW_KIND, object_id=project.pk).exists(),
        "may_report": may(user, project, Can.REPORT) and project.status == Status.NORMAL,
        "may_edit": may_edit,
        "may_move": may_move(user, project),
        "may_assign": may(user, project, Can.ASSIGN),
        "asks_target": asks_target(project),
    }


def overview(project: Project, rows: list, today: date) -> dict[str, Any]:
    """The tab 概况: reasons of the light, the plan, the last three reports, the next three things."""
    why = reasons_of(project, today)
    return {
        "why": why,
        "gantt": node_plan.drawing(rows, today, link=False),
        "done_nodes": sum(1 for row in rows if row.node.done_on),
        "critical": node_plan.critical_sentence(rows),
        "entries": report_entries(project, limit=3),
        "todo": todo_of(project, rows, today),
    }


def correctable(project: Project) -> list[dict]:
    """What a correction may change, as it stands: {label, value}."""
    labels = {name: str(Project._meta.get_field(name).verbose_name) for name in CORRECTABLE}
    values = {name: getattr(project, name) for name in CORRECTABLE} | {"stage": project.get_stage_display()}
    return [{"label": labels[name], "value": str(values[name] or "—")} for name in CORRECTABLE]


def asks_target(project: Project) -> bool:
    """Whether the page asks for a target date: under way to production, and never scheduled."""
    return project.target_on is None and project.status == Status.NORMAL and project.stage != Stage.PRODUCTION


# --- the header -----------------------------------------------------------------------------------------------------


def next_node_fact(row: node_plan.NodeRow | None, today: date) -> dict:
    """The node that is due first, with what remains or is overdue in working days."""
    fact: dict[str, Any] = {"label": "下一节点", "value": "—", "sub": [{"text": "没有待办的排期节点"}]}
    if row is None:
        return fact
    node = row.node
    fact["value"] = node.name
    late = row.tone == "bad"
    remaining = due_text(node.due_on, today, work_calendar())
    fact["sub"] = [
        {"text": f"计划 {node.due_on:%Y-%m-%d}"},
        {"text": remaining, "tone": "bad" if late else ""},
    ]
    if node.forecast_on:
        tone = "warn" if node.forecast_on > node.due_on else ""
        fact["sub"].append({"text": f"预计 {node.forecast_on:%Y-%m-%d}", "tone": tone})
    return fact


def target_fact(project: Project, today: date, may_edit: bool) -> dict:
    """How far the target is, in working days; the first target where it was moved; where to set it, for who may."""
    kind = TargetKind(project.target_kind).label if project.target_kind else "投产"
    label = f"距目标{kind}"
    if project.stage == Stage.PRODUCTION:
        day = project.production_date
        return {"label": "投产", "value": day.isoformat() if day else "已投产", "sub": [{"text": "目标已达成"}]}
    if project.target_on is None:
        ask = {"text": "请设定目标日期", "url": reverse("projects:project_schedule", args=[project.pk])}
        return {"label": label, "value": "未设定", "sub": [ask] if may_edit else []}
    days = work_calendar().between(today, project.target_on)
    sub = [{"text": f"目标 {project.target_on:%Y-%m-%d}"}]
    if project.baseline_target_on and project.baseline_target_on != project.target_on:
        moved = work_calendar().between(project.baseline_target_on, project.target_on)
        word = f"推后 {moved}" if moved > 0 else f"提前 {-moved}"
        sub.append({"text": f"较首次目标{word} 个工作日", "tone": "warn" if moved > 0 else ""})
    if days < 0:
        return {"label": f"已过目标{kind}", "value": str(-days), "unit": "个工作日", "sub": sub}
    return {"label": label, "value": str(days), "unit": "个工作日", "sub": sub}


def people_fact(project: Project, people: list[Assignment]) -> dict:
    """Who answers: the leader first, else the official."""
    by_duty = {term.duty: term for term in reversed(people)}
    first = by_duty.get(Duty.LEADER) or by_duty.get(Duty.OFFICIAL)
    sub = [{"text": f"责任单位 {project.lead_unit.label}"}]
    for duty in (Duty.OFFICIAL, Duty.STEWARD):
        term = by_duty.get(duty)
        if term and term is not first:
            sub.append({"text": f"{duty.label} {term.person_label}"})
    unit = first.get_duty_display() if first else ""
    return {"label": "责任", "value": first.person_label if first else "未指定责任人", "unit": unit, "sub": sub}


def pipe_of(project: Project, today: date) -> list[dict]:
    """The five stages with the days on which each was entered and left (components/_pipe)."""
    entered = {
        Stage.PLANNING: project.planned_at,
        Stage.RESERVE: project.reserved_at,
        Stage.COMMENCED: project.actual_start_date,
        Stage.CONSTRUCTION: project.construction_at,
        Stage.PRODUCTION: project.production_date,
    }
    here = Stage(project.stage).order
    steps = []
    for stage in Stage:
        since = entered[stage]
        if stage.order < here:
            following = [entered[later] for later in Stage if stage.order < later.order <= here and entered[later]]
            steps.append({"label": stage.label, "state": "past", "note": _from_to(since, following)})
        elif stage.order == here:
            steps.append({"label": stage.label, "state": "now", "note": _now_note(project, since, today)})
        else:
            steps.append({"label": stage.label, "state": "next", "note": _planned_note(project, stage)})
    return steps


def _from_to(since: date | None, following: list[date]) -> str:
    if since is None:
        return "登记前" if not following else f"至 {following[0]:%Y-%m-%d}"
    return f"{since:%Y-%m-%d} 至 {following[0]:%Y-%m-%d}" if following else f"{since:%Y-%m-%d} 起"


def _now_note(project: Project, since: date | None, today: date) -> str:
    if project.status != Status.NORMAL:
        day = f"，{project.status_since:%Y-%m-%d} 起" if project.status_since else ""
        return f"{project.get_status_display()}{day}"
    if project.state == COMPLETED:
        return f"{project.completed_on:%Y-%m-%d} 竣工"
    if project.closed_on:
        return f"{project.closed_on:%Y-%m-%d} 办结"
    since = since or project.stage_since
    return f"第 {(today - since).days + 1} 天，{since:%Y-%m-%d} 起"


def _planned_note(project: Project, stage: Stage) -> str:
    if project.target_on and (project.target_kind, stage) in (
        (TargetKind.START, Stage.COMMENCED),
        (TargetKind.PRODUCTION, Stage.PRODUCTION),
    ):
        return f"目标 {project.target_on:%Y-%m-%d}"
    planned = {
        Stage.COMMENCED: project.planned_start_to,
        Stage.PRODUCTION: project.planned_production_to or project.planned_completion_to,
    }.get(stage)
    return f"计划 {planned.year}年{planned.month}月" if planned else ""


def _crumbs(project: Project) -> list[dict]:
    library = reverse("projects:project_list")
    return [
        {"label": "项目库", "url": library},
        {"label": STATE_LABELS[project.state], "url": f"{library}?stage={project.stage}"},
        {"label": project.name},
    ]


# --- what comes next ------------------------------------------------------------------------------------------------


def todo_of(project: Project, rows: list, today: date) -> list[dict]:
    """The next three dated things: {on, text, note, tone}: open nodes and the report of the month."""
    calendar = work_calendar()
    things = [
        {"on": row.node.due_on, "text": row.node.name, "who": row.node.department or "责任单位"}
        for row in rows
        if row.is_open and row.node.due_on
    ]
    if project.status == Status.NORMAL and project.stage in (Stage.COMMENCED, Stage.CONSTRUCTION):
        period = Period.of(today)
        due = period.due(settings.get("report_day"), calendar)
        if due < today:
            period = period.next()
            due = period.due(settings.get("report_day"), calendar)
        things.append({"on": due, "text": f"{period.month}月进展填报", "who": project.lead_unit.label})
    things.sort(key=lambda thing: thing["on"])
    for thing in things[:3]:
        thing["note"] = f"{thing['who']}，{due_text(thing['on'], today, calendar)}"
        thing["tone"] = "bad" if thing["on"] < today else ""
    return things[:3]
