"""From a cell to a value, by the kind of its column. What would be a guess becomes a problem, never a value.

A problem says what was found and what is expected; `understand` adds sheet, row and column.
"""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, cast

from common.dates import DateError, StatusText, parse_date
from common.excel import labels, people
from common.excel.text import ERROR_TEXTS, is_blank, show, squash, strip_brackets, tidy, uncounted, unsafe
from common.money import AmountError, parse_amount, plain

Unit = Literal["元", "万元", "亿元"]
FIRST_YEAR, LAST_YEAR = 1949, 2100
SCALED_UNITS: dict[str, tuple[Unit, Decimal]] = {"千元": ("元", Decimal(1000)), "百万元": ("万元", Decimal(100))}
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


_WORDS_AROUND_AMOUNT = re.compile(
    r"^[^\d:：]{1,8}[:：]|[(（][^()（）\d]*[)）]|\s|^(?:项目|估算|概算|匡算|暂估|暂定|计划|预计|预估|拟|总|完成|投资额?|规模|共|计|为)+(?=约?[\d一二两三四五六七八九十])"
)
_FLOAT_TEXT = re.compile(r"^\s*-?\d{1,12}\.\d{12,}\s*$")  # 0.30000000000000004, as programs write a binary fraction
_UNIT_APART = re.compile(r"[(（]\s*(?:单位[:：])?([^\d()（）]{0,5}元|[百千]?万|亿)\s*[)）]")
_PARTS = re.compile(r"(?<=[\d元万亿])[\s,，;；、。]*(?:其中|不?含|包括)(?=.*\d).*$", re.S)
_FORMAL_NUMERALS = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_WORDS_AROUND_DATE = re.compile(
    r"预计|计划|拟|力争|开工|竣工|完工|投产|建成|结束|左右|已?于|建设|开始|完成|[，。,;；]$"
)
_SHORT_END = re.compile(
    r"^\s*(?P<year>(?:19|20)\d{2})(?:[.年](?P<month>\d{1,2})|年?)\s*[-—–~～至]+\s*(?P<end>\d{1,2})\s*年?\s*$"
)
_LENGTH = re.compile(r"约?\d+(?:\.\d+)?(?:个月|年|天|日历天|个日历天|月)")


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
    if kind in ("unit", "industry"):
        text = uncounted(text)
    return Reading(tidy(text, keep_lines=kind == "long_text") or None)


def amount(raw: Any, unit: str | None) -> Reading:
    """万元 of an amount; the unit of the cell wins over that of the column."""
    base, factor = SCALED_UNITS.get(unit or "", (cast(Any, unit), Decimal(1)))
    value = _plain(raw)
    if isinstance(value, str):
        value = _UNIT_APART.sub(r"\1", value.strip())
        if _FLOAT_TEXT.match(value):
            value = float(value)
    try:
        try:
            found = parse_amount(value, base)
        except AmountError as error:
            if error.code not in ("format", "currency") or not isinstance(value, str):
                raise
            whole = strip_brackets(_PARTS.sub("", value)).translate(_FORMAL_NUMERALS)
            found = parse_amount(_WORDS_AROUND_AMOUNT.sub("", whole), base)
    except AmountError as error:
        return Reading(None, (Problem("error", f"amount_{error.code}", _AMOUNT_EXPECTED.get(error.code, "金额")),))
    if found.wan is None:
        return Reading()
    stated = isinstance(value, str) and re.search(r"[元万亿]", value)
    problems = (Problem("warning", "amount_approx", "准确金额"),) if "approx" in found.flags else ()
    return Reading(plain(found.wan if stated else found.wan * factor), problems)


