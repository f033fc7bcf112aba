"""Nodes: laid out by facts, scheduled backward, moved with a reason, completed with their paper."""

from datetime import date

import pytest

from common.errors import DomainError, StaleVersion
from common.workdays import work_calendar
from projects.actions import complete_node, edit_project, move_node, preview_schedule, reopen_node, set_target
from projects.choices import Stage
from projects.models import Evidence, Milestone, Project, Replan
from tests.factories import make_project


def node(project, code):
    return Milestone.objects.get(project=project, code=code)


def adopt(project, today, target=date(2027, 9, 30), kind="start", **kw):
    return set_target(project=project, kind=kind, target=target, by=None, version=project.version, today=today, **kw)


def test_nodes_apply_by_the_facts_of_the_project(cast):
    plain = make_project(cast.unit, has_building=False, eia_kind="exempt")
    applies = set(plain.milestones.filter(is_applicable=True).values_list("code", flat=True))
    assert applies == {"N01", "N02", "N13", "N15", "N16", "N17"}
    heavy = make_project(
        cast.unit,
        approval_type="approval",
        new_land=True,
        high_risk=True,
        bid_required=True,
        soil_ha=1,
        energy_tce=1000,
    )
    assert heavy.milestones.filter(is_applicable=True).count() == 18


def test_editing_the_facts_changes_which_nodes_apply(cast, project):
    assert not node(project, "N14").is_applicable
    edit_project(project=project, by=cast.reporter, version=project.version, high_risk=True)
    assert node(project, "N14").is_applicable


def test_a_target_schedules_every_open_node_before_it(cast, project, today):
    plan = adopt(project, today)
    assert plan.feasible
    calendar = work_calendar()
    dated = project.milestones.filter(due_on__isnull=False)
    assert {n.code for n in dated} == {
        n.code for n in project.milestones.filter(is_applicable=True) if n.code not in ("N15", "N16", "N17")
    }
    for milestone in dated:
        assert calendar.is_workday(milestone.due_on)
        assert milestone.baseline_due_on == milestone.due_on
        for successor in dated:
            if milestone.code in successor.deps:
                assert milestone.due_on <= successor.start_on
    assert node(project, "N13").due_on == date(2027, 9, 30)
    assert any(n.is_critical for n in dated)


def test_absent_nodes_hand_their_predecessors_on(cast, today):
    """备案制 has no 可研 and no 初设: the construction drawings then follow the site directly."""
    project = make_project(cast.unit)
    adopt(project, today)
    assert node(project, "N02").due_on <= node(project, "N10").start_on


def test_an_impossible_target_says_by_how_much_and_is_not_moved(cast, project, today):
    plan = adopt(project, today, target=date(2026, 12, 1))
    assert not plan.feasible
    assert plan.shortfall > 0
    assert Project.objects.get(pk=project.pk).target_on == date(2026, 12, 1)


def test_a_preview_writes_nothing(cast, project, today):
    preview_schedule(project=project, kind="start", target=date(2027, 9, 30), today=today)
    assert not project.milestones.filter(due_on__isnull=False).exists()
    assert not Replan.objects.exists()


def test_a_new_target_needs_a_reason_and_keeps_the_baseline(cast, project, today):
    adopt(project, today)
    first = node(project, "N13").due_on
    project.refresh_from_db()
    with pytest.raises(DomainError):
        adopt(project, today, target=date(2027, 11, 30))
    adopt(project, today, target=date(2027, 11, 30), reason="土地延期供应")
    start = node(project, "N13")
    assert (start.due_on, start.baseline_due_on) == (date(2027, 11, 30), first)
    assert Project.objects.get(pk=project.pk).baseline_target_on == date(2027, 9, 30)
    replan = Replan.objects.first()
    assert (replan.reason, replan.target_before) == ("土地延期供应", date(2027, 9, 30))
    assert {m["code"] for m in replan.moved} >= {"N13"}


def test_two_people_do_not_schedule_over_each_other(cast, project, today):
    seen = project.version
    adopt(project, today)
    with pytest.raises(StaleVersion):
        set_target(
            project=project, kind="start", target=date(2027, 12, 31), by=None, version=seen, today=today, reason="晚了"
        )
    assert Project.objects.get(pk=project.pk).target_on == date(2027, 9, 30)


def test_done_nodes_keep_their_day_when_the_plan_moves(cast, project, today):
    adopt(project, today)
    first = node(project, "N01")
    complete_node(node=first, done_on=date(2026, 11, 20), by=cast.reporter, version=first.version, today=today)
    before = node(project, "N01").due_on
    project.refresh_from_db()
    adopt(project, today, target=date(2027, 12, 31), reason="推迟")
    assert (node(project, "N01").done_on, node(project, "N01").due_on) == (date(2026, 11, 20), before)


def test_completing_a_node_supplies_its_paper(cast, project, today):
    first = node(project, "N01")
    complete_node(
        node=first,
        done_on=today,
        by=cast.reporter,
        version=first.version,
        today=today,
        document_no="云审批备〔2026〕12号",
    )
    paper = Evidence.objects.get()
    assert (paper.code, paper.milestone_id, paper.document_no) == ("RECORD_DOC", first.pk, "云审批备〔2026〕12号")


def test_a_node_is_not_completed_in_the_future_nor_twice(cast, project, today):
    first = node(project, "N01")
    with pytest.raises(DomainError):
        complete_node(node=first, done_on=date(2026, 11, 25), by=None, version=first.version, today=today)
    complete_node(node=first, done_on=today, by=None, version=first.version, today=today)
    with pytest.raises(DomainError):
        complete_node(node=first, done_on=today, by=None, version=first.version, today=today)
    with pytest.raises(DomainError):
        reopen_node(node=first, reason=" ", by=None, version=first.version)
    reopen_node(node=first, reason="填错项目", by=None, version=first.version)
    assert node(project, "N01").done_on is None


def test_moving_a_node_needs_a_reason(cast, project, today):
    adopt(project, today)
    site = node(project, "N02")
    with pytest.raises(DomainError):
        move_node(node=site, due_on=date(2027, 8, 1), reason="", by=None, version=site.version, today=today)
    move_node(node=site, due_on=date(2027, 8, 2), reason="专家评审延期", by=None, version=site.version, today=today)
    assert node(project, "N02").baseline_due_on != node(project, "N02").due_on


def test_nodes_before_the_first_stage_are_untracked(cast, today):
    project = make_project(cast.unit, stage=Stage.CONSTRUCTION)
    tracked = set(project.milestones.filter(is_tracked=True).values_list("code", flat=True))
    assert tracked == {"N15", "N16", "N17"}
    with pytest.raises(DomainError):
        adopt(project, today, kind="start")
    adopt(project, today, kind="production", target=date(2028, 6, 30))
    assert node(project, "N17").due_on == date(2028, 6, 30)
    assert node(project, "N01").due_on is None
