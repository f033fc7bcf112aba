"""The project list and its export."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render

from accounts.access import access
from accounts.exports import export
from accounts.roles import Can
from common import clock
from projects.resources import ProjectListResource
from projects.selectors.list import PER_PAGE, Query
from projects.selectors.list_page import project_list


@access(Can.VIEW_PROJECTS)
def project_list_page(request: HttpRequest) -> HttpResponse:
    """项目库: filters, sort, columns in the URL; the page length is remembered in the session."""
    asked = request.GET.get("per_page", "")
    if asked.isascii() and asked.isdigit() and int(asked) in PER_PAGE:
        request.session["per_page"] = int(asked)
    query = Query(request.user, request.GET, clock.today())
    context = project_list(query, page=request.GET.get("page", "1"), per_page=request.session.get("per_page", 20))
    response = render(request, "projects/project_list.html", context)
    if request.htmx:  # the address to be shared names only what is asked
        response["HX-Push-Url"] = query.url(page=request.GET.get("page"))
    return response


@access(Can.EXPORT)
def project_export(request: HttpRequest) -> StreamingHttpResponse:
    """The list as it is filtered, sorted and laid out, as .xlsx."""
    query = Query(request.user, request.GET, clock.today())
    chosen = "；".join(chip["label"] for chip in query.chips())
    resource = ProjectListResource(query)
    return export(request, resource.headers(), resource.lines(), title="项目清单", chosen=chosen)
