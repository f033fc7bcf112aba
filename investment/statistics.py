"""The arithmetic of the statistical return (handbook §3.1, rules stat.logic and stat.monthly_required)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal(0)
EXEMPT_MONTH = 1  # 1–2月合并报送: the statistics ask for nothing in January; the platform's own report is due


@dataclass(frozen=True)
class Return:
    """The amounts of one statistical return (万元): the four parts and the totals they must agree with."""

    build: Decimal
    install: Decimal
    equip: Decimal
    other: Decimal
    ytd: Decimal
    prev_ytd: Decimal
    month: Decimal
    since_start: Decimal
    prior_year_end: Decimal
    land: Decimal = ZERO
    old_building: Decimal = ZERO
    old_equip: Decimal = ZERO


LOGIC = {
    "composition": (
        lambda r: r.build + r.install + r.equip + r.other == r.ytd,
        "建筑、安装、设备和其他费用之和应等于自年初累计",
    ),
    "other_lt_land": (lambda r: r.other >= r.land + r.old_building, "其他费用不应小于建设用地费与旧建筑物购置费之和"),
    "equip_lt_old": (lambda r: r.equip >= r.old_equip, "设备购置不应小于购置旧设备"),
    "ytd_chain": (lambda r: r.ytd == r.prev_ytd + r.month, "自年初累计应等于上月累计加本月"),
    "since_start_chain": (
        lambda r: r.since_start == r.prior_year_end + r.ytd,
        "开工以来累计应等于上年末累计加自年初累计",
    ),
}


def logic_faults(figures: Return) -> list[str]:
    """Codes of everything that does not agree, in the order of LOGIC; [] is balanced."""
    return [code for code, (holds, _) in LOGIC.items() if not holds(figures)]


HARD = frozenset({"composition"})  # refused; what else does not agree is pointed out and may be confirmed


def month_return(
    month: Decimal, parts: Sequence[Decimal], before: Sequence[Decimal] = (ZERO, ZERO, ZERO), ever: Decimal = ZERO
) -> Return:
    """The return of a year through a month: `month` with its parts (建安, 设备, 其他), what the year's earlier months
    told of each, and `ever`, what was invested before the year. 建筑 and 安装 are told as one."""
    works, equip, other = (held + part for held, part in zip(before, parts, strict=True))
    prev = sum(before, ZERO)
    ytd = prev + month
    return Return(works, ZERO, equip, other, ytd, prev, month, ever + ytd, ever)


def soft_faults(figures: Return) -> list[str]:
    """Sentences about what does not agree and yet is taken once it is confirmed."""
    return [LOGIC[code][1] for code in logic_faults(figures) if code not in HARD]


def monthly_exempt(month: int) -> bool:
    """Whether the statistical return of that month is left out (统计1月免报)."""
    return month == EXEMPT_MONTH
