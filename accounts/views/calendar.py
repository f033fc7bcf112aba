"""The work calendar: a year at a glance, the notice pasted in, one day at a time."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts import actions
from accounts.access import access
from accounts.forms import DayForm, NoticeForm
from accounts.roles import Can
from accounts.selectors import calendar_year, calendar_years
from accounts.views.answers import data_of, done, form_page
from common import clock
from common.models import CalendarDay

FIRST, LAST = 2000, 2100
EFFECT = "保存后，所有节点的期限、剩余和逾期工作日随即按新日历计算。"


@access(Can.MANAGE_CALENDAR)
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """One year by months."""
    today = clock.today()
    wanted = request.GET.get("year", "")
    year = int(wanted) if wanted.isdecimal() and FIRST <= int(wanted) <= LAST else today.year
    years = calendar_years(today)
    context = {
        "title": "工作日历",
        "year": year,
        "today": today,
        "months": calendar_year(year),
        "shown": next((known for known in years if known["year"] == year), None),
        "views": [
            {"label": f"{y['year']}年", "count": y["label"], "url": f"?year={y['year']}", "active": y["year"] == year}
            for y in years
        ],
    }
    return render(request, "accounts/calendar.html", context)


@access(Can.MANAGE_CALENDAR)
@require_http_methods(["GET", "POST"])
def calendar_notice(request: HttpRequest) -> HttpResponse:
    """Paste the notice of a year."""
    form = NoticeForm(data_of(request))
    ok, days = done(form, actions.load_notice, by=request.user)
    if ok:
        messages.success(request, f"已登记 {days} 天，工作日计算随即生效。")
        return redirect("accounts:calendar")
    context = {"form": form, "title": "粘贴放假通知", "note": EFFECT, "cancel_url": reverse("accounts:calendar")}
    return form_page(request, "layouts/form.html", context)


@access(Can.MANAGE_CALENDAR)
@require_http_methods(["GET", "POST"])
def calendar_day(request: HttpRequest, year: int, month: int, day: int) -> HttpResponse:
    """班, 休, or as the library says."""
    try:
        on = date(year, month, day)
    except ValueError as error:
        raise Http404 from error
    row = CalendarDay.objects.filter(date=on).first()
    initial = {"kind": ("work" if row.is_workday else "rest") if row else "default", "name": row.name if row else ""}
    form = DayForm(data_of(request), initial=initial)
    ok, _ = done(form, _set_day, day=on, by=request.user)
    if ok:
        messages.success(request, f"{on} 已保存。")
        return redirect(f"{reverse('accounts:calendar')}?year={year}")
    back = f"{reverse('accounts:calendar')}?year={year}"
    context = {"form": form, "title": f"工作日历：{on}", "note": EFFECT, "cancel_url": back}
    return form_page(request, "layouts/form.html", context)


def _set_day(*, day: date, kind: str, name: str, by) -> None:
    if kind == "default":
        actions.clear_day(day=day, by=by)
    else:
        actions.set_day(day=day, is_workday=kind == "work", name=name, by=by)
