"""The node plan over HTTP: scheduling backward, moving, completing, reopening."""

from datetime import date

import pytest
from django.urls import reverse

from projects.actions import complete_node, set_target
from projects.models import Evidence, Milestone, Project
from tests.factories import make_project
from tests.projects.files_for_tests import disguised_html, png


@pytest.fixture
def planned(cast, project, today):
    """A project scheduled for 2027-09-30."""
    set_target(project=project, kind="start", target=date(2027, 9, 30), by=None, version=1, today=today)
    return Project.objects.get(pk=project.pk)


@pytest.fixture
def node(planned):
    return Milestone.objects.get(project=planned, code="N04")  # 环评批复, brings the paper EIA


def schedule_url(project) -> str:
    return reverse("projects:project_schedule", args=[project.pk])


def node_url(node, do="update") -> str:
    return reverse("projects:node_edit", args=[node.pk]) + f"?do={do}"


def test_a_preview_shows_the_dates_and_writes_nothing(login, cast, project):
    page = login(cast.reporter).get(schedule_url(project), {"kind": "start", "target": "2027-09-30"})
    text = page.content.decode()

    assert "来得及" in text and "关键" in text
    assert "2027-09-30" in text
    assert not Milestone.objects.filter(project=project, due_on__isnull=False).exists()


def test_a_target_that_cannot_be_met_says_by_how_much_and_what_to_compress(login, cast, project):
    text = login(cast.reporter).get(schedule_url(project), {"kind": "start", "target": "2026-12-10"}).content.decode()

    assert "按标准工期来不及，差 " in text and "个工作日" in text
    assert "可以压缩的关键节点" in text and "环评批复" in text


@pytest.mark.parametrize("target", ["下个月", "2027-13-01"])
def test_a_target_that_is_no_date_is_answered_in_words(login, cast, project, target):
    page = login(cast.reporter).get(schedule_url(project), {"kind": "start", "target": target})

    assert "不是日期" in page.content.decode()


def test_adopting_a_target_schedules_the_nodes(login, cast, project):
    page = login(cast.reporter).post(
        schedule_url(project), {"kind": "start", "target": "2027-09-30", "version": project.version}
    )

    assert page.status_code == 302
    project.refresh_from_db()
    assert project.target_on == date(2027, 9, 30)
    assert Milestone.objects.get(project=project, code="N13").due_on == date(2027, 9, 30)


def test_moving_an_adopted_target_needs_a_reason(login, cast, planned):
    client = login(cast.reporter)
    asked = {"kind": "start", "target": "2027-12-31", "version": planned.version}

    refused = client.post(schedule_url(planned), asked)
    assert refused.status_code == 422
    assert "调整已定的目标日期须填写理由" in refused.content.decode()

    assert client.post(schedule_url(planned), asked | {"reason": "用地指标推迟"}).status_code == 302
    planned.refresh_from_db()
    assert (planned.target_on, planned.baseline_target_on) == (date(2027, 12, 31), date(2027, 9, 30))


def test_a_stale_target_is_a_conflict_that_keeps_what_was_typed(login, cast, planned):
    page = login(cast.reporter).post(
        schedule_url(planned), {"kind": "start", "target": "2027-12-31", "version": 1, "reason": "用地指标推迟"}
    )

    text = page.content.decode()
    assert page.status_code == 409
    assert "2027-12-31" in text and "用地指标推迟" in text
    assert f'value="{planned.version}"' in text  # sending it again is a decision


def test_a_node_that_has_begun_has_used_some_of_its_duration(login, cast, planned, today, node):
    client = login(cast.reporter)
    ask = {"kind": "start", "target": "2027-09-30"}
    before = client.get(schedule_url(planned), ask).context["plan"].nodes["N04"].earliest_finish
    client.post(node_url(node), {"begun_on": "2026-11-17", "version": node.version})

    after = client.get(schedule_url(planned), ask).context["plan"].nodes["N04"].earliest_finish

    assert after < before


