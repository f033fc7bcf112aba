"""Dates as plans write them."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.dates import DateError, LooseDate, StatusText, label, parse_date


def loose(date_from: str, date_to: str, precision: str, *flags: str) -> LooseDate:
    return LooseDate(date.fromisoformat(date_from), date.fromisoformat(date_to), precision, flags)


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-05",
        "2024-3-5",
        "2024/3/5",
        "2024.3.5",
        "2024.03.05",
        "2024年3月5日",
        "24年3月5日",
        "2024 年 3 月 5 日",
        "２０２４年３月５日",
        "2024—03—05",
        "20240305",
        "2024-03-05 00:00:00",
        "2024-3-5 8:30",
        "2024/3/5 0:00",
        "2024-03-05T23:59:59.123",
        "2024-03-05T00:00:00+08:00",
        "2024-03-0508:30:00",
        "2024年3月5日10:30",
        "2024年3月5日 10时30分",
        "20240305 10:00",
        "二〇二四年三月五日",
        "3月5日",  # with the year of the context
    ],
)
def test_days(text):
    assert parse_date(text, 2024) == loose("2024-03-05", "2024-03-05", "day")


def test_a_clock_time_does_not_eat_the_day():
    assert parse_date("2024-3-1 12:00") == loose("2024-03-01", "2024-03-01", "day")
    assert parse_date("2024-3-11 2:00") == loose("2024-03-11", "2024-03-11", "day")


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (45366, "2024-03-15"),
        (45366.75, "2024-03-15"),
        ("45366", "2024-03-15"),
        (20000, "1954-10-03"),
        (80000, "2119-01-11"),
    ],
)
def test_excel_serials(value, day):
    assert parse_date(value) == loose(day, day, "day", "excel_serial")


@pytest.mark.parametrize(
    "text",
    [
        "2024年3月",
        "2024年3月份",
        "24年3月",
        "2024-3",
        "2024-03",
        "2024/3",
        "2024.3",
        "2024.03",
        "202403",
        "3月",
        "3月份",
        "三月",
        "三月份",
    ],
)
def test_months(text):
    assert parse_date(text, 2024) == loose("2024-03-01", "2024-03-31", "month")


def test_the_year_of_the_text_wins_over_the_context():
    assert parse_date("2023年3月", 2024) == loose("2023-03-01", "2023-03-31", "month")


@pytest.mark.parametrize(
    ("number", "month"),
    [
        (2024.2, 2),
        (2024.9, 9),
        (2024.01, 1),
        (2024.09, 9),
        (2024.11, 11),
        (2024.12, 12),
        (Decimal("2024.05"), 5),
        (2000.3, 3),
        (2099.3, 3),
    ],
)
def test_numbers_that_are_months(number, month):
    found = parse_date(number)
    assert (found.date_from.month, found.precision, found.flags) == (month, "month", ("float_month",))


def test_january_that_may_be_october():
    for number in (2024.1, Decimal("2024.10")):
        with pytest.raises(DateError) as caught:
            parse_date(number)
        assert caught.value.code == "ambiguous_float_month"
    assert parse_date("2024.1").date_from == date(2024, 1, 1)
    assert parse_date("2024.10").date_from == date(2024, 10, 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024年3月底", loose("2024-03-31", "2024-03-31", "month_end")),
        ("2024年2月末", loose("2024-02-29", "2024-02-29", "month_end")),
        ("二月底", loose("2025-02-28", "2025-02-28", "month_end")),
        ("2024年3月上旬", loose("2024-03-01", "2024-03-10", "xun")),
        ("2024年3月初", loose("2024-03-01", "2024-03-10", "xun")),
        ("3月中旬", loose("2025-03-11", "2025-03-20", "xun")),
        ("2024年4月下旬", loose("2024-04-21", "2024-04-30", "xun")),
        ("2024年一季度", loose("2024-01-01", "2024-03-31", "quarter")),
        ("2024年第二季度", loose("2024-04-01", "2024-06-30", "quarter")),
        ("2024年3季度", loose("2024-07-01", "2024-09-30", "quarter")),
        ("2024年q4", loose("2024-10-01", "2024-12-31", "quarter")),
        ("24年四季度", loose("2024-10-01", "2024-12-31", "quarter")),
        ("第三季度", loose("2025-07-01", "2025-09-30", "quarter")),
        ("2024年四季度末", loose("2024-12-31", "2024-12-31", "quarter_end")),
        ("二季度底", loose("2025-06-30", "2025-06-30", "quarter_end")),
        ("2024年上半年", loose("2024-01-01", "2024-06-30", "half")),
        ("下半年", loose("2025-07-01", "2025-12-31", "half")),
        ("2024年", loose("2024-01-01", "2024-12-31", "year")),
        ("2024", loose("2024-01-01", "2024-12-31", "year")),
        ("24年", loose("2024-01-01", "2024-12-31", "year")),
        (2024, loose("2024-01-01", "2024-12-31", "year")),
        (2024.0, loose("2024-01-01", "2024-12-31", "year")),
        (1990, loose("1990-01-01", "1990-12-31", "year")),
        (2099, loose("2099-01-01", "2099-12-31", "year")),
        ("2024年底", loose("2024-12-01", "2024-12-31", "year_end")),
        ("2024年年末", loose("2024-12-01", "2024-12-31", "year_end")),
        ("年底", loose("2025-12-01", "2025-12-31", "year_end")),
        ("24年初", loose("2024-01-01", "2024-01-31", "year_begin")),
        ("2024年年中", loose("2024-06-01", "2024-06-30", "year_mid")),
        ("年中", loose("2025-06-01", "2025-06-30", "year_mid")),
        ("十四五", loose("2021-01-01", "2025-12-31", "plan5")),
        ("“十四五”期间", loose("2021-01-01", "2025-12-31", "plan5")),
        ('"十五五"', loose("2026-01-01", "2030-12-31", "plan5")),
        ("十五五期间", loose("2026-01-01", "2030-12-31", "plan5")),
    ],
)
def test_less_exact_forms(text, expected):
    assert parse_date(text, 2025) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-2026年", loose("2024-01-01", "2026-12-31", "range_year")),
        ("2024年至2026年", loose("2024-01-01", "2026-12-31", "range_year")),
        ("2024—2026", loose("2024-01-01", "2026-12-31", "range_year")),
        ("2024——2026年", loose("2024-01-01", "2026-12-31", "range_year")),
        ("2024年-2026年", loose("2024-01-01", "2026-12-31", "range_year")),
        ("24年到26年", loose("2024-01-01", "2026-12-31", "range_year")),
        ("2024～2026年", loose("2024-01-01", "2026-12-31", "range_year")),
        ("2024年3月-2026年6月", loose("2024-03-01", "2026-06-30", "range")),
        ("2024年3月——2026年6月", loose("2024-03-01", "2026-06-30", "range")),
        ("2024年3月5日-2024年4月6日", loose("2024-03-05", "2024-04-06", "range")),
        ("2024年3月5日-4月6日", loose("2024-03-05", "2024-04-06", "range")),
        ("2024.3-2026.6", loose("2024-03-01", "2026-06-30", "range")),
        ("2024.3—2024.10", loose("2024-03-01", "2024-10-31", "range")),
        ("2024年3月份-6月份", loose("2024-03-01", "2024-06-30", "range")),
        ("2024-03-05至2024-04-06", loose("2024-03-05", "2024-04-06", "range")),
        ("2024/3~2024/6", loose("2024-03-01", "2024-06-30", "range")),
        ("2024年3月-12月", loose("2024-03-01", "2024-12-31", "range")),
        ("2024年3月至年底", loose("2024-03-01", "2024-12-31", "range")),
        ("2024年一季度至三季度", loose("2024-01-01", "2024-09-30", "range")),
        ("3月至6月", loose("2025-03-01", "2025-06-30", "range")),
        ("二〇二四年三月至二〇二六年六月", loose("2024-03-01", "2026-06-30", "range")),
        ("2024年3月到3月底", loose("2024-03-01", "2024-03-31", "range")),
        ("2024年至2026年6月", loose("2024-01-01", "2026-06-30", "range")),
    ],
)
def test_spans(text, expected):
    assert parse_date(text, 2025) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024年3月底前", loose("2024-03-31", "2024-03-31", "month_end", "before")),
        ("2024年6月30日之前", loose("2024-06-30", "2024-06-30", "day", "before")),
        ("2024年以前", loose("2024-01-01", "2024-12-31", "year", "before")),
        ("年底前", loose("2025-12-01", "2025-12-31", "year_end", "before")),
        ("2024年3月至6月前", loose("2024-03-01", "2024-06-30", "range", "before")),
    ],
)
def test_deadlines(text, expected):
    assert parse_date(text, 2025) == expected


@pytest.mark.parametrize("value", [None, "", " ", "—", "/", "无", "待定", "未定", "暂无", "N/A"])
def test_no_date(value):
    assert parse_date(value) is None


@pytest.mark.parametrize("word", ["已开工", "已竣工", "已投产", "已完工", "已建成"])
def test_words_of_state(word):
    assert parse_date(f" {word} ") == StatusText(word)


def test_dates_of_the_program_pass_through():
    assert parse_date(date(2024, 3, 5)) == parse_date(datetime(2024, 3, 5, 23, 59)) == parse_date("2024-03-05")


@pytest.mark.parametrize(
    ("code", "value", "year"),
    [
        ("format", "已开工建设", None),
        ("format", "尽快", None),
        ("format", "24-3-15", None),  # two digits need 年
        ("format", "24.3", None),
        ("format", "24-26年", None),
        ("format", "202413", None),
        ("format", "202400", None),
        ("format", "19999", None),
        ("format", "80001", None),
        ("format", "99999999", None),
        ("format", "五季度", 2025),
        ("format", "2024-3/15", None),
        ("format", "2024年3月10:00", None),  # a clock needs a day
        ("format", "2024-03-15 25:99", None),
        ("format", "2024-3-2026-6", None),
        ("format", "2024.3.15-2024.5.1", None),
        ("format", "3月-6月", 2025),  # `-` joins only after a month with its year
        ("format", "2024.3-6", None),
        ("format", "2024年13月至不知何时", None),  # before the month that does not exist
        ("format", "三年", None),  # a duration
        ("format", "两年", None),
        ("format", "十三五", None),
        ("format", "前", 2025),
        ("format", "1" * 5000, None),
        ("format", "至" * 5000, None),
        ("format", 19999, None),
        ("format", 80000.5, None),
        ("format", 1989, None),
        ("format", 2100, None),
        ("format", 0, None),
        ("format", -45366, None),
        ("format", 2024.13, None),
        ("format", 2024.123, None),
        ("format", 1999.5, None),
        ("format", 2100.5, None),
        ("format", 20240315, None),
        ("format", True, None),
        ("format", False, 2025),
        ("format", float("nan"), None),
        ("invalid_date", "2024年2月30日", None),
        ("invalid_date", "2023-02-29", None),
        ("invalid_date", "20240230", None),
        ("invalid_date", "20241301", None),
        ("invalid_date", "2024年13月", None),
        ("invalid_date", "2024年0月", None),
        ("invalid_date", "2024.13", None),
        ("invalid_date", "2024-26", None),
        ("invalid_date", "2024年3月0日", None),
        ("invalid_date", "13月底", None),  # before the missing year
        ("invalid_date", "2月30日", None),
        ("invalid_date", "2月29日", 2025),
        ("invalid_date", "2024年3月至13月", None),
        ("invalid_date", "2024年3月至2023年2月29日", None),  # before the reversed order
        ("no_year", "3月底", None),
        ("no_year", "三月份", None),
        ("no_year", "2月29日", None),
        ("no_year", "年底", None),
        ("no_year", "一季度", None),
        ("no_year", "上半年", None),
        ("no_year", "3月至6月", None),
        ("no_year", "3月至2024年6月", None),
        ("range_reversed", "2026-2024年", None),
        ("range_reversed", "2024年6月至3月", None),
        ("range_reversed", "2024年3月5日至2024年3月4日", None),
        ("ambiguous_float_month", 2024.1, 2025),
    ],
)
def test_what_must_not_be_guessed(code, value, year):
    with pytest.raises(DateError) as caught:
        parse_date(value, year)
    assert caught.value.code == code
    assert caught.value.message.endswith("。")


MONTHS = st.tuples(st.integers(1901, 2098), st.integers(1, 12))


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_in_every_spelling(day):
    y, m, n = day.year, day.month, day.day
    for text in (
        f"{y}-{m}-{n}",
        f"{y}/{m:02d}/{n:02d}",
        f"{y}.{m}.{n}",
        f"{y}年{m}月{n}日",
        f"{day:%Y%m%d}",
        f"{day} 7:05",
    ):
        found = parse_date(text)
        assert (found.date_from, found.date_to, found.precision) == (day, day, "day")


@given(MONTHS, st.sampled_from(["", "底", "上旬", "中旬", "下旬"]))
def test_labels_of_months_are_read_back(month, part):
    found = parse_date(f"{month[0]}年{month[1]}月{part}")
    assert found.label == f"{month[0]}年{month[1]}月{part}"
    assert parse_date(found.label) == found


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_labels_of_spans_are_read_back(a, b):
    first, last = min(a, b), max(a, b)
    found = parse_date(label(first, last, "range"))
    assert (found.date_from, found.date_to) == (first, last)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026-3-15", "2026-03-15"),
        ("2026.3", "2026年3月"),
        ("2026年10月末", "2026年10月底"),
        ("2026年Q4", "2026年四季度"),
        ("2026年1季度底", "2026年一季度末"),
        ("2026年下半年", "2026年下半年"),
        ("2026", "2026年"),
        ("26年末", "2026年底"),
        ("26年年初", "2026年初"),
        ("2026年中", "2026年中"),
        ("十五五", "“十五五”期间"),
        ("2024至2026", "2024—2026年"),
        ("2024.3-2026.6", "2024年3月至2026年6月"),
        ("2024-03-05至2024-04-06", "2024-03-05至2024-04-06"),
    ],
)
def test_labels(text, shown):
    found = parse_date(text)
    assert found.label == shown
    assert parse_date(shown) == found


@given(st.text(alphabet="0123456789年月日季度上下半旬初中底末前至到~-./QT: 一二三十四五第已开工“”期间", max_size=18))
def test_any_text_is_a_date_or_a_known_refusal(text):
    try:
        found = parse_date(text, 2025)
    except DateError as error:
        assert error.code in {"format", "invalid_date", "no_year", "range_reversed"}
    else:
        assert found is None or isinstance(found, StatusText) or found.date_from <= found.date_to
