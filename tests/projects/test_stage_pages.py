"""推进阶段 over HTTP: refused without papers, asked by one, decided by another."""

import pytest
from django.urls import reverse

from projects.choices import RequestState, Stage
from projects.models import Project, StageRequest
from tests.factories import make_project, supply_all

MISSING_FOR_RESERVE = (
    "项目谋划书、项目建议书或可研初稿",
    "产业政策、规划、环保准入符合性说明",
    "拟选址意见",
    "入库评审意见",
)


def stage_url(project) -> str:
    return reverse("projects:project_stage", args=[project.pk])


def decide_url(request) -> str:
    return reverse("projects:request_decide", args=[request.pk])


def stage_of(project) -> str:
    return Project.objects.get(pk=project.pk).stage


@pytest.fixture
def asked(login, cast, project):
    """A request to admit the project to the reserve, made through the page."""
    supply_all(project, "reserve")
    page = login(cast.reporter).post(stage_url(project), {"edge": "admit_to_reserve", "note": "资料齐备"})
    assert page.status_code == 302
    return StageRequest.objects.get(project=project)


def test_the_dialog_names_what_is_missing_and_where_to_supply_it(login, cast, project):
    text = login(cast.reporter).get(stage_url(project)).content.decode()

    assert all(label in text for label in MISSING_FOR_RESERVE)
    assert "还缺 4 项" in text
    assert reverse("projects:evidence_new", args=[project.pk]) + "?code=PROPOSAL" in text
    assert "disabled>申请入库" in text


def test_a_post_without_the_papers_is_refused_naming_all(login, cast, project):
    page = login(cast.reporter).post(stage_url(project), {"edge": "admit_to_reserve"})

    text = page.content.decode()
    assert page.status_code == 422
    assert "还缺 4 项：" + "、".join(MISSING_FOR_RESERVE) in text
    assert stage_of(project) == Stage.PLANNING
    assert not StageRequest.objects.exists()


def test_closed_moves_say_who_may_ask(login, cast, project):
    text = login(cast.reporter).get(stage_url(project), {"edge": "withdraw"}).content.decode()

    assert "“退库”由发改局发起，您的账号不能提交。" in text


def test_a_jump_is_refused(login, cast, project):
    page = login(cast.reporter).post(stage_url(project), {"edge": "commission", "effective_on": "2026-11-01"})

    assert page.status_code == 422
    assert "阶段须逐级推进" in page.content.decode()


def test_an_unknown_move_is_refused(login, cast, project):
    assert login(cast.reporter).post(stage_url(project), {"edge": "fly"}).status_code == 422


def test_a_reader_sees_the_gate_and_cannot_ask(login, cast, project):
    supply_all(project, "reserve")
    client = login(cast.reader)

    assert "入库须具备" in client.get(stage_url(project)).content.decode()
    assert client.post(stage_url(project), {"edge": "admit_to_reserve"}).status_code == 403
    assert not StageRequest.objects.exists()


@pytest.mark.parametrize(
    ("who", "button"), [("reporter", "推进阶段"), ("reviewer", "推进阶段"), ("reader", "阶段条件")]
)
def test_who_may_not_move_the_project_is_offered_to_read_the_conditions(login, cast, project, who, button):
    page = login(getattr(cast, who)).get(project.get_absolute_url()).content.decode()
    assert [text for text in ("推进阶段", "阶段条件") if f"{text}</a>" in page] == [button]


def test_a_stranger_sees_nothing(login, cast, project):
    assert login(cast.stranger).get(stage_url(project)).status_code == 404
    assert login(cast.stranger).post(stage_url(project), {"edge": "admit_to_reserve"}).status_code == 404


def test_one_asks_another_approves(login, cast, project, asked):
    client = login(cast.reviewer)
    assert project.name in client.get(reverse("projects:request_list")).content.decode()
    text = client.get(decide_url(asked)).content.decode()
    assert "已齐，共 6 项" in text and "云发改〔2026〕1号" in text

    page = client.post(decide_url(asked), {"decision": "approve"})

    assert page.status_code == 302
    assert stage_of(project) == Stage.RESERVE


