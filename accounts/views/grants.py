"""Roles: who has which, where, until when; granting and revoking."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts import actions
from accounts.access import access
from accounts.forms import GrantForm, RevokeForm
from accounts.models import Membership, User
from accounts.roles import Can
from accounts.selectors import people
from accounts.views.answers import data_of, done, form_page, page_of
from accounts.views.people import people_filters
from common import clock


@access(Can.GRANT_ROLES)
@require_safe
def grant_list(request: HttpRequest) -> HttpResponse:
    """People with their roles."""
    q, unit, state = (request.GET.get(key, "") for key in ("q", "unit", "state"))
    page = page_of(request, people(today=clock.today(), q=q, unit=unit, state=state))
    context = {
        "title": "授权",
        "today": clock.today(),
        "page_obj": page,
        "q": q,
        "q_label": "姓名、账号、电话、拼音",
        "filters": people_filters(unit, state),
        "total": page.paginator.count,
        "unit": "人",
        "empty": {"title": "没有符合条件的人员", "text": "换个条件，或清除筛选。"},
    }
    return render(request, "accounts/grant_list.html", context)


@access(Can.GRANT_ROLES)
@require_http_methods(["GET", "POST"])
def grant_new(request: HttpRequest) -> HttpResponse:
    """Grant a role; `?user=` chooses the person, whose unit is offered."""
    wanted = request.GET.get("user", "")
    person = User.objects.filter(pk=wanted, is_active=True).first() if wanted.isdecimal() else None
    initial = {"user": person, "unit": person.unit_id if person else None, "starts_on": clock.today()}
    form = GrantForm(data_of(request), initial=initial)
    ok, granted = done(form, actions.grant_role, by=request.user)
    if ok:
        messages.success(request, f"已授予“{granted.user}”{granted.get_role_display()}角色。")
        return redirect("accounts:grant_list")
    return form_page(request, "accounts/grant_new.html", {"form": form, "title": "授予角色"})


@access(Can.GRANT_ROLES)
@require_http_methods(["GET", "POST"])
def grant_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke a role, at once or with a last day."""
    membership = get_object_or_404(Membership.objects.select_related("user", "unit"), pk=pk)
    form = RevokeForm(data_of(request))
    ok, _ = done(form, actions.revoke_role, membership=membership, by=request.user)
    if ok:
        messages.success(request, f"已收回“{membership.user}”的{membership.get_role_display()}角色。")
        return redirect("accounts:grant_list")
    context = {"form": form, "title": "收回角色", "membership": membership}
    return form_page(request, "accounts/grant_end.html", context)
