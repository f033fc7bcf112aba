"""Months: what counts, corrections, locks, review."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from common.errors import DomainError, NotAllowed, StaleVersion
from common.periods import Period
from investment.actions import decide_month, report_month, set_annual_plan, submit_month, unlock_month
from investment.choices import EntryState
from investment.models import MonthlyEntry
from investment.month_form import MonthForm, facts_of, oddities
from investment.querysets import unreported
from projects.choices import Stage
from projects.models import Project
from tests.cast import make_user
from tests.factories import make_project

NOVEMBER, OCTOBER = Period(2026, 11), Period(2026, 10)


@pytest.fixture
def site(cast):
    project = make_project(cast.unit, stage=Stage.CONSTRUCTION, since=date(2026, 1, 5))
    set_annual_plan(project=project, year=2026, target=Decimal(1200), by=None)
    return project


def submit(site, cast, today, period=NOVEMBER, completed=100, **kw):
    return submit_month(project=site, period=period, completed=Decimal(completed), by=cast.reporter, today=today, **kw)


def test_dispatch_and_statistics_are_kept_apart(site, cast, today):
    entry = submit(site, cast, today, statistics=Decimal(90))
    submit(site, cast, today, completed=110, version=entry.version)
    entry.refresh_from_db()
    assert (entry.completed, entry.statistics) == (Decimal(110), Decimal(90))


def test_a_composition_is_whole_and_adds_up(site, cast, today):
    parts = {"works": Decimal(60), "equipment": Decimal(30)}
    with pytest.raises(DomainError, match="三项都填"):
        submit(site, cast, today, **parts)
    with pytest.raises(DomainError, match="少 5 万元"):
        submit(site, cast, today, **parts, other_costs=Decimal(5))
    entry = submit(site, cast, today, **parts, other_costs=Decimal(10))
    with pytest.raises(IntegrityError), transaction.atomic():
        MonthlyEntry.objects.filter(pk=entry.pk).update(works=Decimal(61))
    changed = submit(site, cast, today, completed=120, version=entry.version)
    assert changed.works is None  # what no longer fits is not kept


def test_parts_of_the_year_that_cannot_be_are_pointed_out_once_confirmed_taken(site, cast, today):
    def form(**figures):
        data = {"m-completed": "100", "m-works": "140", "m-other_costs": "0", "m-equipment": "-40"} | figures
        facts = facts_of([site], NOVEMBER, today)[site.pk]
        return MonthForm(data, project=site, period=NOVEMBER, facts=facts, prefix="m")

    asked = form()
    assert "confirm" in asked.errors and "设备购置" in oddities(site, asked.facts, Decimal(100), asked.composition)[0]
    assert form(**{"m-confirm": "on"}).is_valid()
    assert "多 1 万元" in str(form(**{"m-works": "141", "m-confirm": "on"}).errors["works"])  # this no tick helps
    parts = {"works": Decimal(10), "equipment": Decimal(40), "other_costs": Decimal(0)}
    report_month(project=site, period=OCTOBER, completed=Decimal(50), by=None, **parts)
    assert form().is_valid()  # 40 of October, corrected by -40


def test_a_negative_figure_quotes_what_it_corrects(site, cast, today):
    for quoted in ({}, {"corrects": OCTOBER}, {"note": "多报"}):
        with pytest.raises(DomainError, match="更正哪个月"):
            submit(site, cast, today, completed=-5, **quoted)
    with pytest.raises(DomainError, match="以前的月份"):
        submit(site, cast, today, completed=-5, corrects=NOVEMBER, note="多报")
    entry = submit(site, cast, today, completed=-5, corrects=OCTOBER, note="多报")
    assert entry.corrects == OCTOBER
    with pytest.raises(IntegrityError), transaction.atomic():
        MonthlyEntry.objects.filter(pk=entry.pk).update(note="")


def test_a_late_month_is_told_with_a_note_and_counted_in_working_days(site, cast, today):
    within_grace = submit(site, cast, date(2026, 12, 2))
    assert within_grace.state == EntryState.SUBMITTED
    with pytest.raises(DomainError, match="补报须说明原因"):
        submit(site, cast, today, period=OCTOBER)
    late = submit(site, cast, today, period=OCTOBER, note="结算迟")
    assert late.late_workdays == 21  # from Monday 26 October to Tuesday 24 November
    with pytest.raises(DomainError, match="还没有开始"):
        submit(site, cast, today, period=Period(2026, 12))


def test_a_told_month_is_locked_after_the_grace_and_unlocked_by_the_bureau(site, cast, today):
    entry = submit(site, cast, date(2026, 10, 20), period=OCTOBER)
    entry = submit(site, cast, date(2026, 11, 2), period=OCTOBER, completed=101, version=entry.version)  # the last day
    change = {"period": OCTOBER, "completed": 102, "version": entry.version}
    with pytest.raises(DomainError, match="已锁定"):
        submit(site, cast, date(2026, 11, 3), **change)
    with pytest.raises(NotAllowed):
        unlock_month(project=site, period=OCTOBER, reason="更正", until=today, by=cast.reporter, today=today)
    unlock_month(project=site, period=OCTOBER, reason="审计调整", until=today, by=cast.reviewer, today=today)
    assert submit(site, cast, today, **change).completed == Decimal(102)
    with pytest.raises(DomainError, match="已锁定"):
        submit(site, cast, date(2026, 11, 25), **(change | {"version": entry.version + 1}))
    assert site.month_unlocks.get().reason == "审计调整"


def test_two_levels_review_and_a_returned_month_is_owed_again(site, cast, today):
    colleague = make_user("colleague", "巳同事", cast.unit, "reporter")
    entry = submit(site, cast, today)
    with pytest.raises(NotAllowed, match="不能审核自己"):
        decide_month(entry=entry, approve=True, by=cast.reporter, version=entry.version)
    decide_month(entry=entry, approve=True, by=colleague, version=entry.version)
    assert entry.state == EntryState.REVIEWED
    with pytest.raises(DomainError, match="不需要再审核"):
        decide_month(entry=entry, approve=False, by=colleague, version=entry.version, note="再看")
    with pytest.raises(DomainError, match="退回须"):
        decide_month(entry=entry, approve=False, by=cast.reviewer, version=entry.version)
    decide_month(entry=entry, approve=False, by=cast.reviewer, version=entry.version, note="与形象进度不符")
    assert (entry.state, entry.times_returned) == (EntryState.RETURNED, 1)
    assert list(unreported(Project.objects.all(), NOVEMBER)) == [site]
    assert not MonthlyEntry.objects.up_to(NOVEMBER).exists()

    again = submit(site, cast, today, completed=80, version=entry.version)
    decide_month(entry=again, approve=True, by=cast.admin, version=again.version)
    assert (again.state, again.times_returned) == (EntryState.ACCEPTED, 1)
    assert not unreported(Project.objects.all(), NOVEMBER).exists()


def test_strangers_do_not_review(site, cast, today):
    entry = submit(site, cast, today)
    for person in (cast.stranger, cast.leader, cast.reader):
        with pytest.raises(NotAllowed):
            decide_month(entry=entry, approve=True, by=person, version=entry.version)


def test_a_figure_changed_during_the_review_is_not_accepted_unseen(site, cast, today):
    entry = submit(site, cast, today)
    seen = MonthlyEntry.objects.get(pk=entry.pk)
    submit(site, cast, today, completed=999, version=entry.version)
    with pytest.raises(StaleVersion):
        decide_month(entry=seen, approve=True, by=cast.reviewer, version=seen.version)
    assert MonthlyEntry.objects.get().state == EntryState.SUBMITTED


def test_an_accepted_figure_that_changes_is_reviewed_again(site, cast, today):
    entry = submit(site, cast, today)
    decide_month(entry=entry, approve=True, by=cast.reviewer, version=entry.version)
    changed = report_month(
        project=site, period=NOVEMBER, completed=Decimal(50), by=cast.reporter, version=entry.version
    )
    assert changed.state == EntryState.SUBMITTED
