"""入库纳统: list and export, the officer's page, the project's tab, and its steps."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access import access
from accounts.roles import Can
from common import clock
from investment import actions
from investment.enrolment_text import STEPS
from investment.forms_enrolment import FORMS
from investment.models import StatisticsEnrolment
from investment.selectors import enrolment as select
from investment.views.answers import run, workbook
from projects.models import Project
from projects.permissions import may, require
from projects.selectors import detail
from projects.views.forms import posted

ACTIONS = {
    "submit": actions.submit_enrolment,
    "explain": actions.explain_unenrolled,
    "enter": actions.enter_statistics,
    "return": actions.return_enrolment,
    "leave": actions.leave_statistics,
    "grant": partial(actions.decide_excuse, grant=True),
    "refuse": partial(actions.decide_excuse, grant=False),
}


@access(Can.VIEW_PROJECTS)
def enrolment_list(request: HttpRequest) -> HttpResponse:
    """Who must enter, who has, who is late and why."""
    return render(request, "investment/listing.html", select.list_page(request.user, request.GET, clock.today()))


@access(Can.EXPORT)
def enrolment_export(request: HttpRequest) -> HttpResponse:
    """The list as filtered, as .xlsx."""
    listing = select.enrolment_listing(request.user, request.GET, clock.today())
    rows = select.told_rows(listing, clock.today())
    return workbook(request, "入库纳统清单", select.columns(clock.today()), rows, listing.chips())


@access(Can.STATISTICS)
def enrolment_desk(request: HttpRequest) -> HttpResponse:
    """What waits for the statistics officer."""
    return render(request, "investment/enrolment_desk.html", select.desk_page(request.user, clock.today()))


@access(Can.VIEW_PROJECTS)
def project_enrolment(request: HttpRequest, pk: int) -> HttpResponse:
    """The tab 入库纳统."""
    today = clock.today()
    project = detail.open_project(request.user, pk, today)
    context = detail.frame(request.user, project, "enrolment", today)
    return render(request, "investment/project_enrolment.html", context | select.tab_of(request.user, project, today))


@access(Can.EDIT_PROJECTS)
def enrolment_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """What the responsible unit does: apply, explain."""
    return _step(request, pk, step, Can.EDIT_PROJECTS)


@access(Can.STATISTICS)
def enrolment_decide(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """What the statistics officer does: enter, return, record an exit, judge a reason."""
    return _step(request, pk, step, Can.STATISTICS)


def _step(request: HttpRequest, pk: int, code: str, capability: Can) -> HttpResponse:
    project = get_object_or_404(Project.objects.visible_to(request.user).select_related("lead_unit"), pk=pk)
    if (step := STEPS.get(code)) is None or step.capability != capability:
        raise Http404
    require(may(request.user, project, capability))
    enrolment = StatisticsEnrolment.objects.filter(project=project).first()
    today = clock.today()
    opening = {"version": enrolment.version if enrolment else 0, "on": today, "total": project.total_investment}
    form = FORMS[code](*posted(request), initial=opening | ({"kind": enrolment.kind} if enrolment else {}))
    back = reverse("investment:project_enrolment", args=[pk])
    act = partial(ACTIONS[code], project=project, by=request.user, today=today)
    refusal = run(request, form, act, project=project, title=step.label, cancel_url=back, note=step.note)
    if refusal:
        return refusal
    messages.success(request, step.done)
    return redirect(back)
