"""This year's plan over HTTP."""

from decimal import Decimal

import pytest
from django.urls import reverse

from investment.actions import set_annual_plan
from investment.models import AnnualPlan

BODY = {"target": "3,800", "annual_kind": "continued", "start_month": "3", "end_month": "12", "version": "0"}


def url(project) -> str:
    return reverse("investment:plan_edit", args=[project.pk])


def test_a_plan_is_set(login, cast, project):
    assert login(cast.reporter).post(url(project), BODY).status_code == 302

    plan = AnnualPlan.objects.get(project=project)
    assert (plan.year, plan.target, plan.start_month) == (2026, Decimal(3800), 3)


def test_changing_a_plan_needs_a_reason(login, cast, project):
    set_annual_plan(project=project, year=2026, target=Decimal(3000), by=None)
    client, body = login(cast.reporter), BODY | {"version": "1"}

    refused = client.post(url(project), body)
    assert refused.status_code == 422
    assert "调整须说明理由" in refused.content.decode()
    assert client.post(url(project), body | {"reason": "中期调整"}).status_code == 302
    assert AnnualPlan.objects.get().target == Decimal(3800)


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
