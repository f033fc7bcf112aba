"""The live consequences under the figure of the month."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.access import access
from accounts.roles import Can
from common import clock
from common.periods import BadPeriod, Period
from investment.sheet import month_form
from projects.models import Project
from projects.permissions import may, require


@access(Can.REPORT)
def month_calc(request: HttpRequest, pk: int) -> HttpResponse:
    """What the year comes to with `?month-completed=` for `?period=`; nothing is written."""
    project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    require(may(request.user, project, Can.REPORT))
    try:
        period = Period.parse(request.GET.get("period", ""))
    except BadPeriod:
        period = Period.of(clock.today())
    form = month_form(project, period, request.user, None)  # unbound: typing is not yet a mistake
    if form:
        form.initial["completed"] = request.GET.get("month-completed", "")
    return render(request, "investment/_month_calc.html", {"form": form, "calc": form.shown if form else None})
