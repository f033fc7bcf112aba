"""Rules of the lights over HTTP: drafted, tried on the last twelve months, published; the past stays."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from common.models import RuleSet
from common.periods import Period
from common.rules import CODE, LightRules, light_rules
from investment.actions import report_month, set_annual_plan
from investment.actions.reporting import locks_on
from investment.models import PlanVersion
from projects.choices import Stage
from tests.factories import make_project

BODY = {**LightRules().values(), "yellow": "90", "effective": "2026-12", "note": "从严"}


def url(name: str) -> str:
    return reverse(f"investment:rules{name}")


@pytest.fixture
def client(login, cast):
    return login(cast.admin)


def test_a_draft_is_tried_and_published_from_its_month_on(client, cast):
    project = make_project(cast.unit, stage=Stage.CONSTRUCTION, since=date(2026, 9, 1))
    set_annual_plan(project=project, year=2026, target=Decimal(1200), by=None)
    report_month(project=project, period=Period(2026, 9), completed=Decimal(800), by=None)  # 88.9 % of 900
    report_month(project=project, period=Period(2026, 10), completed=Decimal(150), by=None)  # 95 % of 1,000

    assert client.post(url("_draft"), BODY).status_code == 302
    assert light_rules(Period(2026, 12)) == LightRules()
    trial = client.get(url("_trial")).context
    assert (trial["total"], trial["moves"]) == (1, [{"old": "green", "new": "yellow", "count": 1}])
    assert [(row["period"], row["name"]) for row in trial["rows"]] == [("2026年9月", project.name)]

    assert client.post(url("_publish"), {"revision": "1"}).status_code == 302
    assert light_rules(Period(2026, 12)).yellow == 90
    assert light_rules(Period(2026, 11)) == LightRules()
    assert "从严" in client.get(url("")).content.decode()


def test_a_closed_month_cannot_be_judged_anew(client):
    page = client.post(url("_draft"), BODY | {"effective": "2026-10"})
    assert page.status_code == 422
    assert "历史灯色不重算" in page.content.decode()


def test_thresholds_that_contradict_are_refused_in_words(client):
    page = client.post(url("_draft"), BODY | {"red": "95"})
    assert page.status_code == 422
    assert "红灯界限 95 应小于黄灯界限 90" in page.content.decode()


def test_two_editors_do_not_overwrite_each_other(client):
    client.post(url("_draft"), BODY)
    assert client.post(url("_draft"), BODY | {"version": "1", "yellow": "85"}).status_code == 302
    late = client.post(url("_draft"), BODY | {"version": "1", "yellow": "70", "note": "再从严"})
    assert late.status_code == 409
    assert (late.context["form"]["note"].value(), late.context["form"]["version"].value()) == ("再从严", "2")
    assert {"label": "黄灯界限", "theirs": "85", "mine": "70"} in late.context["conflict"]["rows"]
    assert client.post(url("_publish"), {"revision": "1"}).status_code == 409
    assert RuleSet.objects.draft(CODE).values["yellow"] == 85
    assert client.post(url("_discard"), {"revision": "2"}).status_code == 302
    assert not RuleSet.objects.exists()
    gone = client.post(url("_publish"), {"revision": "2"})
    assert (gone.status_code, "没有草稿" in gone.content.decode()) == (422, True)


def test_a_draft_keeps_a_dimension_and_a_month_near(client):
    every = [code for code, _ in client.get(url("_draft")).context["form"].fields["off"].choices]
    page = client.post(url("_draft"), BODY | {"off": every})
    assert "至少保留一个参评的维度。" in page.content.decode()
    assert "太远" in client.post(url("_draft"), BODY | {"effective": "9999-12"}).content.decode()


def test_the_curve_and_the_days_of_grace_are_edited(client, login, cast, today):
    page = client.get(url("_terms"))
    body = page.context["form"].initial | {"grace": "2"} | {f"s{n}": "0" for n in range(1, 12)} | {"s12": "7"}
    assert client.post(url("_terms"), body | {"s12": "0"}).status_code == 422
    assert client.post(url("_terms"), body | {"grace": "21"}).status_code == 422
    before = locks_on(Period(2026, 10))
    assert client.post(url("_terms"), body).status_code == 302
    assert client.post(url("_terms"), body | {"grace": "9"}).status_code == 409  # seen before the change
    assert locks_on(Period(2026, 10)) < before
    project = make_project(cast.unit, stage=Stage.CONSTRUCTION, since=date(2026, 9, 1))
    set_annual_plan(project=project, year=2026, target=Decimal(1200), by=None, split="season")
    assert PlanVersion.objects.get(project=project).months == [0] * 11 + [1200]
    assert AuditEntry.objects.filter(action="填报与分月参数").count() == 1
    assert "12月 7" in client.get(url("")).content.decode()
    assert login(cast.reporter).get(url("_terms")).status_code == 403
