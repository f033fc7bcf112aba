"""Moving a project: requested, judged by the gate, decided by another person, recorded."""

from datetime import date

import pytest

from accounts.models import AuditEntry
from common.errors import DomainError, NotAllowed
from projects.actions import (
    StageNotReady,
    cancel_request,
    decide_correction,
    decide_stage,
    edit_project,
    request_correction,
    request_stage,
    supply_evidence,
    withdraw_evidence,
)
from projects.choices import RequestState, Stage, Status
from projects.gates import read_gate
from projects.models import Evidence, Project, StageChange, StageRequest
from tests.factories import make_project, supply_all


def ask(project, edge, by, today, **kw):
    return request_stage(project=project, edge=edge, by=by, today=today, **kw)


def move(project, edge, cast, today, **kw):
    """Ask as the unit, approve as the bureau."""
    request = ask(project, edge, cast.reporter, today, **kw)
    decide_stage(request=request, approve=True, by=cast.reviewer, today=today)
    return Project.objects.get(pk=project.pk)


def test_a_request_without_papers_names_each_missing_one(cast, project, today):
    with pytest.raises(StageNotReady) as refusal:
        ask(project, "admit_to_reserve", cast.reporter, today)
    assert [item.demand.code for item in refusal.value.report.missing] == [
        "PROPOSAL",
        "POLICY_FIT",
        "SITE_IDEA",
        "REVIEW_MINUTES",
    ]
    assert not StageRequest.objects.exists()


def test_the_way_from_idea_to_commencement(cast, project, today):
    supply_all(project, "reserve")
    project = move(project, "admit_to_reserve", cast, today)
    assert (project.stage, project.reserved_at) == (Stage.RESERVE, today)

    edit_project(project=project, by=cast.reporter, version=project.version, national_code="2601-990101-04-01-123456")
    supply_all(project, "commenced")
    project = move(project, "commence", cast, today, effective_on=date(2026, 11, 20))
    assert (project.stage, project.actual_start_date) == (Stage.COMMENCED, date(2026, 11, 20))
    assert project.milestones.get(code="N13").done_on == date(2026, 11, 20)
    assert list(project.stage_changes.values_list("edge", flat=True)) == ["commence", "admit_to_reserve", "baseline"]
    assert AuditEntry.objects.filter(action="开工认定", actor=cast.reviewer).count() == 1


def test_nobody_approves_his_or_her_own_request(cast, today):
    project = make_project(cast.bureau)
    supply_all(project, "reserve")
    request = ask(project, "admit_to_reserve", cast.admin, today)
    with pytest.raises(NotAllowed):
        decide_stage(request=request, approve=True, by=cast.admin, today=today)
    decide_stage(request=request, approve=True, by=cast.reviewer, today=today)


@pytest.mark.parametrize("who", ["reader", "stranger", "leader", "auditor", "steward"])
def test_people_without_the_duty_cannot_ask(cast, project, today, who):
    supply_all(project, "reserve")
    with pytest.raises(NotAllowed):
        ask(project, "admit_to_reserve", getattr(cast, who), today)


@pytest.mark.parametrize("who", ["reporter", "leader", "supervisor", "stranger"])
def test_only_the_named_role_decides(cast, project, today, who):
    supply_all(project, "reserve")
    request = ask(project, "admit_to_reserve", cast.reporter, today)
    with pytest.raises(NotAllowed):
        decide_stage(request=request, approve=True, by=getattr(cast, who), today=today)
    assert Project.objects.get(pk=project.pk).stage == Stage.PLANNING


def test_a_paper_withdrawn_before_the_decision_stops_it(cast, project, today):
    supply_all(project, "reserve")
    request = ask(project, "admit_to_reserve", cast.reporter, today)
    withdraw_evidence(evidence=Evidence.objects.get(code="PROPOSAL"), reason="传错了", by=cast.reporter)
    with pytest.raises(StageNotReady):
        decide_stage(request=request, approve=True, by=cast.reviewer, today=today)
    request.refresh_from_db()
    assert request.state == RequestState.PENDING  # the whole decision rolled back


def test_a_returned_request_needs_a_reason_and_can_be_repeated(cast, project, today):
    supply_all(project, "reserve")
    request = ask(project, "admit_to_reserve", cast.reporter, today)
    with pytest.raises(DomainError):
        decide_stage(request=request, approve=False, by=cast.reviewer, today=today)
    decide_stage(request=request, approve=False, by=cast.reviewer, today=today, note="评审意见未盖章")
    again = ask(project, "admit_to_reserve", cast.reporter, today)
    with pytest.raises(DomainError):
        ask(project, "admit_to_reserve", cast.reporter, today)  # one pending at a time
    cancel_request(request=again, by=cast.reporter)
    assert set(StageRequest.objects.values_list("state", flat=True)) == {"returned", "cancelled"}


def test_a_decision_counts_once(cast, project, today):
    supply_all(project, "reserve")
    request = ask(project, "admit_to_reserve", cast.reporter, today)
    decide_stage(request=request, approve=True, by=cast.reviewer, today=today)
    with pytest.raises(DomainError):
        decide_stage(request=request, approve=True, by=cast.admin, today=today)
    assert StageChange.objects.filter(edge="admit_to_reserve").count() == 1


