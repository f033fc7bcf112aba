"""责任: who answers, who answered on a day, naming and relieving."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access import access
from accounts.models import User
from accounts.roles import Can
from common import clock
from projects import actions
from projects.choices import Duty
from projects.forms_detail import AssignForm, DayForm, EndForm
from projects.models import Assignment, Project
from projects.permissions import may, require
from projects.selectors import detail, people
from projects.views.forms import done, editable_project, form_page, posted


@access(Can.VIEW_PROJECTS)
def project_people(request: HttpRequest, pk: int) -> HttpResponse:
    """The tab 责任; `?on=` asks who was responsible on that day."""
    today = clock.today()
    project = detail.open_project(request.user, pk, today)
    context = detail.frame(request.user, project, "people", today)
    form = DayForm(request.GET if request.GET.get("on") else None, initial={"on": today})
    on = form.cleaned_data["on"] if form.is_valid() else today
    context |= {
        "day_form": form,
        "on": on,
        "shown": context["people"] if on == today else people.people_on(project, on),
        "history": people.history_of(project),
        "may_name": _may_name(request.user, project),
    }
    return render(request, "projects/project_people.html", context)


@access(Can.EDIT_PROJECTS)
def project_assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Name somebody for a duty (`?duty=`), handing over from whoever holds it."""
    project = editable_project(request, pk, Can.EDIT_PROJECTS)
    candidates, duties = people.assignable_by(request.user)
    require(bool(duties), "指定责任人由本单位填报员或发改局办理。")
    today = clock.today()
    form = AssignForm(
        *posted(request),
        people=candidates,
        duties=duties,
        initial={"duty": request.GET.get("duty", Duty.OFFICIAL), "starts_on": today},
    )
    back = reverse("projects:project_people", args=[pk])
    if request.method == "POST" and done(form, lambda: _assign(project, form.cleaned_data, request.user)):
        messages.success(request, "责任人已更新，历史任期保留。")
        return redirect(back)
    return form_page(
        request,
        "projects/assign_form.html",
        form,
        project=project,
        title="指定责任人",
        cancel_url=back,
        submit_label="确定",
    )


def _assign(project: Project, data: dict, by: User) -> None:
    actions.assign(
        project=project,
        duty=data["duty"],
        starts_on=data["starts_on"],
        by=by,
        user=data["user"],
        name="" if data["user"] else data["name"].strip(),
        unit=data["user"].unit if data["user"] else None,
    )


@access(Can.EDIT_PROJECTS)
def assignment_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End an open term."""
    term = get_object_or_404(
        Assignment.objects.filter(project__in=Project.objects.visible_to(request.user), ends_on=None)
        .exclude(duty=Duty.LEAD_UNIT)
        .select_related("project", "user", "unit"),
        pk=pk,
    )
    _, duties = people.assignable_by(request.user)
    require(may(request.user, term.project, Can.EDIT_PROJECTS) and term.duty in duties)
    form = EndForm(*posted(request), initial={"ends_on": clock.today()})
    back = reverse("projects:project_people", args=[term.project_id])
    if request.method == "POST" and done(form, lambda: _end(term, form.cleaned_data["ends_on"], request.user)):
        messages.success(request, f"{term.person_label}的任期已结束，历史保留。")
        return redirect(back)
    return form_page(
        request,
        "projects/assign_form.html",
        form,
        project=term.project,
        cancel_url=back,
        submit_label="结束任期",
        title=f"结束任期：{term.get_duty_display()} {term.person_label}",
    )


def _end(term: Assignment, day: date, by: User) -> None:
    actions.end_assignment(term=term, ends_on=day, by=by)


def _may_name(user: User, project: Project) -> tuple[Duty, ...]:
    """The duties for which the person may name somebody on this project."""
    if not may(user, project, Can.EDIT_PROJECTS):
        return ()
    return people.assignable_by(user)[1]
