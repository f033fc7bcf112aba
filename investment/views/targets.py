"""年度目标 of the district and its units."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access import access
from accounts.models import Unit
from accounts.roles import Can
from common import clock
from investment.actions import set_annual_target
from investment.forms import TargetForm
from investment.models import AnnualTarget
from investment.selectors.board import Board
from investment.selectors.plans import next_targets_page, targets_page
from projects.views.forms import done, form_page


@access(Can.VIEW_PROJECTS)
def targets(request: HttpRequest) -> HttpResponse:
    """Targets beside plans and figures; of a year to come (`?year=`) beside what is planned so far."""
    today = clock.today()
    board = Board(request.user, request.GET, today, page="investment:targets")
    year = request.GET.get("year", "")
    ahead = year in (str(today.year), str(today.year + 1)) and int(year) > board.last.year
    context = next_targets_page(board, int(year)) if ahead else targets_page(board)
    context["may_set"] = request.user.may(Can.DECIDE_FIGURES)
    return render(request, "investment/targets.html", context)


@access(Can.DECIDE_FIGURES)
def target_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A unit's targets of a year (`?year=`, this or next)."""
    unit = get_object_or_404(Unit, pk=pk)
    this = clock.today().year
    year = this + 1 if request.GET.get("year") == str(this + 1) else this
    held = {row.category: row for row in AnnualTarget.objects.filter(unit=unit, year=year)}
    form = TargetForm(request.POST if request.method == "POST" else None, held=held)
    back = f"{reverse('investment:targets')}?year={year}"
    if request.method == "POST" and done(form, lambda: _save(unit, year, form, request.user)):
        messages.success(request, f"{unit.label}{year}年目标已保存。")
        return redirect(back)
    return form_page(
        request,
        "investment/target_edit.html",
        form,
        unit=unit,
        title=f"{unit.label} {year}年目标",
        cancel_url=back,
        submit_label="保存目标",
    )


@transaction.atomic
def _save(unit, year, form, by) -> None:
    for category, amount, version in form.targets():
        set_annual_target(unit=unit, year=year, category=category, amount=amount, version=version, by=by)
