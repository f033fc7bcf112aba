"""追赶测算: can the year's plan still be met, and until when (features N2). Pure arithmetic on exact fractions, in 元.

What must be done each month from now on is held against what the project itself has managed (the mean of its best
three months) and against what its peers manage (the 90th percentile of their monthly share of the plan).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from django.db.models import TextChoices

from common.workdays import WorkCalendar

BEST = 3  # months
LAST = 3  # the present pace: the mean of the last so many told months
FRIDAY = 4
MOST_WEEKS = 26


class Verdict(TextChoices):
    """Whether the year can still be met."""

    MET = "met", "已完成"
    ABLE = "able", "可追赶"
    HARD = "hard", "吃力"
    IMPOSSIBLE = "impossible", "不可能"


@dataclass(frozen=True, slots=True)
class CatchUp:
    """`required` is 元 per month for the rest of the year (None when no month is left), `best` the mean of the own best
    three months, `peers` the peers' p90 for a plan of this size, both 0 when unknown. `impossible_from` is the month at
    whose end it can no longer be met if the present pace goes on; None when the pace suffices or it is so already."""

    verdict: Verdict
    required: Fraction | None
    best: Fraction
    peers: Fraction
    impossible_from: int | None = None

    @property
    def ceiling(self) -> Fraction:
        """The most that can be hoped for in a month."""
        return max(self.best, self.peers)


@dataclass(frozen=True, slots=True)
class Pace:
    """What a project manages in a month, in 元: `best`, the mean of its best months, `present`, that of its last."""

    best: Fraction
    present: Fraction

    @classmethod
    def of(cls, months: int, best: int, present: int) -> "Pace":
        """From the sums of the best and of the last of so many told months."""
        return cls(_mean(best, min(months, BEST)), _mean(present, min(months, LAST)))


def _mean(total: int, months: int) -> Fraction:
    """0 of nothing, and never below 0 (corrections)."""
    return max(Fraction(0), Fraction(total, months)) if months else Fraction(0)


def assess(*, target: int, done: int, month: int, pace: Pace, peer_rate: Fraction, end: int = 12) -> CatchUp:
    """Judge a year: `target` and `done` in 元 through `month`, `peer_rate` the peers' p90 as a share of a year's plan,
    `end` the last month of the plan."""
    best, peers = pace.best, peer_rate * target
    if done >= target:
        return CatchUp(Verdict.MET, None, best, peers)
    left = end - month
    if left <= 0:
        return CatchUp(Verdict.IMPOSSIBLE, None, best, peers)
    required = Fraction(target - done, left)
    if required > max(best, peers):
        return CatchUp(Verdict.IMPOSSIBLE, required, best, peers)
    verdict = Verdict.ABLE if required <= best else Verdict.HARD
    lost = _lost_in(target, done, month, end, pace.present, max(best, peers))
    return CatchUp(verdict, required, best, peers, lost)


def _lost_in(target: int, done: int, month: int, end: int, pace: Fraction, ceiling: Fraction) -> int | None:
    """The first month at whose end even the ceiling, every month that is left, no longer reaches the target."""
    for later in range(month + 1, end + 1):
        reached = done + pace * (later - month)
        if reached >= target:
            return None
        if reached + ceiling * (end - later) < target:
            return later
    return None


def smallest_set(gaps: Sequence[Fraction | int], percent: int = 80) -> int:
    """How many of the largest gaps close `percent` of their sum; `gaps` descend. No smaller set does: the largest k
    are the best k."""
    whole, closed = sum(gaps), Fraction(0)
    for count, gap in enumerate(gaps):
        if closed * 100 >= whole * percent:
            return count
        closed += gap
    return len(gaps)


def weekly_dates(today: date, until: date, calendar: WorkCalendar) -> list[date]:
    """The Fridays after `today` before `until`, each moved to the working day before where it rests (handbook §8.2),
    and `until` itself; at most half a year of them."""
    days: list[date] = []
    friday = today + timedelta(days=(FRIDAY - today.weekday()) % 7 or 7)
    while friday < until and len(days) < MOST_WEEKS - 1:
        day = calendar.roll_back(friday)
        if day > today and day not in days:
            days.append(day)
        friday += timedelta(days=7)
    return [*days, until]


def split_evenly(amount: int, parts: int) -> list[int]:
    """`amount` 元 in `parts` parts that sum to it, none out by more than one 元."""
    cuts = [amount * n // parts for n in range(parts + 1)]
    return [later - earlier for earlier, later in pairwise(cuts)]
