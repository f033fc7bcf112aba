"""The reporting month (报告期)."""

from dataclasses import dataclass
from datetime import date

from common.errors import DomainError
from common.workdays import WorkCalendar, last_of_month, work_calendar


class BadPeriod(DomainError):
    """Text that is not a month."""

    code = "period"


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """One calendar month; ordered, hashable, and `str()` is what the database and the contracts hold: 2026-11."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.year <= 9999 and 1 <= self.month <= 12):
            raise BadPeriod(f"没有“{self.year}年{self.month}月”这个月份，请核对。")

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read `YYYY-MM`. Raises BadPeriod."""
        year, dash, month = str(text).partition("-")
        if not (dash and len(year) == 4 and len(month) == 2 and (year + month).isascii() and (year + month).isdigit()):
            raise BadPeriod(f"“{text}”不是月份，请写成“2026-11”这样的年月。")
        return cls(int(year), int(month))

    @classmethod
    def of(cls, day: date) -> "Period":
        """The month of a day."""
        return cls(day.year, day.month)

    @classmethod
    def last_closed(cls, today: date, closing_day: int = 25, calendar: WorkCalendar | None = None) -> "Period":
        """The latest month whose closing day, rolled forward, lies before `today` (decisions §14).

        The closing day itself still takes reports; the month counts as closed from the day after.
        """
        calendar = calendar or work_calendar()
        period = cls.of(today)
        while period.due(closing_day, calendar) >= today:
            period = period.previous()
        return period

    @classmethod
    def open_for_report(cls, today: date) -> "Period":
        """The month being reported now: the current one."""
        return cls.of(today)

    def due(self, closing_day: int = 25, calendar: WorkCalendar | None = None) -> date:
        """The day this month's report closes, rolled forward over days of rest (handbook §8.2)."""
        return (calendar or work_calendar()).report_due(self.year, self.month, closing_day)

    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    def last_day(self) -> date:
        return last_of_month(self.year, self.month)

    def shift(self, months: int) -> "Period":
        """The month `months` later, earlier when negative."""
        year, index = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Period(year, index + 1)

    def next(self) -> "Period":
        return self.shift(1)

    def previous(self) -> "Period":
        return self.shift(-1)

    def months_since(self, earlier: "Period") -> int:
        """Whole months from `earlier` to this one; negative when this one is first."""
        return (self.year - earlier.year) * 12 + self.month - earlier.month

    @property
    def label(self) -> str:
        """As people read it: 2026年11月."""
        return f"{self.year}年{self.month}月"

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"
