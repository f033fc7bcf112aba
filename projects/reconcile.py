"""Sums that must agree when a project is split, and parts of a project (handbook §10.4, §10.16). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from common.money import wan_column


@dataclass(frozen=True)
class Reconciliation:
    """`diff` = whole − Σ parts, in 万元 (rule split.reconcile)."""

    diff: Decimal

    @property
    def ok(self) -> bool:
        return self.diff == 0

    @property
    def sentence(self) -> str:
        """What is wrong and by how much; "" when nothing is."""
        if self.ok:
            return ""
        word = "少" if self.diff > 0 else "多"
        return f"各子项合计比母项{word} {wan_column(abs(self.diff))} 万元，须与母项完全一致（精确到元）。"


def reconcile(whole: Decimal, parts: Iterable[Decimal]) -> Reconciliation:
    """Compare the whole with the sum of its parts, exactly."""
    return Reconciliation(Decimal(whole) - sum(map(Decimal, parts), Decimal(0)))


def allot(whole: Decimal, weights: list[Decimal]) -> list[Decimal]:
    """`whole` (万元, exact to the 元) in proportion to the weights; what is left over goes 元 by 元 to the largest
    remainders, so that the parts always make the whole. A negative amount is shared like its opposite."""
    yuan = int(abs(whole) * 10_000)
    base = sum(weights)
    if not base:
        weights, base = [Decimal(1)] * len(weights), Decimal(len(weights))
    exact = [yuan * weight / base for weight in weights]
    floors = [int(share) for share in exact]
    order = sorted(range(len(weights)), key=lambda i: (floors[i] - exact[i], i))
    for i in order[: yuan - sum(floors)]:
        floors[i] += 1
    sign = -1 if whole < 0 else 1
    return [Decimal(sign * share) / 10_000 for share in floors]