def test_whoever_asked_does_not_decide(login, cast, project):
    supply_all(project, "reserve")
    client = login(cast.admin)
    client.post(stage_url(project), {"edge": "admit_to_reserve"})

    page = client.post(decide_url(StageRequest.objects.get()), {"decision": "approve"})

    assert page.status_code == 403
    assert "申请人不能审核自己提交的申请" in page.content.decode()
    assert stage_of(project) == Stage.PLANNING


def test_a_leader_does_not_decide_what_the_bureau_decides(login, cast, asked):
    assert login(cast.leader).get(decide_url(asked)).status_code == 404


def test_a_reporter_has_no_list_of_approvals(login, cast, asked):
    assert login(cast.reporter).get(reverse("projects:request_list")).status_code == 403
    assert login(cast.reporter).post(decide_url(asked), {"decision": "approve"}).status_code == 403


def test_returning_needs_a_reason_is_shown_and_counted(login, cast, project, asked):
    client = login(cast.reviewer)
    assert client.post(decide_url(asked), {"decision": "return"}).status_code == 422

    client.post(decide_url(asked), {"decision": "return", "note": "选址意见不是本项目的"})
    asked.refresh_from_db()
    assert asked.state == RequestState.RETURNED

    mine = login(cast.reporter)
    assert "选址意见不是本项目的" in mine.get(stage_url(project)).content.decode()
    mine.post(stage_url(project), {"edge": "admit_to_reserve"})
    again = StageRequest.objects.get(state=RequestState.PENDING)
    assert "1 次" in login(cast.reviewer).get(decide_url(again)).content.decode()


def test_a_paper_withdrawn_meanwhile_stops_the_approval(login, cast, project, asked):
    paper = project.evidence.get(code="SITE_IDEA")
    login(cast.reporter).post(reverse("projects:evidence_withdraw", args=[paper.pk]), {"reason": "传错文件"})

    page = login(cast.reviewer).post(decide_url(asked), {"decision": "approve"})

    assert page.status_code == 422
    assert "还缺 1 项：拟选址意见" in page.content.decode()
    assert stage_of(project) == Stage.PLANNING


def test_a_request_is_taken_back_by_the_unit_only(login, cast, project, asked):
    cancel = reverse("projects:request_cancel", args=[asked.pk])

    assert login(cast.reader).post(cancel).status_code == 403
    assert login(cast.stranger).post(cancel).status_code == 404
    assert login(cast.reporter).post(cancel).status_code == 302
    asked.refresh_from_db()
    assert asked.state == RequestState.CANCELLED


def test_a_pending_request_is_announced_on_the_page(login, cast, project, asked):
    assert "“入库”申请待审核" in login(cast.reader).get(project.get_absolute_url()).content.decode()


def test_commencement_asks_for_its_day(login, cast):
    project = make_project(cast.unit, stage=Stage.RESERVE, national_code="2601-990101-04-01-123456")
    supply_all(project, "commenced")
    client = login(cast.reporter)

    assert client.post(stage_url(project), {"edge": "commence"}).status_code == 422
    assert (
        "晚于今天"
        in client.post(stage_url(project), {"edge": "commence", "effective_on": "2026-12-01"}).content.decode()
    )
    assert client.post(stage_url(project), {"edge": "commence", "effective_on": "2026-11-20"}).status_code == 302


def test_a_correction_is_asked_by_one_and_decided_by_another(login, cast):
    project = make_project(cast.unit, stage=Stage.CONSTRUCTION)
    ask = reverse("projects:project_correction", args=[project.pk])
    body = {"field": "stage", "stage": "commenced", "reason": "导入时填错"}

    assert login(cast.reader).post(ask, body).status_code == 403
    assert login(cast.reporter).post(ask, body).status_code == 302
    request = project.corrections.get()
    decide = reverse("projects:correction_decide", args=[request.pk])
    text = login(cast.reviewer).get(decide).content.decode()
    assert "建设" in text and "开工" in text
    assert login(cast.leader).get(decide).status_code == 403
    assert login(cast.reviewer).post(decide, {"decision": "approve"}).status_code == 302
    assert stage_of(project) == Stage.COMMENCED


def test_the_stage_cannot_be_assigned(project):
    with pytest.raises(AttributeError):
        project.stage = Stage.PRODUCTION
    with pytest.raises(AttributeError):
        project.status = "terminated"
