"""What upper floors say on the project page: facts of its header, and why its light has its colour (decisions §16)."""

from collections.abc import Callable
from datetime import date
from typing import Any

Fact = Callable[[Any, date], dict]

FACTS: dict[str, tuple[int, Fact]] = {}
_reasons: list[Callable[[Any, date], dict]] = []


def register_fact(code: str, order: int, fact: Fact) -> None:
    """Add `fact(project, today)`: one entry of components/_facts. The project carries the columns of `annotated`."""
    FACTS[code] = (order, fact)


def register_reasons(reasons: Callable[[Any, date], dict]) -> None:
    """Name the one floor that explains the overall light: `reasons(project, today)` feeds components/_why."""
    _reasons[:] = [reasons]


def facts_of(project: Any, today: date) -> list[dict]:
    """Facts of upper floors, in order."""
    return [fact(project, today) for _, fact in sorted(FACTS.values(), key=lambda pair: pair[0])]


def reasons_of(project: Any, today: date) -> dict | None:
    """Why the light has its colour, or None when no floor explains it."""
    return _reasons[0](project, today) if _reasons else None
