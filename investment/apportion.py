"""Splitting a year's plan into months: pure arithmetic on whole 元 (handbook §3.1 分月计划, §3.2).

Months are cut from the cumulated amounts, so that they always sum to the year to the 元 and no month is out by more
than one 元.
"""

from collections.abc import Sequence
from decimal import Decimal

from common.fields import YUAN_PER_WAN
from investment.choices import PlanSplit

MONTHS = 12


def cumulate(target: Decimal, weights: Sequence[int | Decimal]) -> list[int]:
    """元 through each of the 12 months when `target` (万元) falls by `weights` (January first, Σ > 0)."""
    yuan = int(target * YUAN_PER_WAN)
    whole = sum(map(Decimal, weights), Decimal(0))
    if whole <= 0 or min(weights) < 0 or len(weights) != MONTHS:
        raise ValueError("twelve weights, none negative, not all zero")
    running, result = Decimal(0), []
    for weight in weights:
        running += Decimal(weight)
        result.append(yuan if running == whole else int(yuan * running / whole))
    return result


def weights_of(split: str, start: int, end: int, season: Sequence[int | Decimal]) -> list[int | Decimal]:
    """Monthly weights of a split between two months; `season` is the site's preset, January first.

    The curve is 3x² − 2x³ over the length of the works: slow, fast, slow. Where the season's months weigh nothing,
    the split is even.
    """
    span = range(start, end + 1)
    if split == PlanSplit.CURVE:
        length = len(span)
        grown = [3 * n * n * length - 2 * n**3 for n in range(length + 1)]
        steps = {month: grown[n + 1] - grown[n] for n, month in enumerate(span)}
    elif split == PlanSplit.SEASON and sum(season[month - 1] for month in span) > 0:
        steps = {month: season[month - 1] for month in span}
    else:
        steps = dict.fromkeys(span, 1)
    return [steps.get(month, 0) for month in range(1, MONTHS + 1)]


def months_of(cumulative: Sequence[int]) -> list[Decimal]:
    """万元 of each month from the cumulated 元."""
    before = [0, *cumulative[:-1]]
    return [Decimal(after - earlier) / YUAN_PER_WAN for after, earlier in zip(cumulative, before, strict=True)]
