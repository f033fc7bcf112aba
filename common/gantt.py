"""Where the bars of a node plan stand: pure arithmetic for components/_gantt.html. Positions are percent texts."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

MOST_LABELS = 9


@dataclass(frozen=True)
class Node:
    """One row: planned (baseline), started/done (fact), expected (forecast); any date may be unknown."""

    name: str
    owner: str = ""
    planned_from: dt.date | None = None
    planned_on: dt.date | None = None
    started_on: dt.date | None = None
    done_on: dt.date | None = None
    expected_on: dt.date | None = None
    milestone: bool = False
    light: str = "gray"
    word: str = ""
    note: str = ""
    tone: str = ""  # "bad" or "warn": colour of the note
    url: str = ""

    @property
    def dates(self) -> list[dt.date]:
        known = (self.planned_from, self.planned_on, self.started_on, self.done_on, self.expected_on)
        return [day for day in known if day]


class Axis:
    """Whole months from the first to the last date shown."""

    def __init__(self, days: list[dt.date]) -> None:
        self.start = min(days).replace(day=1)
        self.end = _months_on(max(days).replace(day=1), 1)
        self.days = (self.end - self.start).days

    def at(self, day: dt.date) -> float:
        """Percent of the way from the start to the end."""
        return round((day - self.start).days * 100 / self.days, 2)

    def span(self, first: dt.date, last: dt.date) -> dict:
        """{x, w} of the days first…last, both included."""
        x = self.at(first)
        return {"x": f"{x}%", "w": f"{round(max((last - first).days + 1, 1) * 100 / self.days, 2)}%"}

    def ticks(self) -> list[dict]:
        """Month labels, at most nine, on quarters when the plan is long; the first tick of a year carries the year."""
        months = (self.end.year - self.start.year) * 12 + self.end.month - self.start.month
        step = next(step for step in (1, 2, 3, 6, 12, 24, 60, 1200) if months / step <= MOST_LABELS)
        ticks, year = [], None
        for n in range(months):
            month = _months_on(self.start, n)
            if n and (month.month - 1) % min(step, 12):
                continue
            if step > 12 and (month.year - self.start.year) % (step // 12):
                continue
            ticks.append(
                {
                    "x": f"{self.at(month)}%",
                    "label": f"{month.month}月",
                    "year": month.year if month.year != year else None,
                }
            )
            year = month.year
        return ticks


def build(nodes: Iterable[Node], today: dt.date) -> dict | None:
    """The context `gantt` of components/_gantt.html; None when no node has a date."""
    nodes = list(nodes)
    days = [day for node in nodes for day in node.dates]
    if not days:
        return None
    axis = Axis([*days, today])
    first, last = axis.start, axis.end - dt.timedelta(days=1)
    return {
        "label": f"时间轴，{first.year}年{first.month}月至{last.year}年{last.month}月",
        "ticks": axis.ticks(),
        "today": {"x": f"{axis.at(today)}%", "label": f"今日 {today:%m-%d}", "flip": axis.at(today) < 12},
        "rows": [_row(axis, node, today) for node in nodes],
    }


def _row(axis: Axis, node: Node, today: dt.date) -> dict:
    row = {
        "node": node,
        "words": _words(node),
        "base": None,
        "actual": None,
        "over": None,
        "forecast": None,
        "mile": None,
        "mile_base": None,
    }
    reached = node.done_on or node.expected_on or node.planned_on
    if node.milestone:
        row["mile"] = {"x": f"{axis.at(reached)}%", "done": bool(node.done_on)} if reached else None
        moved = node.planned_on and reached != node.planned_on
        row["mile_base"] = f"{axis.at(node.planned_on)}%" if moved else None
        return row
    if node.planned_on:
        row["base"] = axis.span(min(node.planned_from or node.planned_on, node.planned_on), node.planned_on)
    if node.started_on or node.done_on:
        end = node.done_on or today
        start = min(node.started_on or end, end)
        row["actual"] = axis.span(start, end)
    if not node.done_on:
        if node.planned_on and node.planned_on < today:
            row["over"] = axis.span(node.planned_on + dt.timedelta(days=1), today)
        if node.expected_on and node.expected_on > today:
            start = today if node.started_on else max(today, node.planned_from or today)
            late = bool(node.planned_on and node.expected_on > node.planned_on)
            row["forecast"] = axis.span(min(start, node.expected_on), node.expected_on) | {"late": late}
    return row


def _words(node: Node) -> str:
    parts = [
        f"{word} {day:%Y-%m-%d}"
        for word, day in (("计划", node.planned_on), ("实际", node.done_on), ("预计", node.expected_on))
        if day and not (word == "预计" and node.done_on)
    ]
    return f"{node.name}：" + ("，".join(parts) or "未定日期")


def _months_on(day: dt.date, months: int) -> dt.date:
    years, month = divmod(day.month - 1 + months, 12)
    return dt.date(day.year + years, month + 1, 1)
