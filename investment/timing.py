"""时序进度 as exact fractions of the year (handbook §3.2), and how far done is ahead of it.

The SQL of `investment.querysets.schedule` gives the same for rows; here are the variants that need no row.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from common.money import round_half_up


def by_months(month: int, start: int = 1, end: int = 12) -> Fraction:
    """Whole months through `month` of those from `start` through `end` (linear)."""
    whole = end - start + 1
    return Fraction(min(max(month - start + 1, 0), whole), whole)


def by_day(day: date) -> Fraction:
    """Days of the year, that day included."""
    return Fraction(day.timetuple().tm_yday, date(day.year, 12, 31).timetuple().tm_yday)


def by_weights(month: int, weights: Sequence[Decimal]) -> Fraction | None:
    """The first `month` of twelve monthly amounts or shares, January first; None when they sum to nothing."""
    shares = [Fraction(weight) for weight in weights]
    whole = sum(shares)
    return Fraction(sum(shares[:month]), whole) if whole else None


def lead_pp(done: Decimal | None, plan: Decimal | None, scheduled: Fraction | None, digits: int = 1) -> Decimal | None:
    """超/欠序时 in points, negative when behind: subtracted exactly, rounded once. None where there is no rate."""
    if done is None or not plan or scheduled is None:
        return None
    return round_half_up((Fraction(done) / Fraction(plan) - scheduled) * 100, digits)
