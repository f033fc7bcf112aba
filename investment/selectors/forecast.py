"""Reads of 全年预测: district, units, and the projects of one unit; each by its own record."""

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F, QuerySet, Sum
from django.urls import reverse

from accounts.models import Unit
from common.db import keys_of
from common.money import percent, tile, wan_column
from common.periods import Period
from investment.forecast import HISTORY, Estimate, Record, estimate, overlap
from investment.models import MonthlyEntry
from investment.selectors.board import Board
from investment.selectors.menu import sections

PER_PAGE = 50
OWN, OF_UNIT, OF_DISTRICT = "自身历史", "单位历史", "全区历史"


def records(projects: QuerySet, last: Period, key: str) -> dict[Any, Record]:
    """Key → what was told of the projects in the last 36 months, beside what was scheduled for the months told.
    One query, a row per group, month and schedule. `key` is a path from MonthlyEntry."""
    first = last.shift(1 - HISTORY)
    plan = "project__annual_plans__"
    told = (
        MonthlyEntry.objects.told()
        .filter(
            year__range=(first.year, last.year),
            project__in=keys_of(projects),
            **{f"{plan}year": F("year"), f"{plan}target__gt": 0},
        )
        .order_by()
        .values_list(key, "year", "month", "covers_from", f"{plan}start_month", f"{plan}end_month")
    )
    found: dict[Any, Record] = defaultdict(Record)
    for group, year, month, since, start, end, done, target in told.annotate(
        done_sum=Sum("completed"), plan_sum=Sum(f"{plan}target")
    ):
        due = Fraction(target) * overlap(start, end, since or month, month) / (end - start + 1)
        if first <= Period(year, month) <= last:
            found[group].add(Period(year, month), done, due)
    return found


def standing(rows: QuerySet, key: str) -> dict[Any, tuple[Decimal, Decimal, Fraction]]:
    """Key → (plan, done so far, still scheduled for the rest of the year) of planned projects: one query."""
    found: dict[Any, tuple[Decimal, Decimal, Fraction]] = {}
    lines = (
        rows.filter(target__gt=0)
        .order_by()
        .values_list(key, "due_part", "due_whole")
        .annotate(plan_sum=Sum("target"), done_sum=Sum("completed_to_date"))
    )
    for group, part, of, target, done in lines:
        left = Fraction(target) * (of - part) / of
        before = found.get(group, (Decimal(0), Decimal(0), Fraction(0)))
        found[group] = (before[0] + target, before[1] + (done or 0), before[2] + left)
    return found


def forecast(board: Board, page: str) -> dict[str, Any]:
    """Everything templates/investment/forecast.html shows; the number of queries does not depend on the data."""
    base, last = board.base, board.period
    units = records(base, last, "project__lead_unit_id")
    district = _merged(units.values())
    now = standing(board.with_money(), "lead_unit_id")
    plan, done, left = (sum((row[i] for row in now.values()), start) for i, start in enumerate(_ZERO))
    whole = estimate(done, left, [(OF_DISTRICT, district)], last)
    context = {
        "title": "全年预测",
        "board": board,
        "sections": sections("forecast"),
        "chips": board.chips(),
        "clear_url": board.url("investment:forecast", **dict.fromkeys(board.chosen), planned=None),
        "stats": _stats(board, plan, done, whole),
        "chart": _chart(board, whole, done, plan),
    }
    if board.chosen.get("lead"):
        return context | _projects(board, units, district, page)
    labels = {unit.pk: unit.label for unit in Unit.objects.filter(pk__in=now)}
    lines = []
    for key, (target, told, rest) in now.items():
        found = estimate(told, rest, [(OWN, units[key]), (OF_DISTRICT, district)], last)
        line = _line(labels[key], target, told, found) | {
            "url": board.url("investment:forecast", lead=key),
            "rows_url": board.url("investment:rows", lead=key, planned="yes"),
        }
        lines.append(line)
    lines.sort(key=lambda line: (line["gap_sort"], line["label"]))
    return context | {"head": "责任单位", "lines": lines}


_ZERO = (Decimal(0), Decimal(0), Fraction(0))


def _projects(board: Board, units: dict, district: Record, page: str) -> dict[str, Any]:
    """The projects of one unit, fifty at a time, each by its own record where it is long enough."""
    rows = board.with_money().filter(target__gt=0).select_related("lead_unit").order_by("-target", "pk")
    page_obj = Paginator(rows, PER_PAGE).get_page(page)
    shown = list(page_obj)
    keys = [row.pk for row in shown]
    own = records(board.base.filter(pk__in=keys), board.period, "project_id")
    now = standing(board.with_money().filter(pk__in=keys), "pk")
    lines = []
    for row in shown:
        target, told, rest = now[row.pk]
        of_unit = units[row.lead_unit_id]
        found = estimate(told, rest, [(OWN, own[row.pk]), (OF_UNIT, of_unit), (OF_DISTRICT, district)], board.period)
        url = reverse("projects:project_detail", args=[row.pk])
        lines.append(_line(row.name, target, told, found) | {"url": url})
    return {"head": "项目", "lines": lines, "page_obj": page_obj}


