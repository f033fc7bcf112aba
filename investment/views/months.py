"""月报: the grid, its drafts, the review, who reported, unlocking."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import access
from accounts.models import Unit
from accounts.roles import Can
from common import clock
from common.errors import DomainError, StaleVersion
from common.money import wan_column
from common.periods import Period
from investment.actions import decide_months, remind_units, save_draft, submit_month, unlock_month
from investment.actions.reporting import COMPOSITION
from investment.forms import ReviewForm, UnlockForm
from investment.models import MonthlyEntry
from investment.month_form import oddities
from investment.selectors import months as reads
from projects.models import Project
from projects.permissions import may, require

DRAFTED = ("completed", "statistics", "works", "equipment", "other_costs", "corrects", "note")


@access(Can.REPORT)
def month_grid(request: HttpRequest) -> HttpResponse:
    """Every project of an official in one table (GET), and sending what is new in it (POST)."""
    today = clock.today()
    period = reads.asked_period(request.GET.get("period"), today)
    page = reads.grid_page(request.user, period, request.GET.get("page"))
    if request.method == "POST":
        rows = reads.grid_rows(list(page), period, today, request.POST)
        return _send(request, period, page, rows, today)
    rows = reads.grid_rows(list(page), period, today)
    kept = reads.restore(rows, request.user, period)
    return _grid(request, period, page, rows, today, draft_at=kept)


def _send(request: HttpRequest, period: Period, page: Any, rows: list[reads.GridRow], today: date) -> HttpResponse:
    sent = sum(_send_row(row, period, request, today) for row in rows)
    conflicts, bad = any(row.conflict for row in rows), [row for row in rows if row.errors or row.conflict]
    save_draft(user=request.user, period=period, rows={str(row.project.pk): _typed(row) for row in bad})
    if not bad:
        messages.success(request, f"{period.month}月已报送 {sent} 个项目。" if sent else "没有需要报送的变化。")
        return redirect(f"{reverse('investment:month_grid')}?period={period}&page={page.number}")
    fresh = {row.project.pk: row for row in reads.grid_rows(list(page), period, today)}
    shown = [row if row in bad else fresh[row.project.pk] for row in rows]
    for row in bad:
        row.facts = fresh[row.project.pk].facts
    return _grid(request, period, page, shown, today, sent=sent, bad=len(bad), status=409 if conflicts else 422)


def _send_row(row: reads.GridRow, period: Period, request: HttpRequest, today: date) -> int:
    """Send one row when it says something new: 1 if it was taken. What is wrong with it stays with it."""
    form = row.form
    if not row.is_typed:
        return 0
    if not form.is_valid():
        row.errors = [text for texts in form.errors.values() for text in texts]
        if form.cleaned_data.get("completed") is not None:
            row.odd = oddities(row.project, row.facts, form.cleaned_data["completed"], form.composition)
        return 0
    if not form.is_news and form.cleaned_data["version"] == (row.entry.version if row.entry else None):
        return 0
    try:
        submit_month(project=row.project, period=period, by=request.user, today=today, **form.figures())
        return 1
    except StaleVersion:
        theirs = MonthlyEntry.objects.filter(project=row.project).of(period).select_related("reported_by").get()
        who = theirs.reported_by.display_name if theirs.reported_by else "系统"
        row.conflict = f"{who}刚填报了 {wan_column(theirs.completed)} 万元；您填的还没有保存，再次提交将以您的为准。"
        form.data = form.data.copy()
        form.data[form.add_prefix("version")] = str(theirs.version)
    except DomainError as error:
        row.errors = [error.message]
    return 0


def _typed(row: reads.GridRow) -> dict[str, str]:
    return {name: row.form[name].value() or "" for name in DRAFTED}


def _grid(
    request: HttpRequest,
    period: Period,
    page: Any,
    rows: list[reads.GridRow],
    today: date,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        "title": f"{period.month}月月报填报",
        "rows": rows,
        "page_obj": page,
        "missing": sum(row.entry is None or row.entry.state == "returned" for row in rows),
        "parts_told": any(row.says(*COMPOSITION) for row in rows),
        "draft_url": f"{reverse('investment:month_draft')}?period={period}",
        **reads.window(period, today),
        **more,
    }
    return render(request, "investment/month_grid.html", context, status=status)


@require_POST
@access(Can.REPORT)
def month_draft(request: HttpRequest) -> HttpResponse:
    """Keep what is typed in the grid and not sent."""
    today = clock.today()
    period = reads.asked_period(request.GET.get("period"), today)
    page = reads.grid_page(request.user, period, request.GET.get("page"))
    rows = reads.grid_rows(list(page), period, today, request.POST)
    changed = {str(row.project.pk): _typed(row) for row in rows if row.is_typed}
    save_draft(user=request.user, period=period, rows=changed)
    return JsonResponse({"rows": len(changed)})


@access(Can.REVIEW_FIGURES)
def month_review(request: HttpRequest) -> HttpResponse:
    """What was reported, beside last month and the plan; approving or returning many at once (POST)."""
    today = clock.today()
    period, state = reads.asked_period(request.GET.get("period"), today), request.GET.get("state", "waiting")
    form = ReviewForm(request.POST if request.method == "POST" else None)
    refused: list = []
    if request.method == "POST" and form.is_valid():
        refused = _decide(request, period, form)
        if not refused:
            return redirect(request.get_full_path())
    entries = reads.review_entries(request.user, period, state).order_by("project__lead_unit__order", "project__name")
    page = Paginator(entries, reads.PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "月报审核",
        "form": form,
        "state": state,
        "views": reads.review_tabs(request.user, period, state),
        "rows": reads.review_rows(list(page), period, today),
        "refused": refused,
        "page_obj": page,
        "is_bureau": request.user.may(Can.DECIDE_FIGURES),
        **reads.window(period, today),
    }
    return render(request, "investment/month_review.html", context, status=422 if refused or form.errors else 200)


def _decide(request: HttpRequest, period: Period, form: ReviewForm) -> list:
    seen = form.cleaned_data["entry"]
    entries = reads.review_entries(request.user, period, "all").filter(pk__in=seen)
    result = decide_months(
        entries=list(entries),
        seen=seen,
        approve=form.cleaned_data["decision"] == "approve",
        by=request.user,
        note=form.cleaned_data["note"],
    )
    if result.done:
        word = "通过" if form.cleaned_data["decision"] == "approve" else "退回"
        messages.success(request, f"已{word} {result.done} 条月报。")
    return result.refused


@access(Can.VIEW_PROJECTS)
def month_status(request: HttpRequest) -> HttpResponse:
    """Who reported the month: late and missing ones per unit, and the projects behind every number."""
    today = clock.today()
    period, kind = reads.asked_period(request.GET.get("period"), today), request.GET.get("kind", "missing")
    kind = kind if kind in reads.KINDS else "missing"
    units = reads.status_units(request.user, period)
    projects = reads.status_projects(request.user, period, kind)
    unit = next((line["unit"] for line in units if str(line["unit"].pk) == request.GET.get("unit")), None)
    if unit:
        projects = projects.filter(lead_unit=unit)
    page = Paginator(reads.status_rows(projects, period), reads.PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "填报情况",
        "units": units,
        "total": {code: sum(line[code] for line in units) for code in reads.KINDS},
        "kind": kind,
        "kind_label": reads.KINDS[kind],
        "unit": unit,
        "page_obj": page,
        "sums": reads.month_total(request.user, period),
        "may_remind": request.user.may(Can.DECIDE_FIGURES),
        "today": today,
        **reads.window(period, today),
    }
    return render(request, "investment/month_status.html", context)


@require_POST
@access(Can.DECIDE_FIGURES)
def month_remind(request: HttpRequest) -> HttpResponse:
    """Ask one unit (`unit`), or every unit, for what it still owes."""
    today = clock.today()
    period = reads.asked_period(request.POST.get("period"), today)
    lines = [line for line in reads.status_units(request.user, period) if line["missing"]]
    if unit := request.POST.get("unit"):
        lines = [line for line in lines if str(line["unit"].pk) == unit]
    owed: dict[Unit, int] = {line["unit"]: line["missing"] for line in lines}
    asked = remind_units(owed=owed, period=period, by=request.user, today=today)
    words = f"已催报 {asked} 个单位，责任人将在预警和当日邮件中收到。" if asked else "今天已经催报过，没有重复催报。"
    messages.success(request, words)
    return redirect(f"{reverse('investment:month_status')}?period={period}")


@access(Can.DECIDE_FIGURES)
def month_unlock(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a locked month of a project again, with a reason."""
    project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    require(may(request.user, project, Can.DECIDE_FIGURES))
    today = clock.today()
    form = UnlockForm(request.POST if request.method == "POST" else None, today=today)
    back = reverse("investment:project_money", args=[project.pk])
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                unlock_month(project=project, by=request.user, today=today, **form.cleaned_data)
            except DomainError as error:
                form.add_error(None, error.message)
            else:
                messages.success(request, f"{form.cleaned_data['period'].label}已解锁。")
                return redirect(back)
    context = {"form": form, "project": project, "title": "解锁月份", "cancel_url": back, "submit_label": "解锁"}
    return render(request, "projects/_form.html", context, status=status)
