"""A year in months, a project in parts: amounts worked out by hand, to the 元 (handbook §3.2, §10.4)."""

from datetime import date
from decimal import Decimal

import pytest

from common.errors import DomainError
from common.models import SiteSetting
from common.periods import Period
from common.rules import LightRules, Preset
from investment.actions import report_month, set_annual_plan, set_opening_balance, split_with_money
from investment.apportion import cumulate, months_of, weights_of
from investment.lights import with_money
from investment.models import MonthlyEntry, OpeningBalance, PlanVersion
from investment.querysets import with_since_start
from projects.actions import Part, merge_projects
from projects.choices import Stage
from projects.models import Project
from projects.reconcile import allot, reconcile
from tests.factories import make_project

NONE = [0] * 12


def wan(*amounts: object) -> list[Decimal]:
    return [Decimal(str(amount)) for amount in amounts]


@pytest.mark.parametrize(
    ("split", "target", "march_to_june"),
    [
        ("linear", 64, (16, 16, 16, 16)),
        ("curve", 64, (10, 22, 22, 10)),  # 3x² − 2x³ at ¼, ½, ¾: 10, 32, 54 of 64
        ("season", 38, (6, 10, 11, 11)),  # the site's weights of these four months, no others
    ],
)
def test_how_four_months_share_a_plan(split, target, march_to_june):
    season = [1, 1, 6, 10, 11, 11, 9, 9, 9, 9, 9, 9]
    months = months_of(cumulate(Decimal(target), weights_of(split, 3, 6, season)))
    assert months == [0, 0, *march_to_june, *NONE[:6]]


def test_a_plan_within_months_that_weigh_nothing_is_even():
    assert weights_of("season", 1, 2, [0, 0, *[1] * 10]) == [1, 1, *NONE[:10]]


@pytest.mark.parametrize("weights", [[1] * 11, NONE, [-1, 2, *NONE[:10]]])
def test_weights_that_cannot_share_a_plan(weights):
    with pytest.raises(ValueError, match="twelve weights"):
        cumulate(Decimal(1), weights)


@pytest.fixture
def built(cast):
    return make_project(cast.unit, stage=Stage.CONSTRUCTION, since=date(2025, 1, 5))


def plan(project, target, **terms):
    terms = {"year": 2026, "effective_month": 1, **terms}
    return set_annual_plan(project=project, target=target if target is None else Decimal(target), by=None, **terms)


def test_the_season_is_the_sites_and_ends_with_the_plan(built):
    SiteSetting.objects.create(key="season_curve", value=[0, 0, 1, 2, 3, 4, *[5] * 6])
    plan(built, 60, split="season", start_month=4, end_month=6)
    assert PlanVersion.objects.get().months == [0, 0, 0, *wan("13.3333", 20, "26.6667"), *NONE[:6]]


@pytest.mark.parametrize(
    ("months", "words"),
    [
        (wan(-1, 13, *NONE[:10]), "不能填负数"),
        (wan(*NONE[:10], 12), "填满十二个月"),
        (wan(13, *NONE[:11]), "多 1 万元"),
        (wan(11, *NONE[:11]), "少 1 万元"),
    ],
)
def test_months_that_are_no_year_are_refused(built, months, words):
    with pytest.raises(DomainError, match=words):
        plan(built, 12, split="typed", months=months)


def test_a_year_without_a_target_has_no_months(built):
    plan(built, None, split="curve")
    assert PlanVersion.objects.get().months is None
    plan(built, 0, split="season")
    assert PlanVersion.objects.in_force(Period(2026, 1)).get().months == NONE


@pytest.mark.parametrize("first", [1, 3, 9])
@pytest.mark.parametrize("split", ["linear", "typed"])
def test_what_is_due_grows_from_the_first_month_of_the_plan_to_its_last(built, split, first):
    """linear: (m − s + 1) / (e − s + 1), cut to [0, 1]; a stored split says the same with the same months (§3.2)."""
    ten = wan(*NONE[: first - 1], 10, 10, 10, 10, *NONE[first + 3 :])
    plan(built, 40, split=split, start_month=first, end_month=first + 3, months=ten)
    rules, through, alone = LightRules(preset=Preset.MONTHLY80), [], []
    for month in range(1, 13):
        row = PlanVersion.objects.with_progress(Period(2026, month), rules).get()
        due, of_month = Decimal(row.due_yuan) / row.due_scale, Decimal(row.month_yuan) / row.month_scale
        assert Decimal(row.due_part) / row.due_whole == due / 400_000
        through.append(due / 10_000)
        alone.append(of_month / 10_000)
    assert through == [*NONE[: first - 1], 10, 20, 30, *[40] * (10 - first)]
    assert alone == ten


