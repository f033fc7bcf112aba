"""Working days of the state (工作日): which days work, and the deadlines counted in them (handbook §2.2, §8.1, §8.2).

A year is answered by the first source that knows it (decisions §25): rows an administrator keeps (`CalendarDay`) →
`chinese_calendar`, which carries the announcements of the State Council → `holidays`, the statutory holidays without
make-up days, flagged as an estimate (推算) → Monday to Friday. Nothing here ever fails for want of a calendar.
"""

import time
import zlib
from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from typing import Literal

import holidays
from chinese_calendar import constants
from django.db.models import Count, Max

from common.models import CalendarDay

Basis = Literal["official", "estimated", "weekend_only"]
Policy = Literal["forward", "backward", "none"]

ANNOUNCED_YEARS = range(min(constants.holidays).year, max(constants.holidays).year + 1)
RECHECK_SECONDS = 3.0  # how long a change of the table may stay unseen by other processes


def last_of_month(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def add_months(start: date, months: int) -> date:
    """The same day number `months` later (or earlier), clipped to the month's last day; not rolled."""
    year, index = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, index + 1, min(start.day, monthrange(year, index + 1)[1]))


@dataclass(frozen=True, slots=True)
class _Year:
    """One year of a calendar: the ordinals of its working days, and where they come from."""

    working: tuple[int, ...]
    basis: Basis


@cache
def _statutory_holidays(year: int) -> frozenset[date]:
    """Statutory holidays with their 补假, empty where the lunar tables end."""
    return frozenset(holidays.country_holidays("CN", years=year))


def _days_of(year: int) -> list[date]:
    first = date(year, 1, 1).toordinal()
    return [date.fromordinal(ordinal) for ordinal in range(first, date(year, 12, 31).toordinal() + 1)]


class WorkCalendar:
    """Answers what works and what is due. Immutable; `rows` maps a date to whether it is a working day."""

    def __init__(self, rows: Mapping[date, bool] | None = None) -> None:
        self._rows = dict(rows or {})
        self._years: dict[int, _Year] = {}

    @cached_property
    def fingerprint(self) -> int:
        """The same for the same rows, in every process."""
        return zlib.crc32(repr(sorted(self._rows.items())).encode())

    # --- the days -----------------------------------------------------------------------------------------------
    def is_workday(self, day: date) -> bool:
        """Whether offices work on that day: 调休 works, 放假 rests."""
        working, ordinal = self._year(day.year).working, day.toordinal()
        position = bisect_left(working, ordinal)
        return position < len(working) and working[position] == ordinal

    def basis(self, day: date) -> Basis:
        """`official`, or how the year was derived when nobody announced it; pages then say 日历未维护（推算）."""
        return self._year(day.year).basis

    def roll_forward(self, day: date) -> date:
        """顺延: the day itself if it works, else the next working day."""
        return day if self.is_workday(day) else self.add(day, 1)

    def roll_back(self, day: date) -> date:
        """提前: the day itself if it works, else the working day before."""
        return day if self.is_workday(day) else self.sub(day, 1)

    def add(self, start: date, n: int) -> date:
        """`n` ≥ 0 working days after `start`, which is not counted (起算日不计入); 0 rolls forward."""
        if n < 0:
            raise ValueError("n must not be negative")
        if n == 0:
            return self.roll_forward(start)
        year = start.year
        position = bisect_right(self._year(year).working, start.toordinal()) + n - 1
        while position >= len(self._year(year).working):
            position -= len(self._year(year).working)
            year += 1
        return date.fromordinal(self._year(year).working[position])

    def sub(self, end: date, n: int) -> date:
        """`n` ≥ 0 working days before `end`, which is not counted; 0 rolls backward."""
        if n < 0:
            raise ValueError("n must not be negative")
        if n == 0:
            return self.roll_back(end)
        year = end.year
        position = bisect_left(self._year(year).working, end.toordinal()) - n
        while position < 0:
            year -= 1
            position += len(self._year(year).working)
        return date.fromordinal(self._year(year).working[position])

    def between(self, start: date, end: date) -> int:
        """Working days in (start, end]; negative when `end` is earlier. Remaining = between(today, due)."""
        if end < start:
            return -self.between(end, start)
        whole_years = sum(len(self._year(year).working) for year in range(start.year, end.year))
        return whole_years + self._count_through(end) - self._count_through(start)

    def count_year(self, year: int) -> int:
        """Working days of the year."""
        return len(self._year(year).working)

    def count_month(self, year: int, month: int) -> int:
        """Working days of the month."""
        working = self._year(year).working
        first, last = date(year, month, 1), last_of_month(year, month)
        return bisect_right(working, last.toordinal()) - bisect_left(working, first.toordinal())

    # --- deadlines ----------------------------------------------------------------------------------------------
    def natural(self, start: date, days: int, roll: Policy = "forward") -> date:
        """`days` calendar days after `start` (自然日); a last day that rests is rolled (民法典 203 条)."""
        return self._rolled(start + timedelta(days=days), roll)

    def months(self, start: date, months: int) -> date:
        """The same day `months` later, clipped to the end of the month, then rolled forward."""
        return self.roll_forward(add_months(start, months))

    def with_pause(self, accepted: date, workdays: int, pauses: Iterable[tuple[date, date]] = ()) -> date:
        """The last of `workdays` ≥ 1 working days after `accepted`, days inside a pause (停表) skipped.

        Pauses include both ends and may overlap. Of a pause that has not ended yet, give today as its end.
        """
        if workdays < 1:
            raise ValueError("workdays must be at least 1")
        pauses = list(pauses)
        day = accepted
        while workdays:
            day = self.add(day, 1)
            if not any(first <= day <= last for first, last in pauses):
                workdays -= 1
        return day

    def notice_ends(self, received: date, workdays: int = 5) -> date:
        """Last day to say in one go what is missing (一次性告知); untold by its end, 视为受理 (handbook §2.3)."""
        return self.add(received, workdays)

    def notice_reminder(self, received: date, workday: int = 4) -> date:
        """The day on which the window is reminded of its notice."""
        return self.add(received, workday)

    def report_due(self, year: int, month: int, day: int = 25, policy: Policy = "forward") -> date:
        """Closing day of a month's report: `day` clipped to the month, then rolled (handbook §8.2)."""
        if not 1 <= day <= 31:
            raise ValueError("day must be 1 to 31")
        return self._rolled(date(year, month, min(day, monthrange(year, month)[1])), policy)

    # --- inside -------------------------------------------------------------------------------------------------
    def _rolled(self, day: date, policy: Policy) -> date:
        if policy == "forward":
            return self.roll_forward(day)
        if policy == "backward":
            return self.roll_back(day)
        if policy == "none":
            return day
        raise ValueError(f"unknown policy {policy!r}")

    def _count_through(self, day: date) -> int:
        return bisect_right(self._year(day.year).working, day.toordinal())

    def _year(self, year: int) -> _Year:
        known = self._years.get(year)
        if known is None:
            known = self._years[year] = self._build(year)
        return known

    def _build(self, year: int) -> _Year:
        rest, make_up, basis = self._source(year)
        working = (
            day.toordinal()
            for day in _days_of(year)
            if self._rows.get(day, day in make_up or (day.weekday() < 5 and day not in rest))
        )
        return _Year(tuple(working), basis)

    def _source(self, year: int) -> tuple[Container[date], Container[date], Basis]:
        """Days off, make-up days and basis for a year, before the rows of the table are laid over it."""
        if year in ANNOUNCED_YEARS:
            return constants.holidays, constants.workdays, "official"
        rest = _statutory_holidays(year)
        on_weekdays = [day for day in rest if day.weekday() < 5]
        # A table that settles every holiday the estimate would assume leaves nothing to estimate.
        if on_weekdays and all(day in self._rows for day in on_weekdays):
            return (), (), "official"
        return rest, (), "estimated" if rest else "weekend_only"


