"""全年预测 and 接续指数."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import access
from accounts.roles import Can
from common import clock
from investment.selectors.board import Board
from investment.selectors.forecast import forecast
from investment.selectors.pipeline import pipeline


@access(Can.VIEW_PROJECTS)
def forecast_page(request: HttpRequest) -> HttpResponse:
    """What the year will come to; `?lead=` shows the projects of one unit."""
    board = Board(request.user, request.GET, clock.today(), page="investment:forecast")
    return render(request, "investment/forecast.html", forecast(board, request.GET.get("page", "1")))


@access(Can.VIEW_PROJECTS)
def pipeline_page(request: HttpRequest) -> HttpResponse:
    """Whether enough is coming in the next four quarters."""
    board = Board(request.user, request.GET, clock.today(), page="investment:pipeline")
    return render(request, "investment/pipeline.html", pipeline(board))
