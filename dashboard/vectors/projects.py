"""Vectors of backward scheduling."""

from common.workdays import work_calendar
from dashboard.vectors.arguments import day, get
from projects import scheduling


def schedule_backward(given: dict) -> list[str]:
    latest = scheduling.backward(_network(given), day(given, "target"), work_calendar())
    return [slot.isoformat() for slot in latest[given["node"]]]


def schedule_forward(given: dict) -> str:
    earliest = scheduling.forward(_network(given), day(given, "start"), work_calendar())
    return earliest[given["node"]][1].isoformat()


def schedule_shortfall(given: dict) -> int:
    return scheduling.shortfall(day(given, "forecast"), day(given, "target"), work_calendar())


def _network(given: dict) -> scheduling.Network:
    return scheduling.Network(
        {
            name: scheduling.Node(node["workdays"], tuple(get(node, "deps", [])))
            for name, node in given["network"].items()
        }
    )


RULES = {
    "schedule.backward": schedule_backward,
    "schedule.forward": schedule_forward,
    "schedule.shortfall": schedule_shortfall,
}