OFFICIAL = WorkCalendar()
"""The calendar without local rows: what the vectors are checked against."""

_override: ContextVar[WorkCalendar | None] = ContextVar("work_calendar", default=None)


@dataclass(frozen=True, slots=True)
class _Cached:
    calendar: WorkCalendar
    version: tuple
    checked_at: float


_cached: _Cached | None = None


def work_calendar() -> WorkCalendar:
    """The calendar of this site, with the rows of `CalendarDay`; a changed table is noticed within seconds."""
    global _cached
    if (override := _override.get()) is not None:
        return override
    now = time.monotonic()
    if _cached is not None and now - _cached.checked_at < RECHECK_SECONDS:
        return _cached.calendar
    version = tuple(CalendarDay.objects.aggregate(rows=Count("pk"), latest=Max("updated_at")).values())
    if _cached is not None and _cached.version == version:
        calendar = _cached.calendar
    else:
        calendar = WorkCalendar(dict(CalendarDay.objects.values_list("date", "is_workday")))
    _cached = _Cached(calendar, version, now)
    return calendar


def reset() -> None:
    """Forget the cached calendar: after the table was edited in this process, and between tests."""
    global _cached
    _cached = None


@contextmanager
def using(calendar: WorkCalendar) -> Iterator[None]:
    """Inside the block `work_calendar()` answers with `calendar`, whatever the table holds."""
    token = _override.set(calendar)
    try:
        yield
    finally:
        _override.reset(token)


def due_text(due: date, today: date, calendar: WorkCalendar) -> str:
    """How a due date stands, in working days, always saying so: 剩 9 个工作日 · 今天到期 · 逾期 5 个工作日."""
    days = calendar.between(today, due)
    if due == today:
        return "今天到期"
    if due > today:
        return f"剩 {days} 个工作日"
    return f"逾期 {-days} 个工作日" if days else "已逾期"
