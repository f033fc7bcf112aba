"""储备与关联: a project's meetings, its origin and what came of it, its name, its share of the district."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.access import access
from accounts.roles import Can
from common import clock
from projects import actions
from projects.forms_relation import RenameForm, RestartForm, SharesForm
from projects.models import Project
from projects.selectors import detail
from projects.selectors.relation import relations
from projects.views.forms import done, editable_project, form_page, posted


@access(Can.VIEW_PROJECTS)
def project_relations(request: HttpRequest, pk: int) -> HttpResponse:
    """The tab 储备与关联."""
    today = clock.today()
    project = detail.open_project(request.user, pk, today)
    context = detail.frame(request.user, project, "relations", today) | relations(request.user, project)
    return render(request, "projects/project_relations.html", context)


@access(Can.EDIT_PROJECTS)
def project_rename(request: HttpRequest, pk: int) -> HttpResponse:
    """更名."""
    project = editable_project(request, pk, Can.EDIT_PROJECTS)
    form = RenameForm(posted(request)[0], initial={"name": project.name, "version": project.version})
    if request.method == "POST" and done(
        form, lambda: actions.rename_project(project=project, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, "项目已更名，原名称仍可搜索。")
        return redirect(_back(pk))
    return _page(request, form, project, "更名", "更名")


@access(Can.CREATE_PROJECTS)
def project_restart(request: HttpRequest, pk: int) -> HttpResponse:
    """重启 a project that has ended."""
    project = editable_project(request, pk, Can.CREATE_PROJECTS)
    form = RestartForm(posted(request)[0], initial={"name": project.name})
    made: list[Project] = []
    if request.method == "POST" and done(
        form,
        lambda: made.append(
            actions.restart_project(project=project, by=request.user, today=clock.today(), **form.cleaned_data)
        ),
    ):
        messages.success(request, "已登记为新的谋划项目，与原项目关联。")
        return redirect(made[0])
    return _page(request, form, project, "重启项目", "重启为新项目")


@access(Can.EDIT_PROJECTS)
def project_shares(request: HttpRequest, pk: int) -> HttpResponse:
    """跨区分摊."""
    project = editable_project(request, pk, Can.EDIT_PROJECTS)
    initial = {"version": project.version, "district1": settings.DISTRICT_NAME}
    for n, share in enumerate(project.district_shares.all(), 1):
        initial |= {f"district{n}": share.district, f"percent{n}": share.percent.normalize()}
    form = SharesForm(posted(request)[0], initial=initial)
    if request.method == "POST" and done(
        form,
        lambda: actions.set_district_shares(
            project=project,
            shares=form.shares,
            by=request.user,
            version=form.cleaned_data["version"],
            reason=form.cleaned_data["reason"],
        ),
    ):
        messages.success(request, "跨区分摊已保存。")
        return redirect(_back(pk))
    return _page(request, form, project, "跨区分摊", "保存", note="份额合计为 100%；全部不填表示项目完全在本区。")


def _back(pk: int) -> str:
    return reverse("projects:project_relations", args=[pk])


def _page(request: HttpRequest, form, project: Project, title: str, label: str, **context) -> HttpResponse:
    return form_page(
        request,
        "projects/_form.html",
        form,
        project=project,
        title=title,
        cancel_url=_back(project.pk),
        submit_label=label,
        **context,
    )
