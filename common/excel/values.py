"""From a cell to a value, by the kind of its column. What would be a guess becomes a problem, never a value.

A problem says what was found and what is expected; `understand` adds sheet, row and column.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from common.dates import DateError, parse_date
from common.excel import labels, people
from common.excel.text import ERROR_TEXTS, is_blank, show, squash, tidy, unsafe
from common.money import AmountError, parse_amount

SCALED_UNITS = {"千元": ("元", Decimal(1000)), "百万元": ("万元", Decimal(100))}
_AMOUNT_EXPECTED = {
    "currency": "人民币金额（外币请先折算）",
    "range": "一个金额，不是区间",
    "unit": "带单位的金额，或在表头、单位行写明单位",
    "precision": "最多精确到元的金额（万元保留 4 位小数以内）",
}
_DATE_EXPECTED = {
    "invalid_date": "真实存在的日期",
    "no_year": "带年份的日期，如 2026年3月",
    "range_reversed": "先开工、后竣工的起止时间",
    "ambiguous_float_month": "明确的月份：2024.1 可能是 1 月也可能是 10 月，请写成 2024年1月 或 2024年10月",
}


@dataclass(frozen=True)
class Problem:
    """Why a cell has no (certain) value. `level` is error (the value is missing) or warning (it stands)."""

    level: str
    code: str
    expected: str


@dataclass(frozen=True)
class Reading:
    """A value with its problems. Amounts are decimal strings in 万元, dates `(start, end)` texts, people lists."""

    value: Any = None
    problems: tuple[Problem, ...] = ()


def read(kind: str, raw: Any, *, unit: str | None = None, year: int | None = None) -> Reading:
    """The value of a raw cell. `unit` is the column's money unit, `year` the year a date without one belongs to."""
    text = show(raw)
    if isinstance(raw, str) and raw.strip() in ERROR_TEXTS:
        return Reading(None, (Problem("warning", "formula_error", "正确的值（公式出错）"),))
    if is_blank(raw):
        return Reading()
    if isinstance(raw, str) and unsafe(raw):
        return Reading(None, (Problem("error", "control_characters", "不含控制字符的文字"),))
    if kind == "money":
        return amount(raw, unit)
    if kind in ("date", "range"):
        return dates(raw, year)
    if kind == "people":
        return Reading(people.split_people(text))
    if kind == "flag":
        return Reading(labels.yes_no(text))
    if kind == "code":
        return code(raw)
    return Reading(tidy(text, keep_lines=kind == "long_text") or None)


def amount(raw: Any, unit: str | None) -> Reading:
    """万元 of an amount; the unit of the cell wins over that of the column."""
    base, factor = SCALED_UNITS.get(unit or "", (unit, Decimal(1)))
    try:
        found = parse_amount(_plain(raw), base)
    except AmountError as error:
        return Reading(None, (Problem("error", f"amount_{error.code}", _AMOUNT_EXPECTED.get(error.code, "金额")),))
    if found.wan is None:
        return Reading()
    wan = (
        found.wan * factor
        if isinstance(raw, (int, float)) or squash(show(raw)).replace(",", "").isdecimal()
        else found.wan
    )
    problems = (Problem("warning", "amount_approx", "准确金额"),) if "approx" in found.flags else ()
    return Reading(plain(wan), problems)


def dates(raw: Any, year: int | None) -> Reading:
    """(start, end) of a date or range as precise as it is written: "2024", "2024-03" or "2024-03-15"."""
    text = show(raw)
    if isinstance(raw, dict):
        day = dt.datetime.fromisoformat(raw["t"]).date()
        if not 1949 <= day.year <= 2100:
            return Reading(None, (Problem("error", "date_range", "1949 年到 2100 年之间的日期"),))
        return Reading((day.isoformat(), day.isoformat()))
    try:
        found = parse_date(_plain(raw), year)
    except DateError as error:
        if _is_length(text):
            return Reading()
        code_ = f"date_{error.code}"
        return Reading(
            None, (Problem("error", code_, _DATE_EXPECTED.get(error.code, "日期，如 2026年3月 或 2024-2026")),)
        )
    if found.status_text:
        return Reading(None, (Problem("warning", "date_status", "日期（这里写的是状态，请核对）"),))
    if found.date_from is None:
        return Reading()
    if found.date_from.year < 1949 or found.date_to.year > 2100:
        return Reading(None, (Problem("error", "date_range", "1949 年到 2100 年之间的日期"),))
    return Reading((_written(found.date_from, found.precision), _written(found.date_to, found.precision)))


def _written(day: dt.date, precision: str) -> str:
    if precision in ("year", "range_year", "plan5"):
        return f"{day.year}"
    return day.isoformat() if precision == "day" else f"{day:%Y-%m}"


def _is_length(text: str) -> bool:
    """A duration (36个月, 3年) is no date: it is left alone without an error."""
    flat = squash(text)
    return (
        flat.endswith(("个月", "年", "天", "日历天", "月")) and flat.rstrip("个月年天日历").replace(".", "").isdecimal()
    )


def code(raw: Any) -> Reading:
    """A code as text, normalised; a number too long for Excel has lost its last digits."""
    if isinstance(raw, (int, float)) and abs(raw) >= 10**15:
        return Reading(None, (Problem("error", "precision_lost", "文本格式的代码（按数字保存会丢失末尾几位）"),))
    text = squash(show(raw)).upper()
    return Reading(text or None)


def plain(number: Decimal) -> str:
    """A decimal without exponent and trailing zeros."""
    text = format(number.normalize(), "f")
    return "0" if text in ("-0", "0") else text


def _plain(raw: Any) -> Any:
    return raw if isinstance(raw, (int, float)) and not isinstance(raw, bool) else show(raw)
