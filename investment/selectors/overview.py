"""投资总览: money by group. Sums are made in SQL on whole 元 and rounded once, at the end (handbook §8.3)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from accounts.roles import Can
from common.db import rows_among
from common.money import efficacy, percent, round_half_up, tile, wan_column, year_on_year
from common.periods import Period
from common.rules import YELLOW_BELOW
from investment.judged import Standing
from investment.models import MonthlyEntry
from investment.selectors.board import DIMENSIONS, NONE, UNPLANNED, Board
from investment.selectors.menu import sections
from investment.totals import as_of
from projects.models import Project

SMALL = 3  # groups with fewer planned projects are not ranked (ux §3.10)
ZERO = Decimal(0)


@dataclass
class Sums:
    """Plan, done and 时序 of a group through a month, in 万元, exact. `planned` projects have a plan; the sums of
    plan and done are theirs alone (a project without a plan is in no denominator, handbook §10.10)."""

    projects: int = 0
    planned: int = 0
    total: Decimal = ZERO
    target: Decimal = ZERO
    done: Decimal = ZERO
    scheduled: Fraction = Fraction(0)
    unplanned_done: Decimal = ZERO
    month: Decimal = ZERO  # of the planned ones, in the month itself

    def add(self, other: "Sums") -> None:
        """Take another group in."""
        self.projects += other.projects
        self.planned += other.planned
        self.total += other.total
        self.target += other.target
        self.done += other.done
        self.scheduled += other.scheduled
        self.unplanned_done += other.unplanned_done
        self.month += other.month

    @property
    def to_schedule(self) -> Fraction | None:
        """达序时率, exact: what groups are ranked by."""
        return Fraction(self.done) / self.scheduled if self.scheduled else None

    @property
    def rate(self) -> Decimal | None:
        return percent(self.done, self.target)

    @property
    def scheduled_rate(self) -> Decimal | None:
        return round_half_up(self.scheduled / Fraction(self.target) * 100, 1) if self.target else None

    @property
    def lead_pp(self) -> Decimal | None:
        """超/欠序时, points: subtracted exactly, rounded once."""
        if not self.target:
            return None
        return round_half_up((Fraction(self.done) - self.scheduled) / Fraction(self.target) * 100, 1)

    @property
    def light(self) -> str:
        """The tone of the bar: yellow below the limit of a single project's yellow."""
        late = self.to_schedule is not None and self.to_schedule * 100 < YELLOW_BELOW
        return "yellow" if late else "green"


def grouped(rows: QuerySet, expression: Any, period: Period) -> dict[Any, Sums]:
    """Key → sums of projects that carry the columns of `with_money` through the period: one query, rows only per
    schedule."""
    planned = Q(target__gt=0)
    lines = (
        rows.order_by()
        .annotate(key=expression)
        .values("key", "due_part", "due_whole")
        .annotate(
            n=Count("pk"),
            total_sum=Sum("total_investment"),
            planned=Count("pk", filter=planned),
            plan_sum=Sum("target", filter=planned),
            done_sum=Sum("completed_to_date", filter=planned),
            other_sum=Sum("completed_to_date", filter=UNPLANNED),
            month_sum=Sum("told__completed", filter=planned & Q(told__month=period.month)),
        )
    )
    groups: dict[Any, Sums] = defaultdict(Sums)
    for line in lines:
        target = line["plan_sum"] or ZERO
        due = Fraction(target) * line["due_part"] / line["due_whole"] if target else Fraction(0)
        groups[line["key"] or ""].add(
            Sums(
                line["n"],
                line["planned"],
                line["total_sum"] or ZERO,
                target,
                line["done_sum"] or ZERO,
                due,
                line["other_sum"] or ZERO,
                line["month_sum"] or ZERO,
            )
        )
    return groups


