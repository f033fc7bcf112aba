"""Sums by month are kept in the transaction that changes a figure, and are what the figures say."""

from datetime import date
from decimal import Decimal
from io import StringIO
from random import Random

import pytest
from django.core.management import call_command

from common.periods import Period
from investment.actions import decide_month, report_month
from investment.choices import EntryState
from investment.lights import with_money
from investment.models import MonthlyEntry
from projects.choices import Stage
from projects.models import Project
from tests.factories import make_project


@pytest.fixture
def project(cast):
    return make_project(cast.unit, stage=Stage.CONSTRUCTION, since=date(2025, 1, 5))


def integrity() -> str:
    out = StringIO()
    try:
        call_command("check_integrity", stdout=out)
    except SystemExit as end:
        assert end.code == 1
    return out.getvalue()


def told(project, period: Period):
    return with_money(Project.objects.filter(pk=project.pk), period).get().completed_to_date


@pytest.mark.parametrize("seed", range(4))
def test_months_told_in_any_order_corrected_and_returned(cast, project, seed):
    dice = Random(seed)
    for _ in range(14):
        period = Period(dice.choice([2025, 2026]), dice.randint(1, 10))
        entry = MonthlyEntry.objects.filter(project=project).of(period).first()
        if entry and entry.state == EntryState.SUBMITTED and dice.random() < 0.4:
            decide_month(entry=entry, approve=False, by=cast.admin, version=entry.version, note="核对")
        else:
            amount = Decimal(dice.randint(0, 5000)) / 100
            version = entry.version if entry else None
            report_month(project=project, period=period, completed=amount, by=cast.reporter, version=version)
        check(project, Period(period.year, dice.randint(1, 12)))
    for year in (2025, 2026):
        for month in range(1, 13):
            check(project, Period(year, month))
    assert "不一致 0 处" in integrity()


def check(project, period: Period):
    """What the kept sum says is what the month's figures add up to."""
    amounts = MonthlyEntry.objects.filter(project=project).up_to(period).values_list("completed", flat=True)
    assert told(project, period) == (sum(amounts) if amounts else None), period


def test_a_sum_that_drifted_is_found(cast, project):
    entry = report_month(project=project, period=Period(2026, 3), completed=Decimal(7), by=cast.reporter)
    MonthlyEntry.objects.filter(pk=entry.pk).update(year_to_date=Decimal(8))
    assert f"自年初累计：项目 {project.pk} 2026-03 应为 7" in integrity()
