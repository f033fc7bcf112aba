"""What a rule is: a value. It asks the domain's own querysets what holds; it never says itself what "late" means."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from alerts.choices import Audience, Level, Severity
from common.escalation import THRESHOLDS

RESPONSIBLE = (Audience.OFFICIAL, Audience.STEWARD)
CLIMB = {  # each step reaches the next person up (decisions §10)
    Level.REMIND: RESPONSIBLE,
    Level.SUPERVISE: (*RESPONSIBLE, Audience.UNIT, Audience.HEAD),
    Level.INTERVIEW: (*RESPONSIBLE, Audience.UNIT, Audience.HEAD, Audience.LEADER),
    Level.BULLETIN: (*RESPONSIBLE, Audience.UNIT, Audience.HEAD, Audience.LEADER, Audience.SUPERVISOR),
}
WEEK = 7
CHUNK = 500  # keys per query
Tuning = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that holds today. `subject` names the object for as long as the condition lasts ("milestone:12").

    `window` decides repetition: the same window of an alert is told to a person once. `reminder` > 0 marks a later
    reminder within the window's own schedule (the closing day after the first warning); resting alerts skip those.
    Without project the matter is the house's own (the calendar, an account); `person_id` is whom it is about.
    """

    subject: str
    severity: Severity
    level: Level
    title: str
    detail: str
    path: str
    window: str
    project_id: int | None = None
    unit_id: int | None = None
    person_id: int | None = None
    due_on: date | None = None
    reminder: int = 0
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number that administrators may tune, within bounds."""

    name: str
    label: str
    default: int
    unit: str
    least: int = 0
    most: int = 400


LADDER = (
    Parameter("remind", "提醒：到期前", THRESHOLDS[0], "个工作日", most=60),
    Parameter("supervise", "督办：逾期不超过", THRESHOLDS[1], "个工作日", least=1, most=60),
    Parameter("interview", "约谈：逾期不超过，再多即通报", THRESHOLDS[2], "个工作日", least=2, most=120),
)


@dataclass(frozen=True)
class Rule:
    """`find(today, tuning)` gives what holds, in a number of queries that does not depend on the rows.

    `cleared(subjects, today)` says for subjects no longer found which fact ended them. `told(level)` says who is
    told. `repeat_days` is the distance of reminders while nothing happens (0: none). `section` heads the digest.
    `parameters` may be tuned (alerts.tuning); rules with a ladder read its thresholds too. A `duty` alert belongs to
    the post and cannot be switched off by its reader. A `prompt` rule is asked every minute and told at once.
    """

    code: str
    name: str
    section: str
    explanation: str
    find: Callable[[date, Tuning], Iterable[Finding]]
    cleared: Callable[[list[str], date], dict[str, str]]
    told: Callable[[Level], tuple[Audience, ...]]
    repeat_days: int = 0
    has_ladder: bool = False
    parameters: tuple[Parameter, ...] = ()
    duty: bool = True
    prompt: bool = False


def thresholds(tuning: Tuning) -> tuple[int, int, int]:
    """The ladder's steps as `common.escalation` wants them."""
    return tuning["remind"], tuning["supervise"], tuning["interview"]


def always(*audiences: Audience) -> Callable[[Level], tuple[Audience, ...]]:
    """`told` of a rule that tells the same people on every level."""
    return lambda level: audiences


def key_of(subject: str) -> int:
    """The first number of a subject: "milestone:12" → 12, "report:7:2026-11" → 7."""
    return int(subject.split(":")[1])
