"""Responsibility is dated; history is never rewritten."""

from datetime import date

import pytest

from common.errors import DomainError
from projects.actions import assign, match_names
from projects.choices import Duty
from projects.models import Assignment


def give(project, starts_on, **who):
    return assign(project=project, duty=Duty.OFFICIAL, starts_on=starts_on, by=None, **who)


def responsible_on(project, day):
    return [a.person_label for a in Assignment.objects.filter(project=project, duty=Duty.OFFICIAL).in_force(day)]


def test_who_was_responsible_on_that_day(cast, project):
    give(project, date(2026, 1, 1), user=cast.reporter)
    give(project, date(2026, 6, 16), user=cast.steward)
    assert responsible_on(project, date(2025, 12, 31)) == []
    assert responsible_on(project, date(2026, 6, 15)) == ["丁经办"]
    assert responsible_on(project, date(2026, 6, 16)) == ["己管家"]


def test_a_successor_cannot_begin_before_the_predecessor(cast, project):
    give(project, date(2026, 6, 16), user=cast.reporter)
    with pytest.raises(DomainError):
        give(project, date(2026, 6, 1), user=cast.steward)


def test_a_name_without_account_is_kept_and_matched_later(cast, project):
    give(project, date(2026, 1, 1), name="丁经办")
    assert Assignment.objects.unreachable().count() == 1
    assert match_names(user=cast.reporter, by=None) == 1
    assert Assignment.objects.unreachable().count() == 0
    assert responsible_on(project, date(2026, 2, 1)) == ["丁经办"]


def test_two_accounts_of_one_name_are_not_guessed(cast, project):
    cast.steward.full_name = "丁经办"
    cast.steward.save()
    give(project, date(2026, 1, 1), name="丁经办")
    assert match_names(user=cast.reporter, by=None) == 0


def test_several_people_may_share_the_task_force(cast, project):
    for user in (cast.member, cast.steward):
        assign(project=project, duty=Duty.TASK_FORCE, starts_on=date(2026, 1, 1), by=None, user=user)
    assert Assignment.objects.filter(duty=Duty.TASK_FORCE).in_force(date(2026, 2, 1)).count() == 2
