"""三未清单 and 应开未开、应投未投、应统未统: who stands on them and who just does not (features §4)."""

from datetime import date
from decimal import Decimal

import pytest
from django.http import QueryDict

from common import clock
from common.periods import Period
from investment.actions import report_month, set_annual_plan
from investment.lights import with_lights
from investment.models import StatisticsEnrolment
from investment.querysets.lag import LISTS
from investment.selectors.lag import LagBoard, behind
from projects.actions import supply_evidence
from projects.choices import Stage, Status
from projects.models import Evidence, Project
from tests.factories import make_project

TODAY = date(2026, 11, 24)
SUSPENDED = {"status": Status.SUSPENDED}
DAY = "actual_start_date"


def stands(code, today=TODAY):
    one, rows = next(one for one in LISTS if one.code == code), Project.objects.all()
    return one.narrow(with_lights(rows, today) if code.startswith("should") else rows, today).exists()


@pytest.mark.parametrize(
    ("code", "stage", "fields", "listed"),
    [
        ("started", "commenced", {DAY: date(2026, 10, 23)}, True),
        ("started", "commenced", {DAY: date(2026, 10, 24)}, False),  # a month on the day, not more
        ("started", "construction", {DAY: date(2026, 3, 1)}, False),
        ("started", "commenced", {DAY: date(2026, 3, 1)} | SUSPENDED, False),
        ("building", "construction", {"planned_completion_to": date(2026, 11, 23)}, True),
        ("building", "commenced", {"planned_completion_to": date(2026, 11, 23)}, True),
        ("building", "construction", {"planned_completion_to": TODAY}, False),
        ("building", "construction", {"planned_completion_to": date(2026, 6, 30), "completed_on": TODAY}, False),
        ("building", "construction", {"planned_completion_to": date(2026, 6, 30)} | SUSPENDED, False),
        ("building", "production", {"planned_completion_to": date(2026, 6, 30)}, False),
        ("building", "reserve", {"planned_completion_to": date(2026, 6, 30)}, False),
        ("should_start", "reserve", {"baseline_start_to": date(2026, 10, 31)}, True),  # yellow
        ("should_start", "planning", {"baseline_start_to": date(2026, 8, 31)}, True),  # red
        ("should_start", "reserve", {"baseline_start_to": date(2026, 11, 30)}, False),
        ("should_start", "reserve", {"baseline_start_to": date(2026, 8, 31)} | SUSPENDED, False),
        ("should_start", "reserve", {"baseline_start_to": date(2026, 8, 31), "start_excuse": "用地"}, False),
        ("should_start", "commenced", {"baseline_start_to": date(2026, 8, 31)}, False),
        ("should_enter", "construction", {DAY: date(2026, 10, 23)}, True),  # yellow
        ("should_enter", "construction", {DAY: date(2026, 8, 1)}, True),  # red
        ("should_enter", "construction", {DAY: date(2026, 10, 24)}, False),
        ("should_enter", "construction", {DAY: date(2026, 8, 1), "total_investment": Decimal(499)}, False),
        ("should_enter", "construction", {DAY: date(2026, 8, 1)} | SUSPENDED, False),
    ],
)
def test_who_stands_on_a_list(cast, code, stage, fields, listed):
    project = make_project(cast.unit)
    Project.objects.filter(pk=project.pk).update(stage=stage, **fields)
    assert stands(code) is listed


def test_a_month_is_a_month_of_the_calendar(cast):
    make_project(cast.unit, stage=Stage.COMMENCED, actual_start_date=date(2026, 2, 1))
    assert [stands("started", day) for day in (date(2026, 3, 1), date(2026, 3, 2))] == [False, True]


def test_entered_or_excused_is_not_owed(cast):
    project = make_project(cast.unit, stage=Stage.CONSTRUCTION, actual_start_date=date(2026, 8, 1))
    row = StatisticsEnrolment.objects.create(project=project, state="entered")
    assert not stands("should_enter")
    StatisticsEnrolment.objects.filter(pk=row.pk).update(state="submitted")
    assert stands("should_enter")
    StatisticsEnrolment.objects.filter(pk=row.pk).update(excuse="granted")
    assert not stands("should_enter")


@pytest.mark.parametrize("paper", ["FEASIBILITY", "RATIFY_DOC", "RECORD_DOC"])  # 审批、核准、备案
def test_approved_and_not_started(cast, paper):
    project = make_project(cast.unit, stage=Stage.RESERVE)
    supply_evidence(project=project, code="EIA", by=None, document_no="1号")
    assert not stands("approved")
    supply_evidence(project=project, code=paper, by=None, document_no="2号")
    rows = Project.objects.filter(pk=project.pk)
    for change, listed in (
        ({}, True),
        ({"stage": Stage.PLANNING}, True),
        ({"stage": Stage.COMMENCED}, False),
        ({DAY: date(2026, 11, 20)}, False),
        (SUSPENDED, False),
    ):
        rows.update(**({"stage": Stage.RESERVE, DAY: None, "status": Status.NORMAL} | change))
        assert stands("approved") is listed, change
    rows.update(status=Status.NORMAL)
    Evidence.objects.filter(code=paper).update(withdrawn_at=clock.now())
    assert not stands("approved")


@pytest.fixture
def built(cast):
    """Under construction, 1,200 planned for the year: 1,000 are due through October."""
    project = make_project(cast.unit, stage=Stage.CONSTRUCTION, since=date(2026, 1, 5))
    set_annual_plan(project=project, year=2026, target=Decimal(1200), by=None)
    return project


def tell(project, amount):
    period = Period(2026, 10)
    report_month(
        project=project, period=period, completed=Decimal(amount), by=None, corrects=Period(2026, 9), note="冲减"
    )


@pytest.mark.parametrize(("amount", "listed"), [(None, True), (0, True), (-5, True), ("0.0001", False)])
def test_nothing_invested_though_it_is_due(built, amount, listed):
    if amount is not None:
        tell(built, amount)
    assert stands("should_invest") is listed


def test_nothing_is_due_before_the_plan_begins_or_without_one(built):
    for terms in ({"target": Decimal(1200), "start_month": 11}, {"target": Decimal(0)}, {"target": None}):
        set_annual_plan(project=built, year=2026, by=None, effective_month=1, **terms)
        assert not stands("should_invest"), terms
    set_annual_plan(project=built, year=2026, by=None, effective_month=1, target=Decimal(1200), start_month=10)
    assert stands("should_invest")
    Project.objects.filter(pk=built.pk).update(**SUSPENDED)
    assert not stands("should_invest")


@pytest.mark.parametrize(("amount", "gap"), [("999.9999", [1]), ("1000", [])])
def test_one_yuan_behind_its_schedule_is_behind(cast, built, amount, gap):
    tell(built, amount)

    def gaps():
        return [row.gap for row in behind(LagBoard(cast.leader, QueryDict(), TODAY))]

    assert gaps() == gap
    Project.objects.filter(pk=built.pk).update(**SUSPENDED)
    assert gaps() == []
