"""投资总览, the projects behind its figures, the monthly report as a file."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render

from accounts.access import access
from accounts.exports import export
from accounts.roles import Can
from common import clock
from common.db import keys_of
from investment.monthly_report import COLUMNS, report_rows
from investment.selectors.board import Board
from investment.selectors.overview import overview
from investment.selectors.rows import rows_page


@access(Can.VIEW_PROJECTS)
def overview_page(request: HttpRequest) -> HttpResponse:
    """Money by unit, category, industry, level or kind, for a closed month."""
    return render(request, "investment/overview.html", overview(Board(request.user, request.GET, clock.today())))


@access(Can.VIEW_PROJECTS)
def rows(request: HttpRequest) -> HttpResponse:
    """The projects behind a figure."""
    board = Board(request.user, request.GET, clock.today(), page="investment:rows")
    return render(request, "investment/rows.html", rows_page(board, request.GET.get("page", "1")))


@access(Can.EXPORT)
def report(request: HttpRequest) -> StreamingHttpResponse:
    """月报表: the projects of the question in the standard column order (handbook §7.1), streamed."""
    today = clock.today()
    board = Board(request.user, request.GET, today, page="investment:rows")
    projects = board.base.filter(pk__in=keys_of(board.with_money()))
    return export(
        request,
        COLUMNS,
        report_rows(projects, board.period, today),
        title="月报表",
        chosen="；".join(chip["label"] for chip in board.chips()),
        notes=[f"数据截至：{board.period.label}。金额为平台调度数，不是统计数。"],
        heading=f"重大项目月报表（{board.period.label}）",
    )
