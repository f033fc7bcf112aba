"""字典 / 滞后原因: what catch-up plans choose from."""

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import access
from accounts.roles import Can
from investment.models import LagCause
from projects.views.dictionaries import entry_page


@access(Can.MANAGE_DICTIONARIES)
@require_safe
def cause_list(request: HttpRequest) -> HttpResponse:
    """All causes, with the catch-up plans that name them."""
    is_open = Count("plans", filter=Q(plans__closed_on=None))
    context = {
        "title": "滞后原因",
        "crumbs": [{"label": "字典", "url": reverse("projects:dictionary_list")}, {"label": "滞后原因", "url": ""}],
        "causes": LagCause.objects.annotate(open_plans=is_open, all_plans=Count("plans")),
    }
    return render(request, "investment/causes.html", context)


@access(Can.MANAGE_DICTIONARIES)
@require_http_methods(["GET", "POST"])
def cause_new(request: HttpRequest) -> HttpResponse:
    """Add a cause."""
    return entry_page(request, LagCause(), back=reverse("investment:cause_list"))


@access(Can.MANAGE_DICTIONARIES)
@require_http_methods(["GET", "POST"])
def cause_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a cause or switch it off."""
    return entry_page(request, get_object_or_404(LagCause, pk=pk), back=reverse("investment:cause_list"))