def overview(board: Board) -> dict[str, Any]:
    """Everything templates/investment/overview.html shows. The number of queries does not depend on the data."""
    dimension = board.dimension
    standing = Standing(board.today, renewing=False)  # no light is read here
    asked = ("overview", dimension.code, board.period, board.chosen, board.planned)
    now, before, lines, at = standing.recall(repr(asked), board.base, lambda: _counted(board))
    years = Years(board, lines, at)
    whole = Sums()
    for sums in now.values():
        whole.add(sums)
    labels = dimension.labels()
    ranks, ranks_before, points = ranking(now), ranking(before), scores(now)
    places = {key: place for place, key in enumerate(labels)}
    order = sorted(now, key=lambda key: (ranks.get(key, 9999), places.get(key, 9999)))
    return {
        "title": "投资总览",
        "board": board,
        "sections": sections("overview"),
        "views": [
            {"label": f"按{one.label}", "url": board.url(by=one.code), "active": one is dimension}
            for one in DIMENSIONS.values()
        ],
        "chips": board.chips(),
        "clear_url": board.url(**dict.fromkeys(board.chosen), planned=None),
        "stats": _stats(board, whole, years),
        "rows": [
            _line(board, key, labels.get(key, "未填"), now[key], ranks, ranks_before, years)
            | {"score": points.get(key)}
            for key in order
        ],
        "total": _figures(board, whole, {}),
        "ranked": len(ranks),
        "export_url": board.url("investment:report") if board.user.may(Can.EXPORT) else "",
        "chart": _chart(board, years),
        "unplanned": _unplanned(board, whole),
        "as_of": years.as_of,
    }


def _counted(board: Board) -> tuple[dict[Any, Sums], dict[Any, Sums], list[tuple], datetime | None]:
    """Groups now and a month before (none in January), done by group and month in two years, the latest figure."""
    key, last = board.dimension.key(), board.period.previous()
    now = grouped(board.with_money(), key, board.period)
    before = grouped(board.with_money(last), key, last) if board.period.month > 1 else {}
    return now, before, *_two_years(board)


def scores(groups: dict[Any, Sums]) -> dict[Any, Decimal]:
    """Key → 功效系数 of the ranked groups by 达序时率: 60 for the last, 100 for the first (handbook §6.4)."""
    able = _able(groups)
    if not able:
        return {}
    least, most = min(able.values()), max(able.values())
    return {key: efficacy(rate, least, most) for key, rate in able.items()}


def ranking(groups: dict[Any, Sums]) -> dict[Any, int]:
    """Key → rank by 达序时率, ties share a rank, the next one is skipped; small groups have none (handbook §7.2)."""
    able = _able(groups)
    first: dict[Fraction, int] = {}
    for place, rate in enumerate(sorted(able.values(), reverse=True), 1):
        first.setdefault(rate, place)
    return {key: first[rate] for key, rate in able.items()}


def _able(groups: dict[Any, Sums]) -> dict[Any, Fraction]:
    """Key → 达序时率 of the groups that are ranked."""
    rates = {key: sums.to_schedule for key, sums in groups.items() if sums.planned >= SMALL}
    return {key: rate for key, rate in rates.items() if rate is not None}


def _line(
    board: Board, key: Any, label: str, sums: Sums, ranks: dict, ranks_before: dict, years: "Years"
) -> dict[str, Any]:
    narrowed = {board.dimension.param: key or NONE}
    rank, was = ranks.get(key), ranks_before.get(key)
    moved = was - rank if rank and was else None
    return {
        "label": label,
        "rank": rank,
        "moved": moved,
        "fell": -moved if moved else 0,
        "yoy": None if board.dimension.code == "kind" else _pct(years.growth(key)),
        **_figures(board, sums, narrowed),
    }


def _figures(board: Board, sums: Sums, narrowed: dict[str, Any]) -> dict[str, Any]:
    """The cells of a group, each with the address of the rows that make it."""
    return {
        "projects": sums.projects,
        "projects_url": board.url("investment:rows", **narrowed),
        "planned": sums.planned,
        "planned_url": board.url("investment:rows", planned="yes", **narrowed),
        "total": wan_column(sums.total),
        "target": wan_column(sums.target),
        "month": wan_column(sums.month),
        "done": wan_column(sums.done),
        "rate": sums.rate,
        "scheduled_rate": sums.scheduled_rate,
        "tone": sums.light,
        "lead": sums.lead_pp,
    }