def test_no_stage_is_skipped_and_none_is_undone(cast, today):
    project = make_project(cast.unit, stage=Stage.CONSTRUCTION)
    for edge in ("commence", "admit_to_reserve", "send_back", "enter_construction", "withdraw"):
        with pytest.raises(DomainError):
            ask(project, edge, cast.reporter, today, note="理由", effective_on=today)


def test_suspension_keeps_the_stage_and_needs_leader_reason_and_date(cast, today):
    project = make_project(cast.unit, stage=Stage.CONSTRUCTION)
    with pytest.raises(DomainError):
        ask(project, "suspend", cast.reporter, today, effective_on=date(2027, 3, 1))
    with pytest.raises(DomainError):
        ask(project, "suspend", cast.reporter, today, note="资金未到位", effective_on=today)
    request = ask(project, "suspend", cast.reporter, today, note="资金未到位", effective_on=date(2027, 3, 1))
    decide_stage(request=request, approve=True, by=cast.leader, today=today)
    project = Project.objects.get(pk=project.pk)
    assert (project.stage, project.status, project.resume_expected_on) == (
        Stage.CONSTRUCTION,
        Status.SUSPENDED,
        date(2027, 3, 1),
    )
    assert (project.state, project.resume_state) == ("suspended", "construction")
    request = ask(project, "resume", cast.reporter, today, note="资金到位")
    decide_stage(request=request, approve=True, by=cast.leader, today=today)
    project = Project.objects.get(pk=project.pk)
    assert (project.state, project.status_reason) == ("construction", "")


def test_completion_and_closing_are_dated_facts(cast, today):
    project = make_project(cast.unit, stage=Stage.CONSTRUCTION, actual_start_date=date(2025, 3, 1))
    supply_all(project, "completed")
    with pytest.raises(DomainError):
        ask(project, "complete", cast.reporter, today, effective_on=date(2025, 2, 1))
    project = move(project, "complete", cast, today, effective_on=date(2026, 11, 1))
    assert (project.stage, project.state) == (Stage.CONSTRUCTION, "completed")
    supply_all(project, "production")
    project = move(project, "commission", cast, today, effective_on=date(2026, 11, 10))
    request = ask(project, "close", cast.admin, today, effective_on=date(2026, 11, 20))
    decide_stage(request=request, approve=True, by=cast.leader, today=today)
    assert Project.objects.get(pk=project.pk).state == "closed"


def test_a_conditional_acceptance_stands_in_for_material_but_not_for_a_permit(cast, today):
    project = make_project(cast.unit, stage=Stage.RESERVE, soil_ha=1)
    project.milestones.filter(code__in=["N05", "N10", "N12"]).update(accepted_conditionally_until=date(2026, 12, 31))
    report = read_gate(project, "commenced", today)
    assert {item.demand.code for item in report.waived} == {"WATER_SOIL", "DRAWING"}
    assert "CONSTRUCTION_PERMIT" in {item.demand.code for item in report.missing}
    expired = read_gate(project, "commenced", date(2027, 1, 1))
    assert not expired.waived


def test_evidence_needs_a_number_or_a_file(cast, project):
    with pytest.raises(DomainError):
        supply_evidence(project=project, code="PROPOSAL", by=cast.reporter)


def test_an_expired_paper_does_not_count(cast, project, today):
    supply_evidence(project=project, code="PROPOSAL", by=None, document_no="1号", valid_until=date(2026, 11, 23))
    assert "PROPOSAL" in {item.demand.code for item in read_gate(project, "reserve", today).missing}
    assert "PROPOSAL" not in {i.demand.code for i in read_gate(project, "reserve", date(2026, 11, 23)).missing}


def test_a_correction_takes_two_people_and_keeps_the_record(cast, today):
    project = make_project(cast.unit, stage=Stage.CONSTRUCTION)
    request = request_correction(project=project, field="stage", after="commenced", reason="误录", by=cast.reporter)
    with pytest.raises(NotAllowed):
        decide_correction(request=request, approve=True, by=cast.reporter, today=today)
    decide_correction(request=request, approve=True, by=cast.reviewer, today=today)
    assert Project.objects.get(pk=project.pk).stage == Stage.COMMENCED
    change = StageChange.objects.first()
    assert (change.edge, change.before, change.after) == ("correction", "construction", "commenced")


def test_the_board_of_missing_papers_agrees_with_the_button(cast, today):
    """`ready_for` over many projects says the same as `read_gate` for each."""
    for n in range(6):
        project = make_project(cast.unit, has_building=bool(n % 2), high_risk=n == 3)
        for code in ("PROPOSAL", "POLICY_FIT", "SITE_IDEA", "REVIEW_MINUTES")[: 3 + n % 2]:
            supply_evidence(project=project, code=code, by=None, document_no="1号")
    ready = set(Project.objects.ready_for("reserve", today).values_list("pk", flat=True))
    assert ready == {p.pk for p in Project.objects.all() if read_gate(p, "reserve", today).ok}
    assert 0 < len(ready) < 6
