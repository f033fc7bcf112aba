"""Plans and months of a demo project: believable figures whose light is the one its fate asks for."""

from datetime import date
from decimal import Decimal
from random import Random

from common.periods import Period
from dashboard.demo import catalogue as fate
from investment.choices import AnnualKind
from investment.models import AnnualPlan

SILENT = {fate.SILENT1: 1, fate.SILENT2: 2}  # closed months without a figure
RATIO = {fate.LAG: 0.42, fate.SLOW: 0.70}  # 达序时率; below 60 % red, below 80 % yellow (handbook §3.3)


def year_plan(*, total: int, year: int, begun: date, ended: date, rng: Random) -> AnnualPlan:
    """An unsaved plan: the share of `total` (万元) that falls into `year` of works from `begun` to `ended`."""
    months = max(1, (ended.year - begun.year) * 12 + ended.month - begun.month + 1)
    first = begun.month if begun.year == year else 1
    last = ended.month if ended.year == year else 12
    share = min(0.9, (last - first + 1) / months) * rng.uniform(0.9, 1.05)
    if begun.year == year:
        kind = AnnualKind.NEW_START
    else:
        kind = AnnualKind.TO_COMPLETE if ended.year == year else AnnualKind.CONTINUED
    target = Decimal(max(200, round(total * share / 100) * 100))
    return AnnualPlan(year=year, target=target, annual_kind=kind, start_month=first, end_month=last)


def months_done(plan: AnnualPlan, *, closed: Period, what: str, rng: Random) -> dict[int, Decimal]:
    """month → 本月完成 (万元) for every month of the plan; `closed` is the month by which the light is judged today.

    Through `closed` (or the plan's end, when that is earlier) the reported months add up to the fate's share.
    """
    judged_through = min(closed.month, plan.end_month) if closed.year == plan.year else plan.end_month
    judged = range(plan.start_month, judged_through + 1)
    ratio = RATIO.get(what, rng.uniform(0.9, 1.12)) if closed.year == plan.year else rng.uniform(0.95, 1.03)
    if plan.end_month < 12:
        ratio = rng.uniform(1.0, 1.04)  # finished: the plan was met
    silent = SILENT.get(what, 0)
    if len(judged) > silent:
        ratio *= len(judged) / (len(judged) - silent)
    per_month = float(plan.target) / (plan.end_month - plan.start_month + 1) * ratio
    weights = [rng.uniform(0.75, 1.25) for _ in judged]
    mean = sum(weights) / len(weights) if weights else 1
    done = {month: per_month * weight / mean for month, weight in zip(judged, weights, strict=True)}
    later = range(max(plan.start_month, judged_through + 1), plan.end_month + 1)
    done |= {month: per_month * rng.uniform(0.9, 1.1) for month in later}
    return {month: Decimal(round(value * 10)) / 10 for month, value in done.items()}