# --- parts ------------------------------------------------------------------------------------------------------------
def test_the_parts_are_held_against_the_whole_from_both_sides():
    assert reconcile(Decimal(30000), wan(12000, 18000)).sentence == ""
    assert "少 1,000 万元" in reconcile(Decimal(30000), wan(12000, 17000)).sentence  # rule split.reconcile, ED15
    assert "多 0.0001 万元" in reconcile(Decimal(30000), wan(12000, "18000.0001")).sentence


def test_what_does_not_divide_goes_to_the_largest_remainders():
    # ten 元 as 1 : 2 : 4 are 1.43, 2.86 and 5.71
    assert allot(Decimal("0.0010"), wan(1, 2, 4)) == wan("0.0001", "0.0003", "0.0006")
    assert allot(Decimal("-0.0010"), wan(1, 2, 4)) == wan("-0.0001", "-0.0003", "-0.0006")


def split(project, cast, today, *totals):
    parts = [Part(f"子项{n}", Decimal(total), cast.unit) for n, total in enumerate(totals)]
    project.refresh_from_db()
    return split_with_money(
        project=project, parts=parts, reason="纪要", by=cast.admin, today=today, version=project.version
    )


def test_a_split_shares_every_year_every_version_and_what_was_before(built, cast, today):
    plan(built, 900, year=2025)
    plan(built, 1200)
    plan(built, 600, split="typed", months=wan(*NONE[:11], 600), effective_month=11)
    report_month(project=built, period=Period(2025, 12), completed=Decimal(30), by=None)
    report_month(project=built, period=Period(2026, 5), completed=Decimal(60), by=None)
    least = dict(zip(("works", "equipment", "other_costs"), wan(0, "0.0001", "0.0001"), strict=True))
    report_month(project=built, period=Period(2026, 6), completed=Decimal("0.0002"), by=None, **least)
    set_opening_balance(project=built, year=2025, amount=Decimal(300), by=None)

    small, large = split(built, cast, today, 4000, 8000)

    def told(project, period):
        row = with_since_start(with_money(Project.objects.filter(pk=project.pk), period), period).get()
        return row.target, row.before_year, row.completed_to_date

    assert told(small, Period(2025, 12)) == (300, 100, 10)
    assert told(small, Period(2026, 5)) == (400, 110, 20)  # by the version in force in May
    assert told(small, Period(2026, 11))[0] == 200
    assert [told(part, Period(2026, 6))[2] for part in (small, large)] == wan(20, "40.0002")  # the months as they stand
    assert told(large, Period(2026, 5)) == (800, 220, 40)
    last = PlanVersion.objects.in_force(Period(2026, 12))
    assert [last.get(project=part).months[11] for part in (small, large)] == [200, 400]
    for entry in MonthlyEntry.objects.filter(project__in=(small, large), month=6):
        assert entry.completed == entry.works + entry.equipment + entry.other_costs
    assert sum(
        MonthlyEntry.objects.filter(project__in=(small, large), month=6).values_list("equipment", flat=True)
    ) == (Decimal("0.0001"))


def test_what_cannot_be_split(built, cast, today):
    with pytest.raises(DomainError, match="至少要有两个子项"):
        split(built, cast, today, 12000)
    Project.objects.filter(pk=built.pk).update(total_investment=None)
    with pytest.raises(DomainError, match="没有总投资"):
        split(built, cast, today, 0, 0)


def test_of_two_records_of_a_project_the_years_and_months_of_both_are_added_up_once(built, cast, today):
    double = make_project(cast.unit, stage=Stage.CONSTRUCTION, since=date(2025, 1, 5))
    plan(double, 200, year=2025)
    report_month(project=built, period=Period(2026, 9), completed=Decimal(5), by=None)
    for period, amount in ((Period(2025, 9), 20), (Period(2026, 8), 3), (Period(2026, 9), 70)):
        report_month(project=double, period=period, completed=Decimal(amount), by=None)
    set_opening_balance(project=double, year=2025, amount=Decimal(1000), by=None)
    for project in (built, double):
        project.refresh_from_db()

    merge_projects(
        kept=built, merged=double, reason="重复登记", by=cast.admin, today=today, version=built.version,
        merged_version=double.version,
    )  # fmt: skip

    rows = Project.objects.filter(pk=built.pk)
    last_year = with_money(rows, Period(2025, 12)).get()
    assert (last_year.target, last_year.completed_to_date) == (200, 20)
    assert with_money(rows, Period(2026, 9)).get().completed_to_date == 8  # 8月 3, 9月 5 as the one kept says
    assert with_since_start(rows, Period(2026, 9)).get().since_start == 1028
    assert OpeningBalance.objects.get().project == built
