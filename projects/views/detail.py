"""The project page: 概况 and the printed card."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import access
from accounts.roles import Can
from common import clock
from projects.selectors import detail


@access(Can.VIEW_PROJECTS)
def project_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """概况; with `?print=1` the card on one A4 page."""
    today = clock.today()
    project = detail.open_project(request.user, pk, today)
    context = detail.frame(request.user, project, "overview", today)
    context |= detail.overview(project, context["rows"], today)
    template = "projects/project_card.html" if request.GET.get("print") else "projects/project_detail.html"
    return render(request, template, context)
