"""Dates as plans write them: 2024年3月底, 2024.3-2026.6, “十五五”期间 — a span, and how exactly it is known."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from common.errors import DomainError
from common.money import MAX_LENGTH, to_decimal
from common.text import chinese_digits, chinese_number, fold, is_placeholder, norm
from common.workdays import last_of_month

EXCEL_DAY_ZERO = date(1899, 12, 30)
EXCEL_SERIALS = range(20_000, 80_001)
YEARS = range(1990, 2100)  # of the dates that plans name
FIVE_YEAR_PLANS = {"十四五": (2021, 2025), "十五五": (2026, 2030)}
XUN = {"上旬": (1, 10), "初": (1, 10), "中旬": (11, 20), "下旬": (21, 31)}
ORDINALS = "一二三四"


class DateError(DomainError):
    """A date that must not be guessed.

    `code`: format, invalid_date, no_year, range_reversed or ambiguous_float_month.
    """

    SENTENCES = {
        "format": "看不懂日期“{}”，请写成“2026-03-15”“2026年3月”或“2026年一季度”这样的形式。",
        "invalid_date": "“{}”里的月份或日期不存在，请核对。",
        "no_year": "“{}”没有写年份，请补上年份，例如“2026年3月底”。",
        "range_reversed": "“{}”的结束早于开始，请核对先后顺序。",
        "ambiguous_float_month": "“{}”可能是 1 月，也可能是丢了 0 的 10 月，请改写成“2026年1月”或“2026年10月”。",
    }

    def __init__(self, code: str, value: object) -> None:
        super().__init__(self.SENTENCES[code].format(value), code=code)


@dataclass(frozen=True, slots=True)
class LooseDate:
    """A span of days with its precision. Overdue is judged by `date_to`.

    `flags` may hold excel_serial, float_month (read from a number cell) and before (…前, a deadline).
    """

    date_from: date
    date_to: date
    precision: str
    flags: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return label(self.date_from, self.date_to, self.precision)


@dataclass(frozen=True, slots=True)
class StatusText:
    """A word of state in a date column (已开工): it goes to the status check (handbook §10.22)."""

    text: str


def parse_date(
    value: str | float | Decimal | date | None, context_year: int | None = None
) -> LooseDate | StatusText | None:
    """Read one cell or field; None when it holds no value. `context_year` is for texts that name no year.

    Raises DateError with the first code that applies: format, invalid_date, no_year, range_reversed.
    """
    if value is None:
        return None
    if isinstance(value, date):
        day = value.date() if isinstance(value, datetime) else value
        return LooseDate(day, day, "day")
    if not isinstance(value, str):
        return _from_number(value)
    if is_placeholder(value):
        return None
    if _STATUS.fullmatch(norm(value)):
        return StatusText(norm(value))
    return _from_text(value, context_year)


# --- numbers ------------------------------------------------------------------------------------------------------
_YEAR_AND_MONTH = re.compile(r"(20[0-9]{2})\.(0[1-9]|[2-9]|1[12])")


def _from_number(value: float | Decimal) -> LooseDate:
    try:
        number = to_decimal(value)
    except (TypeError, ValueError):
        raise DateError("format", value) from None
    if EXCEL_SERIALS[0] <= number <= EXCEL_SERIALS[-1]:
        return _serial(int(number))
    if number == int(number):
        if int(number) in YEARS:
            return LooseDate(date(int(number), 1, 1), date(int(number), 12, 31), "year")
        raise DateError("format", value)
    text = f"{number:f}".rstrip("0")
    if re.fullmatch(r"20[0-9]{2}\.1", text):
        raise DateError("ambiguous_float_month", value)
    if match := _YEAR_AND_MONTH.fullmatch(text):
        first, last = _month_span(*map(int, match.groups()))
        return LooseDate(first, last, "month", ("float_month",))
    raise DateError("format", value)


def _serial(days: int) -> LooseDate:
    day = EXCEL_DAY_ZERO + timedelta(days=days)
    return LooseDate(day, day, "day", ("excel_serial",))


# --- texts --------------------------------------------------------------------------------------------------------
# Years of a text are four digits 1900–2099, or two before 年. Chinese numerals have become digits by then.
_Y4 = r"(?P<y>(?:19|20)[0-9]{2})"
_Y = rf"(?:{_Y4}|(?P<yy>[0-9]{{2}}))年"
_MONTH = rf"(?:(?:{_Y})?(?P<m>[0-9]{{1,2}})月份?|{_Y4.replace('<y>', '<y2>')}[-/.](?P<m2>[0-9]{{1,2}}))"
_QUARTER = rf"(?:{_Y})?第?(?P<q>[1-4])季度|(?:(?P<y2>(?:19|20)[0-9]{{2}})年?|(?P<yy2>[0-9]{{2}})年)?Q(?P<q2>[1-4])"

_STATUS = re.compile(r"已(?:开工|竣工|投产|完工|建成)")
_BEFORE = re.compile(r"(?:之前|以前|前)\Z")
_HOUR, _SIXTY = r"(?:[01]?[0-9]|2[0-4])", r"[0-5]?[0-9]"
_CLOCK = rf"(?:{_HOUR}:{_SIXTY}(?::{_SIXTY}(?:\.[0-9]+)?)?|{_HOUR}[时点](?:{_SIXTY}分(?:{_SIXTY}秒)?)?)"
_CLOCK_APART = re.compile(rf"(?P<day>.*[0-9日号])(?:\s+|T){_CLOCK}(?:Z|[+-][0-9]{{2}}:?[0-9]{{2}})?", re.IGNORECASE)
_CLOCK_GLUED = re.compile(rf"(?P<day>.*(?:[0-9][-/.][0-9]{{2}}|日))T?{_CLOCK}")
_NUMERAL_BEFORE = re.compile(r"([〇零一二两三四五六七八九十]+)(?=(年|月|日|号|季度))")


@dataclass(frozen=True, slots=True)
class _Expression:
    """One understood expression whose year may still be missing."""

    precision: str
    year: int | None
    month: int | None
    day: int | None
    span: Callable[[int], tuple[date, date]]

    def exists(self, year: int | None) -> bool:
        """Whether month and day exist; without a year, in a leap year."""
        if self.month is None:
            return True
        if not 1 <= self.month <= 12:
            return False
        return self.day is None or 1 <= self.day <= monthrange(year or 2000, self.month)[1]


def _from_text(value: str, context_year: int | None) -> LooseDate:
    text = norm(value)
    if len(text) > MAX_LENGTH:
        raise DateError("format", value)
    if re.fullmatch(r"[0-9]{5}", text):
        if int(text) not in EXCEL_SERIALS:
            raise DateError("format", value)
        return _serial(int(text))
    text, before = _BEFORE.subn("", text)
    flags = ("before",) if before else ()
    if found := _expression(text) or _timed(value):
        year = _checked_year(found, context_year, value)
        return LooseDate(*found.span(year), found.precision, flags)
    if pair := _pair(text):
        return _joined(*pair, context_year, value, flags)
    raise DateError("format", value)


def _checked_year(found: _Expression, fallback: int | None, value: str) -> int:
    year = found.year or fallback
    if not found.exists(year):
        raise DateError("invalid_date", value)
    if year is None:
        raise DateError("no_year", value)
    return year


def _timed(value: str) -> _Expression | None:
    """A day followed by a clock time, which is dropped. Spaces count here: 2024-3-1 12:00 is not 3-11 2:00."""
    match = _CLOCK_APART.fullmatch(fold(value).strip()) or _CLOCK_GLUED.fullmatch(norm(value))
    found = match and _expression(norm(match["day"]))
    return found if found and found.precision == "day" else None


# --- two expressions ----------------------------------------------------------------------------------------------
_JOINER = re.compile(r"~+|至|到")
_DASH_AFTER_MONTH = re.compile(
    rf"({_Y}[0-9]{{1,2}}月(?:份|[0-9]{{1,2}}日)?|(?:19|20)[0-9]{{2}}\.[0-9]{{1,2}})-+(?P<second>.+)"
)
_YEARS = re.compile(r"((?:19|20)[0-9]{2}年?|[0-9]{2}年)(?:-+|~+|至|到)((?:19|20)[0-9]{2}年?|[0-9]{2}年)")


def _pair(text: str) -> tuple[_Expression, _Expression, str] | None:
    """`text` read as a span from one expression to another, with the precision of the span."""
    if match := _YEARS.fullmatch(_arabic(text)):
        cuts, precision = [(match[1], match[2])], "range_year"
    else:
        cuts, precision = [(text[: cut.start()], text[cut.end() :]) for cut in _JOINER.finditer(text)], "range"
        if match := _DASH_AFTER_MONTH.fullmatch(_arabic(text)):
            cuts.append((match[1], match["second"]))
    for cut in cuts:
        first, second = map(_expression, cut)
        if first and second:
            return first, second, precision
    return None


def _joined(
    first: _Expression, second: _Expression, precision: str, context_year: int | None, value: str, flags: tuple
) -> LooseDate:
    """From the first to the end of the second, which takes the year of the first if it has none."""
    start_year = first.year or context_year
    end_year = second.year or start_year
    if not (first.exists(start_year) and second.exists(end_year)):
        raise DateError("invalid_date", value)
    if start_year is None or end_year is None:
        raise DateError("no_year", value)
    start, end = first.span(start_year)[0], second.span(end_year)[1]
    if end < start:
        raise DateError("range_reversed", value)
    return LooseDate(start, end, precision, flags)


# --- one expression -----------------------------------------------------------------------------------------------
def _arabic(text: str) -> str:
    """Chinese numerals before 年 月 日 季度 as digits: 二〇二六年三月 is 2026年3月."""

    def digits(match: re.Match) -> str:
        numeral, unit = match.groups()
        if unit != "年":
            number = chinese_number(numeral)
        else:  # 二〇二六年, 二六年; 三年 is a duration
            number = chinese_digits(numeral) if len(numeral) in (2, 4) else None
        return match[0] if number is None else str(number)

    return _NUMERAL_BEFORE.sub(digits, text)


def _month_span(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), last_of_month(year, month)


def _last_twice(year: int, month: int) -> tuple[date, date]:
    return last_of_month(year, month), last_of_month(year, month)


def _year_of(match: re.Match) -> int | None:
    found = match.groupdict()
    for name in ("y", "y2"):
        if found.get(name):
            return int(found[name])
    for name in ("yy", "yy2"):
        if found.get(name):
            return 2000 + int(found[name])
    return None


def _number(match: re.Match, *names: str) -> int:
    return next(int(match[name]) for name in names if match.groupdict().get(name))


def _day(match: re.Match) -> _Expression:
    month, day = _number(match, "m"), _number(match, "d")
    return _Expression("day", _year_of(match), month, day, lambda year: (date(year, month, day),) * 2)


def _month(match: re.Match) -> _Expression:
    month = _number(match, "m", "m2")
    return _Expression("month", _year_of(match), month, None, lambda year: _month_span(year, month))


def _month_end(match: re.Match) -> _Expression:
    month = _number(match, "m", "m2")
    return _Expression("month_end", _year_of(match), month, None, lambda year: _last_twice(year, month))


def _xun(match: re.Match) -> _Expression:
    month, (first, last) = _number(match, "m", "m2"), XUN[match["xun"]]

    def span(year: int) -> tuple[date, date]:
        return date(year, month, first), date(year, month, min(last, monthrange(year, month)[1]))

    return _Expression("xun", _year_of(match), month, None, span)


def _quarter(match: re.Match) -> _Expression:
    last = _number(match, "q", "q2") * 3
    return _Expression(
        "quarter", _year_of(match), None, None, lambda year: (date(year, last - 2, 1), last_of_month(year, last))
    )


def _quarter_end(match: re.Match) -> _Expression:
    last = _number(match, "q", "q2") * 3
    return _Expression("quarter_end", _year_of(match), None, None, lambda year: _last_twice(year, last))


def _months_of_year(precision: str, first: int, last: int) -> Callable[[re.Match], _Expression]:
    return lambda match: _Expression(
        precision, _year_of(match), None, None, lambda year: (date(year, first, 1), last_of_month(year, last))
    )


def _plan(match: re.Match) -> _Expression:
    first, last = FIVE_YEAR_PLANS[match["plan"]]
    return _Expression("plan5", first, None, None, lambda _: (date(first, 1, 1), date(last, 12, 31)))


_FORMS: tuple[tuple[re.Pattern, Callable[[re.Match], _Expression]], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (rf"{_Y4}(?P<sep>[-/.])(?P<m>[0-9]{{1,2}})(?P=sep)(?P<d>[0-9]{{1,2}})", _day),
        (rf"(?:{_Y})?(?P<m>[0-9]{{1,2}})月(?P<d>[0-9]{{1,2}})[日号]", _day),
        (rf"{_Y4}(?P<m>[0-9]{{2}})(?P<d>[0-9]{{2}})", _day),
        (_MONTH, _month),
        (rf"{_Y4}(?P<m>0[1-9]|1[0-2])", _month),
        (rf"{_MONTH}[底末]", _month_end),
        (rf"{_MONTH}(?P<xun>上旬|初|中旬|下旬)", _xun),
        (_QUARTER, _quarter),
        (rf"(?:{_QUARTER})[底末]", _quarter_end),
        (rf"(?:{_Y})?上半年", _months_of_year("half", 1, 6)),
        (rf"(?:{_Y})?下半年", _months_of_year("half", 7, 12)),
        (rf"{_Y}|{_Y4.replace('<y>', '<y2>')}", _months_of_year("year", 1, 12)),
        (rf"(?:{_Y}年?|年)[底末]", _months_of_year("year_end", 12, 12)),
        (rf"(?:{_Y}年?|年)初", _months_of_year("year_begin", 1, 1)),
        (rf"(?:{_Y}年?|年)中", _months_of_year("year_mid", 6, 6)),
        (r"[“”\"‘’'「」『』]*(?P<plan>十四五|十五五)[“”\"‘’'「」『』]*(?:期间)?[“”\"‘’'「」『』]*", _plan),
    )
)


def _expression(text: str) -> _Expression | None:
    text = _arabic(text)
    for pattern, read in _FORMS:
        if match := pattern.fullmatch(text):
            return read(match)
    return None


# --- writing ------------------------------------------------------------------------------------------------------
def label(date_from: date, date_to: date, precision: str) -> str:
    """The span in words that `parse_date` reads back: 2026-03-15, 2026年3月, 2026年四季度, 2026年3月至2027年6月."""
    year, month = f"{date_from.year}年", f"{date_from.year}年{date_from.month}月"
    if precision == "month":
        return month
    if precision == "month_end":
        return f"{month}底"
    if precision == "xun":
        return month + {1: "上旬", 11: "中旬", 21: "下旬"}[date_from.day]
    if precision in ("quarter", "quarter_end"):
        return f"{year}{ORDINALS[(date_from.month - 1) // 3]}季度" + ("末" if precision == "quarter_end" else "")
    if precision == "half":
        return f"{year}{'上' if date_from.month == 1 else '下'}半年"
    if precision in ("year", "year_end", "year_begin", "year_mid"):
        return year + {"year": "", "year_end": "底", "year_begin": "初", "year_mid": "中"}[precision]
    if precision == "range_year":
        return f"{date_from.year}—{date_to.year}年"
    if precision == "plan5":
        return next(f"“{name}”期间" for name, years in FIVE_YEAR_PLANS.items() if years[0] == date_from.year)
    if date_from == date_to:
        return date_from.isoformat()
    if date_from.day == 1 and date_to == last_of_month(date_to.year, date_to.month):
        return f"{month}至{date_to.year}年{date_to.month}月"
    return f"{date_from.isoformat()}至{date_to.isoformat()}"
