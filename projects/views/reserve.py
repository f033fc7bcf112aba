"""储备库: the library, its review meetings, a project's way before them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import access
from accounts.roles import Can
from common import clock
from common.text import quoted
from projects import actions
from projects.choices import BatchKind
from projects.forms_reserve import BatchForm, CloseForm, JudgeForm, ProposeForm
from projects.models import Project, ReserveBatch, ReserveProposal
from projects.permissions import may_move, of_bureau, require
from projects.selectors import reserve
from projects.views.forms import done, form_page, posted

ONLY_BUREAU = "评审会由发改局组织，您的账号不能办理。"


@access(Can.VIEW_PROJECTS)
def library(request: HttpRequest) -> HttpResponse:
    """Structure and maturity of the library."""
    context = reserve.library(
        request.user, clock.today(), by=request.GET.get("by", ""), page=request.GET.get("page", "1")
    )
    return render(request, "projects/reserve_library.html", context)


@access(Can.VIEW_PROJECTS)
def batch_list(request: HttpRequest) -> HttpResponse:
    """Every review meeting."""
    context = {
        "title": "评审批次",
        "crumbs": [{"label": "储备库", "url": reverse("projects:reserve_library")}, {"label": "评审批次"}],
        "batches": reserve.batches(),
        "may_run": of_bureau(request.user),
    }
    return render(request, "projects/reserve_batches.html", context)


@access(Can.APPROVE_STAGE)
def batch_new(request: HttpRequest) -> HttpResponse:
    """Call a meeting."""
    require(of_bureau(request.user), ONLY_BUREAU)
    form = BatchForm(posted(request)[0])
    made: list[ReserveBatch] = []
    if request.method == "POST" and done(
        form,
        lambda: made.append(actions.open_batch(by=request.user, today=clock.today(), **form.cleaned_data)),
    ):
        messages.success(request, f"已发起{made[0]}。")
        return redirect(made[0])
    back = reverse("projects:reserve_batches")
    return form_page(
        request, "projects/_form.html", form, title="发起评审会", cancel_url=back, submit_label="发起评审会"
    )


@access(Can.VIEW_PROJECTS)
def batch_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One meeting: its agenda and what it said."""
    batch = get_object_or_404(ReserveBatch, pk=pk)
    back = reverse("projects:reserve_batches")
    context = {
        "title": str(batch),
        "crumbs": [
            {"label": "储备库", "url": reverse("projects:reserve_library")},
            {"label": "评审批次", "url": back},
            {"label": str(batch)},
        ],
        "batch": batch,
        "proposals": reserve.proposals_of(batch, request.user),
        "may_run": of_bureau(request.user),
        "is_adjustment": batch.kind == BatchKind.ADJUST,
    }
    return render(request, "projects/reserve_batch.html", context)


@access(Can.APPROVE_STAGE)
def batch_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue the minutes: what passed takes effect."""
    require(of_bureau(request.user), ONLY_BUREAU)
    batch = get_object_or_404(ReserveBatch, pk=pk)
    form = CloseForm(posted(request)[0], initial={"version": batch.version})
    if request.method == "POST" and done(
        form,
        lambda: actions.close_batch(batch=batch, by=request.user, today=clock.today(), **form.cleaned_data),
    ):
        messages.success(request, f"{batch}已办结。")
        return redirect(batch)
    note = "通过的项目随纪要入库。" if batch.kind == BatchKind.ENTRY else "决定退库的项目转为退库申请，由分管领导批准。"
    return form_page(
        request,
        "projects/_form.html",
        form,
        title=f"印发纪要：{batch}",
        cancel_url=batch.get_absolute_url(),
        submit_label="印发纪要并办结",
        note=note,
    )


@access(Can.APPROVE_STAGE)
def proposal_judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what the meeting said of one project."""
    require(of_bureau(request.user), ONLY_BUREAU)
    proposal = get_object_or_404(ReserveProposal.objects.select_related("batch", "project"), pk=pk)
    standing = {"verdict": proposal.verdict, "opinion": proposal.opinion}
    form = JudgeForm(posted(request)[0], kind=proposal.batch.kind, initial=standing)
    if request.method == "POST" and done(
        form, lambda: actions.judge(proposal=proposal, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, f"已记录{quoted(proposal.project.name)}的评审结论。")
        return redirect(proposal.batch)
    return form_page(
        request,
        "projects/_form.html",
        form,
        project=proposal.project,
        title="记录评审结论",
        cancel_url=proposal.batch.get_absolute_url(),
        submit_label="保存结论",
    )


@require_POST
@access(Can.VIEW_PROJECTS)
def proposal_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a project off the agenda."""
    visible = Project.objects.visible_to(request.user)
    proposal = get_object_or_404(
        ReserveProposal.objects.filter(project__in=visible).select_related("batch", "project"), pk=pk
    )
    require(may_move(request.user, proposal.project))
    actions.take_back(proposal=proposal, by=request.user)
    messages.success(request, f"{quoted(proposal.project.name)}已从{proposal.batch}撤回。")
    if of_bureau(request.user):
        return redirect(proposal.batch)
    return redirect("projects:project_relations", pk=proposal.project_id)


@access(Can.VIEW_PROJECTS)
def project_propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a project before a meeting."""
    project = get_object_or_404(Project.objects.visible_to(request.user).select_related("lead_unit"), pk=pk)
    require(may_move(request.user, project))
    form = ProposeForm(posted(request)[0], batches=reserve.open_batches_for(request.user, project))
    back = reverse("projects:project_relations", args=[pk])
    if request.method == "POST" and done(
        form,
        lambda: actions.propose(project=project, by=request.user, today=clock.today(), **form.cleaned_data),
    ):
        messages.success(request, f"已提请{form.cleaned_data['batch']}。")
        return redirect(back)
    return form_page(
        request,
        "projects/_form.html",
        form,
        project=project,
        title="提请评审",
        cancel_url=back,
        submit_label="提请评审",
        note="" if form.fields["batch"].queryset else "现在没有可以提请的评审会，请等发改局发起。",
    )
