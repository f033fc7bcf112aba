"""What is kept of how projects stand is what their rows say, whoever wrote them and however (ADR 0007)."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common import clock
from common.models import CalendarDay, RuleSet, SiteSetting
from common.periods import Period
from common.rules import CODE, LightRules, Preset
from common.workdays import reset
from investment import marking
from investment.actions import report_month, set_annual_plan
from investment.actions.judging import COLUMNS, basis, current, live, renew, wrongly_kept
from investment.catchup import Pace
from investment.choices import AmountKind, EnrolmentState, FundState
from investment.judged import judged
from investment.lights import judging_of
from investment.models import (
    AnnualPlan,
    FundAmount,
    FundApplication,
    FundProgramme,
    JudgedBy,
    Judgement,
    MonthlyEntry,
    PlanVersion,
    StatisticsEnrolment,
    Unjudged,
)
from investment.querysets.lag import with_pace
from projects.choices import Stage, Status
from projects.models import Milestone, Project
from tests.factories import make_project
from tests.investment.test_to_date import integrity


@pytest.fixture
def district(cast):
    """Projects with a row in every table that a light reads."""
    for number in range(3):
        project = make_project(cast.unit, name=f"项目{number}", stage=Stage.CONSTRUCTION, since=date(2025, 1, 5))
        set_annual_plan(project=project, year=2026, target=Decimal(1200), by=None)
        report_month(project=project, period=Period(2026, 9), completed=Decimal(400 * number), by=cast.reporter)
        Milestone.objects.create(
            project=project, code=f"X{number}", name="节点", order=900, due_on=date(2026, 12, 1), duration=5,
            wall_column="COMMENCEMENT",
        )  # fmt: skip
        StatisticsEnrolment.objects.create(project=project, state=EnrolmentState.SUBMITTED)
        programme = FundProgramme.objects.create(name=f"专项{number}", kind="provincial", year=2026)
        application = FundApplication.objects.create(
            project=project, programme=programme, state=FundState.RECEIVED, applied=100, created_at=clock.now()
        )
        FundAmount.objects.create(
            application=application, kind=AmountKind.RECEIVED, amount=100, on=date(2026, 1, 5), at=clock.now()
        )
    return cast


def agrees(today: date) -> None:
    """Every column, of every project, as kept and as judged from the rows; and they were kept."""
    keys = Project.objects.order_by("pk")
    kept = list(judged(keys, today).values("pk", *COLUMNS))
    assert current(basis(judging_of(today)))
    assert kept == list(live(keys, judging_of(today)).values("pk", *COLUMNS))
    assert len(kept) == Project.objects.count()


@pytest.mark.parametrize("preset", Preset.values)
def test_every_table_that_a_light_reads_is_watched(db, today, preset):
    judging = judging_of(today)
    rules = LightRules().with_preset(preset)
    text, _ = (
        live(Project.objects.all(), type(judging)(today, judging.period, rules, judging.calendar))
        .values_list("pk", *COLUMNS)
        .query.sql_with_params()
    )
    read = set(re.findall(r'(?:FROM|JOIN) "(\w+)"', text))
    assert read == set(marking.SOURCES)
    assert marking.in_place("default")


def by_hand(table: str, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement.format(table=table))


CHANGES = {
    Project: "UPDATE {table} SET status = 'suspended'",
    Milestone: "UPDATE {table} SET due_on = '2026-01-05'",
    AnnualPlan: "DELETE FROM {table}",
    PlanVersion: "UPDATE {table} SET target = 90000000",
    MonthlyEntry: "UPDATE {table} SET year_to_date = 1, until_month = 12",
    StatisticsEnrolment: "UPDATE {table} SET state = 'entered', entered_on = '2026-02-01'",
    FundProgramme: "UPDATE {table} SET start_by = '2026-01-05'",
    FundApplication: "UPDATE {table} SET state = 'rejected'",
    FundAmount: "UPDATE {table} SET amount = 1",
}


def test_a_change_by_hand_is_tried_for_every_table():
    assert {model._meta.db_table for model in CHANGES} == set(marking.SOURCES)


@pytest.mark.parametrize("model", CHANGES)
def test_a_statement_by_hand_is_seen(district, today, model):
    agrees(today)
    assert not Unjudged.objects.exists()
    if model is AnnualPlan:
        by_hand(PlanVersion._meta.db_table, "DELETE FROM {table}")
        agrees(today)
    by_hand(model._meta.db_table, CHANGES[model])

    noted = set(Unjudged.objects.values_list("project", flat=True))
    assert noted == set(Project.objects.values_list("pk", flat=True))
    assert wrongly_kept(judging_of(today)) == []  # noted, so nobody reads it
    agrees(today)


def test_rows_that_come_move_and_go_are_seen(district, today):
    first, second, _ = Project.objects.order_by("pk")
    agrees(today)
    for change in (
        lambda: Milestone.objects.filter(project=first, code="X0").update(project=second),
        lambda: FundAmount.objects.all().delete(),
        lambda: FundApplication.objects.filter(project=first).delete(),
        lambda: MonthlyEntry.objects.filter(project=first).delete(),
        lambda: MonthlyEntry.objects.bulk_create(
            [MonthlyEntry(project=first, year=2026, month=10, completed=5, year_to_date=5, until_month=12,
                          reported_at=clock.now())]
        ),
        lambda: make_project(district.unit, name="新来的"),
        lambda: Milestone.objects.filter(project=second).delete(),
    ):  # fmt: skip
        change()
        assert Unjudged.objects.exists()
        agrees(today)


def test_another_day_other_rules_another_calendar_another_setting_judge_all_anew(district, today, clock_at):
    agrees(today)
    before = JudgedBy.objects.get().by
    clock_at(datetime(2026, 12, 5, 9))
    agrees(date(2026, 12, 5))
    seen = {before, JudgedBy.objects.get().by}
    for change in (
        lambda: RuleSet.objects.create(
            code=CODE, version=1, effective_from=date(2026, 1, 1),
            values=LightRules().with_preset(Preset.MONTHLY80).values(),
        ),
        lambda: RuleSet.objects.create(
            code=CODE, version=2, effective_from=date(2026, 2, 1), values=LightRules(off=("fund", "node")).values()
        ),
        lambda: CalendarDay.objects.create(date=date(2026, 12, 7), is_workday=False, name="测试"),
        lambda: SiteSetting.objects.create(key="stat_threshold", value=100_000),
        lambda: SiteSetting.objects.filter(key="stat_threshold").update(value=1),
    ):  # fmt: skip
        change()
        reset()
        agrees(date(2026, 12, 5))
        assert JudgedBy.objects.get().by not in seen
        seen.add(JudgedBy.objects.get().by)


def test_nothing_is_judged_again_while_nothing_changes(district, today):
    agrees(today)
    with CaptureQueriesContext(connection) as queries:
        list(judged(Project.objects.all(), today))
    assert not [one["sql"] for one in queries if one["sql"].startswith(("INSERT", "DELETE", "UPDATE"))]
    project = Project.objects.order_by("pk").first()
    project.location = "别处"
    project.save()
    with CaptureQueriesContext(connection) as queries:
        agrees(today)
    inserted = next(one["sql"] for one in queries if one["sql"].startswith("INSERT INTO investment_judgement"))
    assert f"IN ({project.pk})" in inserted  # this one alone


def test_who_may_not_renew_judges_for_himself(district, today, monkeypatch):
    agrees(today)
    Project.objects.update(status=Status.SUSPENDED)
    monkeypatch.setattr("investment.actions.judging.alone", lambda what: False)
    rows = judged(Project.objects.order_by("pk"), today)
    assert [row.light for row in rows] == ["gray"] * 3
    assert Unjudged.objects.exists()  # for the next one


def test_the_check_finds_what_was_falsified(district, today):
    agrees(today)
    assert "不一致 0 处" in integrity()
    Judgement.objects.filter(project__name="项目1").update(light="blue")
    wrong = Project.objects.get(name="项目1").pk
    assert f"现时评定：项目 {wrong} 的灯色或金额与原始数据不符" in integrity()
    Judgement.objects.filter(project__name="项目1").delete()
    assert f"项目 {wrong} " in integrity()


def test_triggers_are_put_back_and_taken_down(db):
    marking.take_down("default")
    assert not marking.in_place("default")
    assert "触发器不全" in integrity()
    assert marking.put_in_place("default") and marking.in_place("default")
    assert marking.put_in_place("default") and marking.in_place("default")


@pytest.mark.parametrize("seed", range(6))
def test_the_pace_is_that_of_the_last_two_years(cast, seed):
    dice = Random(seed)
    project, period = make_project(cast.unit, stage=Stage.CONSTRUCTION), Period(2026, 10)
    own = []
    for back in range(30, -3, -1):
        month = period.shift(-back)
        if dice.random() < 0.3 * (seed % 3):
            continue
        several, returned, amount = dice.random() < 0.1, dice.random() < 0.1, dice.randint(-50, 400) * 10_000
        MonthlyEntry.objects.create(
            project=project, year=month.year, month=month.month, completed=Decimal(amount) / 10_000,
            reported_at=clock.now(), state="returned" if returned else "submitted",
            covers_from=1 if several else None, until_month=0, corrects_year=2023, corrects_month=1, note="冲减",
        )  # fmt: skip
        if 0 <= back < 24 and not several and not returned:
            own.append(amount)
    row = with_pace(Project.objects.filter(pk=project.pk), period).get()
    pace = Pace.of(row.told_months, row.best_sum, row.last_sum)
    assert row.told_months == len(own)
    for found, months in ((pace.best, sorted(own)[-3:]), (pace.present, own[-3:])):
        assert found == (max(Fraction(0), Fraction(sum(months), len(months))) if months else 0)


def test_a_renewal_without_notes_changes_nothing(district, today):
    agrees(today)
    judging = judging_of(today)
    with CaptureQueriesContext(connection) as queries:
        assert renew(judging, basis(judging))
    assert not [one for one in queries if "investment_judgement" in one["sql"]]


def test_the_day_after_tomorrow_is_not_today(district, today):
    agrees(today)
    assert not current(basis(judging_of(today + timedelta(days=2))))
