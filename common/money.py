"""Money and percentages: Decimal 万元, read from what people type, written as people read it (handbook §8.3).

Every figure is rounded once, at the end, half away from zero.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from common.errors import DomainError
from common.text import NUMERAL, chinese_number, is_placeholder, norm

Number = Decimal | int | float | str
DefaultUnit = Literal["元", "万元", "亿元"]
DASH = "—"
MAX_LENGTH = 60  # characters of an amount or a date; longer text is a sentence
YI = Decimal(10_000)  # 1 亿元 in 万元

UNITS = {"元": 1, "万": 10_000, "百万": 1_000_000, "千万": 10_000_000, "亿": 100_000_000}  # in 元
DEFAULT_UNITS = {"元": UNITS["元"], "万元": UNITS["万"], "亿元": UNITS["亿"]}


# --- exact arithmetic ---------------------------------------------------------------------------------------------
def to_decimal(value: Number) -> Decimal:
    """The number exactly as written; a float through its decimal text of at most 15 digits (0.1 is 0.1)."""
    if isinstance(value, bool):
        raise TypeError("a truth value is no number")
    number = Decimal(f"{value:.15g}") if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        raise ValueError("not a finite number")
    return number


def round_half_up(value: Fraction | Decimal, digits: int) -> Decimal:
    """`value` with exactly `digits` decimals; a half goes away from zero; zero has no minus sign."""
    exact = Fraction(value)
    scaled = abs(exact.numerator) * 10**digits
    whole = (2 * scaled + exact.denominator) // (2 * exact.denominator)
    sign = 1 if exact < 0 and whole else 0
    return Decimal((sign, tuple(map(int, str(whole))), -digits))


def plain(value: Decimal) -> str:
    """Without exponent, separators, trailing zeros or plus sign: 12000, -120.5, 0."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def percent(numerator: Number | None, denominator: Number | None, digits: int = 1) -> Decimal | None:
    """numerator / denominator × 100, not capped; None when there is nothing to divide (handbook §3.5)."""
    if numerator is None or denominator is None:
        return None
    below = Fraction(to_decimal(denominator))
    if below == 0:
        return None
    return round_half_up(Fraction(to_decimal(numerator)) / below * 100, digits)


def year_on_year(current: Number | None, previous: Number | None, digits: int = 1) -> Decimal | None:
    """同比: growth in percent; None without a positive base (handbook §4.3)."""
    if current is None or previous is None:
        return None
    now, base = Fraction(to_decimal(current)), Fraction(to_decimal(previous))
    if base <= 0:
        return None
    return round_half_up((now - base) / base * 100, digits)


def efficacy(value: Fraction, least: Fraction, most: Fraction) -> Decimal:
    """功效系数 (rule score.efficacy): 60 for the lowest of a field, 100 for the highest; 100 when all are equal."""
    if most == least:
        return Decimal("100.00")
    return round_half_up((value - least) / (most - least) * 40 + 60, 2)


def yi_column(amounts: Iterable[Decimal | None]) -> tuple[list[Decimal | None], Decimal]:
    """A column of 万元 in 亿元 with 2 decimals, and its total from the unrounded amounts.

    The total may differ from the sum of the rows shown; the page says so (handbook §8.3).
    """
    amounts = list(amounts)
    total = sum((Fraction(wan) for wan in amounts if wan is not None), Fraction(0))
    rows = [None if wan is None else round_half_up(Fraction(wan) / 10_000, 2) for wan in amounts]
    return rows, round_half_up(total / 10_000, 2)


# --- writing ------------------------------------------------------------------------------------------------------
def format_amount(wan: Decimal | None, unit: Literal["亿", "万"] | None = None) -> str:
    """For sentences: 12345 万元 → 1.23亿元, 500 → 500万元, None → —. From 1 亿元 on in 亿元 unless told otherwise."""
    if wan is None:
        return DASH
    if unit is None:
        unit = "亿" if abs(wan) >= YI else "万"
    if unit == "亿":
        return f"{round_half_up(Fraction(wan) / 10_000, 2):f}亿元"
    if unit == "万":
        return f"{round_half_up(wan, 0):f}万元"
    raise ValueError(f"unknown unit {unit!r}")


def tile(wan: Decimal | None) -> dict[str, str]:
    """For a figure that is read at a glance (components/_stat): value and unit as `format_amount`, and the exact
    amount for its title: 67119.2311 万元 → 6.71 亿元, “67,119.2311 万元”."""
    if wan is None:
        return {"value": DASH, "unit": "", "exact": ""}
    words = format_amount(wan)
    return {"value": words[:-2], "unit": words[-2:], "exact": f"{wan_column(wan)} 万元"}


def wan_column(wan: Decimal | None) -> str:
    """For table cells, exact, the unit stands in the header: 126,000 or 1,234.5; None → —."""
    return DASH if wan is None else f"{Decimal(plain(wan)):,f}"


# --- reading ------------------------------------------------------------------------------------------------------
class AmountError(DomainError):
    """An amount that must not be guessed. `code`: currency, range, format, unit or precision."""

    SENTENCES = {
        "currency": "“{}”写的是外币，请折算成人民币后填写，并另记币种和折算率。",
        "range": "“{}”是一个区间，请填写一个确定的金额。",
        "format": "看不懂金额“{}”，请写成“3500”“1.2亿元”或“3亿5000万元”这样的形式。",
        "unit": "“{}”没有写单位，请注明元、万元或亿元。",
        "precision": "“{}”精确到了元以下，请核对后按元取整再填写。",
    }

    def __init__(self, code: str, value: object) -> None:
        super().__init__(self.SENTENCES[code].format(value), code=code)


