"""The project page: who sees it, what it says, how much it costs."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.periods import Period
from investment.actions import report_month, set_annual_plan
from projects.actions import assign, attach, note_journal, report_progress, set_target
from projects.choices import Duty, Stage
from tests.factories import make_project
from tests.projects.files_for_tests import png

TABS = ("project_detail", "project_nodes", "project_papers", "project_people", "project_files", "project_trail")


def url(name: str, project) -> str:
    return reverse(f"projects:{name}", args=[project.pk])


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_opens_for_a_reader_of_the_unit(login, cast, project, tab):
    page = login(cast.reader).get(url(tab, project))

    assert page.status_code == 200
    assert project.name in page.content.decode()


@pytest.mark.parametrize("tab", TABS)
def test_a_stranger_finds_no_tab(login, cast, project, tab):
    assert login(cast.stranger).get(url(tab, project)).status_code == 404


@pytest.mark.parametrize("form", ["project_schedule", "evidence_new", "project_update", "project_assign"])
def test_a_reader_may_not_open_a_form_that_writes(login, cast, project, form):
    assert login(cast.reader).get(url(form, project)).status_code == 403


def test_the_header_answers_the_five_questions(login, cast, today):
    project = make_project(cast.unit, stage=Stage.CONSTRUCTION)
    set_target(project=project, kind="production", target=date(2028, 6, 30), by=None, version=1, today=today)
    set_annual_plan(project=project, year=2026, target=Decimal(1000), by=None)
    report_month(project=project, period=Period(2026, 10), completed=Decimal(500), by=None)
    assign(project=project, duty=Duty.LEADER, user=cast.leader, starts_on=today, by=None)

    text = login(cast.reporter).get(project.get_absolute_url()).content.decode()

    assert "黄灯" in text and "为什么是黄灯" in text  # 500 of 1000 where 83.3 % are due
    assert "500</b>" in text and "/ 1,000" in text and "时序 83.3%，落后 33.3 个百分点" in text
    assert "主体封顶（完工）" in text
    assert "距目标投产" in text and "个工作日" in text
    assert "甲区长" in text


def test_why_says_how_much_money_turns_the_light_green(login, cast, today):
    project = make_project(cast.unit, stage=Stage.CONSTRUCTION)
    set_annual_plan(project=project, year=2026, target=Decimal(1200), by=None)
    report_month(project=project, period=Period(2026, 10), completed=Decimal(700), by=None)

    text = login(cast.reporter).get(project.get_absolute_url()).content.decode()

    assert "年度投资再完成 100 万元" in text  # 80 % of the 1000 due through October


def test_a_project_without_a_target_is_asked_for_one(login, cast):
    project = make_project(cast.unit, stage=Stage.CONSTRUCTION)
    client = login(cast.reporter)

    assert "请设定目标日期" in client.get(project.get_absolute_url()).content.decode()
    assert "未跟踪" in client.get(url("project_nodes", project)).content.decode()


def test_a_scheduled_project_is_not_asked_again(login, cast, project, today):
    set_target(project=project, kind="start", target=date(2027, 9, 30), by=None, version=1, today=today)

    assert "请设定目标日期" not in login(cast.reporter).get(project.get_absolute_url()).content.decode()


def test_buttons_are_for_those_who_may(login, cast, project):
    assert "更新进展" in login(cast.reporter).get(project.get_absolute_url()).content.decode()
    assert "更新进展" not in login(cast.reader).get(project.get_absolute_url()).content.decode()


def test_the_card_prints_on_one_page(login, cast, project):
    text = login(cast.reader).get(project.get_absolute_url() + "?print=1").content.decode()

    assert text.count('class="a4 card"') == 1
    assert "基本情况" in text and "下一节点" in text


@pytest.mark.parametrize("tab", TABS)
def test_the_number_of_queries_does_not_grow_with_the_data(login, cast, today, tab):
    small, large = make_project(cast.unit), make_project(cast.unit)
    set_target(project=small, kind="start", target=date(2027, 9, 30), by=None, version=1, today=today)
    set_target(project=large, kind="start", target=date(2027, 9, 30), by=None, version=1, today=today)
    client = login(cast.reporter)
    for project, times in ((small, 1), (large, 4)):
        for n in range(times):
            report_progress(
                project=project, period=Period(2026, 11), text=f"第{n}次", by=cast.reporter, key=uuid4(), files=[png()]
            )
            attach(project=project, upload=png(), by=cast.reporter)
            note_journal(project=project, kind="note", text="说明", by=cast.reporter)
            assign(project=project, duty=Duty.TASK_FORCE, name=f"成员{n}", starts_on=today, by=None)
    client.get(url(tab, small))  # sessions and caches are warm

    assert queries_of(client, url(tab, small)) == queries_of(client, url(tab, large))


def queries_of(client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)
