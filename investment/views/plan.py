"""年度投资计划: the project's tab, setting and changing a plan, deciding on changes."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import access
from accounts.models import User
from accounts.roles import Can
from common import clock
from common.errors import StaleVersion
from common.money import plain
from investment.actions import cancel_plan_change, decide_plan_change, request_plan_change, set_annual_plan
from investment.choices import AnnualKind
from investment.forms import DecisionForm, PlanForm
from investment.lights import closed_period
from investment.models import AnnualPlan, PlanVersion
from investment.selectors import plans as reads
from projects.models import Project
from projects.permissions import may, require
from projects.selectors import detail
from projects.views.forms import done, editable_project, form_page

FIELDS = ("target", "annual_kind", "start_month", "end_month")


@access(Can.VIEW_PROJECTS)
def project_money(request: HttpRequest, pk: int) -> HttpResponse:
    """The tab 投资: plans with their versions, months with plan, figure and state."""
    today = clock.today()
    project = detail.open_project(request.user, pk, today)
    context = detail.frame(request.user, project, "money", today)
    context |= reads.money_tab(project, request.GET.get("year"), today)
    context["may_unlock"] = may(request.user, project, Can.DECIDE_FIGURES)
    return render(request, "investment/project_money.html", context)


@access(Can.EDIT_PROJECTS)
def plan_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Set this or next year's plan; a plan that is set is changed by request."""
    project = editable_project(request, pk, Can.EDIT_PROJECTS)
    today = clock.today()
    year = today.year + 1 if request.GET.get("year") == str(today.year + 1) else today.year
    plan = AnnualPlan.objects.filter(project=project, year=year).first()
    first_open = closed_period(today).next()
    form = PlanForm(
        request.POST if request.method == "POST" else None,
        exists=plan is not None and plan.target is not None,
        first_open=first_open.month if first_open.year == year else 1,
        initial=_standing(project, plan, year),
    )
    context: dict[str, Any] = {
        "project": project,
        "title": f"{year}年投资计划",
        "cancel_url": reverse("investment:project_money", args=[pk]),
        "submit_label": "提交调整申请" if form.exists else "保存计划",
        "carried_over": plan.carried_over if plan else None,
    }

    def standing() -> tuple[dict, int]:
        now = AnnualPlan.objects.get(project=project, year=year)
        return {name: getattr(now, name) for name in FIELDS}, now.version

    if request.method == "POST" and done(form, lambda: _save(project, year, form, request.user), standing=standing):
        messages.success(request, "计划调整已提交，待发改局审核。" if form.exists else f"{year}年投资计划已保存。")
        return redirect("investment:project_money", pk)
    return form_page(request, "investment/plan_edit.html", form, **context)


def _standing(project: Project, plan: AnnualPlan | None, year: int) -> dict[str, Any]:
    """How the form opens: the plan as it is, else from January or the month of the planned start to December."""
    if plan:
        held = {name: getattr(plan, name) for name in (*FIELDS, "version")}
        last = plan.versions.filter(until_month__gt=0).order_by("-effective_month").first()
        if last and last.cumulative:
            held |= {f"m{month}": plain(amount) for month, amount in enumerate(last.months or [], 1)}
        return held | {"split": last.split if last else ""}
    starts = project.planned_start_to
    is_new = bool(starts and starts.year == year and not project.actual_start_date)
    kind = AnnualKind.NEW_START if is_new else ""
    return {"start_month": starts.month if is_new else 1, "end_month": 12, "version": 0, "annual_kind": kind}


def _save(project: Project, year: int, form: PlanForm, by: User) -> None:
    data = form.cleaned_data
    if form.exists:
        request_plan_change(
            project=project,
            year=year,
            by=by,
            reason=data["reason"],
            today=clock.today(),
            version=data["version"],
            effective_month=data["effective_month"],
            **form.terms(),
        )
        return
    if not data["version"] and AnnualPlan.objects.filter(project=project, year=year).exists():
        raise StaleVersion(project)
    set_annual_plan(project=project, year=year, by=by, version=data["version"] or None, **form.terms())


@access(Can.DECIDE_FIGURES)
def plan_requests(request: HttpRequest) -> HttpResponse:
    """Changes of plans that wait, and those decided last."""
    visible = Project.objects.visible_to(request.user).values("pk")
    return render(request, "investment/plan_requests.html", reads.requests_page(visible))


@access(Can.DECIDE_FIGURES)
def plan_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """One change: before and after, month by month; approve or return."""
    asked = _asked(request, pk)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and done(
        form,
        lambda: decide_plan_change(
            request=asked,
            approve=form.cleaned_data["decision"] == "approve",
            by=request.user,
            today=clock.today(),
            note=form.cleaned_data["note"],
        ),
    ):
        word = "通过" if form.cleaned_data["decision"] == "approve" else "退回"
        messages.success(request, f"已{word}“{asked.project.name}”的计划调整。")
        return redirect("investment:plan_requests")
    context = reads.change_page(asked) | {"cancel_url": reverse("investment:plan_requests")}
    return form_page(request, "investment/plan_decide.html", form, **context)


@require_POST
@access(Can.EDIT_PROJECTS)
def plan_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """The unit takes its request back."""
    asked = _asked(request, pk)
    require(may(request.user, asked.project, Can.EDIT_PROJECTS))
    cancel_plan_change(request=asked, by=request.user)
    messages.success(request, "计划调整申请已撤回。")
    return redirect("investment:project_money", asked.project_id)


def _asked(request: HttpRequest, pk: int) -> PlanVersion:
    visible = Project.objects.visible_to(request.user).values("pk")
    rows = PlanVersion.objects.filter(project__in=visible).select_related("project__lead_unit", "requested_by", "plan")
    return get_object_or_404(rows, pk=pk)
