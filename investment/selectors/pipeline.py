"""Reads of 接续指数: the record of moves, what waits now, what is being built; by category."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Sum

from accounts.models import User
from investment.models import MonthlyEntry
from investment.pipeline import (
    FEWEST,
    MONTH,
    QUARTERS,
    USUAL_BUILD,
    WINDOW,
    Rates,
    Spell,
    expected,
    quarters_after,
    rates_of,
    spread_investment,
    start_chances,
)
from investment.selectors.board import Board
from investment.selectors.menu import sections
from projects.choices import Category, Stage, Status
from projects.models import Project, StageChange
from projects.selectors.list import list_url

WAITING = (Stage.PLANNING.value, Stage.RESERVE.value)
BUILDING = (Stage.COMMENCED.value, Stage.CONSTRUCTION.value)
ENDS = {"withdrawn": "out", "terminated": "out", "planning": "out"}  # what leaves a stage without moving on


@dataclass
class Group:
    """One category: what waits, what is built (万元), and the record."""

    spells: list[Spell] = field(default_factory=list)
    waiting: list[tuple[str, float]] = field(default_factory=list)  # stage, total investment
    continuing: list[float] = field(default_factory=lambda: [0.0] * QUARTERS)
    building: int = 0
    built: list[float] = field(default_factory=list)  # months of those completed
    plan: float = 0.0


def spells_of(changes: list[tuple[str, date]], today: date) -> list[Spell]:
    """The stays in 谋划 and 储备 of one project, from its moves (state after, day), in order."""
    found = []
    for n, (state, since) in enumerate(changes):
        if state not in WAITING:
            continue
        following = changes[n + 1] if n + 1 < len(changes) else None
        until = following[1] if following else today
        ended = ENDS.get(following[0], following[0]) if following else None
        found.append(Spell(state, since, until, None if ended == "suspended" else ended))
    return found


def gathered(user: User, today: date) -> dict[str, Group]:
    """Category → what there is, of the projects the person sees: five queries whatever their number."""
    groups: dict[str, Group] = defaultdict(Group)
    projects = Project.objects.visible_to(user)
    category = dict(projects.order_by().values_list("pk", "category"))
    moves: dict[int, list[tuple[str, date]]] = defaultdict(list)
    changes = StageChange.objects.filter(project__in=projects.order_by().values("pk")).order_by("on", "pk")
    for pk, state, on in changes.values_list("project_id", "after", "on"):
        moves[pk].append((state, on))
    for pk, steps in moves.items():
        groups[category[pk]].spells += spells_of(steps, today)
    finished = projects.filter(actual_start_date__isnull=False, completed_on__isnull=False).order_by()
    for code, begun, ended in finished.values_list("category", "actual_start_date", "completed_on"):
        groups[code].built.append(max(1.0, (ended - begun).days / MONTH))
    _stock(groups, projects.filter(status=Status.NORMAL), today)
    plans = projects.active().filter(annual_plans__year=today.year).order_by().values_list("category")
    for code, target in plans.annotate(total=Sum("annual_plans__target")):
        groups[code].plan = float(target or 0)
    return groups


def _stock(groups: dict[str, Group], projects: Any, today: date) -> None:
    """What waits, and what is still to be invested in what is being built."""
    told = MonthlyEntry.objects.told().filter(project__in=projects.filter(stage__in=BUILDING).order_by().values("pk"))
    done = dict(told.order_by().values_list("project_id").annotate(total=Sum("completed")))
    rows = projects.filter(stage__in=[*WAITING, *BUILDING], completed_on__isnull=True).order_by()
    lead, _ = quarters_after(today)
    for pk, code, stage, total, end in rows.values_list(
        "pk", "category", "stage", "total_investment", "planned_completion_to"
    ):
        if stage in WAITING:
            groups[code].waiting.append((stage, float(total or 0)))
            continue
        groups[code].building += 1
        left = max(0.0, float((total or 0) - (done.get(pk) or 0)))
        months = max(1.0, ((end or today + timedelta(days=365)) - today).days / MONTH)
        for quarter in range(QUARTERS):
            within = min(months, lead + 3 * quarter + 3) - min(months, lead + 3 * quarter)
            groups[code].continuing[quarter] += left * within / months


def pipeline(board: Board) -> dict[str, Any]:
    """Everything templates/investment/pipeline.html shows."""
    today = board.today
    groups = gathered(board.user, today)
    everything = Group()
    for group in groups.values():
        everything.spells += group.spells
        everything.built += group.built
    district = rates_of(everything.spells, today)
    build = _mean(everything.built) or USUAL_BUILD
    lead, names = quarters_after(today)
    lines, totals = [], {"starts": [[] for _ in names], "money": [0.0] * QUARTERS, "plan": 0.0}
    for code, label in [*Category.choices, ("", "未分类")]:
        if code not in groups:
            continue
        group = groups[code]
        rates, own = _rates(group, district, today)
        chances = [(start_chances(stage, rates, lead), total) for stage, total in group.waiting]
        starts = [[chance[q] for chance, _ in chances] for q in range(QUARTERS)]
        new = spread_investment([sum(chance[q] * total for chance, total in chances) for q in range(QUARTERS)], build)
        money = [group.continuing[q] + new[q] for q in range(QUARTERS)]
        for q in range(QUARTERS):
            totals["starts"][q] += starts[q]
            totals["money"][q] += money[q]
        totals["plan"] += group.plan
        lines.append(_line(code, label, group, starts, money, group.plan, own))
    return {
        "title": "接续指数",
        "board": board,
        "sections": sections("pipeline"),
        "quarters": [_quarter(name) for name in names],
        "lines": lines,
        "total": _line("", "合计", None, totals["starts"], totals["money"], totals["plan"], True),
        "planned": [
            {"label": _quarter(name), "url": list_url("stage=planning&stage=reserve&status=normal", starts=name)}
            for name in names
        ],
        "rates": _words(district, build),
        "chart": _chart(names, totals),
        "weak": [_quarter(name) for name, value in zip(names, _index(totals["money"], totals["plan"]), strict=True)
                 if value is not None and value < 80],
    }  # fmt: skip


def _rates(group: Group, district: Rates, today: date) -> tuple[Rates, bool]:
    """The category's own rates when it has enough of a record, else those of the district."""
    own = rates_of(group.spells, today)
    enough = own.count("reserve", "commenced") >= FEWEST and own.count("planning", "reserve") >= FEWEST
    return (own, True) if enough else (district, False)


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _index(money: list[float], plan: float) -> list[int | None]:
    """Expected investment of a quarter in percent of a quarter of this year's plan; None without a plan."""
    return [round(value / (plan / 4) * 100) if plan else None for value in money]


