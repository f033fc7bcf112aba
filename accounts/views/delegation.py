"""代理: whom my reminders reach while I am away."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from accounts import actions
from accounts.access import LOGGED_IN, access
from accounts.forms import DelegationForm
from accounts.models import Delegation
from accounts.views.answers import data_of, done, form_page
from common import clock


@access(LOGGED_IN)
@require_http_methods(["GET", "POST"])
def delegation(request: HttpRequest) -> HttpResponse:
    """One's own stand-ins, past and to come."""
    today = clock.today()
    form = DelegationForm(actions.possible_stand_ins(request.user, today), data_of(request))
    ok, row = done(form, actions.delegate, user=request.user, today=today)
    if ok:
        messages.success(request, f"{row.starts_on} 至 {row.ends_on} 由“{row.delegate}”代理。")
        return redirect("accounts:delegation")
    rows = request.user.delegations.select_related("delegate__unit")
    context = {
        "form": form,
        "title": "代理人",
        "rows": rows,
        "today": today,
        "standing_in": _standing_in(request, today),
    }
    return form_page(request, "accounts/delegation.html", context)


def _standing_in(request: HttpRequest, today) -> list[Delegation]:
    return list(request.user.stands_in.in_force(today).select_related("user__unit"))


@access(LOGGED_IN)
@require_POST
def delegation_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own."""
    row = get_object_or_404(request.user.delegations, pk=pk)
    actions.end_delegation(delegation=row, by=request.user, today=clock.today())
    messages.success(request, "代理已取消。")
    return redirect("accounts:delegation")
