"""What a person keeps of the list: views, columns, followed projects. Every write is a POST."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.access import access
from accounts.models import SavedView
from accounts.roles import Can
from projects import actions
from projects.actions.personal import MODULE
from projects.columns import REGISTRY
from projects.list_columns import star
from projects.models import Project
from projects.selectors.list import list_url, own_query


@access(Can.VIEW_PROJECTS)
@require_POST
def view_save(request: HttpRequest) -> HttpResponse:
    """Keep the list as it is filtered, sorted and laid out; the same name again replaces it."""
    query = own_query(QueryDict(request.POST.get("query", "")[:2000]))
    view = actions.save_view(owner=request.user, name=request.POST.get("name", ""), query=query)
    messages.success(request, f"视图“{view.name}”已保存。")
    return redirect(list_url(view.query, view=view.pk))


@access(Can.VIEW_PROJECTS)
@require_POST
def view_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget one of one's own views; another person's is not found."""
    view = get_object_or_404(SavedView, pk=pk, owner=request.user, module=MODULE)
    actions.delete_view(owner=request.user, view=view)
    messages.success(request, f"视图“{view.name}”已删除。")
    return redirect("projects:project_list")


@access(Can.VIEW_PROJECTS)
@require_POST
def list_columns(request: HttpRequest) -> HttpResponse:
    """Remember the columns as ticked; `up` moves one of them to the front by one place, `reset` forgets the choice."""
    codes = [code for code in dict.fromkeys(request.POST.getlist("col")) if code in REGISTRY.columns]
    if "reset" in request.POST:
        codes = []
    elif (moved := request.POST.get("up")) in codes and (place := codes.index(moved)):
        codes[place - 1], codes[place] = codes[place], codes[place - 1]
    actions.choose_columns(owner=request.user, codes=codes)
    return redirect(list_url(own_query(QueryDict(request.POST.get("query", "")[:2000]), without=("col",))))


@access(Can.VIEW_PROJECTS)
@require_POST
def project_follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Follow a project or stop; an htmx request gets the star back, anybody else the page he or she came from."""
    project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    on = request.POST.get("on") == "1"
    actions.follow(user=request.user, project=project, on=on)
    if request.htmx:
        return HttpResponse(star(project.pk, project.name, on=on))
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = reverse("projects:project_detail", args=[pk])
    return redirect(back)
