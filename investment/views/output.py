"""投产效益: the district's, and one project's year by year."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.access import access
from accounts.roles import Can
from common import clock
from investment.actions import report_output
from investment.forms_output import OutputForm
from investment.selectors.output import output_page, outputs_of
from projects.permissions import may
from projects.selectors import detail
from projects.views.forms import done, editable_project, form_page, posted

FIELDS = ("revenue", "tax", "jobs", "capacity_percent", "note")


@access(Can.VIEW_PROJECTS)
def output(request: HttpRequest) -> HttpResponse:
    """What the projects in production bring, by category and one by one."""
    return render(request, "investment/output.html", output_page(request.user, request.GET, clock.today()))


@access(Can.VIEW_PROJECTS)
def project_output(request: HttpRequest, pk: int) -> HttpResponse:
    """The tab 投产效益."""
    today = clock.today()
    project = detail.open_project(request.user, pk, today)
    context = detail.frame(request.user, project, "output", today)
    context |= {"outputs": outputs_of(project), "may_tell": may(request.user, project, Can.REPORT)}
    return render(request, "investment/project_output.html", context)


@access(Can.REPORT)
def output_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell a year's figures (`?year=`)."""
    project = editable_project(request, pk, Can.REPORT)
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else clock.today().year
    row = outputs_of(project).filter(year=year).first()
    initial = {name: getattr(row, name) for name in (*FIELDS, "version")} if row else {"version": 0}
    form = OutputForm(posted(request)[0], initial={"year": year, **initial})
    back = reverse("investment:project_output", args=[pk])
    context = {"project": project, "title": "填报效益", "cancel_url": back, "submit_label": "保存"}

    def standing() -> tuple[dict, int]:
        now = outputs_of(project).get(year=form.cleaned_data["year"])
        return {name: getattr(now, name) for name in FIELDS}, now.version

    report = partial(report_output, project=project, by=request.user)
    if request.method == "POST" and done(form, lambda: report(**form.cleaned_data), standing=standing):
        messages.success(request, f"{form.cleaned_data['year']}年效益已保存。")
        return redirect(back)
    return form_page(request, "projects/_form.html", form, **context)
