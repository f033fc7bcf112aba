"""节点计划: the plan, backward scheduling, one node."""

from datetime import date
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access import access
from accounts.exports import columns_of, export
from accounts.files import store_file
from accounts.models import User
from accounts.roles import Can
from common import clock
from common.errors import DomainError
from projects import actions
from projects.choices import TargetKind
from projects.forms_detail import NodeCompleteForm, NodeMoveForm, NodeReopenForm, NodeUpdateForm, TargetForm
from projects.models import Milestone, Project
from projects.permissions import may, require
from projects.selectors import detail, nodes
from projects.views.forms import done, editable_project, form_page, posted

SHOWN = ("begun_on", "forecast_on", "blocker", "due_on", "done_on")
VERBS = {
    "update": ("更新进展", NodeUpdateForm),
    "complete": ("办结", NodeCompleteForm),
    "move": ("调整计划日期", NodeMoveForm),
    "reopen": ("撤销办结", NodeReopenForm),
}


@access(Can.VIEW_PROJECTS)
def project_nodes(request: HttpRequest, pk: int) -> HttpResponse:
    """The tab 节点计划."""
    today = clock.today()
    project = detail.open_project(request.user, pk, today)
    context = detail.frame(request.user, project, "nodes", today)
    rows = context["rows"]
    context |= {
        "gantt": nodes.drawing(rows, today, link=context["may_edit"]),
        "critical": nodes.critical_sentence(rows),
        "lines": nodes.plan_lines(rows),
        "replans": project.replans.select_related("by")[:5],
    }
    return render(request, "projects/project_nodes.html", context)


@access(Can.VIEW_PROJECTS)
def project_nodes_export(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The nodes of a project as .xlsx, in their order."""
    project = detail.open_project(request.user, pk, clock.today())
    columns = columns_of(
        "节点:name",
        "牵头部门",
        "最迟启动:date",
        "计划完成:date",
        "首次计划完成:date",
        "预计完成:date",
        "实际启动:date",
        "实际完成:date",
        "卡点:long_text",
    )
    nodes = project.milestones.filter(is_applicable=True, is_tracked=True).order_by("order")
    shown = (
        "name",
        "department",
        "start_on",
        "due_on",
        "baseline_due_on",
        "forecast_on",
        "begun_on",
        "done_on",
        "blocker",
    )
    return export(request, columns, nodes.values_list(*shown), title="节点计划", chosen=project.name)


@access(Can.EDIT_PROJECTS)
def project_schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """倒排: choose a target, look at what it means (`?kind=&target=`), adopt it (POST)."""
    project = editable_project(request, pk, Can.EDIT_PROJECTS)
    today = clock.today()
    chosen = {
        "kind": request.GET.get("kind") or project.target_kind or TargetKind.PRODUCTION,
        "target": request.GET.get("target") or project.target_on or project.planned_production_to,
        "version": project.version,
    }
    form = TargetForm(*posted(request), project=project, initial=chosen)
    context = {
        "project": project,
        "today": today,
        "title": "倒排计划",
        "cancel_url": reverse("projects:project_nodes", args=[pk]),
    }

    def standing() -> tuple[dict, int]:
        project.refresh_from_db()
        return {"kind": project.target_kind, "target": project.target_on}, project.version

    adopt = partial(_adopt, project, form, request.user, today)
    if request.method == "POST" and done(form, adopt, standing=standing):
        messages.success(request, "已按目标日期倒排节点计划。")
        return redirect("projects:project_nodes", pk)
    asked = request.POST or request.GET
    if asked.get("target"):
        context |= _preview(project, asked.get("kind", ""), asked["target"], today)
    return form_page(request, "projects/project_schedule.html", form, **context)


def _adopt(project: Project, form: TargetForm, by: User, today: date) -> None:
    data = form.cleaned_data
    actions.set_target(
        project=project,
        kind=data["kind"],
        target=data["target"],
        by=by,
        version=data["version"],
        reason=data.get("reason", ""),
        today=today,
    )


def _preview(project: Project, kind: str, target: str, today: date) -> dict:
    """What a target would mean: {plan, lines}, or {preview_error} in words."""
    try:
        day = date.fromisoformat(target)
    except ValueError:
        return {"preview_error": f"“{target}”不是日期，请填写 2026-03-15 这样的日期。"}
    if kind not in TargetKind.values:
        return {"preview_error": "请选择倒排目标：开工或投产。"}
    try:
        plan = actions.preview_schedule(project=project, kind=kind, target=day, today=today)
    except DomainError as error:
        return {"preview_error": error.message}
    rows = nodes.node_rows(project, today)
    return {
        "plan": plan,
        "target": day,
        "kind_label": TargetKind(kind).label,
        "lines": nodes.compare(rows, plan),
        "names": {row.node.code: row.node.name for row in rows},
    }


@access(Can.EDIT_PROJECTS)
def node_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """One node: 更新进展, 办结, 调整计划日期; a finished one: 撤销办结."""
    visible = Milestone.objects.filter(project__in=Project.objects.visible_to(request.user))
    node = get_object_or_404(visible.select_related("project__lead_unit"), pk=pk)
    require(may(request.user, node.project, Can.EDIT_PROJECTS))
    verbs = ("reopen",) if node.done_on else ("update", "complete", "move")
    asked = request.GET.get("do", "")
    if request.method == "POST" and node.done_on and asked in VERBS:
        verbs = (asked,)  # somebody was faster: the action says so
    verb = asked if asked in verbs else verbs[0]
    label, kind = VERBS[verb]
    today = clock.today()
    initial = {name: getattr(node, name) for name in (*SHOWN, "version")}
    initial |= {"done_on": today, "issued_by": node.department}
    form = kind(*posted(request), node=node, today=today, initial=initial)
    back = reverse("projects:project_nodes", args=[node.project_id])

    def standing() -> tuple[dict, int]:
        node.refresh_from_db()
        return {name: getattr(node, name) for name in form.fields if name in SHOWN}, node.version

    act = partial(_act, verb, node, form, request.user, today)
    if request.method == "POST" and done(form, act, standing=standing):
        messages.success(request, f"节点“{node.name}”已{label}。" if verb != "update" else "节点进展已更新。")
        return redirect(back)
    context = {
        "node": node,
        "title": node.name,
        "verbs": [{"label": VERBS[v][0], "url": f"{request.path}?do={v}", "active": v == verb} for v in verbs],
        "cancel_url": back,
        "submit_label": label,
    }
    return form_page(request, "projects/node_edit.html", form, **context)


def _act(verb: str, node: Milestone, form, by: User, today: date) -> None:
    data = dict(form.cleaned_data)
    if verb == "update":
        actions.update_node(node=node, by=by, **data)
    elif verb == "complete":
        upload = data.pop("file", None)
        stored = store_file(upload, by=by) if upload else None
        actions.complete_node(node=node, by=by, today=today, file=stored, **data)
    elif verb == "move":
        actions.move_node(node=node, by=by, today=today, **data)
    else:
        actions.reopen_node(node=node, by=by, **data)
