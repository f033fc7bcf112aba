"""This year's plan over HTTP."""

from decimal import Decimal

import pytest
from django.urls import reverse

from investment.actions import set_annual_plan
from investment.models import AnnualPlan, PlanVersion

BODY = {"target": "3,800", "annual_kind": "continued", "start_month": "3", "end_month": "12", "version": "0"}


def url(project) -> str:
    return reverse("investment:plan_edit", args=[project.pk])


def test_a_plan_is_set(login, cast, project):
    assert login(cast.reporter).post(url(project), BODY).status_code == 302

    plan = AnnualPlan.objects.get(project=project)
    assert (plan.year, plan.target, plan.start_month) == (2026, Decimal(3800), 3)


def test_a_change_waits_with_its_reason_until_the_bureau_decides(login, cast, project):
    set_annual_plan(project=project, year=2026, target=Decimal(3000), by=None)
    client, body = login(cast.reporter), BODY | {"version": "1"}

    refused = client.post(url(project), body)
    assert refused.status_code == 422
    assert "调整须说明理由" in refused.content.decode()
    assert client.post(url(project), body | {"reason": "中期调整"}).status_code == 302
    assert AnnualPlan.objects.get().target == Decimal(3000)
    tab = client.get(reverse("investment:project_money", args=[project.pk])).content.decode()
    assert "计划调整待审核" in tab and "申请调整" not in tab.replace("申请调整为", ""), "one at a time"

    bureau, asked = login(cast.reviewer), PlanVersion.objects.pending().get()
    assert project.name in bureau.get(reverse("investment:plan_requests")).content.decode()
    decide = reverse("investment:plan_decide", args=[asked.pk])
    assert "3,000" in bureau.get(decide).content.decode()
    assert bureau.post(decide, {"decision": "approve", "note": ""}).status_code == 302
    assert AnnualPlan.objects.get().target == Decimal(3800)
    tab = login(cast.reporter).get(reverse("investment:project_money", args=[project.pk])).content.decode()
    assert "第 2 版" in tab and "中期调整" in tab


def test_a_plan_is_typed_month_by_month(login, cast, project):
    months = {f"m{month}": "" for month in range(1, 13)} | {"m6": "800", "m12": "3000"}
    client, body = login(cast.reporter), BODY | {"split": "typed"} | months
    short = client.post(url(project), body | {"m6": "700"})
    assert short.status_code == 422 and "少 100 万元" in short.content.decode()
    assert client.post(url(project), body).status_code == 302
    assert PlanVersion.objects.get().months[5] == Decimal(800)


def test_a_plan_set_by_another_meanwhile_is_a_conflict(login, cast, project):
    client = login(cast.reporter)
    set_annual_plan(project=project, year=2026, target=Decimal(3000), by=cast.admin)

    page = client.post(url(project), BODY | {"reason": "中期调整"})

    text = page.content.decode()
    assert page.status_code == 409
    assert "3000" in text and "3,800" in text
    assert AnnualPlan.objects.get().target == Decimal(3000)


def test_months_in_the_wrong_order_are_refused(login, cast, project):
    assert login(cast.reporter).post(url(project), BODY | {"end_month": "2"}).status_code == 422


@pytest.mark.parametrize(("who", "status"), [("stranger", 404), ("reader", 403), ("leader", 403)])
def test_others_do_not_plan(login, cast, project, who, status):
    assert login(getattr(cast, who)).post(url(project), BODY).status_code == status
    assert not AnnualPlan.objects.exists()


def test_the_first_version_of_a_plan_opens_too(login, cast, project):
    set_annual_plan(project=project, year=2026, target=Decimal(3000), by=None)

    page = login(cast.reviewer).get(reverse("investment:plan_decide", args=[PlanVersion.objects.get().pk]))

    assert page.status_code == 200
    assert "<b>3,000</b> 万元" in page.content.decode()
