"""储备库: from the proposal to the library, and out of it again."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from common.errors import DomainError, NotAllowed
from projects.actions import (
    close_batch,
    decide_stage,
    judge,
    open_batch,
    propose,
    register_project,
    request_stage,
    supply_evidence,
)
from projects.choices import RequestState, Stage
from projects.lifecycle import COMMENCED, RESERVE
from projects.models import Evidence, Project, ReserveBatch, StageRequest
from projects.selectors.reserve import conversion, library
from tests.factories import make_project, supply_all

LIBRARY = reverse("projects:reserve_library")


def ready(unit, **fields):
    """In 谋划 with every paper but the minutes."""
    project = make_project(unit, **fields)
    for code in ("PROPOSAL", "POLICY_FIT", "SITE_IDEA"):
        supply_evidence(project=project, code=code, by=None, document_no="云发改〔2026〕1号")
    return project


@pytest.fixture
def batch(cast, today):
    return open_batch(kind="entry", meeting_on=today, by=cast.reviewer, today=today)


def test_from_proposal_to_library(cast, batch, today):
    passed, refused = ready(cast.unit), ready(cast.unit)
    for project in (passed, refused):
        propose(project=project, batch=batch, by=cast.reporter, today=today, note="要件齐备")
    judge(proposal=batch.proposals.get(project=passed), verdict="passed", opinion="同意", by=cast.reviewer)
    judge(proposal=batch.proposals.get(project=refused), verdict="refused", opinion="用地未定", by=cast.reviewer)
    close_batch(batch=batch, document_no="云发改纪要〔2026〕3号", by=cast.reviewer, today=today, version=1)

    passed.refresh_from_db()
    refused.refresh_from_db()
    assert (passed.stage, passed.reserved_at, refused.stage) == (Stage.RESERVE, today, Stage.PLANNING)
    assert Evidence.objects.get(project=passed, code="REVIEW_MINUTES").document_no == "云发改纪要〔2026〕3号"
    assert StageRequest.objects.get(project=passed).requested_by == cast.reporter
    with pytest.raises(DomainError, match="已经办结"):
        propose(project=refused, batch=batch, by=cast.reporter, today=today)


def test_a_proposal_needs_its_papers_and_its_unit(cast, batch, today):
    bare = make_project(cast.unit)
    with pytest.raises(DomainError, match="还缺 3 项"):
        propose(project=bare, batch=batch, by=cast.reporter, today=today)
    with pytest.raises(NotAllowed):
        propose(project=ready(cast.unit), batch=batch, by=cast.stranger, today=today)
    once = ready(cast.unit)
    propose(project=once, batch=batch, by=cast.reporter, today=today)
    with pytest.raises(DomainError, match="已经提请"):
        propose(project=once, batch=batch, by=cast.reporter, today=today)


def test_a_meeting_closes_as_a_whole(cast, batch, today):
    first, second = ready(cast.unit), ready(cast.unit, name="要件被撤回的项目")
    for project in (first, second):
        propose(project=project, batch=batch, by=cast.reporter, today=today)
    with pytest.raises(DomainError, match="还有 2 个项目没有结论"):
        close_batch(batch=batch, document_no="1号", by=cast.reviewer, today=today, version=1)
    for proposal in batch.proposals.all():
        judge(proposal=proposal, verdict="passed", opinion="", by=cast.reviewer)
    Evidence.objects.filter(project=second, code="PROPOSAL").delete()
    with pytest.raises(DomainError, match=r"要件被撤回的项目.*还缺 1 项"):
        close_batch(batch=batch, document_no="1号", by=cast.reviewer, today=today, version=1)
    assert ReserveBatch.objects.get().is_open
    assert Project.objects.get(pk=first.pk).stage == Stage.PLANNING


@pytest.fixture
def old(cast):
    return make_project(cast.unit, name="放了一年", stage=Stage.RESERVE, since=date(2025, 11, 24))


def test_stale_from_the_same_day_a_year_later(cast, old, today):
    make_project(cast.unit, stage=Stage.RESERVE, since=date(2025, 11, 25))
    assert [p.name for p in Project.objects.stale_reserve(today)] == ["放了一年"]


def test_adjustment_brings_what_rests_and_the_leader_decides(cast, old, today):
    batch = open_batch(kind="adjust", meeting_on=today, by=cast.reviewer, today=today)
    proposal = batch.proposals.get()
    assert (proposal.project, proposal.withdraw_reason) == (old, "stale")
    judge(proposal=proposal, verdict="passed", opinion="土地两年内无法落实", by=cast.reviewer)
    close_batch(batch=batch, document_no="2号", by=cast.reviewer, today=today, version=1)
    asked = StageRequest.objects.get(project=old)
    assert (asked.edge, asked.state, asked.withdraw_reason) == ("withdraw", RequestState.PENDING, "stale")


def test_what_a_meeting_keeps_is_not_stale_for_another_year(cast, old, today):
    batch = open_batch(kind="adjust", meeting_on=today, by=cast.reviewer, today=today)
    judge(proposal=batch.proposals.get(), verdict="refused", opinion="明年三月开工", by=cast.reviewer)
    close_batch(batch=batch, document_no="2号", by=cast.reviewer, today=today, version=1)
    assert not Project.objects.stale_reserve(today).exists()
    assert Project.objects.stale_reserve(date(2027, 11, 25)).exists()


def test_maturity_leaves_out_the_start_itself(cast, today):
    project = make_project(cast.unit, stage=Stage.RESERVE, national_code="2107-320505-89-01-123456", has_building=False)
    assert not Project.objects.mature(today).exists()
    for code in ("RECORD_DOC", "EIA", "FUNDS"):
        supply_evidence(project=project, code=code, by=None, document_no="1号")
    row = Project.objects.with_maturity(today).get()
    assert (row.papers_held, row.papers_needed) == (4, 4)
    assert Project.objects.mature(today).get() == project


def test_the_conversion_rate_counts_who_was_there(cast, login, today):
    stood = [make_project(cast.unit, stage=Stage.RESERVE, since=date(2025, 6, 1)) for _ in range(2)]
    make_project(cast.unit, stage=Stage.RESERVE, since=date(2026, 3, 1))
    for project in stood[:1]:
        Project.objects.filter(pk=project.pk).update(national_code="2107-320505-89-01-123456")
        supply_all(project, COMMENCED)
        asked = request_stage(project=project, edge="commence", by=cast.reporter, today=today, effective_on=today)
        decide_stage(request=asked, approve=True, by=cast.reviewer, today=today)
    flow = conversion(Project.objects.all(), date(2026, 1, 1), today)
    assert (flow["started"], flow["before"], flow["entered"], flow["left"]) == (1, 2, 1, 0)
    assert flow["rate"] == Decimal("33.3")


@pytest.mark.wide
@pytest.mark.parametrize("by", ["category", "industry", "unit"])
def test_every_number_of_the_library_opens_its_rows(login, cast, old, today, by):
    for unit, fields in ((cast.unit, {"category": "tourism"}), (cast.other_unit, {"industry_code": ""})):
        make_project(unit, stage=Stage.RESERVE, total_investment=Decimal(9999), **fields)
    client = login(cast.leader)
    page = library(cast.leader, today, by=by, page="1")
    for row in [*page["groups"], page["total"]]:
        for number, url in (("n", "url"), ("large", "large_url"), ("mature", "mature_url"), ("stale", "stale_url")):
            assert f"共 <b>{row[number]}</b>" in client.get(row[url]).content.decode(), (row["label"], number)
    assert sum(row["n"] for row in page["groups"]) == page["total"]["n"] == 3
    for stat in page["stats"]:
        assert f"共 <b>{stat['value']}</b>" in client.get(stat["url"]).content.decode(), stat["label"]
    for row in page["starts"]["rows"]:
        assert f"共 <b>{row['cells'][1]['text']}</b>" in client.get(row["url"]).content.decode()


def test_over_http_from_meeting_to_minutes(login, cast, today):
    project = ready(cast.unit)
    client = login(cast.reviewer)
    made = client.post(reverse("projects:batch_new"), {"kind": "entry", "meeting_on": "2026-11-27"})
    batch = ReserveBatch.objects.get()
    assert made.url == batch.get_absolute_url()
    client = login(cast.reporter)
    url = reverse("projects:project_propose", args=[project.pk])
    assert client.post(url, {"batch": batch.pk, "note": "请予评审"}).status_code == 302
    assert client.get(reverse("projects:batch_close", args=[batch.pk])).status_code == 403
    client = login(cast.reviewer)
    judging = reverse("projects:proposal_judge", args=[batch.proposals.get().pk])
    assert client.post(judging, {"verdict": "deferred", "opinion": ""}).status_code == 422
    assert client.post(judging, {"verdict": "passed", "opinion": ""}).status_code == 302
    closing = {"document_no": "纪要〔2026〕1号", "version": batch.version}
    assert client.post(reverse("projects:batch_close", args=[batch.pk]), closing).status_code == 302
    assert "共 1 项" not in client.get(LIBRARY).content.decode()
    assert Project.objects.get(pk=project.pk).stage == RESERVE


def test_a_library_without_projects_says_so(login, cast):
    assert "储备库还是空的" in login(cast.reader).get(LIBRARY).content.decode()


def test_the_first_load_is_no_admission_of_this_year(cast, today):
    register_project(by=None, lead_unit=cast.unit, name="老储备", stage=Stage.RESERVE, since=date(2024, 5, 1))
    assert conversion(Project.objects.all(), date(2026, 1, 1), today)["before"] == 1


def test_meetings_stand_the_latest_first(login, cast, today):
    first = open_batch(kind="entry", meeting_on=today.replace(month=3), by=cast.reviewer, today=today)
    close_batch(batch=first, document_no="云发改纪要〔2026〕1号", by=cast.reviewer, today=today, version=1)
    second = open_batch(kind="entry", meeting_on=today, by=cast.reviewer, today=today)
    shown = login(cast.reviewer).get(reverse("projects:reserve_batches")).context["batches"]
    assert list(shown) == [second, first]


def test_a_page_one_may_not_open_says_so(login, cast):
    page = login(cast.leader).get(reverse("projects:batch_new"))
    assert page.status_code == 403
    assert "这一页不能打开" in page.content.decode() and "没有完成" not in page.content.decode()


def test_who_may_not_put_a_project_before_a_meeting_is_not_offered_it(login, cast, batch):
    project = ready(cast.unit)
    tab, form = (reverse(f"projects:project_{name}", args=[project.pk]) for name in ("relations", "propose"))
    assert form in login(cast.reporter).get(tab).content.decode()
    client = login(cast.reviewer)
    assert form not in client.get(tab).content.decode()
    assert "现在没有可以提请的评审会" in client.get(form).content.decode()


def test_the_address_of_a_button_says_so_when_it_is_opened(login, cast):
    page = login(cast.admin).get(reverse("investment:carry"))
    assert (page.status_code, page["Allow"]) == (405, "POST")
    assert "重新点一次按钮" in page.content.decode()


def test_a_unit_takes_its_proposal_back_where_it_made_it(login, cast, batch, today):
    project = ready(cast.unit)
    propose(project=project, batch=batch, by=cast.reporter, today=today)
    tab = reverse("projects:project_relations", args=[project.pk])
    button = reverse("projects:proposal_take_back", args=[batch.proposals.get().pk])
    assert button not in login(cast.reader).get(tab).content.decode()
    client = login(cast.reporter)
    text = client.get(tab).content.decode()
    assert button in text
    assert reverse("projects:project_propose", args=[project.pk]) not in text, "once is enough"
    assert client.post(button).url == tab
    assert not batch.proposals.exists()
    propose(project=project, batch=batch, by=cast.reporter, today=today)
    again = reverse("projects:proposal_take_back", args=[batch.proposals.get().pk])
    assert login(cast.reviewer).post(again).url == batch.get_absolute_url(), "the bureau stays at its meeting"


def test_a_verdict_is_chosen_not_left_as_it_stood(login, cast, batch, today):
    propose(project=ready(cast.unit), batch=batch, by=cast.reporter, today=today)
    judging = reverse("projects:proposal_judge", args=[batch.proposals.get().pk])
    client = login(cast.reviewer)
    text = client.get(judging).content.decode()
    assert '<option value="">请选择</option>' in text and "selected>通过" not in text
    assert "请选择一项。" in client.post(judging, {"verdict": ""}).content.decode()
