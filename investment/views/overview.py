"""投资总览, the projects behind its figures, the monthly report as a file."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render

from accounts import audit
from accounts.access import access
from accounts.roles import Can
from common import clock
from common.excel.writer import stream_table
from investment.monthly_report import COLUMNS, report_rows
from investment.selectors.board import Board
from investment.selectors.overview import overview
from investment.selectors.rows import rows_page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
    now = clock.now()
    board = Board(request.user, request.GET, now.date(), page="investment:rows")
    chosen = "；".join(chip["label"] for chip in board.chips()) or "无"
    notes = [
        f"数据截至：{board.period.label}；导出时间：{now:%Y-%m-%d %H:%M}，导出人：{request.user.display_name}",
        f"筛选条件：{chosen}。金额为平台调度数，不是统计数。",
    ]
    projects = board.base.filter(pk__in=board.with_money().order_by().values("pk"))
    audit.record(by=request.user, action="导出月报表", subject=request.user, reason="；".join(notes)[:500])
    pieces = stream_table(
        COLUMNS,
        report_rows(projects, board.period, now.date()),
        title=f"重大项目月报表（{board.period.label}）",
        notes=notes,
        sheet="月报表",
    )
    response = StreamingHttpResponse(pieces, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="monthly-report-{board.period}.xlsx"'
    return response
