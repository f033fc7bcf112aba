"""The project list and its export."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import audit
from accounts.access import access
from accounts.roles import Can
from common import clock
from projects.resources import ProjectListResource
from projects.selectors.list import PER_PAGE, Query
from projects.selectors.list_page import project_list

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
def project_export(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered, sorted and laid out, as .xlsx."""
    now = clock.now()
    query = Query(request.user, request.GET, now.date())
    chosen = "；".join(chip["label"] for chip in query.chips()) or "无"
    notes = [f"导出时间：{now:%Y-%m-%d %H:%M}，导出人：{request.user.display_name}", f"筛选条件：{chosen}"]
    body = ProjectListResource(query).workbook(title=f"项目清单（{now:%Y-%m-%d}）", notes=notes)
    audit.record(by=request.user, action="导出项目清单", subject=request.user, reason=notes[1])
    response = HttpResponse(body, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="projects-{now:%Y%m%d-%H%M}.xlsx"'
    return response
