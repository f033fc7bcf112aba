"""Amounts in templates. One unit per column: `|wan` in cells (the head says 万元), {% money x %} in sentences."""

from decimal import Decimal

from django import template

from common.money import DASH, format_amount, round_half_up, wan_column

register = template.Library()
WAN_PER_YI = 10000


@register.simple_tag
def money(amount: Decimal | None) -> str:
    """An amount (Decimal 万元) with the unit its size asks for: 3260万元 · 1.26亿元; unknown —."""
    return format_amount(amount)


@register.filter
def wan(amount: Decimal | None) -> str:
    """The cell of a 万元 column: 126,000 · 12,345.6; unknown —."""
    return wan_column(amount)


@register.filter
def yi(amount: Decimal | None) -> str:
    """An amount in 万元 as a figure of 亿元 with two decimals: 79.26; unknown —. The unit stands beside it."""
    return DASH if amount is None else f"{round_half_up(amount / WAN_PER_YI, 2):,f}"


@register.filter
def pct(value: Decimal | None) -> str:
    """A percentage (`common.money.percent`, 0–100) with one decimal: 86.3%; unknown —."""
    return DASH if value is None else f"{round_half_up(value, 1)}%"
