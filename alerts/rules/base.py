"""What a rule is: a value. It asks the domain's own querysets what holds; it never says itself what "late" means."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from alerts.choices import Audience, Level, Severity

RESPONSIBLE = (Audience.OFFICIAL, Audience.STEWARD)
WEEK = 7


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that holds today. `subject` names the object for as long as the condition lasts ("milestone:12").

    `window` decides repetition: the same window of an alert is told to a person once. `reminder` > 0 marks a later
    reminder within the window's own schedule (the closing day after the first warning); resting alerts skip those.
    """

    subject: str
    project_id: int
    unit_id: int
    severity: Severity
    level: Level
    due_on: date
    title: str
    detail: str
    path: str
    window: str
    reminder: int = 0
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Rule:
    """`find(today)` gives what holds, in a number of queries that does not depend on the rows.

    `cleared(subjects, today)` says for subjects no longer found which fact ended them. `told(level)` says who is
    told. `repeat_days` is the distance of reminders while nothing happens (0: none). `section` heads the digest.
    """

    code: str
    name: str
    section: str
    explanation: str
    find: Callable[[date], Iterable[Finding]]
    cleared: Callable[[list[str], date], dict[str, str]]
    told: Callable[[Level], tuple[Audience, ...]]
    repeat_days: int = 0
    has_ladder: bool = False


def key_of(subject: str) -> int:
    """The first number of a subject: "milestone:12" → 12, "report:7:2026-11" → 7."""
    return int(subject.split(":")[1])
