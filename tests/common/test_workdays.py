"""The working-day calendar: known days, deadlines, years nobody announced, and the rows of an administrator."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import workdays
from common.models import CalendarDay
from common.workdays import OFFICIAL, WorkCalendar, add_months, due_text, using, work_calendar

DAYS = st.dates(date(2004, 1, 1), date(2031, 12, 31))


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-02-14", True),  # Saturday, 调休上班
        ("2026-02-15", False),
        ("2026-02-23", False),  # Monday, last day of Spring Festival
        ("2026-02-24", True),
        ("2026-01-04", True),  # Sunday, 调休上班
        ("2025-01-28", False),  # 除夕 is statutory since 2025
        ("2024-02-09", True),  # and was not in 2024
        ("2026-11-24", True),
        ("2026-11-28", False),
        ("2023-10-07", True),
    ],
)
def test_announced_days(day, works):
    assert OFFICIAL.is_workday(d(day)) is works


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        ("2025-06-07", 0, "2025-06-09"),
        ("2025-06-07", 1, "2025-06-09"),  # a resting start is not rolled first
        ("2025-06-06", 1, "2025-06-09"),
        ("2025-12-31", 1, "2026-01-04"),
        ("2026-12-31", 1, "2027-01-04"),  # into a year without announcement; 1 January 2027 is a Friday
        ("2025-12-31", 248, "2026-12-31"),
        ("2025-12-31", 249, "2027-01-04"),
    ],
)
def test_add(start, n, due):
    assert OFFICIAL.add(d(start), n) == d(due)


@pytest.mark.parametrize(
    ("end", "n", "start"),
    [
        ("2026-06-28", 0, "2026-06-26"),
        ("2026-06-28", 1, "2026-06-26"),
        ("2026-01-01", 1, "2025-12-31"),
        ("2026-01-04", 1, "2025-12-31"),
        ("2027-01-04", 249, "2025-12-31"),
    ],
)
def test_sub(end, n, start):
    assert OFFICIAL.sub(d(end), n) == d(start)


def test_counting_backwards_through_add_is_refused():
    with pytest.raises(ValueError, match="negative"):
        OFFICIAL.add(d("2026-01-05"), -1)
    with pytest.raises(ValueError, match="negative"):
        OFFICIAL.sub(d("2026-01-05"), -1)


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        ("2026-05-08", "2026-05-08", 0),
        ("2026-05-08", "2026-05-09", 1),  # a Saturday that works
        ("2026-05-08", "2026-05-10", 1),
        ("2026-05-09", "2026-05-08", -1),
        ("2023-12-31", "2026-12-31", 251 + 248 + 248),
    ],
)
def test_between(start, end, count):
    assert OFFICIAL.between(d(start), d(end)) == count


@given(DAYS, st.integers(1, 700))
def test_sub_undoes_add(start, n):
    due = OFFICIAL.add(start, n)
    assert OFFICIAL.is_workday(due)
    assert OFFICIAL.between(start, due) == n
    assert OFFICIAL.sub(due, n) == OFFICIAL.roll_back(start)


@given(DAYS, DAYS, DAYS)
def test_between_is_antisymmetric_and_adds_up(a, b, c):
    assert OFFICIAL.between(a, b) == -OFFICIAL.between(b, a)
    assert OFFICIAL.between(a, b) + OFFICIAL.between(b, c) == OFFICIAL.between(a, c)


@given(DAYS, st.integers(0, 40))
def test_add_and_between_agree_with_counting_day_by_day(start, n):
    day, left = start, n
    while left or (n == 0 and not OFFICIAL.is_workday(day)):
        day += timedelta(1)
        left -= n > 0 and OFFICIAL.is_workday(day)
    assert OFFICIAL.add(start, n) == day
    walked = (start + timedelta(i) for i in range(1, (day - start).days + 1))
    assert OFFICIAL.between(start, day) == sum(map(OFFICIAL.is_workday, walked))


@given(DAYS)
def test_rolling_finds_the_nearest_working_day(day):
    later, earlier = OFFICIAL.roll_forward(day), OFFICIAL.roll_back(day)
    assert earlier <= day <= later
    assert OFFICIAL.is_workday(later)
    assert OFFICIAL.is_workday(earlier)
    assert (earlier == day) == (later == day) == OFFICIAL.is_workday(day)
    assert OFFICIAL.between(earlier, later) == (0 if later == day else 1)


def test_months_of_a_year_add_up():
    for year in (2024, 2025, 2026, 2027):
        assert sum(OFFICIAL.count_month(year, month) for month in range(1, 13)) == OFFICIAL.count_year(year)


@pytest.mark.parametrize(
    ("start", "days", "roll", "due"),
    [
        ("2026-05-25", 6, "forward", "2026-06-01"),  # 31 May 2026 is a Sunday
        ("2026-05-25", 6, "none", "2026-05-31"),
        ("2026-05-25", 6, "backward", "2026-05-29"),
        ("2026-05-31", 0, "forward", "2026-06-01"),
    ],
)
def test_natural_days(start, days, roll, due):
    assert OFFICIAL.natural(d(start), days, roll) == d(due)


@pytest.mark.parametrize(
    ("start", "months", "due"),
    [
        ("2026-01-31", 1, "2026-02-28"),  # a Saturday that works
        ("2025-02-28", 1, "2025-03-28"),  # a clipped day does not stick to month ends
        ("2025-08-31", 1, "2025-09-30"),
        ("2025-10-31", 1, "2025-12-01"),  # clipped to Sunday 30 November, then rolled into December
        ("2026-12-31", 2, "2027-03-01"),
    ],
)
def test_months(start, months, due):
    assert OFFICIAL.months(d(start), months) == d(due)


def test_months_without_rolling():
    assert add_months(d("2026-03-31"), -1) == d("2026-02-28")
    assert add_months(d("2026-01-31"), 12) == d("2027-01-31")
    assert add_months(d("2026-01-15"), -1) == d("2025-12-15")


def test_pauses_include_both_ends_and_count_once():
    start = d("2026-03-02")
    plain = OFFICIAL.with_pause(start, 5)
    assert plain == OFFICIAL.add(start, 5) == d("2026-03-09")
    one_day = (d("2026-03-04"), d("2026-03-04"))
    assert OFFICIAL.with_pause(start, 5, [one_day]) == d("2026-03-10")
    assert OFFICIAL.with_pause(start, 5, [one_day, one_day]) == d("2026-03-10")
    assert OFFICIAL.with_pause(start, 5, [(d("2026-02-01"), start)]) == plain  # the day of acceptance never counts
    assert OFFICIAL.with_pause(start, 5, [(d("2026-03-07"), d("2026-03-08"))]) == plain  # a weekend
    assert OFFICIAL.with_pause(start, 5, [(d("2026-03-10"), d("2026-03-31"))]) == plain  # after the end
    with pytest.raises(ValueError, match="at least 1"):
        OFFICIAL.with_pause(start, 0)


@given(
    DAYS,
    st.integers(1, 30),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 15)), max_size=3),
)
def test_a_pause_only_ever_delays(accepted, n, pauses):
    spans = [(accepted + timedelta(a), accepted + timedelta(a + b)) for a, b in pauses]
    due = OFFICIAL.with_pause(accepted, n, spans)
    assert due >= OFFICIAL.add(accepted, n)
    counted = [accepted + timedelta(i) for i in range(1, (due - accepted).days + 1)]
    assert sum(OFFICIAL.is_workday(x) and not any(a <= x <= b for a, b in spans) for x in counted) == n


def test_notices():
    assert OFFICIAL.notice_ends(d("2026-04-29")) == d("2026-05-09")
    assert OFFICIAL.notice_reminder(d("2026-04-29")) == d("2026-05-08")
    assert OFFICIAL.notice_ends(d("2026-04-29"), 1) == d("2026-04-30")


@pytest.mark.parametrize(
    ("month", "day", "policy", "due"),
    [
        ((2026, 10), 25, "forward", "2026-10-26"),
        ((2026, 10), 25, "backward", "2026-10-23"),
        ((2026, 10), 25, "none", "2026-10-25"),
        ((2026, 5), 31, "forward", "2026-06-01"),  # leaves the month
        ((2024, 2), 31, "none", "2024-02-29"),
        ((2027, 4), 25, "forward", "2027-04-26"),
    ],
)
def test_report_due(month, day, policy, due):
    assert OFFICIAL.report_due(*month, day, policy) == d(due)


def test_report_due_refuses_what_no_month_has():
    for day in (0, 32):
        with pytest.raises(ValueError, match="1 to 31"):
            OFFICIAL.report_due(2026, 1, day)
    with pytest.raises(ValueError, match="policy"):
        OFFICIAL.report_due(2026, 1, 1, "sideways")


def test_a_year_nobody_announced_is_estimated_and_says_so():
    assert OFFICIAL.basis(d("2026-12-31")) == "official"
    assert OFFICIAL.basis(d("2027-01-01")) == "estimated"
    assert OFFICIAL.basis(d("2003-12-31")) == "estimated"
    assert not OFFICIAL.is_workday(d("2027-10-01"))
    assert not OFFICIAL.is_workday(d("2027-02-06"))  # 春节
    assert not OFFICIAL.is_workday(d("2027-10-09"))  # weekends never work in an estimate
    assert OFFICIAL.is_workday(d("2027-10-08"))


@pytest.mark.parametrize("day", ["0001-01-02", "1949-10-03", "2101-10-01", "9999-12-31"])
def test_where_not_even_holidays_are_known_weekdays_work(day):
    assert OFFICIAL.basis(d(day)) == "weekend_only"
    assert OFFICIAL.is_workday(d(day)) == (d(day).weekday() < 5)


def test_a_row_of_the_table_wins_over_the_announcement():
    calendar = WorkCalendar({d("2026-11-25"): False, d("2026-11-28"): True})
    assert not calendar.is_workday(d("2026-11-25"))
    assert calendar.is_workday(d("2026-11-28"))
    assert calendar.add(d("2026-11-24"), 1) == d("2026-11-26")
    assert calendar.basis(d("2026-11-25")) == "official"
    assert OFFICIAL.is_workday(d("2026-11-25"))


def test_a_single_row_does_not_make_a_year_announced():
    calendar = WorkCalendar({d("2027-03-05"): False})
    assert calendar.basis(d("2027-03-05")) == "estimated"
    assert not calendar.is_workday(d("2027-03-05"))
    assert not calendar.is_workday(d("2027-10-01"))


def test_a_year_entered_in_full_is_official():
    statutory = [day for day in workdays._statutory_holidays(2027) if day.weekday() < 5]
    rows = dict.fromkeys(statutory, False) | {d("2027-10-05"): True, d("2027-10-09"): True}
    calendar = WorkCalendar(rows)
    assert calendar.basis(d("2027-06-01")) == "official"
    assert calendar.is_workday(d("2027-10-09"))
    assert calendar.is_workday(d("2027-10-05"))
    assert not calendar.is_workday(d("2027-10-01"))


def test_the_site_follows_its_table(db, monkeypatch):
    day = d("2026-11-25")
    assert work_calendar().is_workday(day)
    row = CalendarDay.objects.create(date=day, is_workday=False, name="测试放假")
    assert work_calendar().is_workday(day), "the table is not asked for every row of a page"
    monkeypatch.setattr(workdays, "RECHECK_SECONDS", 0)
    assert not work_calendar().is_workday(day)
    before = work_calendar()
    assert work_calendar() is before, "an unchanged table keeps the calendar"
    row.is_workday = True
    row.save()
    assert work_calendar().is_workday(day)
    row.delete()
    assert work_calendar().is_workday(day)


def test_asking_again_costs_no_query(db, django_assert_num_queries):
    with django_assert_num_queries(2):
        work_calendar()
    with django_assert_num_queries(0):
        work_calendar()


def test_a_block_may_bring_its_own_calendar(db):
    other = WorkCalendar({d("2026-11-25"): False})
    with using(other):
        assert work_calendar() is other
    assert work_calendar() is not other


@pytest.mark.parametrize(
    ("due", "text"),
    [
        ("2026-11-24", "今天到期"),
        ("2026-11-25", "剩 1 个工作日"),
        ("2026-11-29", "剩 3 个工作日"),
        ("2026-11-23", "逾期 1 个工作日"),
    ],
)
def test_due_text(due, text):
    assert due_text(d(due), d("2026-11-24"), OFFICIAL) == text


def test_due_text_before_a_working_day_has_passed():
    assert due_text(d("2026-11-27"), d("2026-11-28"), OFFICIAL) == "已逾期"


@pytest.mark.shared
def test_the_library_agrees_with_the_announcements_on_file(shared):
    years = json.loads((shared / "domain" / "calendar_2024_2026.json").read_text(encoding="utf-8"))["years"]
    assert set(years) == {"2024", "2025", "2026"}
    for year, table in years.items():
        off = {d(row["date"]) for row in table["off"]}
        make_up = set(map(d, table["makeup_workdays"]))
        days = (date(int(year), 1, 1) + timedelta(n) for n in range(366))
        for day in (day for day in days if day.year == int(year)):
            expected = day in make_up or (day.weekday() < 5 and day not in off)
            assert OFFICIAL.is_workday(day) is expected, day
