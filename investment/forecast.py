"""全年预测: what the year will come to, from one's own record. Pure.

How it is done, in the words of the page: of the last 36 months the ratio of done to scheduled is taken for every
stretch as long as what is left of the year; the middle one of these ratios, applied to what is still scheduled, gives
the estimate, the 10th and the 90th percentile give the band. Months that nobody reported are left out on both sides.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from common.money import round_half_up
from common.periods import Period

HISTORY = 36  # months looked back
FEWEST = 6  # stretches a group must have to be judged by its own record
LOW, MIDDLE, HIGH = Fraction(1, 10), Fraction(1, 2), Fraction(9, 10)


@dataclass
class Record:
    """What a group did and should have done, month by month (万元)."""

    done: dict[Period, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    scheduled: dict[Period, Fraction] = field(default_factory=lambda: defaultdict(Fraction))

    def add(self, month: Period, done: Decimal, scheduled: Fraction) -> None:
        self.done[month] += Fraction(done)
        self.scheduled[month] += scheduled

    def ratios(self, last: Period, length: int) -> list[Fraction]:
        """Done ÷ scheduled of every stretch of `length` months within the history that ends with `last`."""
        months = [last.shift(-back) for back in reversed(range(HISTORY))]
        found = []
        for first in range(len(months) - length + 1):
            stretch = months[first : first + length]
            # a stretch counts when figures were told throughout: half a stretch says nothing about its length
            if all(self.scheduled.get(month) for month in stretch):
                due = sum(self.scheduled[month] for month in stretch)
                found.append(sum(self.done[month] for month in stretch) / due)
        return found


@dataclass(frozen=True)
class Estimate:
    """The year as it will come out (万元, rounded to 万元). `basis` names whose record was used; None in all three
    when nobody has one."""

    low: Decimal | None
    middle: Decimal | None
    high: Decimal | None
    basis: str


def estimate(done: Decimal, left: Fraction, records: Iterable[tuple[str, Record]], last: Period) -> Estimate:
    """`done` so far and what is still scheduled, by the first of the (name, record) pairs that is long enough."""
    length = 12 - last.month
    if not length or not left:
        return Estimate(done, done, done, "全年已过" if not length else "没有余下的计划")
    for name, record in records:
        ratios = sorted(record.ratios(last, length))
        if len(ratios) >= FEWEST:
            low, middle, high = (
                round_half_up(Fraction(done) + left * quantile(ratios, share), 0) for share in (LOW, MIDDLE, HIGH)
            )
            return Estimate(low, middle, high, name)
    return Estimate(None, None, None, "历史不足")


def quantile(ordered: list[Fraction], share: Fraction) -> Fraction:
    """The value below which `share` of the ordered values lie, linear between neighbours."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def overlap(start: int, end: int, first: int, last: int) -> int:
    """Months that the spans start–end and first–last of one year have in common."""
    return max(0, min(end, last) - max(start, first) + 1)