def dates(raw: Any, year: int | None) -> Reading:
    """(start, end) of a date or range as precise as it is written: "2024", "2024-03" or "2024-03-15"."""
    if isinstance(raw, dict):
        day = dt.datetime.fromisoformat(raw["t"]).date()
        return _in_range(day, day, (day.isoformat(), day.isoformat()))
    value = _plain(raw)
    if isinstance(value, int) and re.fullmatch(r"(?:19|20)\d{2}(?:\d{2}){1,2}", str(value)):
        value = str(value)
    if isinstance(value, str):
        value = _SHORT_END.sub(_whole_end, value)
    try:
        found = parse_date(value, year)
    except DateError as error:
        text = squash(show(raw))
        span = _loosely(text, year) if error.code == "format" and isinstance(value, str) else None
        if span is not None:
            return Reading(span)
        if _LENGTH.fullmatch(text):
            return Reading()
        expected = _DATE_EXPECTED.get(error.code, "日期，如 2026年3月 或 2024-2026")
        return Reading(None, (Problem("error", f"date_{error.code}", expected),))
    if isinstance(found, StatusText):
        return Reading(None, (Problem("warning", "date_status", "日期（这里写的是状态，请核对）"),))
    if found is None:
        return Reading()
    first, last = found.date_from, found.date_to
    return _in_range(first, last, (_written(first, found.precision), _written(last, found.precision)))


def _in_range(first: dt.date, last: dt.date, span: tuple[str, str]) -> Reading:
    if first.year < FIRST_YEAR or last.year > LAST_YEAR:
        expected = f"{FIRST_YEAR} 年到 {LAST_YEAR} 年之间的日期"
        return Reading(None, (Problem("error", "date_range", expected),))
    return Reading(span)


def _whole_end(match: re.Match[str]) -> str:
    """2023-25 → 2023-2025 and 2025.3-12 → 2025年3月-2025年12月; a date such as 2025-3-12 is left alone."""
    year, month, end = match["year"], match["month"], int(match["end"])
    if month:
        return f"{year}年{month}月-{year}年{end}月" if int(month) <= end <= 12 else match[0]
    return f"{year}-{year[:2]}{end}" if end > max(12, int(year[2:])) else match[0]


def _loosely(text: str, year: int | None) -> tuple[str | None, str | None] | None:
    """A span whose two ends are written in different manners, or with words around them; None when it stays unclear."""
    text = re.sub(r"(?<=开工)(?:建设)?[,，;；、](?=.*(?:竣工|完工|建成|投产))", "-", strip_brackets(text))
    text = _WORDS_AROUND_DATE.sub("", text)
    text = re.sub(r"(\d{4})[./-](\d{1,2})月(?:份)?", r"\1年\2月", re.sub("[—–−‐‑―~～至到]+|-{2,}", "-", text))
    text = re.sub(r"(\d{4}年?)[、,，和](?=\d{4}年?$)", r"\1-", text)
    whole = _span(text, year)
    if whole:
        return whole
    opened = re.fullmatch(r"([^-]+)(?:-今?|起|以来)", text)
    if opened and (start := _span(opened[1], year)):
        return start[0], None
    for position in (found.start() for found in re.finditer("-", text)):
        start = _span(text[:position], year)
        end = _span(text[position + 1 :], int(start[0][:4]) if start else year)
        if start and end and start[0] <= end[1]:
            return start[0], end[1]
    return None


def _span(text: str, year: int | None) -> tuple[str, str] | None:
    try:
        found = parse_date(text, year)
    except DateError:
        return None
    if found is None or isinstance(found, StatusText):
        return None
    return _written(found.date_from, found.precision), _written(found.date_to, found.precision)


def _written(day: dt.date, precision: str) -> str:
    if precision in ("year", "range_year", "plan5"):
        return f"{day.year}"
    return day.isoformat() if precision == "day" else f"{day:%Y-%m}"


def code(raw: Any) -> Reading:
    """A code as text, normalised; a number too long for Excel has lost its last digits."""
    if isinstance(raw, (int, float)) and abs(raw) >= 10**15:
        return Reading(None, (Problem("error", "precision_lost", "文本格式的代码（按数字保存会丢失末尾几位）"),))
    text = squash(show(raw)).upper()
    return Reading(text or None)


def _plain(raw: Any) -> Any:
    return raw if isinstance(raw, (int, float)) and not isinstance(raw, bool) else show(raw)
