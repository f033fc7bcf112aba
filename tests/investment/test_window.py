"""The reporting window to the day: closing, grace, lock, late, missing (handbook §8.2, §10.8, §10.9)."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from common.errors import DomainError
from common.periods import Period
from investment.actions import decide_month, report_month, set_annual_plan, submit_month, unlock_month
from investment.gaps import missing_months
from investment.models import MonthlyEntry
from investment.month_form import facts_of
from investment.selectors.months import KINDS, asked_period, status_projects, window
from projects.choices import Stage
from tests.factories import make_project

OCTOBER = Period(2026, 10)  # closes on Monday the 26th; five working days of grace end on Monday 2 November


@pytest.fixture
def site(cast):
    return site_of(cast)


def site_of(cast, name="工地"):
    project = make_project(cast.unit, name=name, stage=Stage.CONSTRUCTION, since=date(2025, 1, 5))
    set_annual_plan(project=project, year=2026, target=Decimal(1200), by=None)
    return project


def tell(project, completed=100, period=OCTOBER, **kw):
    return report_month(project=project, period=period, completed=Decimal(completed), by=None, **kw)


def give_back(entry, cast):
    return decide_month(entry=entry, approve=False, by=cast.reviewer, version=entry.version, note="核对")


def test_the_window_of_a_month_in_words(db):
    days = {date(2026, 10, day): (False, False) for day in (25, 26)}
    days |= {date(2026, 10, 27): (True, False), date(2026, 11, 2): (True, False), date(2026, 11, 3): (True, True)}
    assert {day: (window(OCTOBER, day)["late"], window(OCTOBER, day)["locked"]) for day in days} == days


@pytest.mark.parametrize(
    ("asked", "found"),
    [("2026-11", "2026-11"), ("2025-12", "2025-12"), ("2025-11", "2026-11"), ("2026-12", "2026-11"), ("x", "2026-11")],
)
def test_the_last_twelve_months_may_be_asked_for(asked, found, today):
    assert str(asked_period(asked, today)) == found


def test_a_returned_month_is_open_whenever_it_comes_back(site, cast, today):
    back = give_back(tell(site), cast)
    assert not facts_of([site], OCTOBER, today)[site.pk].locked(OCTOBER, today)
    again = submit_month(
        project=site, period=OCTOBER, completed=Decimal(90), by=cast.reporter, today=today, version=back.version
    )
    assert (again.completed, again.state) == (90, "submitted")
    assert facts_of([site], OCTOBER, today)[site.pk].locked(OCTOBER, today)


def test_a_month_locks_after_its_grace_and_is_opened_alone_through_the_day_named(site, cast):
    tell(site)

    def locked(day):
        return facts_of([site], OCTOBER, day)[site.pk].locked(OCTOBER, day)

    def unlock(period, day, until):
        unlock_month(project=site, period=period, reason="审计", until=until, by=cast.reviewer, today=day)

    assert (locked(date(2026, 11, 2)), locked(date(2026, 11, 3))) == (False, True)
    with pytest.raises(DomainError, match="还没有锁定"):
        unlock(OCTOBER, date(2026, 11, 2), date(2026, 11, 10))
    unlock(Period(2025, 10), date(2026, 11, 3), date(2026, 11, 10))  # of another year
    with pytest.raises(DomainError, match="已锁定"):
        submit_month(
            project=site, period=OCTOBER, completed=Decimal(1), by=cast.reporter, today=date(2026, 11, 3), version=1
        )
    unlock(OCTOBER, date(2026, 11, 3), date(2026, 11, 10))
    assert (locked(date(2026, 11, 10)), locked(date(2026, 11, 11))) == (False, True)


def test_who_told_who_was_late_and_who_owes(cast, clock_at):
    """A returned figure is owed again, whoever was late with it; what was told again is told."""
    names = ("按时", "迟报", "迟报又退回", "退回后重报", "未报")
    sites = {name: site_of(cast, name) for name in names}
    clock_at(datetime(2026, 10, 26, 9))
    tell(sites["按时"])
    again = give_back(tell(sites["退回后重报"]), cast)
    clock_at(datetime(2026, 10, 27, 9))  # one working day after it closed
    tell(sites["迟报"])
    give_back(tell(sites["迟报又退回"]), cast)
    tell(sites["退回后重报"], version=again.version)

    found = {kind: set(status_projects(cast.leader, OCTOBER, kind).values_list("name", flat=True)) for kind in KINDS}

    assert found == {
        "owed": set(names),
        "told": {"按时", "迟报", "退回后重报"},
        "missing": {"迟报又退回", "未报"},
        "late": {"迟报"},
        "returned": {"迟报又退回"},
    }


def test_an_opening_total_of_several_months_is_not_late(site):
    assert tell(site, period=Period(2026, 9), covers_from=1).late_workdays == 0
    assert tell(site).late_workdays == 21


def test_only_a_negative_figure_corrects_a_month(site):
    assert tell(site, completed=5, corrects=Period(2026, 9)).corrects is None
    assert tell(site, completed=-5, period=Period(2026, 11), corrects=OCTOBER, note="多报").corrects == OCTOBER
    assert MonthlyEntry.objects.count() == 2


def test_missed_months_are_named_and_the_next_figure_says_what_it_holds():
    """ED05, and over two months."""
    told = {Period(2026, month): Decimal(amount) for month, amount in ((3, 700), (4, 1000), (7, 1600), (8, 1600))}
    gaps = missing_months(told)
    assert gaps.missing == [Period(2026, 5), Period(2026, 6)]
    assert gaps.increments == {Period(2026, 7): 600}
