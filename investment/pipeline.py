"""接续指数: how many projects will start in the next four quarters, and what they will invest, by our own record. Pure.

Rates are monthly: events ÷ months spent waiting. A project in 谋划 is admitted, one in 储备 starts, both may leave;
what starts spreads its investment evenly over the usual time of building (features N12).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from math import sqrt

from common.periods import Period

WINDOW = 36  # months of record that are looked at
FEWEST = 5  # events a category must have to go by its own rates
MONTH = 365.25 / 12
QUARTERS = 4
USUAL_BUILD = 24.0  # months, when nothing of ours has been completed yet
Z80 = 1.2816  # 80 % of a normal distribution lie within so many deviations


@dataclass(frozen=True)
class Spell:
    """A project's stay in a stage: `ended` with what came next, None while it lasts."""

    stage: str
    since: date
    until: date
    ended: str | None = None


@dataclass
class Rates:
    """Events and months at risk of each stage."""

    months: dict[str, float] = field(default_factory=dict)
    events: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, spell: Spell, first: date) -> None:
        """Count a spell as far as it lies after `first`."""
        if spell.until <= first:
            return
        self.months[spell.stage] = (
            self.months.get(spell.stage, 0.0) + (spell.until - max(spell.since, first)).days / MONTH
        )
        if spell.ended:
            key = (spell.stage, spell.ended)
            self.events[key] = self.events.get(key, 0) + 1

    def monthly(self, stage: str, ended: str) -> float:
        """The chance of the move within a month of waiting, at most 1."""
        months = self.months.get(stage, 0.0)
        return min(1.0, self.events.get((stage, ended), 0) / months) if months else 0.0

    def count(self, stage: str, ended: str) -> int:
        return self.events.get((stage, ended), 0)


def rates_of(spells: Iterable[Spell], today: date) -> Rates:
    """The rates of the last 36 months."""
    first = Period.of(today).shift(-WINDOW).first_day()
    rates = Rates()
    for spell in spells:
        rates.add(spell, first)
    return rates


def start_chances(stage: str, rates: Rates, lead: int) -> list[float]:
    """The chance that a project now in `stage` starts in each of the four quarters that begin in `lead` months."""
    planning, reserve = (1.0, 0.0) if stage == "planning" else (0.0, 1.0)
    admit, leave_early = rates.monthly("planning", "reserve"), rates.monthly("planning", "out")
    start, leave = rates.monthly("reserve", "commenced"), rates.monthly("reserve", "out")
    quarters = [0.0] * QUARTERS
    for month in range(lead + 3 * QUARTERS):
        started = reserve * start
        if month >= lead:
            quarters[(month - lead) // 3] += started
        admitted = planning * admit
        reserve = max(0.0, reserve - started - reserve * leave) + admitted
        planning = max(0.0, planning - admitted - planning * leave_early)
    return quarters


def expected(chances: Iterable[float]) -> tuple[float, float, float]:
    """(low, mean, high) of how many independent projects start: the mean and an 80 % band around it."""
    chances = list(chances)
    mean, spread = sum(chances), Z80 * sqrt(sum(p * (1 - p) for p in chances))
    return max(0.0, mean - spread), mean, mean + spread


def spread_investment(starts: list[float], build: float) -> list[float]:
    """What money starting in each quarter turns into, by quarter: even over `build` months, from mid-quarter on."""
    done = [0.0] * QUARTERS
    for first, money in enumerate(starts):
        for quarter in range(first, QUARTERS):
            begun = max(0.0, (quarter - first) * 3 - 1.5)
            ended = min(build, (quarter - first) * 3 + 1.5)
            done[quarter] += money * max(0.0, ended - begun) / build
    return done


def quarters_after(today: date) -> tuple[int, list[str]]:
    """How many months until the next quarter begins, and the names of the four quarters from then on (2027Q1)."""
    month = Period.of(today)
    lead = 3 - (month.month - 1) % 3 - (1 if today.day > 15 else 0)
    first = month.shift(3 - (month.month - 1) % 3)
    names = [first.shift(3 * n) for n in range(QUARTERS)]
    return lead, [quarter_of(period) for period in names]


def quarter_of(month: Period) -> str:
    """The quarter of a month, 2027Q1."""
    return f"{month.year}Q{(month.month + 2) // 3}"
