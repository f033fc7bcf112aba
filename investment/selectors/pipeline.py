"""Reads of 接续指数: the record of moves, what waits now, what is being built; by category."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Sum
from django.urls import reverse

from accounts.models import Unit, User
from accounts.roles import Can, Scope
from common.db import keys_of
from common.periods import Period
from investment.models import AnnualTarget, MonthlyEntry, OpeningBalance
from investment.pipeline import (
    FEWEST,
    MONTH,
    QUARTERS,
    USUAL_BUILD,
    WINDOW,
    Rates,
    Spell,
    expected,
    quarter_of,
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
POOR, WEAK = 50, 80  # percent of the target below which a quarter is red, yellow
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
    due: Counter[str] = field(default_factory=Counter)  # quarter (2027Q1) → how many that wait are planned to start


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
    changes = StageChange.objects.filter(project__in=keys_of(projects)).order_by("on", "pk")
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
    building = keys_of(projects.filter(stage__in=BUILDING))
    told = MonthlyEntry.objects.told().filter(project__in=building)
    done = Counter(dict(told.order_by().values_list("project_id").annotate(total=Sum("completed"))))
    done.update(dict(OpeningBalance.objects.filter(project__in=building).values_list("project_id", "amount")))
    rows = projects.filter(stage__in=[*WAITING, *BUILDING], completed_on__isnull=True).order_by()
    lead, _ = quarters_after(today)
    for pk, code, stage, total, start, end in rows.values_list(
        "pk", "category", "stage", "total_investment", "planned_start_to", "planned_completion_to"
    ):
        if stage in WAITING:
            groups[code].waiting.append((stage, float(total or 0)))
            if start:
                groups[code].due[quarter_of(Period.of(start))] += 1
            continue
        groups[code].building += 1
        left = max(0.0, float((total or 0) - (done.get(pk) or 0)))
        months = max(1.0, ((end or today + timedelta(days=365)) - today).days / MONTH)
        for quarter in range(QUARTERS):
            within = min(months, lead + 3 * quarter + 3) - min(months, lead + 3 * quarter)
            groups[code].continuing[quarter] += left * within / months


@dataclass(frozen=True)
class Goal:
    """What a year asks of a category (万元): the target of that year, else this year's plans for want of one."""

    amount: float
    is_set: bool = True


class Goals:
    """年度目标 of the person's reach by year and category: of the district, or of the units whose projects they see."""

    def __init__(self, user: User, years: set[int], groups: dict[str, Group]) -> None:
        self.groups = groups
        scopes, units = user.reach(Can.VIEW_PROJECTS)
        root = Unit.objects.filter(parent=None).order_by("pk")[:1].values("pk")
        whose = root if Scope.DISTRICT in scopes else [unit.pk for unit in units]
        rows = AnnualTarget.objects.filter(year__in=years, unit__in=whose).order_by().values_list("year", "category")
        self.held = {(year, code): float(total) for year, code, total in rows.annotate(total=Sum("amount"))}

    def of(self, year: int, code: str) -> Goal:
        """What `year` asks of a category."""
        held = self.held.get((year, code)) if code else None
        return Goal(self.groups[code].plan, False) if held is None else Goal(held)

    def whole(self, year: int) -> Goal:
        """What `year` asks of all: the target as a whole, else those of its categories, else this year's plans."""
        parts = [amount for (of, code), amount in self.held.items() if of == year and code]
        held = self.held.get((year, ""), sum(parts) if parts else None)
        return Goal(sum(group.plan for group in self.groups.values()), False) if held is None else Goal(held)

    def missing(self, years: set[int]) -> list[int]:
        """The years without any target."""
        return sorted(years - {year for year, _ in self.held})

    def names(self, code: str) -> bool:
        """Whether a category has a target though it may have no project."""
        return any(of == code and code for _, of in self.held)