@dataclass(frozen=True, slots=True)
class Amount:
    """A parsed amount in 万元; None means that no value was given. `flags` may hold "approx"."""

    wan: Decimal | None
    flags: tuple[str, ...] = ()


_RENMINBI = re.compile(r"人民币|RMB|CNY|CNH|[¥￥]")
_FOREIGN = re.compile(
    r"美元|美金|欧元|英镑|日元|日圆|円|港币|港元|港纸|澳门元|澳门币|葡币|台币|台元|韩元|韩币|澳元|澳币|加元|加币|新元|新加坡元"
    r"|瑞士法郎|法郎|卢布|泰铢|卢比|外币|USD|EUR|GBP|JPY|HKD|MOP|TWD|KRW|AUD|CAD|SGD|CHF|RUB|THB|INR|[$€£₤₩₽₹฿￡￦]"
)
_APPROX_FRONT = re.compile(r"(?:约|近|超过|超|逾|不低于|不少于)+")
_APPROX_ANYWHERE = re.compile(r"左右|以上|余|多")
_DIGITS = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
_UNIT = r"(?:百万|千万|万|亿)元?|元"
_WRITTEN = rf"[{NUMERAL}]+元?"
_AMOUNT = rf"-?(?:{_DIGITS}亿{_DIGITS}万元?|{_DIGITS}(?:{_UNIT})?|{_WRITTEN})"
_RANGE = re.compile(rf"{_AMOUNT}(?:-+|~+|至|到){_AMOUNT}")
_COMPOUND = re.compile(rf"({_DIGITS})亿({_DIGITS})万元?")
_SIMPLE = re.compile(rf"({_DIGITS})({_UNIT})?")


def parse_amount(value: Decimal | float | str | None, default_unit: DefaultUnit | None = None) -> Amount:
    """Read one cell or field. `default_unit` (from the column header) is for figures that name no unit.

    Raises AmountError with the first code that applies: currency, range, format, unit, precision.
    """
    if value is None:
        return Amount(None)
    if not isinstance(value, str):
        return Amount(_from_cell(value, default_unit))
    if is_placeholder(value):
        return Amount(None)
    text = norm(value)
    if _FOREIGN.search(text):
        raise AmountError("currency", value)
    if len(text) > MAX_LENGTH:
        raise AmountError("format", value)
    text, approx = _without_approx(_RENMINBI.sub("", text))
    inner = _inside_brackets(text)
    if _RANGE.fullmatch(inner or text):
        raise AmountError("range", value)
    yuan, stated = _yuan(inner, value) if inner else _signed(text, value)
    if inner:
        yuan = -yuan
    return Amount(_in_wan(yuan, stated, default_unit, value), ("approx",) if approx else ())


def _from_cell(value: Decimal | float, default_unit: str | None) -> Decimal:
    try:
        number = Fraction(to_decimal(value))
    except (TypeError, ValueError):
        raise AmountError("format", value) from None
    return _in_wan(number, False, default_unit, value)


def _in_wan(number: Fraction, stated: bool, default_unit: str | None, value: object) -> Decimal:
    """The number, in 元 when its unit was stated and else in the default unit, as 万元 down to 元."""
    if not stated:
        if default_unit is None:
            raise AmountError("unit", value)
        number *= DEFAULT_UNITS[default_unit]
    if number.denominator != 1:
        raise AmountError("precision", value)
    return Decimal(plain(round_half_up(number / UNITS["万"], 4)))


def _without_approx(text: str) -> tuple[str, bool]:
    front = _APPROX_FRONT.match(text)
    rest = text[front.end() :] if front else text
    rest, count = _APPROX_ANYWHERE.subn("", rest)
    return rest, bool(front or count)


def _inside_brackets(text: str) -> str | None:
    """The inside of (1,200): accountants write negatives this way."""
    return text[1:-1] if len(text) > 2 and text[0] == "(" and text[-1] == ")" else None


def _signed(text: str, value: object) -> tuple[Fraction, bool]:
    if text.startswith("-"):
        number, stated = _yuan(text[1:], value)
        return -number, stated
    return _yuan(text, value)


def _yuan(text: str, value: object) -> tuple[Fraction, bool]:
    """(number, whether it states its unit and is therefore in 元). Raises AmountError `format`."""
    if match := _COMPOUND.fullmatch(text):
        yi, wan = map(_plain_digits, match.groups())
        return yi * UNITS["亿"] + wan * UNITS["万"], True
    if match := _SIMPLE.fullmatch(text):
        digits, unit = match.groups()
        if unit is None:
            return _plain_digits(digits), False
        return _plain_digits(digits) * UNITS[unit if unit == "元" else unit.removesuffix("元")], True
    number = chinese_number(text.removesuffix("元"))
    if number is None:
        raise AmountError("format", value)
    return Fraction(number), any(unit in text for unit in "万亿元")


def _plain_digits(text: str) -> Fraction:
    return Fraction(text.replace(",", ""))
