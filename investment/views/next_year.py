"""A year's plans in the making, and carrying many projects over into it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import access
from accounts.roles import Can
from common import clock
from common.errors import DomainError
from common.text import whole_number
from investment.actions import carry_over
from investment.selectors import next_year as reads
from investment.selectors.board import Board


@access(Can.VIEW_PROJECTS)
@require_safe
def next_year(request: HttpRequest) -> HttpResponse:
    """What goes on, what waits for a target, what has one (`?year=`, this or next)."""
    today = clock.today()
    board = Board(request.user, request.GET, today, page="investment:next_year")
    year = reads.asked_year(request.GET.get("year"), today)
    context = reads.next_year_page(board, request.GET.get("state", ""), year, request.GET.get("page", "1"))
    return render(request, "investment/next_year.html", context)


@access(Can.EDIT_PROJECTS)
@require_POST
def carry(request: HttpRequest) -> HttpResponse:
    """Carry over the ticked projects (`project`), or all (`all`): asked once more first, done with `confirm`."""
    year = reads.asked_year(request.POST.get("year"), clock.today())
    back = f"{reverse('investment:next_year')}?year={year}"
    keys = [key for text in request.POST.getlist("project") if (key := whole_number(text))]
    chosen = reads.carriable(request.user, year, None if request.POST.get("all") else keys)
    found = reads.left_of(chosen)
    if not found["n"]:
        messages.warning(request, "没有可以结转的项目：请先勾选，已经列入计划的不再结转。")
        return redirect(back)
    if not request.POST.get("confirm"):
        context = {"title": f"结转到{year}年", "year": year, "keys": keys, "all": request.POST.get("all"), "back": back}
        return render(request, "investment/carry_confirm.html", context | found)
    try:
        carried = carry_over(projects=chosen, year=year, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect(back)
    messages.success(request, f"已结转 {len(carried)} 个项目到{year}年，请逐个下达年度计划。")
    return redirect(f"{back}&state=unset")