def pipeline(board: Board) -> dict[str, Any]:
    """Everything templates/investment/pipeline.html shows."""
    today = board.today
    groups = gathered(board.user, today)
    everything = Group()
    for group in groups.values():
        everything.spells += group.spells
        everything.built += group.built
        everything.waiting += group.waiting
        everything.due += group.due
    district = rates_of(everything.spells, today)
    build = _mean(everything.built) or USUAL_BUILD
    lead, names = quarters_after(today)
    years = {int(name[:4]) for name in names}
    goals = Goals(board.user, years, groups)
    lines: list[dict[str, Any]] = []
    starts: list[list[float]] = [[] for _ in names]
    money = [0.0] * QUARTERS
    for code, label in [*Category.choices, ("", "未分类")]:
        if code not in groups and not goals.names(code):
            continue
        group = groups[code]
        rates, own = _rates(group, district, today)
        chances = [(start_chances(stage, rates, lead), total) for stage, total in group.waiting]
        of_group = [[chance[q] for chance, _ in chances] for q in range(QUARTERS)]
        new = spread_investment([sum(chance[q] * total for chance, total in chances) for q in range(QUARTERS)], build)
        invested = [group.continuing[q] + new[q] for q in range(QUARTERS)]
        for q in range(QUARTERS):
            starts[q] += of_group[q]
            money[q] += invested[q]
        asked = [goals.of(int(name[:4]), code) for name in names]
        base = f"category={code}&status=normal" if code else ""
        lines.append(_line(label, base, group, names, of_group, invested, asked) | {"own": own})
    asked = [goals.whole(int(name[:4])) for name in names]
    total = _line("合计", "status=normal", everything, names, starts, money, asked) | {"own": True}
    return {
        "title": "接续指数",
        "board": board,
        "sections": sections("pipeline"),
        "quarters": [_quarter(name) for name in names],
        "lines": lines,
        "total": total,
        "rates": _words(district, build),
        "chart": _chart(names, money, asked),
        "weak": [_quarter(name) for name, cell in zip(names, total["cells"], strict=True) if cell["weak"]],
        "missing": [{"year": year, "url": targets_url(year)} for year in goals.missing(years)],
        "this_year": today.year,
        "targets": [{"year": year, "url": targets_url(year)} for year in sorted(years)],
    }


def targets_url(year: int) -> str:
    """年度目标 of a year."""
    return f"{reverse('investment:targets')}?year={year}"


def _rates(group: Group, district: Rates, today: date) -> tuple[Rates, bool]:
    """The category's own rates when it has enough of a record, else those of the district."""
    own = rates_of(group.spells, today)
    enough = own.count("reserve", "commenced") >= FEWEST and own.count("planning", "reserve") >= FEWEST
    return (own, True) if enough else (district, False)


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _line(
    label: str,
    base: str,
    group: Group,
    names: list[str],
    starts: list[list[float]],
    money: list[float],
    asked: list[Goal],
) -> dict[str, Any]:
    """One category: what waits, and of each quarter starts expected and planned, investment against the target.
    `base` is the query of the list that holds its projects, "" where the list has none."""
    waits = list_url(f"{base}&stage=planning&stage=reserve") if base else ""
    cells = []
    for q, name in enumerate(names):
        low, mean, high = expected(starts[q])
        goal = asked[q].amount / 4
        index = round(money[q] / goal * 100) if goal else None
        cells.append(
            {
                "starts": f"{mean:.1f}",
                "band": f"{low:.0f}–{high:.0f}",
                "due": group.due[name],
                "due_url": f"{waits}&starts={name}" if waits else "",
                "money": f"{round(money[q]):,}",
                "goal": f"{round(goal):,}" if goal else "—",
                "is_set": asked[q].is_set,
                "index": index,
                "weak": index is not None and index < WEAK,
                "tone": "" if index is None else "bad" if index < POOR else "warn" if index < WEAK else "good",
            }
        )
    stages = Counter(stage for stage, _ in group.waiting)
    return {"label": label, "cells": cells} | {
        key: {"n": stages[key], "url": list_url(base, stage=key) if base else ""} for key in WAITING
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


def _chart(names: list[str], money: list[float], asked: list[Goal]) -> dict[str, Any]:
    quarters = [_quarter(name) for name in names]
    goals = [goal.amount / 4 for goal in asked]
    return {
        "id": "d-pipeline",
        "kind": "columns",
        "label": "今后四个季度的预计投资与目标",
        "data": {
            "categories": quarters,
            "series": [
                {"name": name, "values": [round(value / 10_000, 2) for value in values]}
                for name, values in (("预计投资", money), ("目标", goals))
            ],
            "unit": "亿元",
        },
        "columns": [
            {"label": "季度"},
            {"label": "预计投资", "unit": "万元", "css": "num"},
            {"label": "目标", "unit": "万元", "css": "num"},
        ],
        "rows": [
            {"cells": [{"text": name}, {"text": f"{round(value):,}"}, {"text": f"{round(goal):,}"}]}
            for name, value, goal in zip(quarters, money, goals, strict=True)
        ],
    }
