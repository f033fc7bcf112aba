"""The home page and the cockpit."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access import LOGGED_IN, access
from accounts.models import Unit
from accounts.roles import Can
from alerts.models import Alert
from common import clock
from dashboard.selectors.cockpit import cockpit
from dashboard.selectors.home import home, leads_only
from projects.choices import Category
from projects.models import Project


@access(LOGGED_IN)
def home_page(request: HttpRequest) -> HttpResponse:
    """工作台; whoever only looks goes on to the cockpit."""
    if leads_only(request.user):
        return redirect("dashboard:cockpit")
    return render(request, "dashboard/home.html", home(request.user, clock.today()))


@access(Can.SEE_COCKPIT)
def cockpit_page(request: HttpRequest) -> HttpResponse:
    """驾驶舱, narrowed by ?category= and ?unit=."""
    category = request.GET.get("category", "")
    category = category if category in Category.values else ""
    unit = request.GET.get("unit", "")
    unit = get_object_or_404(Unit, pk=unit) if unit.isascii() and unit.isdigit() else None
    context = cockpit(request.user, clock.today(), category=category, unit=unit)
    return render(request, "dashboard/cockpit.html", context)


@access(LOGGED_IN)
def go(request: HttpRequest, public_id) -> HttpResponse:
    """The door behind a mail's link: after login, on to the page of the alert or project it names."""
    alert = Alert.objects.filter(public_id=public_id, notices__recipient=request.user).first()
    if alert:
        return redirect(alert.path)
    project = Project.objects.visible_to(request.user).filter(public_id=public_id).first()
    if project is None:
        raise Http404("这个链接指向的事项不存在，或您无权查看。")
    return redirect(project)
