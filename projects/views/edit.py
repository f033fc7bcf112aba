"""Registering a project and editing its own fields."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.access import access
from accounts.roles import Can
from common import clock
from projects import actions
from projects.forms import ProjectEditForm, ProjectForm, code_verdict, standing
from projects.views.forms import done, editable_project, form_page

TEMPLATE = "projects/project_form.html"


@access(Can.CREATE_PROJECTS)
def project_new(request: HttpRequest) -> HttpResponse:
    """Register a project in 谋划, for a unit within the person's reach."""
    initial = {"has_building": True, "lead_unit": request.user.unit_id}
    form = ProjectForm(_data(request), user=request.user, today=clock.today(), initial=initial)
    made = []
    if request.method == "POST" and done(
        form, lambda: made.append(actions.register_project(by=request.user, **form.values()))
    ):
        messages.success(request, f"项目“{made[0].name}”已登记，编号 {made[0].number}。")
        return redirect(made[0])
    library = reverse("projects:project_list")
    context = {"crumbs": [{"label": "项目库", "url": library}, {"label": "新增项目"}], "cancel_url": library}
    return form_page(
        request, TEMPLATE, form, title="新增项目", submit_label="登记项目", rescue="project-new", **context
    )


@access(Can.EDIT_PROJECTS)
def project_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit what a project is and aims at; a stale version shows both sides and keeps what was typed."""
    project = editable_project(request, pk, Can.EDIT_PROJECTS)
    form = ProjectEditForm(_data(request), project=project, user=request.user, today=clock.today())

    def now() -> tuple[dict, int]:
        project.refresh_from_db()
        return _comparable(project), project.version

    if request.method == "POST" and done(form, lambda: _save(project, form, request), standing=now):
        return redirect(project)
    context = {
        "project": project,
        "crumbs": [
            {"label": "项目库", "url": reverse("projects:project_list")},
            {"label": project.name, "url": project.get_absolute_url()},
            {"label": "修改项目"},
        ],
        "cancel_url": project.get_absolute_url(),
        "rescue": f"project-{project.pk}",
    }
    return form_page(request, TEMPLATE, form, title="修改项目", submit_label="保存", **context)


@access(Can.VIEW_PROJECTS)
def code_check(request: HttpRequest) -> HttpResponse:
    """What is to be said about a project code while it is typed: a line under the field."""
    tone, text = code_verdict(request.GET.get("national_code", ""), clock.today())
    return render(request, "projects/_code_verdict.html", {"tone": tone, "text": text})


def _data(request: HttpRequest):
    return request.POST if request.method == "POST" else None


def _save(project, form: ProjectEditForm, request: HttpRequest) -> None:
    if changes := form.values():
        data = form.cleaned_data
        actions.edit_project(
            project=project, by=request.user, version=data["version"], reason=data["reason"], **changes
        )
        messages.success(request, "项目信息已保存。")
    else:
        messages.success(request, "没有改动。")


def _comparable(project) -> dict:
    """What the record holds now, for the fields that are compared."""
    return {name: value for name, value in standing(project).items() if name != "version"}
