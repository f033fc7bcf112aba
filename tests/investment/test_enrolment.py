"""入库纳统: who must, the clock, the steps, the pages."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from common.errors import DomainError, StaleVersion
from common.models import SiteSetting
from common.periods import Period
from investment import actions
from investment.lights import with_lights
from investment.models import EnrolmentEvent, MonthlyEntry, StatisticsEnrolment
from investment.papers import ENROLMENT
from investment.querysets import enrolment as rules
from projects.gates import read_gate
from projects.models import Project
from tests.factories import make_project, supply_all
from tests.totals import broken_promises, promises

LIST = reverse("investment:enrolment_list")
WHOLE_DISTRICT = ("leader", "admin", "reviewer", "supervisor", "stat")


def started(unit, on=date(2026, 9, 1), **fields):
    return make_project(unit, stage="construction", since=on, actual_start_date=on, **fields)


@pytest.fixture
def running(cast):
    return started(cast.unit)


def enter(project, today, on=None):
    supply_all(project, ENROLMENT)
    actions.submit_enrolment(project=project, by=None, today=on or today)
    return actions.enter_statistics(project=project, by=None, today=today, on=on or today)


def light(project, today):
    return rules.with_stat_light(Project.objects.filter(pk=project.pk), today).get().light_stat


def test_the_clock_runs_a_month_and_two_clipped_to_the_month(cast):
    project = started(cast.unit, on=date(2025, 12, 31))
    days = {
        date(2026, 1, 31): "green",
        date(2026, 2, 1): "yellow",
        date(2026, 2, 28): "yellow",
        date(2026, 3, 1): "red",
    }
    assert {day: light(project, day) for day in days} == days


def test_the_light_joins_the_overall_one(running, today):
    row = with_lights(Project.objects.filter(pk=running.pk), today).get()
    assert (row.light_stat, row.light) == ("red", "red")
    enter(running, today)
    assert with_lights(Project.objects.filter(pk=running.pk), today).get().light_stat == "green"


def test_the_threshold_is_a_setting_and_real_estate_has_none(cast, today):
    small = started(cast.unit, total_investment=Decimal("499.9999"))
    houses = started(cast.unit, total_investment=Decimal(300), industry_code="K7010")
    assert set(rules.unenrolled(Project.objects.all(), today)) == {houses}
    SiteSetting.objects.create(key="stat_threshold", value=400)
    assert set(rules.unenrolled(Project.objects.all(), today)) == {houses, small}


def test_papers_come_before_the_application(running, today):
    with pytest.raises(DomainError, match="还缺 6 项资料：备案证明、施工许可证"):
        actions.submit_enrolment(project=running, by=None, today=today)
    assert not StatisticsEnrolment.objects.exists()
    supply_all(running, ENROLMENT)
    assert actions.submit_enrolment(project=running, by=None, today=today).state == "submitted"


def test_a_project_that_has_not_started_cannot_apply(project, today):
    supply_all(project, ENROLMENT)
    with pytest.raises(DomainError, match="先开工"):
        actions.submit_enrolment(project=project, by=None, today=today)


def test_returned_corrected_entered_left(running, today):
    supply_all(running, ENROLMENT)
    move = {"project": running, "by": None, "today": today}
    actions.submit_enrolment(**move)
    with pytest.raises(DomainError, match="退回须写明原因"):
        actions.return_enrolment(**move, note=" ")
    returned = actions.return_enrolment(**move, note="照片没有水印")
    assert (returned.state, returned.times_returned) == ("returned", 1)
    with pytest.raises(DomainError, match="已退回"):
        actions.enter_statistics(**move, on=today)
    actions.submit_enrolment(**move)
    with pytest.raises(DomainError, match="早于申报日期"):
        actions.enter_statistics(**move, on=date(2026, 11, 1))
    actions.enter_statistics(**move, on=today, code="990101000001")
    left = actions.leave_statistics(**move, on=today, exit_reason="mistake", note="重复入库")
    assert left.state == "exited"
    assert light(running, today) == "red"  # struck off by mistake: the clock runs again
    steps = EnrolmentEvent.objects.order_by("pk").values_list("step", flat=True)
    assert list(steps) == ["申报", "退回", "申报", "入库", "退库（误入库核减）"]


def test_only_an_approved_reason_stops_the_clock(running, today):
    move = {"project": running, "by": None, "today": today}
    projects = Project.objects.all()
    assert rules.unexplained(projects, today).count() == 1
    actions.explain_unenrolled(**move, reason="contract", note="合同正在签订")
    assert (light(running, today), rules.unexplained(projects, today).count()) == ("red", 0)
    actions.decide_excuse(**move, grant=False, note="合同早已签订")
    assert rules.unexplained(projects, today).count() == 1
    actions.explain_unenrolled(**move, reason="part", note="并入一期统计")
    actions.decide_excuse(**move, grant=True)
    assert light(running, today) == "green"
    assert not rules.unenrolled(projects, today).exists()


def test_two_officers_do_not_decide_over_each_other(running, today):
    supply_all(running, ENROLMENT)
    seen = actions.submit_enrolment(project=running, by=None, today=today).version
    actions.return_enrolment(project=running, by=None, today=today, note="补照片", version=seen)
    with pytest.raises(StaleVersion):
        actions.enter_statistics(project=running, by=None, today=today, on=today, version=seen)


def test_the_gate_of_construction_reads_the_state(running, today):
    def missing():
        return {item.demand.code for item in read_gate(running, "construction", today).missing}

    assert "STAT_ENTRY" in missing()
    supply_all(running, ENROLMENT)
    actions.submit_enrolment(project=running, by=None, today=today)
    assert "STAT_ENTRY" not in missing()


@pytest.fixture
def district(cast, today):
    """23 late, 2 entered, 1 young, 1 too small, one elsewhere."""
    late = [started(cast.unit) for _ in range(22)] + [started(cast.other_unit)]
    for project in (started(cast.unit), started(cast.other_unit)):
        enter(project, today)
    started(cast.unit, on=date(2026, 11, 10))
    started(cast.unit, total_investment=Decimal(400))
    return late


@pytest.mark.wide
def test_every_figure_opens_its_rows_for_every_role(login, cast, district):
    for who in (*WHOLE_DISTRICT, "reporter", "reader", "stranger", "steward"):
        client = login(getattr(cast, who))
        pages = [LIST, f"{LIST}?light=red", f"{LIST}?unit={cast.other_unit.pk}"]
        pages += [reverse("investment:enrolment_desk")] if who in ("stat", "admin") else []
        for page in pages:
            assert broken_promises(client, page) == [], who
    figures = {one.href.rpartition("view=")[2]: one.figure for one in promises(login(cast.leader), LIST)}
    assert figures == {"entered": 2, "due": 25, "late": 23, "silent": 23}
    assert "8.0%" in login(cast.leader).get(LIST).content.decode()
    assert "50.0%" in login(cast.stranger).get(LIST).content.decode()


def test_the_unit_applies_and_the_officer_returns(login, cast, running):
    tab = reverse("investment:project_enrolment", args=[running.pk])
    step = reverse("investment:enrolment_step", args=[running.pk, "submit"])
    client = login(cast.reporter)
    body = {"kind": "project", "total": "12000", "version": "0"}
    refused = client.post(step, body)
    assert refused.status_code == 422
    assert "还缺 6 项资料" in refused.content.decode()
    supply_all(running, ENROLMENT)
    assert client.post(step, body).status_code == 302
    assert client.post(step, body).status_code == 409
    assert "已申报" in client.get(tab).content.decode()
    client = login(cast.stat)
    assert running.name in client.get(reverse("investment:enrolment_desk")).content.decode()
    decide = reverse("investment:enrolment_decide", args=[running.pk, "return"])
    assert client.post(decide, {"note": "照片没有水印", "version": "1"}).status_code == 302
    assert "照片没有水印" in client.get(tab).content.decode()
    assert client.get(reverse("investment:enrolment_decide", args=[running.pk, "submit"])).status_code == 404


def test_where_statistics_and_dispatch_differ(login, cast, running, today):
    for month, (done, told) in enumerate(((100, 100), (200, 150), (50, None)), 8):
        MonthlyEntry.objects.create(
            project=running,
            year=2026,
            month=month,
            completed=done,
            statistics=told,
            reported_at="2026-11-01T00:00+08:00",
        )
    projects = Project.objects.all()
    assert not rules.differing(projects, Period(2026, 8)).exists()
    assert list(rules.differing(projects, Period(2026, 10))) == [running]
    page = login(cast.stat).get(LIST, {"view": "differs"}).content.decode()
    assert "250 / 300" in page
    assert "统计少 50" in page


def test_the_export_is_the_list(login, cast, district):
    content = login(cast.leader).get(reverse("investment:enrolment_export"), {"view": "entered"}).content
    sheet = load_workbook(io.BytesIO(content)).active
    assert [cell.value for cell in sheet[2]][:3] == ["项目", "总投资（万元）", "实际开工"]
    assert [sheet.cell(row, 4).value for row in (3, 4)] == ["已入库", "已入库"]


def test_queries_do_not_grow(login, cast, running):
    client, counts = login(cast.leader), []
    client.get(LIST)
    for more in (0, 5):
        for _ in range(more):
            started(cast.unit)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1] < 40


def test_nobody_is_asked_why_a_project_that_pauses_is_not_entered(login, cast, running):
    tab = reverse("investment:project_enrolment", args=[running.pk])
    explain = reverse("investment:enrolment_step", args=[running.pk, "explain"])
    client = login(cast.reporter)
    assert explain in client.get(tab).content.decode()
    Project.objects.filter(pk=running.pk).update(status="suspended")
    assert explain not in client.get(tab).content.decode()