def _merged(all_: Any) -> Record:
    whole = Record()
    for record in all_:
        for month in record.scheduled:
            whole.done[month] += record.done[month]
            whole.scheduled[month] += record.scheduled[month]
    return whole


def _line(label: str, target: Decimal, done: Decimal, found: Estimate) -> dict[str, Any]:
    gap = None if found.middle is None else found.middle - target
    return {
        "label": label,
        "target": wan_column(target),
        "done": wan_column(done),
        "middle": wan_column(found.middle),
        "band": "—" if found.low is None else f"{wan_column(found.low)} – {wan_column(found.high)}",
        "rate": percent(found.middle, target),
        "gap": wan_column(gap),
        "short": gap is not None and gap < 0,
        "sure": found.high is not None and found.high < target,
        "basis": found.basis,
        "gap_sort": gap if gap is not None else Decimal(0),
    }


def _stats(board: Board, plan: Decimal, done: Decimal, whole: Estimate) -> list[dict[str, Any]]:
    rows = board.url("investment:rows", planned="yes")
    line = _line("", plan, done, whole)
    return [
        {"label": f"{board.period.year}年计划", **tile(plan), "url": rows,
         "total": "年度计划"},
        {"label": f"1—{board.period.month}月完成", **tile(done), "url": rows,
         "total": "累计完成"},
        {"label": "全年预计", **tile(whole.middle), "tone": "warn" if line["short"] else "",
         "note": f"区间 {line['band']}"},
        {"label": "预计完成率", "value": "—" if line["rate"] is None else f"{line['rate']}%",
         "note": f"按{whole.basis}" if whole.middle is not None else "最近 36 个月的记录不够推算"},
        {"label": "与计划相差", **tile(None if whole.middle is None else whole.middle - plan),
         "tone": "bad" if line["sure"] else "", "note": "区间上限也达不到计划" if line["sure"] else ""},
    ]  # fmt: skip


def _chart(board: Board, whole: Estimate, done: Decimal, plan: Decimal) -> dict[str, Any]:
    """The year's total month by month: as told, and from the last closed month on to the low, middle and high end in
    equal steps of what is left."""
    last = board.period
    months = list(range(1, 13))
    planned = keys_of(board.with_money().filter(target__gt=0))
    told = MonthlyEntry.objects.up_to(last).filter(project__in=planned).order_by().values_list("month")
    by_month = dict(told.annotate(total=Sum("completed")))
    so_far = [
        Fraction(sum((by_month.get(one, Decimal(0)) for one in range(1, month + 1)), Decimal(0)))
        if month <= last.month
        else None
        for month in months
    ]
    lines: dict[str, list[Fraction | None]] = {"已完成": so_far}
    for name, end in (("低（10%）", whole.low), ("预计", whole.middle), ("高（90%）", whole.high)):
        lines[name] = [_on_the_way(done, end, month - last.month, 12 - last.month) for month in months]
    return {
        "id": "d-forecast",
        "kind": "lines",
        "label": f"全年累计完成：{last.label}以前为实际，以后为预计；全年计划 {wan_column(plan)} 万元",
        "data": {
            "categories": [f"{month}月" for month in months],
            "series": [
                {
                    "name": name,
                    "values": [None if v is None else float(round(v / 10_000, 2)) for v in values],
                    "plain": name not in ("预计", "已完成"),
                }
                for name, values in lines.items()
            ],
            "unit": "亿元",
        },
        "columns": [{"label": "月份"}, *({"label": name, "unit": "万元", "css": "num"} for name in lines)],
        "rows": [
            {"cells": [{"text": f"{month}月"}, *({"text": _whole(values[n])} for values in lines.values())]}
            for n, month in enumerate(months)
        ],
    }


def _on_the_way(done: Decimal, end: Decimal | None, step: int, steps: int) -> Fraction | None:
    """Where the total stands `step` of `steps` months after the last closed one; None before it."""
    if end is None or step < 0:
        return None
    return Fraction(done) + (Fraction(end) - Fraction(done)) * Fraction(step, max(steps, 1))


def _whole(value: Fraction | None) -> str:
    return "—" if value is None else f"{round(value):,}"