def _line(
    code: str, label: str, group: Group | None, starts: list[list[float]], money: list[float], plan: float, own: bool
) -> dict[str, Any]:
    index = _index(money, plan)
    cells = []
    for q in range(QUARTERS):
        low, mean, high = expected(starts[q])
        cells.append(
            {
                "starts": f"{mean:.1f}",
                "band": f"{low:.0f}–{high:.0f}",
                "money": f"{round(money[q]):,}",
                "index": index[q],
                "tone": "" if index[q] is None else "bad" if index[q] < 50 else "warn" if index[q] < 80 else "good",
            }
        )
    line = {"label": label, "cells": cells, "plan": f"{round(plan / 4):,}" if plan else "—", "own": own}
    if group is None:
        return line
    base = f"category={code}&status=normal" if code else "status=normal"
    stages = [stage for stage, _ in group.waiting]
    return line | {
        "planning": stages.count("planning"),
        "reserve": stages.count("reserve"),
        "planning_url": list_url(base, stage="planning") if code else "",
        "reserve_url": list_url(base, stage="reserve") if code else "",
    }


def _words(rates: Rates, build: float) -> list[dict[str, Any]]:
    """The rates in force, each with what it was counted from."""
    moves = (("planning", "reserve", "谋划 → 储备"), ("reserve", "commenced", "储备 → 开工"),
             ("planning", "out", "谋划退出"), ("reserve", "out", "储备退出"))  # fmt: skip
    lines = [
        {
            "label": label,
            "value": f"每月 {rates.monthly(stage, ended) * 100:.1f}%",
            "note": f"近 {WINDOW} 个月 {rates.count(stage, ended)} 次，在库 {rates.months.get(stage, 0):.0f} 项目月",
        }
        for stage, ended, label in moves
    ]
    return [*lines, {"label": "平均建设工期", "value": f"{build:.0f} 个月", "note": "按已竣工项目的开工至竣工"}]


def _quarter(name: str) -> str:
    return f"{name[:4]}年{'一二三四'[int(name[-1]) - 1]}季度"


def _chart(names: list[str], totals: dict[str, Any]) -> dict[str, Any]:
    target = totals["plan"] / 4
    quarters = [_quarter(name) for name in names]
    return {
        "id": "d-pipeline",
        "kind": "columns",
        "label": "今后四个季度的预计投资与目标",
        "data": {
            "categories": quarters,
            "series": [
                {"name": "预计投资", "values": [round(value / 10_000, 2) for value in totals["money"]]},
                {"name": "目标", "values": [round(target / 10_000, 2)] * QUARTERS},
            ],
            "unit": "亿元",
        },
        "columns": [
            {"label": "季度"},
            {"label": "预计投资", "unit": "万元", "css": "num"},
            {"label": "目标", "unit": "万元", "css": "num"},
        ],
        "rows": [
            {"cells": [{"text": name}, {"text": f"{round(value):,}"}, {"text": f"{round(target):,}"}]}
            for name, value in zip(quarters, totals["money"], strict=True)
        ],
    }
