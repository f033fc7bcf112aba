"""前期手续: the papers of all gates; supplying and withdrawing them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access import access
from accounts.files import serve_file, store_file
from accounts.models import User
from accounts.roles import Can
from common import clock
from projects import actions
from projects.forms_detail import EvidenceForm, ReasonForm
from projects.gates import EVIDENCE_LABELS, PAPER_TABS
from projects.models import Evidence, Project
from projects.permissions import may, require
from projects.selectors import detail, stage
from projects.views.forms import done, editable_project, form_page, posted


@access(Can.VIEW_PROJECTS)
def project_papers(request: HttpRequest, pk: int) -> HttpResponse:
    """The tab 前期手续."""
    today = clock.today()
    project = detail.open_project(request.user, pk, today)
    context = detail.frame(request.user, project, "papers", today)
    context["gates"] = stage.papers_of(project, today)
    return render(request, "projects/project_papers.html", context)


@access(Can.EDIT_PROJECTS)
def evidence_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Supply one paper (`?code=` says which)."""
    project = editable_project(request, pk, Can.EDIT_PROJECTS)
    form = EvidenceForm(*posted(request), initial={"code": request.GET.get("code", "")})
    back = _tab_of(request.GET.get("code", ""), pk)
    if request.method == "POST" and done(form, lambda: _supply(project, form, request.user)):
        label = dict(form.fields["code"].choices)[form.cleaned_data["code"]]
        messages.success(request, f"已提交“{label}”。")
        return redirect(f"{back}#{form.cleaned_data['code']}")
    label = EVIDENCE_LABELS.get(request.GET.get("code", ""), "要件")
    return form_page(
        request,
        "projects/evidence_form.html",
        form,
        project=project,
        title=f"补充{label}",
        cancel_url=back,
        submit_label="提交要件",
    )


def _supply(project: Project, form: EvidenceForm, by: User) -> None:
    data = dict(form.cleaned_data)
    upload = data.pop("file", None)
    actions.supply_evidence(project=project, by=by, file=store_file(upload, by=by) if upload else None, **data)


@access(Can.EDIT_PROJECTS)
def evidence_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a wrong paper, with a reason; it stays in the record."""
    paper = get_object_or_404(_visible_papers(request.user).filter(withdrawn_at=None), pk=pk)
    require(may(request.user, paper.project, Can.EDIT_PROJECTS))
    form = ReasonForm(*posted(request))
    back = _tab_of(paper.code, paper.project_id)
    if request.method == "POST" and done(
        form,
        lambda: actions.withdraw_evidence(evidence=paper, reason=form.cleaned_data["reason"], by=request.user),
    ):
        messages.success(request, "要件已撤回，记录仍保留。")
        return redirect(back)
    label = EVIDENCE_LABELS.get(paper.code, "查重说明")
    number = paper.document_no or paper.file.name
    return form_page(
        request,
        "projects/reason_form.html",
        form,
        title=f"撤回要件：{label}",
        cancel_url=back,
        submit_label="撤回要件",
        note=f"撤回“{number}”后，这项要件不再计入门槛；撤回的记录与理由长期保留。",
    )


@access(Can.VIEW_PROJECTS)
def evidence_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file of a paper, for those who see the project."""
    paper = get_object_or_404(_visible_papers(request.user).exclude(file=None), pk=pk)
    return serve_file(paper.file, inline=bool(request.GET.get("inline")))


def _tab_of(code: str, pk: int) -> str:
    """The tab that asks for the paper."""
    return reverse(PAPER_TABS.get(code, "projects:project_papers"), args=[pk])


def _visible_papers(user: User):
    return Evidence.objects.filter(project__in=Project.objects.visible_to(user)).select_related("project", "file")
