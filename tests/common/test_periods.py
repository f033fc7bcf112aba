"""The reporting month."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.periods import BadPeriod, Period
from common.workdays import OFFICIAL

PERIODS = st.builds(Period, st.integers(2, 9998), st.integers(1, 12))


@given(PERIODS)
def test_text_round_trip(period):
    assert Period.parse(str(period)) == period


@given(PERIODS, st.integers(-12, 12))
def test_shifting_there_and_back(period, months):
    if 1 <= (period.year * 12 + period.month - 1 + months) // 12 <= 9999:
        moved = period.shift(months)
        assert moved.shift(-months) == period
        assert moved.months_since(period) == months
        assert (moved > period) == (months > 0)


@pytest.mark.parametrize(
    "text",
    ["2026-13", "2026-00", "2026-1", "26-01", "2026", "2026/01", "2026-01-01", "", "２０２６-01", "0000-01", None],
)
def test_bad_months_are_refused_in_chinese(text):
    with pytest.raises(BadPeriod) as caught:
        Period.parse(text)
    assert caught.value.code == "period"
    assert "月" in caught.value.message


def test_edges_and_label():
    assert Period(2024, 2).last_day() == date(2024, 2, 29)
    assert Period(2026, 1).first_day() == date(2026, 1, 1)
    assert Period(2026, 12).next() == Period(2027, 1)
    assert Period(2026, 1).previous() == Period(2025, 12)
    assert Period(2026, 9).label == "2026年9月"
    assert Period.of(date(2026, 11, 24)) == Period.open_for_report(date(2026, 11, 24)) == Period(2026, 11)


@pytest.mark.parametrize(
    ("today", "closed"),
    [
        (date(2026, 11, 24), Period(2026, 10)),
        (date(2026, 11, 25), Period(2026, 10)),  # the closing day itself is still open
        (date(2026, 11, 26), Period(2026, 11)),
        (date(2026, 10, 26), Period(2026, 9)),  # 25 October 2026 is a Sunday: closes on the 26th
        (date(2026, 10, 27), Period(2026, 10)),
        (date(2026, 9, 28), Period(2026, 8)),  # 25–27 September are 中秋
        (date(2026, 9, 29), Period(2026, 9)),
        (date(2026, 1, 1), Period(2025, 12)),
    ],
)
def test_last_closed(today, closed):
    assert Period.last_closed(today, calendar=OFFICIAL) == closed


def test_last_closed_when_the_closing_day_leaves_the_month():
    # 31 May 2026 is a Sunday, so May closes on 1 June.
    assert Period.last_closed(date(2026, 6, 1), 31, OFFICIAL) == Period(2026, 4)
    assert Period.last_closed(date(2026, 6, 2), 31, OFFICIAL) == Period(2026, 5)
