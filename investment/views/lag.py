"""滞后分析, and the catch-up plan of one project."""

from datetime import date

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import access
from accounts.roles import Can
from common import clock
from common.db import keys_of
from investment import actions
from investment.forms_lag import CatchUpForm, StepForm, WithdrawForm, versioned
from investment.models import CatchUpPlan, CatchUpStep
from investment.selectors.lag import LagBoard, lag_board, lag_of
from projects.models import Project
from projects.permissions import may, require
from projects.selectors import detail
from projects.views.forms import done, editable_project, form_page, posted


@access(Can.VIEW_PROJECTS)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Who makes the district's gap."""
    asked = LagBoard(request.user, request.GET, clock.today())
    return render(request, "investment/lag.html", lag_board(asked, request.GET.get("page", "1")))


@access(Can.VIEW_PROJECTS)
@require_safe
def project_lag(request: HttpRequest, pk: int) -> HttpResponse:
    """The tab 追赶."""
    today = clock.today()
    project = detail.open_project(request.user, pk, today)
    context = detail.frame(request.user, project, "lag", today) | lag_of(project, today)
    return render(request, "investment/project_lag.html", context)


@access(Can.REPORT)
@require_http_methods(["GET", "POST"])
def catch_up_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the catch-up plan of a project that is behind."""
    project = editable_project(request, pk, Can.REPORT)
    form, today = CatchUpForm(posted(request)[0]), clock.today()
    if request.method == "POST" and done(form, lambda: _open(project, form, request, today)):
        messages.success(request, "追赶计划已保存，周节点已分出；灯转绿后自动销号。")
        return redirect(_tab(project))
    context = {"project": project, "title": "制定追赶计划", "cancel_url": _tab(project), "submit_label": "保存计划"}
    return form_page(request, "projects/_form.html", form, **context)


def _open(project: Project, form: CatchUpForm, request: HttpRequest, today: date) -> None:
    actions.open_catch_up(project=project, by=request.user, today=today, **form.cleaned_data)


@access(Can.REPORT)
@require_http_methods(["GET", "POST"])
def step_done(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell that a weekly step is reached."""
    steps = CatchUpStep.objects.select_related("plan__project").filter(plan__project__in=_seen(request))
    step = get_object_or_404(steps, pk=pk)
    project = step.plan.project
    require(may(request.user, project, Can.REPORT))
    form = StepForm(posted(request)[0], initial=versioned(step))
    if request.method == "POST" and done(
        form, lambda: actions.finish_step(step=step, by=request.user, today=clock.today(), **form.cleaned_data)
    ):
        messages.success(request, "周节点已完成。")
        return redirect(_tab(project))
    title, back = f"完成周节点：{step.text}", _tab(project)
    context = {"project": project, "title": title, "cancel_url": back, "submit_label": "已完成"}
    return form_page(request, "projects/_form.html", form, **context)


@access(Can.REPORT)
@require_http_methods(["GET", "POST"])
def catch_up_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a catch-up plan back."""
    plan = get_object_or_404(CatchUpPlan.objects.select_related("project"), pk=pk, project__in=_seen(request))
    require(may(request.user, plan.project, Can.REPORT))
    form = WithdrawForm(posted(request)[0], initial=versioned(plan))
    if request.method == "POST" and done(
        form, lambda: actions.withdraw_catch_up(plan=plan, by=request.user, today=clock.today(), **form.cleaned_data)
    ):
        messages.success(request, "追赶计划已撤销。")
        return redirect(_tab(plan.project))
    project = plan.project
    context = {"project": project, "title": "撤销追赶计划", "cancel_url": _tab(project), "submit_label": "撤销"}
    return form_page(request, "projects/_form.html", form, **context)


def _seen(request: HttpRequest) -> QuerySet:
    return keys_of(Project.objects.visible_to(request.user))


def _tab(project: Project) -> str:
    return reverse("investment:project_lag", args=[project.pk])
