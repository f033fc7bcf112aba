"""Months that were not told, and what the next figure then covers (handbook §10.8): missing is not zero."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from common.periods import Period


@dataclass(frozen=True)
class Gaps:
    """`missing` months between the first and the last told; `increments`: month after a gap → 万元 since before it."""

    missing: list[Period]
    increments: dict[Period, Decimal]


def missing_months(cumulative: Mapping[Period, Decimal]) -> Gaps:
    """The gaps of a year's cumulated figures (month told → 自年初累计, 万元)."""
    told = sorted(cumulative)
    missing, increments = [], {}
    for before, after in pairwise(told):
        between = [before.shift(n) for n in range(1, after.months_since(before))]
        if between:
            missing += between
            increments[after] = cumulative[after] - cumulative[before]
    return Gaps(missing, increments)
