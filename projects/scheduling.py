"""Backward scheduling 时间倒排 (handbook §2.4): pure dates over a working-day calendar."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from graphlib import CycleError, TopologicalSorter

from common.errors import DomainError
from common.workdays import WorkCalendar


@dataclass(frozen=True)
class Node:
    """`duration` counts working days (WD) or calendar days (CD)."""

    duration: int
    deps: tuple[str, ...] = ()
    day_type: str = "WD"


@dataclass(frozen=True)
class NodePlan:
    """Dates of one node, its total float in working days, whether it is critical."""

    latest_start: date
    latest_finish: date
    earliest_start: date
    earliest_finish: date
    float_workdays: int
    is_critical: bool


@dataclass(frozen=True)
class Plan:
    """Both passes over a network.

    `shortfall` > 0: the forecast is so many working days after the target. `compressible`: the critical nodes still
    open that take time, longest first.
    """

    target: date
    forecast: date
    nodes: dict[str, NodePlan]
    shortfall: int
    compressible: tuple[str, ...]

    @property
    def feasible(self) -> bool:
        return self.shortfall <= 0


class NetworkError(DomainError):
    """Nodes that cannot be scheduled. `code`: unknown_dep or cycle."""


class Network:
    """Nodes with their predecessors. Raises NetworkError for unknown predecessors and cycles."""

    def __init__(self, nodes: Mapping[str, Node]) -> None:
        self.nodes = dict(nodes)
        for code, node in self.nodes.items():
            if unknown := [dep for dep in node.deps if dep not in self.nodes]:
                raise NetworkError(
                    f"节点“{code}”的前置节点“{'、'.join(unknown)}”不在计划中，请改正前置关系。", code="unknown_dep"
                )
        try:
            self.order = tuple(TopologicalSorter({c: n.deps for c, n in self.nodes.items()}).static_order())
        except CycleError as error:
            raise NetworkError(
                f"节点互为前置（{'→'.join(error.args[1])}），无法排期，请去掉其中一个前置关系。", code="cycle"
            ) from error

    def upstream_of(self, goal: str) -> "Network":
        """The part that leads to `goal`."""
        wanted, queue = set(), [goal]
        while queue:
            code = queue.pop()
            if code not in wanted:
                wanted.add(code)
                queue += self.nodes[code].deps
        return Network({code: node for code, node in self.nodes.items() if code in wanted})


def backward(network: Network, target: date, calendar: WorkCalendar) -> dict[str, tuple[date, date]]:
    """(latest start, latest finish) of every node; the target is first rolled back to a working day."""
    goal = calendar.roll_back(target)
    successors: dict[str, list[str]] = {code: [] for code in network.nodes}
    for code, node in network.nodes.items():
        for dep in node.deps:
            successors[dep].append(code)
    latest: dict[str, tuple[date, date]] = {}
    for code in reversed(network.order):
        finish = min((latest[after][0] for after in successors[code]), default=goal)
        latest[code] = (_before(finish, network.nodes[code], calendar), finish)
    return latest


def forward(
    network: Network, start: date, calendar: WorkCalendar, done: Mapping[str, date] | None = None
) -> dict[str, tuple[date, date]]:
    """(earliest start, earliest finish) of every node; done nodes stand at their actual day."""
    done = done or {}
    earliest: dict[str, tuple[date, date]] = {}
    for code in network.order:
        node = network.nodes[code]
        begin = max((earliest[dep][1] for dep in node.deps), default=start)
        if code in done:
            earliest[code] = (min(begin, done[code]), done[code])
        else:
            begin = max(begin, start)
            earliest[code] = (begin, _after(begin, node, calendar))
    return earliest


def shortfall(forecast: date, target: date, calendar: WorkCalendar) -> int:
    """Working days by which `forecast` misses `target`; negative is reserve."""
    return calendar.between(target, forecast)


def plan(
    network: Network, *, target: date, start: date, calendar: WorkCalendar, done: Mapping[str, date] | None = None
) -> Plan:
    """Both passes together. Critical are the open nodes with the smallest total float."""
    done = done or {}
    latest = backward(network, target, calendar)
    earliest = forward(network, start, calendar, done)
    floats = {code: calendar.between(earliest[code][1], latest[code][1]) for code in network.nodes}
    least = min((value for code, value in floats.items() if code not in done), default=None)
    nodes = {
        code: NodePlan(*latest[code], *earliest[code], floats[code], code not in done and floats[code] == least)
        for code in network.nodes
    }
    forecast = max(finish for _, finish in earliest.values())
    critical = [code for code in network.order if nodes[code].is_critical and network.nodes[code].duration]
    return Plan(
        target=calendar.roll_back(target),
        forecast=forecast,
        nodes=nodes,
        shortfall=shortfall(forecast, calendar.roll_back(target), calendar),
        compressible=tuple(sorted(critical, key=lambda code: -network.nodes[code].duration)),
    )


def _before(finish: date, node: Node, calendar: WorkCalendar) -> date:
    if not node.duration:
        return finish
    if node.day_type == "CD":
        return calendar.roll_back(finish - timedelta(days=node.duration))
    return calendar.sub(finish, node.duration)


def _after(begin: date, node: Node, calendar: WorkCalendar) -> date:
    if node.day_type == "CD":
        return calendar.roll_forward(begin + timedelta(days=node.duration))
    return calendar.add(begin, node.duration)
