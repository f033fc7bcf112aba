"""Lights through the querysets the pages use."""

from datetime import date
from decimal import Decimal

import pytest

from common.models import RuleSet
from common.periods import Period
from common.rules import CODE
from common.workdays import work_calendar
from investment.actions import report_month, set_annual_plan
from investment.lights import lagging, with_lights
from investment.querysets import owing_report, unreported
from projects.actions import set_target
from projects.choices import Stage, Status
from projects.models import Milestone, Project
from tests.factories import make_project


@pytest.fixture
def built(cast):
    """A project under construction with a plan of 12,000 万元 for 2026."""
    project = make_project(cast.unit, stage=Stage.CONSTRUCTION, since=date(2026, 1, 5))
    set_annual_plan(project=project, year=2026, target=Decimal(12000), by=None)
    return project


def done(project, *amounts, start=1):
    for month, amount in enumerate(amounts, start):
        period = Period(2026, month)
        report_month(
            project=project, period=period, completed=Decimal(amount), by=None, corrects=period.previous(), note="冲减"
        )


def light(project, today, name="light", **kw):
    return getattr(with_lights(Project.objects.filter(pk=project.pk), today, **kw).get(), name)


@pytest.mark.parametrize(
    ("amount", "colour"),
    [
        ("3599.9999", "red"),  # one 元 short of 60 % of 6,000
        ("3600", "yellow"),
        ("4799.9999", "yellow"),
        ("4800", "green"),
        ("11999.9999", "green"),
        ("12000", "blue"),
        ("-5", "red"),
    ],
)
def test_the_progress_light_is_exact_to_the_yuan(built, today, amount, colour):
    done(built, amount)
    assert light(built, today, "light_progress", period=Period(2026, 6)) == colour


def test_nothing_reported_is_not_zero(built, today):
    assert light(built, today, "light_progress") == "gray"


def test_a_new_start_is_judged_from_its_planned_month(built, today):
    done(built, "500")
    plan = built.annual_plans.get()
    set_annual_plan(
        project=built,
        year=2026,
        target=Decimal(12000),
        by=None,
        start_month=10,
        version=plan.version,
        effective_month=1,
    )
    assert light(built, today, "light_progress", period=Period(2026, 9)) == "gray"
    assert light(built, today, "light_progress", period=Period(2026, 10)) == "red"


def test_who_lags_in_a_month_is_judged_by_the_rules_of_that_month(built):
    RuleSet.objects.create(code=CODE, version=1, effective_from=date(2026, 11, 1), values={"yellow": 90})
    done(built, "8500", start=9)  # 85 % of the 10,000 due in October, 77 % of the 11,000 due in November
    assert not lagging(Project.objects.all(), Period(2026, 10)).exists()
    assert lagging(Project.objects.all(), Period(2026, 11)).exists()


def test_silence_is_yellow_after_one_month_and_red_after_two(built, today):
    done(built, *["1000"] * 10)
    assert light(built, today, "light_report") == "gray"
    built.monthly_entries.filter(month=10).delete()
    assert light(built, today, "light_report") == "yellow"
    built.monthly_entries.filter(month=9).delete()
    assert light(built, today, "light_report") == "red"
    assert light(built, today) == "red"


def test_a_duty_to_report_begins_with_the_month_of_loading(cast, today):
    project = make_project(cast.unit, stage=Stage.CONSTRUCTION, since=date(2026, 10, 12))
    set_annual_plan(project=project, year=2026, target=Decimal(1), by=None)
    all_ = Project.objects.all()
    assert owing_report(all_, Period(2026, 10)).exists()
    assert not owing_report(all_, Period(2026, 9)).exists()
    assert light(project, today, "light_report") == "yellow"


def test_who_owes_and_who_told(built, cast):
    make_project(cast.unit)  # 谋划 owes nothing
    done(built, "1")
    assert list(unreported(Project.objects.all(), Period(2026, 1))) == []
    assert list(unreported(Project.objects.all(), Period(2026, 2))) == [built]


def test_the_start_light_counts_month_ends_from_the_first_plan(cast):
    project = make_project(
        cast.unit, stage=Stage.RESERVE, planned_start_from=date(2026, 3, 1), planned_start_to=date(2026, 3, 31)
    )
    days = {
        date(2026, 3, 30): "green",
        date(2026, 3, 31): "yellow",
        date(2026, 5, 30): "yellow",
        date(2026, 5, 31): "red",
    }
    assert {day: light(project, day, "light_start") for day in days} == days
    Project.objects.filter(pk=project.pk).update(planned_start_to=date(2027, 3, 31))
    assert light(project, date(2026, 6, 1), "light_start") == "red"  # moving the plan does not help
    Project.objects.filter(pk=project.pk).update(start_excuse="用地指标调整，区政府批准")
    assert light(project, date(2026, 6, 1), "light_start") == "green"


def test_the_node_light_is_the_worst_node(cast, project, today):
    set_target(project=project, kind="start", target=date(2027, 9, 30), by=None, version=project.version, today=today)
    assert light(project, today, "light_node") == "green"
    nodes = Milestone.objects.filter(project=project, is_applicable=True, due_on__isnull=False)
    nodes.filter(code="N01").update(due_on=date(2026, 12, 8))  # exactly ten working days ahead
    assert light(project, today, "light_node") == "yellow"
    nodes.filter(code="N01").update(due_on=date(2026, 12, 9))
    assert light(project, today, "light_node") == "green"
    nodes.filter(code="N02").update(due_on=date(2026, 11, 23))
    assert light(project, today, "light_node") == "red"
    nodes.update(done_on=today)
    assert light(project, today, "light_node") == "blue"


def test_a_suspended_project_is_gray(built, today):
    done(built, "-1")
    assert light(built, today) == "red"
    Project.objects.filter(pk=built.pk).update(status=Status.SUSPENDED)
    assert light(built, today) == "gray"


def test_lights_of_many_projects_cost_one_query(built, cast, today, django_assert_max_num_queries):
    for _ in range(5):
        make_project(cast.unit, stage=Stage.CONSTRUCTION)
    work_calendar()  # read before: it is kept for many requests
    with django_assert_max_num_queries(5):
        assert len(with_lights(Project.objects.all(), today)) == 6
