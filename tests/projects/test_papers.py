"""前期手续: all papers with their state; supplied with a number or a file, withdrawn with a reason."""

import pytest
from django.urls import reverse

from projects.models import Evidence
from tests.projects.files_for_tests import disguised_html, png


def new_url(project, code="PROPOSAL") -> str:
    return reverse("projects:evidence_new", args=[project.pk]) + f"?code={code}"


def papers(client, project) -> str:
    return client.get(reverse("projects:project_papers", args=[project.pk])).content.decode()


def test_every_gate_is_listed_with_what_is_missing_and_what_is_not_needed(login, cast, project):
    text = papers(login(cast.reader), project)

    for label in ("进入“储备”须具备", "进入“开工”须具备", "进入“建设”须具备", "进入“竣工”须具备", "进入“投产”须具备"):
        assert label in text
    assert "还缺 4 项" in text
    assert "不涉及：可行性研究报告批复" in text  # 备案制
    assert "补要件" not in text  # a reader has nothing to press


def test_a_paper_is_supplied_with_number_and_file(login, cast, project):
    client = login(cast.reporter)
    page = client.post(
        new_url(project),
        {
            "code": "PROPOSAL",
            "document_no": "云工信〔2026〕12号",
            "issued_by": "工信局",
            "issued_on": "2026-11-02",
            "file": png("谋划书.png"),
        },
    )

    assert page.status_code == 302
    text = papers(client, project)
    assert "云工信〔2026〕12号" in text and "谋划书.png" in text and "丁经办" in text
    assert "还缺 3 项" in text


def test_a_word_is_not_a_paper(login, cast, project):
    page = login(cast.reporter).post(new_url(project), {"code": "PROPOSAL", "note": "已办好"})

    assert page.status_code == 422
    assert "请填写文号，或上传文件" in page.content.decode()
    assert not Evidence.objects.exists()


def test_the_content_of_a_file_decides_not_its_name(login, cast, project):
    page = login(cast.reporter).post(new_url(project), {"code": "PROPOSAL", "file": disguised_html("批复.pdf")})

    assert page.status_code == 422
    assert not Evidence.objects.exists()


def test_an_expired_paper_does_not_count(login, cast, project):
    client = login(cast.reporter)
    client.post(new_url(project), {"code": "PROPOSAL", "document_no": "1号", "valid_until": "2026-11-23"})

    text = papers(client, project)
    assert "已过有效期" in text and "还缺 4 项" in text


def test_a_validity_that_ends_before_it_begins_is_refused(login, cast, project):
    page = login(cast.reporter).post(
        new_url(project),
        {"code": "PROPOSAL", "document_no": "1号", "issued_on": "2026-11-02", "valid_until": "2026-11-01"},
    )

    assert page.status_code == 422


def test_a_paper_is_withdrawn_with_a_reason_and_stays_on_record(login, cast, project):
    client = login(cast.reporter)
    client.post(new_url(project), {"code": "PROPOSAL", "document_no": "1号"})
    paper = Evidence.objects.get()
    withdraw = reverse("projects:evidence_withdraw", args=[paper.pk])

    assert client.post(withdraw, {"reason": " "}).status_code == 422
    assert client.post(withdraw, {"reason": "传错文件"}).status_code == 302
    paper.refresh_from_db()
    assert paper.withdrawn_reason == "传错文件"
    assert "还缺 4 项" in papers(client, project)


@pytest.mark.parametrize(("who", "status"), [("stranger", 404), ("reader", 403)])
def test_others_do_not_supply_or_withdraw(login, cast, project, who, status):
    login(cast.reporter).post(new_url(project), {"code": "PROPOSAL", "document_no": "1号"})
    paper = Evidence.objects.get()
    client = login(getattr(cast, who))

    assert client.post(new_url(project), {"code": "SITE_IDEA", "document_no": "2号"}).status_code == status
    withdraw = reverse("projects:evidence_withdraw", args=[paper.pk])
    assert client.post(withdraw, {"reason": "看错了"}).status_code == status
    assert Evidence.objects.filter(withdrawn_at=None).count() == 1


def test_the_file_of_a_paper_is_behind_the_projects_door(login, cast, project):
    login(cast.reporter).post(new_url(project), {"code": "PROPOSAL", "file": png()})
    address = reverse("projects:evidence_file", args=[Evidence.objects.get().pk])

    assert login(cast.stranger).get(address).status_code == 404
    answer = login(cast.reader).get(address)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
