"""The project list and its export."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.html import format_html_join

from accounts.access import access
from accounts.exports import export
from accounts.roles import Can
from common import clock
from common.templatetags.filters import count_id
from projects.resources import ProjectListResource
from projects.selectors.list import PER_PAGE, Query
from projects.selectors.list_page import option_counts, project_list


@access(Can.VIEW_PROJECTS)
def project_list_page(request: HttpRequest) -> HttpResponse:
    """项目库: filters, sort, columns in the URL; the page length is remembered in the session."""
    asked = request.GET.get("per_page", "")
    if asked.isascii() and asked.isdigit() and int(asked) in PER_PAGE:
        request.session["per_page"] = int(asked)
    query = Query(request.user, request.GET, clock.today())
    context = project_list(
        query,
        page=request.GET.get("page", "1"),
        per_page=request.session.get("per_page", 20),
        with_counts=request.htmx.trigger == "filters",  # a menu may be open now; else they come when one is reached for
    )
    response = render(request, "projects/project_list.html", context)
    if request.htmx:  # the address to be shared names only what is asked
        response["HX-Push-Url"] = query.url(page=request.GET.get("page"))
    return response


@access(Can.VIEW_PROJECTS)
def option_counts_fragment(request: HttpRequest) -> HttpResponse:
    """The numbers beside the options of the filters, each to be put in its place by htmx."""
    query = Query(request.user, request.GET, clock.today())
    places = [
        (count_id(name, value), counted.get(str(value), 0))
        for name, counted in option_counts(query).items()
        for value, _ in query.options[name]
    ]
    return HttpResponse(format_html_join("\n", '<span class="end" id="{}" hx-swap-oob="true">{}</span>', places))


@access(Can.EXPORT)
def project_export(request: HttpRequest) -> StreamingHttpResponse:
    """The list as it is filtered, sorted and laid out, as .xlsx."""
    query = Query(request.user, request.GET, clock.today())
    chosen = "；".join(chip["label"] for chip in query.chips())
    resource = ProjectListResource(query)
    return export(request, resource.headers(), resource.lines(), title="项目清单", chosen=chosen)
