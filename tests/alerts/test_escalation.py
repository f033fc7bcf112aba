"""The ladder in working days, across holidays (rule issue.escalation)."""

from datetime import date

import pytest

from common.escalation import escalation_level
from common.workdays import OFFICIAL

DUE = date(2026, 5, 8)


@pytest.mark.parametrize(
    ("today", "level", "name", "overdue"),
    [
        (date(2026, 4, 29), 0, "正常", 0),  # four working days left: 1–5 May rest
        (date(2026, 4, 30), 1, "提醒", 0),
        (DUE, 1, "提醒", 0),
        (date(2026, 5, 9), 2, "督办", 1),  # a Saturday that works
        (date(2026, 5, 10), 2, "督办", 1),
        (date(2026, 5, 14), 2, "督办", 5),
        (date(2026, 5, 15), 3, "约谈", 6),
        (date(2026, 5, 28), 3, "约谈", 15),
        (date(2026, 5, 29), 4, "通报", 16),
    ],
)
def test_the_ladder_climbs_by_working_days(today, level, name, overdue):
    rung = escalation_level(DUE, today, OFFICIAL)
    assert (rung.level, rung.name, rung.overdue_wd) == (level, name, overdue)


def test_a_weekend_after_the_due_date_is_still_a_reminder():
    friday = date(2026, 11, 20)
    assert escalation_level(friday, date(2026, 11, 22), OFFICIAL).level == 1
    assert escalation_level(friday, date(2026, 11, 23), OFFICIAL).level == 2


def test_the_spring_festival_does_not_climb():
    before = date(2026, 2, 13)
    assert escalation_level(before, date(2026, 2, 22), OFFICIAL).overdue_wd == 1  # 14 February works, 15–23 rest


def test_an_approved_extension_replaces_the_due_date():
    assert escalation_level(DUE, date(2026, 5, 15), OFFICIAL, ext=date(2026, 5, 20)).level == 1


def test_what_is_closed_climbs_no_further_and_its_delay_counts():
    rung = escalation_level(DUE, date(2026, 6, 30), OFFICIAL, closed_on=date(2026, 5, 11))
    assert (rung.level, rung.name, rung.overdue_wd) == (0, "已销号", 2)


def test_thresholds_may_be_tuned():
    assert escalation_level(DUE, date(2026, 5, 9), OFFICIAL, thresholds=(3, 0, 1)).level == 3
