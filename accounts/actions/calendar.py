"""The work calendar as the State Council announces it each year: single days, or the whole notice at once."""

import re
from datetime import date, timedelta

from django.db import transaction

from accounts import audit
from accounts.models import User
from common import workdays
from common.errors import DomainError
from common.models import CalendarDay

KINDS = {"班": True, "上班": True, "休": False, "放假": False}
_DATE = r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?"
_LINE = re.compile(rf"{_DATE}(?:\s*(?:至|到|~|—|–)\s*{_DATE})?\s+(班|上班|休|放假)(?:\s+(.+))?")
LONGEST = 15  # days of one holiday: a longer stretch is a slip of the pen


@transaction.atomic
def set_day(*, day: date, is_workday: bool, name: str, by: User | None) -> CalendarDay:
    """Say that offices work (班) or rest (休) on a day."""
    before = CalendarDay.objects.filter(date=day).first()
    row, _ = CalendarDay.objects.update_or_create(date=day, defaults={"is_workday": is_workday, "name": name.strip()})
    audit.record(by=by, action="修改工作日历", subject=row, changes={str(day): [_words(before), _words(row)]})
    transaction.on_commit(workdays.reset)
    return row


@transaction.atomic
def clear_day(*, day: date, by: User | None) -> None:
    """Take back what was said about a day: the library's calendar holds again."""
    row = CalendarDay.objects.filter(date=day).first()
    if row:
        audit.record(by=by, action="修改工作日历", subject=row, changes={str(day): [_words(row), ""]})
        row.delete()
        transaction.on_commit(workdays.reset)


@transaction.atomic
def load_notice(*, text: str, by: User | None) -> int:
    """Enter a notice, one line per day or stretch. Returns the number of days; nothing is kept unless every line reads.

    Lines: `2027-02-05 休 春节`, `2027-02-05 至 2027-02-11 休 春节`, `2027-02-14 班 春节调休`.
    Raises DomainError naming every line that cannot be read.
    """
    days = parse_notice(text)
    for day, (is_workday, name) in days.items():
        set_day(day=day, is_workday=is_workday, name=name, by=by)
    return len(days)


def parse_notice(text: str) -> dict[date, tuple[bool, str]]:
    """day → (works, name). Raises DomainError with one sentence per unreadable line."""
    days: dict[date, tuple[bool, str]] = {}
    wrong = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            for day, what in _read_line(line.strip()):
                if days.get(day, what)[0] != what[0]:
                    raise ValueError(f"{day} 前面写的是{'班' if days[day][0] else '休'}，这里又写成了相反的")
                days[day] = what
        except ValueError as error:
            wrong.append(f"第 {number} 行“{line.strip()[:40]}”：{error}。")
    if wrong:
        raise DomainError("".join(wrong) + "请按“2027-02-05 休 春节”或“2027-02-05 至 2027-02-11 休 春节”的写法改正。")
    if not days:
        raise DomainError("没有读到任何日期。请按“2027-02-05 休 春节”的写法，一行一天或一段。")
    return days


def _read_line(line: str) -> list[tuple[date, tuple[bool, str]]]:
    match = _LINE.fullmatch(line)
    if not match:
        raise ValueError("应为“日期 休（或班） 名称”")
    groups = match.groups()
    first = _date(groups[:3])
    last = _date(groups[3:6]) if groups[3] else first
    if last < first:
        raise ValueError("截止日期早于起始日期")
    if (last - first).days >= LONGEST:
        raise ValueError(f"一段超过 {LONGEST} 天")
    what = (KINDS[groups[6]], (groups[7] or "").strip()[:40])
    return [(first + timedelta(days=n), what) for n in range((last - first).days + 1)]


def _date(parts: tuple[str, ...]) -> date:
    try:
        return date(*map(int, parts))
    except ValueError as error:
        raise ValueError(f"没有 {'-'.join(parts)} 这一天") from error


def _words(row: CalendarDay | None) -> str:
    return f"{'班' if row.is_workday else '休'} {row.name}".strip() if row else ""
