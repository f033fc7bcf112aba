"""责任 over HTTP: who answers, who answered on a day, who may name whom."""

from datetime import date

import pytest
from django.urls import reverse

from projects.actions import assign
from projects.choices import Duty
from projects.models import Assignment


def people(client, project, **query) -> str:
    return client.get(reverse("projects:project_people", args=[project.pk]), query).content.decode()


def name_somebody(client, project, **body):
    return client.post(
        reverse("projects:project_assign", args=[project.pk]), {"duty": "official", "starts_on": "2026-11-24", **body}
    )


def test_the_page_answers_for_any_day(login, cast, project):
    assign(project=project, duty=Duty.OFFICIAL, user=cast.reporter, starts_on=date(2026, 1, 1), by=None)
    assign(project=project, duty=Duty.OFFICIAL, user=cast.reader, starts_on=date(2026, 6, 16), by=None)
    client = login(cast.reader)

    page = client.get(reverse("projects:project_people", args=[project.pk]), {"on": "2026-06-15"})

    shown = [term.person_label for term in page.context["shown"] if term.duty == Duty.OFFICIAL]
    assert shown == ["丁经办"]
    assert [t.person_label for t in client.get(page.request["PATH_INFO"]).context["shown"] if t.duty == "official"] == [
        "戊观察"
    ]


def test_a_name_without_account_is_marked_unreachable(login, cast, project):
    assign(project=project, duty=Duty.OFFICIAL, name="某同志", starts_on=date(2026, 1, 1), by=None)

    assert "未关联账号（无法送达提醒）" in people(login(cast.reader), project)


def test_the_bureau_hands_a_duty_over(login, cast, project):
    assign(project=project, duty=Duty.STEWARD, user=cast.member, starts_on=date(2026, 1, 1), by=None)

    page = name_somebody(login(cast.admin), project, duty="steward", user=cast.steward.pk)

    assert page.status_code == 302
    first, second = Assignment.objects.filter(project=project, duty=Duty.STEWARD).order_by("starts_on")
    assert (first.user, first.ends_on) == (cast.member, date(2026, 11, 23))
    assert (second.user, second.ends_on) == (cast.steward, None)


def test_a_reporter_names_the_official_among_the_own_people(login, cast, project):
    page = name_somebody(login(cast.reporter), project, user=cast.reader.pk)

    assert page.status_code == 302
    assert Assignment.objects.get(project=project, duty=Duty.OFFICIAL).user == cast.reader


@pytest.mark.parametrize(("duty", "whom"), [("steward", "reader"), ("leader", "reader"), ("official", "stranger")])
def test_a_reporter_names_nobody_else(login, cast, project, duty, whom):
    page = name_somebody(login(cast.reporter), project, duty=duty, user=getattr(cast, whom).pk)

    assert page.status_code == 422
    assert not Assignment.objects.filter(project=project, duty=duty).exists()


def test_nobody_is_named_without_a_name(login, cast, project):
    page = name_somebody(login(cast.reporter), project)

    assert page.status_code == 422
    assert "请选择人员；没有账号的，填写姓名。" in page.content.decode()


def test_a_successor_before_the_predecessor_is_refused_in_words(login, cast, project):
    assign(project=project, duty=Duty.OFFICIAL, user=cast.reporter, starts_on=date(2026, 6, 16), by=None)

    page = name_somebody(login(cast.reporter), project, user=cast.reader.pk, starts_on="2026-06-01")

    assert page.status_code == 422
    assert "不能早于这一天" in page.content.decode()


def test_a_term_ends_on_a_day(login, cast, project):
    term = assign(project=project, duty=Duty.TASK_FORCE, user=cast.member, starts_on=date(2026, 1, 1), by=None)
    address = reverse("projects:assignment_end", args=[term.pk])

    assert login(cast.reporter).post(address, {"ends_on": "2026-11-24"}).status_code == 403  # not an official's term
    assert login(cast.stranger).post(address, {"ends_on": "2026-11-24"}).status_code == 404
    assert login(cast.admin).post(address, {"ends_on": "2025-12-31"}).status_code == 422
    assert login(cast.admin).post(address, {"ends_on": "2026-11-24"}).status_code == 302
    term.refresh_from_db()
    assert term.ends_on == date(2026, 11, 24)


@pytest.mark.parametrize(("who", "status"), [("stranger", 404), ("reader", 403), ("reviewer", 403), ("member", 403)])
def test_others_do_not_name(login, cast, project, who, status):
    assert name_somebody(login(getattr(cast, who)), project, name="某人").status_code == status