def _stats(board: Board, whole: Sums, years: "Years") -> list[dict[str, Any]]:
    planned = board.url("investment:rows", planned="yes")
    lead, growth = whole.lead_pp, years.growth_of_all()
    return [
        {
            "label": "项目",
            "value": whole.projects,
            "unit": "个",
            "url": board.url("investment:rows"),
            "total": "rows",
            "note": f"其中有年度计划 {whole.planned} 个",
        },
        {
            "label": f"{board.period.year}年计划投资",
            **tile(whole.target),
            "url": planned,
            "total": "年度计划",
            "note": f"时序应完成 {wan_column(round_half_up(whole.scheduled, 0))} 万元",
        },
        {
            "label": f"1—{board.period.month}月完成",
            **tile(whole.done),
            "url": planned,
            "total": "累计完成",
            "note": f"当月 {wan_column(whole.month)} 万元",
        },
        {
            "label": "年度完成率",
            "value": "—" if whole.rate is None else f"{whole.rate}%",
            "note": "没有年度计划" if lead is None else f"{'超' if lead >= 0 else '欠'}序时 {abs(lead)} 个百分点",
            "tone": "warn" if whole.light == "yellow" else "",
        },
        {
            "label": "同比",
            "value": "—" if growth is None else f"{growth:+}%",
            "note": f"全部项目 1—{board.period.month}月，去年同期 {wan_column(years.sums[0])} 万元",
        },
    ]


def _unplanned(board: Board, whole: Sums) -> dict[str, Any] | None:
    """Projects without a plan are told apart: they are in no rate."""
    n = whole.projects - whole.planned
    if not n:
        return None
    return {"n": n, "done": wan_column(whole.unplanned_done), "url": board.url("investment:rows", planned="no")}


class Years:
    """Done by month, this year and last, of every project in the question, ended ones too: what 同比 compares."""

    def __init__(self, board: Board, lines: list[tuple], as_of: datetime | None) -> None:
        self.as_of = as_of
        self.by_key: dict[Any, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
        self.by_month = [[ZERO] * 12, [ZERO] * 12]
        for key, year, month, total in lines:
            this = year - board.period.year + 1  # 0 last year, 1 this year
            if month <= board.period.month:
                self.by_key[key or ""][this] += total
            self.by_month[this][month - 1] += total
        self.sums = [sum((pair[i] for pair in self.by_key.values()), ZERO) for i in (0, 1)]

    def growth(self, key: Any) -> Decimal | None:
        last, this = self.by_key[key]
        return year_on_year(this, last)

    def growth_of_all(self) -> Decimal | None:
        return year_on_year(self.sums[1], self.sums[0])


def _two_years(board: Board) -> tuple[list[tuple], datetime | None]:
    """What Years is made of, two queries: sums by group and month, and the latest figure. By 年度类型 no group is
    compared: a project's kind is another every year."""
    projects = board.narrowed(Project.objects.visible_to(board.user))
    period = board.period
    key = F("year") if board.dimension.code == "kind" else board.dimension.key("project__")
    told = MonthlyEntry.objects.up_to(period) | MonthlyEntry.objects.up_to(Period(period.year - 1, 12))
    lines = (
        rows_among(told, projects, "project")
        .order_by()
        .annotate(key=key)
        .values_list("key", "year", "month")
        .annotate(total=Sum("completed"))
    )
    return list(lines), as_of(projects)


def _chart(board: Board, years: Years) -> dict[str, Any]:
    """Done by month, this year beside last, in 亿元, with its table in 万元."""
    last, this = years.by_month
    shown = board.period.month
    rows = [
        {
            "cells": [
                {"text": f"{month + 1}月"},
                {"text": wan_column(last[month])},
                {"text": wan_column(this[month]) if month < shown else None},
                {"text": _pct(year_on_year(this[month], last[month])) if month < shown else None},
            ]
        }
        for month in range(12)
    ]
    year = board.period.year
    return {
        "id": "d-months",
        "kind": "columns",
        "label": f"{year}年各月完成投资与{year - 1}年同月比较，截至{board.period.label}",
        "data": {
            "categories": [f"{month}月" for month in range(1, 13)],
            "series": [
                {"name": f"{year - 1}年", "values": [_yi(value) for value in last]},
                {"name": f"{year}年", "values": [_yi(this[m]) if m < shown else None for m in range(12)]},
            ],
            "unit": "亿元",
        },
        "columns": [
            {"label": "月份"},
            {"label": f"{year - 1}年", "unit": "万元", "css": "num"},
            {"label": f"{year}年", "unit": "万元", "css": "num"},
            {"label": "同比", "css": "num"},
        ],
        "rows": rows,
    }


def _pct(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:+}%"


def _yi(wan: Decimal) -> float:
    return float(round_half_up(Fraction(wan) / 10_000, 2))