def test_a_forecast_after_the_plan_needs_a_reason(login, cast, node):
    client = login(cast.reporter)
    late = {"forecast_on": "2028-01-31", "begun_on": "2026-11-20", "version": node.version}

    refused = client.post(node_url(node), late)
    assert refused.status_code == 422
    assert "请说明原因" in refused.content.decode()

    assert client.post(node_url(node), late | {"blocker": "专家评审未排上"}).status_code == 302
    node.refresh_from_db()
    assert (node.forecast_on, node.blocker) == (date(2028, 1, 31), "专家评审未排上")


def test_completing_a_node_brings_its_paper(login, cast, node):
    page = login(cast.reporter).post(
        node_url(node, "complete"),
        {"done_on": "2026-11-20", "document_no": "云环审〔2026〕8号", "version": node.version, "file": png("批复.png")},
    )

    assert page.status_code == 302
    paper = Evidence.objects.get(project=node.project, code="EIA")
    assert (paper.document_no, paper.file.name, paper.issued_on) == (
        "云环审〔2026〕8号",
        "批复.png",
        date(2026, 11, 20),
    )


def test_a_paper_that_is_not_what_it_says_is_refused_and_the_node_stays_open(login, cast, node):
    page = login(cast.reporter).post(
        node_url(node, "complete"), {"done_on": "2026-11-20", "version": node.version, "file": disguised_html()}
    )

    node.refresh_from_db()
    assert page.status_code == 422
    assert "不是可接受的格式" in page.content.decode()
    assert node.done_on is None


def test_a_node_is_not_done_tomorrow(login, cast, node):
    page = login(cast.reporter).post(node_url(node, "complete"), {"done_on": "2026-11-25", "version": node.version})

    assert page.status_code == 422
    assert "晚于今天" in page.content.decode()


def test_whoever_completes_second_is_told_who_was_first(login, cast, node, today):
    complete_node(node=node, done_on=today, by=cast.admin, version=node.version, today=today)

    page = login(cast.reporter).post(node_url(node, "complete"), {"done_on": "2026-11-20", "version": 2})

    assert page.status_code == 422
    assert "已于 2026-11-24 完成" in page.content.decode()


def test_moving_a_due_date_needs_a_reason_and_keeps_the_baseline(login, cast, node):
    client, first = login(cast.reporter), node.due_on

    assert client.post(node_url(node, "move"), {"due_on": "2027-08-31", "version": node.version}).status_code == 422
    client.post(node_url(node, "move"), {"due_on": "2027-08-31", "version": node.version, "reason": "补充监测"})

    node.refresh_from_db()
    assert (node.due_on, node.baseline_due_on) == (date(2027, 8, 31), first)


def test_a_completion_by_mistake_is_taken_back_with_a_reason(login, cast, node, today):
    complete_node(node=node, done_on=today, by=cast.reporter, version=node.version, today=today)
    client = login(cast.reporter)

    assert "撤销办结" in client.get(node_url(node)).content.decode()
    client.post(node_url(node, "reopen"), {"reason": "填错节点", "version": node.version})

    node.refresh_from_db()
    assert node.done_on is None


def test_a_stale_node_shows_both_values(login, cast, node):
    client, seen = login(cast.reporter), node.version
    client.post(node_url(node), {"begun_on": "2026-11-20", "version": seen})

    page = client.post(node_url(node), {"begun_on": "2026-11-10", "version": seen})

    text = page.content.decode()
    node.refresh_from_db()
    assert page.status_code == 409
    assert node.begun_on == date(2026, 11, 20)
    assert 'value="2026-11-10"' in text  # what was typed
    assert "2026-11-20" in text  # what the other saved


def test_strangers_and_readers_do_not_touch_nodes(login, cast, node):
    body = {"begun_on": "2026-11-20", "version": node.version}

    assert login(cast.stranger).post(node_url(node), body).status_code == 404
    assert login(cast.reader).post(node_url(node), body).status_code == 403
    node.refresh_from_db()
    assert node.begun_on is None


def test_nodes_before_the_first_load_are_not_tracked(login, cast, today):
    project = make_project(cast.unit, stage="construction")
    text = login(cast.reporter).get(reverse("projects:project_nodes", args=[project.pk])).content.decode()

    assert text.count("<b>未跟踪</b>") == project.milestones.filter(is_applicable=True, is_tracked=False).count() > 5
