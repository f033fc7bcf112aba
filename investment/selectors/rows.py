"""The projects behind a figure of the boards, with the money of the month shown; and the monthly report of them."""

from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.urls import reverse

from accounts.roles import Can
from common.money import percent, wan_column
from common.rules import light_rules
from investment.dimensions import with_progress_light
from investment.models import MonthlyEntry
from investment.selectors.board import Board
from investment.selectors.overview import Sums, grouped

PER_PAGE = 50


def money_rows(board: Board) -> QuerySet:
    """The projects of the question with plan, figures and 本月完成 (NULL: nothing told), the largest plan first."""
    told = MonthlyEntry.objects.told().of(board.period).filter(project=OuterRef("pk"))
    lit = with_progress_light(board.with_money(), board.period, light_rules(board.period))
    rows = lit.annotate(month_done=Subquery(told.values("completed")[:1])).select_related("lead_unit")
    return rows.order_by(F("target").desc(nulls_last=True), "pk")


def rows_page(board: Board, page: str) -> dict[str, Any]:
    """Everything templates/investment/rows.html shows; the totals are those of all pages."""
    sums = Sums()
    for one in grouped(board.with_money(), F("status"), board.period).values():
        sums.add(one)
    month = money_rows(board).aggregate(total=Sum("month_done"))["total"] or Decimal(0)
    paginator = Paginator(money_rows(board).values_list("pk", flat=True), PER_PAGE)
    paginator.count = sums.projects
    page_obj = paginator.get_page(page)
    shown = money_rows(board).filter(pk__in=list(page_obj))
    return {
        "title": "投资明细",
        "board": board,
        "crumbs": [{"label": "投资总览", "url": board.url()}, {"label": "投资明细"}],
        "chips": board.chips(),
        "clear_url": board.url("investment:rows", **dict.fromkeys(board.chosen), planned=None),
        "total": sums.projects,
        "unit": "个项目",
        "rows": [_row(row) for row in shown],
        "sums": {
            "total": wan_column(sums.total),
            "target": wan_column(sums.target),
            "month": wan_column(month),
            "done": wan_column(sums.done + sums.unplanned_done),
            "rate": sums.rate,
            "scheduled_rate": sums.scheduled_rate,
            "tone": sums.light,
        },
        "page_obj": page_obj,
        "export_url": board.url("investment:report") if board.user.may(Can.EXPORT) else "",
    }


def _row(project: Any) -> dict[str, Any]:
    planned = bool(project.target)
    return {
        "name": project.name,
        "url": reverse("projects:project_detail", args=[project.pk]),
        "number": project.number,
        "unit": project.lead_unit.label,
        "stage": project.stage,
        "state": project.state_label,
        "total": wan_column(project.total_investment),
        "target": wan_column(project.target),
        "month": wan_column(project.month_done),
        "done": wan_column(project.completed_to_date),
        "rate": percent(project.completed_to_date, project.target) if planned else None,
        "scheduled_rate": percent(project.due_part, project.due_whole) if planned else None,
        "light": project.light_progress,
    }
