"""The last twelve months of a project's light, and which red months were made good later (迟黄, features §2.2)."""

from collections.abc import Sequence
from dataclasses import dataclass

from common.lights import Light
from common.periods import Period
from investment.models import LightSnapshot
from projects.models import Project

MONTHS = 12
MADE_GOOD = (Light.GREEN, Light.BLUE)


@dataclass(frozen=True, slots=True)
class Month:
    """A closed month: its light as it was, and whether its red was made good later. `light` "" was not kept."""

    period: Period
    light: str
    late: bool
    reason: str

    @property
    def word(self) -> str:
        """The light in words; 迟黄 = red then, made good later. The snapshot itself stays red."""
        if not self.light:
            return "无存档"
        return "迟黄" if self.late else Light(self.light).label

    @property
    def shown(self) -> str:
        """The colour drawn."""
        return Light.YELLOW if self.late else self.light


def light_history(project: Project, last: Period) -> list[Month]:
    """The twelve months up to `last`, oldest first: one query."""
    first = last.shift(1 - MONTHS)
    kept = {row.period: row for row in project.light_snapshots.between(first, last)}
    periods = [first.shift(n) for n in range(MONTHS)]
    return [
        _month(period, kept.get(period), [row for later, row in kept.items() if later > period]) for period in periods
    ]


def _month(period: Period, row: LightSnapshot | None, later: Sequence[LightSnapshot]) -> Month:
    if row is None:
        return Month(period, "", late=False, reason="")
    return Month(period, row.light, late=row.light == Light.RED and made_good(row, later), reason=row.reason)


def made_good(red: LightSnapshot, later: Sequence[LightSnapshot]) -> bool:
    """Whether each dimension that was red then was green or blue in a later month; money only within its year."""
    causes = [code for code, light in red.lights.items() if light == Light.RED]
    return bool(causes) and all(any(_cures(code, red, after) for after in later) for code in causes)


def _cures(code: str, red: LightSnapshot, after: LightSnapshot) -> bool:
    return after.lights.get(code) in MADE_GOOD and (code != "progress" or after.year == red.year)
