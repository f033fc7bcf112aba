"""年度投资计划 of one project."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access import access
from accounts.models import User
from accounts.roles import Can
from common import clock
from common.conflict import compare
from common.errors import DomainError, StaleVersion
from investment.actions import set_annual_plan
from investment.forms import PlanForm
from investment.models import AnnualPlan
from projects.models import Project
from projects.permissions import may, require

FIELDS = ("target", "annual_kind", "start_month", "end_month")


@access(Can.EDIT_PROJECTS)
def plan_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Set or change this year's plan."""
    project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    require(may(request.user, project, Can.EDIT_PROJECTS))
    year = clock.today().year
    plan = AnnualPlan.objects.filter(project=project, year=year).first()
    form = PlanForm(
        request.POST if request.method == "POST" else None, exists=plan is not None, initial=_standing(project, plan)
    )
    context = {
        "form": form,
        "project": project,
        "title": f"{year}年投资计划",
        "cancel_url": project.get_absolute_url(),
        "submit_label": "保存计划",
    }
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _save(project, year, form, request.user)
            except StaleVersion:
                now = AnnualPlan.objects.get(project=project, year=year)
                standing = {name: getattr(now, name) for name in FIELDS}
                context["conflict"], status = compare(form, now=standing, version=now.version), 409
            except DomainError as error:
                form.add_error(None, error.message)
            else:
                messages.success(request, f"{year}年投资计划已保存。")
                return redirect(project)
    return render(request, "projects/_form.html", context, status=status)


def _standing(project: Project, plan: AnnualPlan | None) -> dict:
    """How the form opens: the plan as it is, else from January or the month of the planned start to December."""
    if plan:
        return {name: getattr(plan, name) for name in (*FIELDS, "version")}
    starts = project.planned_start_to
    month = starts.month if starts and starts.year == clock.today().year and not project.actual_start_date else 1
    return {"start_month": month, "end_month": 12, "version": 0}


def _save(project: Project, year: int, form: PlanForm, by: User) -> None:
    data = form.cleaned_data
    if not data["version"] and AnnualPlan.objects.filter(project=project, year=year).exists():
        raise StaleVersion(project)
    set_annual_plan(
        project=project,
        year=year,
        by=by,
        version=data["version"] or None,
        reason=data.get("reason", ""),
        **{name: data[name] for name in FIELDS},
    )
