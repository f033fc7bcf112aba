"""投产效益: told by year, added up, never guessed."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.urls import reverse

from common.errors import DomainError, StaleVersion
from investment.actions import report_output
from investment.merging import move_figures
from investment.models import YearlyOutput
from investment.selectors.output import output_page
from projects.choices import Stage
from tests.factories import make_project


@pytest.fixture
def factory(cast):
    return make_project(
        cast.unit, name="投产项目", stage=Stage.PRODUCTION, since=date(2025, 6, 1), production_date=date(2025, 6, 1)
    )


def tell(project, year=2026, **figures):
    return report_output(project=project, year=year, by=None, **figures)


def test_only_what_produces_is_told(cast, factory):
    with pytest.raises(DomainError, match="投产后"):
        tell(make_project(cast.unit, stage=Stage.CONSTRUCTION), revenue=Decimal(1))
    with pytest.raises(DomainError, match="没有 2024 年"):
        tell(factory, 2024, revenue=Decimal(1))
    with pytest.raises(DomainError, match="还没有到"):
        tell(factory, 2027, revenue=Decimal(1))
    with pytest.raises(DomainError, match="至少"):
        tell(factory)


def test_two_people_tell_the_same_year(factory):
    tell(factory, revenue=Decimal(1))
    with pytest.raises(StaleVersion):
        tell(factory, revenue=Decimal(2))
    tell(factory, revenue=Decimal(2), version=1)
    assert YearlyOutput.objects.get().revenue == 2


def test_a_merged_record_hands_over_the_years_that_only_it_has(cast, factory):
    other = make_project(cast.unit, stage=Stage.PRODUCTION, since=date(2025, 6, 1))
    for project, year in ((factory, 2026), (other, 2025), (other, 2026)):
        tell(project, year, jobs=project.pk)
    assert move_figures(factory, other) == ["年度效益 1 年"]
    assert list(factory.outputs.values_list("year", "jobs")) == [(2026, factory.pk), (2025, other.pk)]


def test_totals_are_the_rows_below(login, cast, factory, today):
    other = make_project(cast.other_unit, stage=Stage.PRODUCTION, category="tourism", production_date=date(2025, 1, 1))
    tell(factory, revenue=Decimal("5000.0001"), tax=Decimal(300), jobs=120, capacity_percent=Decimal(100))
    tell(other, revenue=Decimal(70), jobs=8)
    page = output_page(cast.leader, QueryDict(), today)
    assert page["total"] | {"url": ""} == {
        "n": 2, "told": 2, "full": 1, "revenue": "5,070.0001", "tax": "300", "jobs": "128", "url": "",
    }  # fmt: skip
    client = login(cast.leader)
    for group in page["groups"]:
        rows = client.get(group["url"]).content.decode().split('id="list"')[1].split("<tfoot>")[0]
        cells = [cell.replace(",", "") for cell in re.findall(r'data-label="产值">([^<]*)<', rows)]
        assert sum(Decimal(cell) for cell in cells if cell != "—") == Decimal(group["revenue"].replace(",", ""))


def test_completion_counts_what_was_planned_for_the_year(login, cast, today):
    for done in (date(2026, 5, 1), None):
        make_project(
            cast.unit, stage=Stage.CONSTRUCTION, planned_completion_to=date(2026, 12, 31), completed_on=done,
            planned_start_to=date(2025, 1, 1),
        )  # fmt: skip
    make_project(cast.unit)
    stat = output_page(cast.leader, QueryDict(), today)["stats"][2]
    assert (stat["label"], stat["value"], stat["note"]) == ("竣工率", "50.0%", "2026年计划 2 个，已竣工 1 个")
    assert "共 <b>2</b>" in login(cast.leader).get(stat["url"]).content.decode()


def test_over_http(login, cast, factory):
    url = reverse("investment:output_edit", args=[factory.pk])
    client = login(cast.reporter)
    body = {"year": 2026, "revenue": "1.2亿", "jobs": "88", "version": 0}
    assert client.post(url, {"year": 2026, "version": 0}).status_code == 422
    assert client.post(url, body).status_code == 302
    assert YearlyOutput.objects.get().revenue == 12000
    stale = client.post(url, body | {"revenue": "9000"})
    assert stale.status_code == 409
    assert "9000" in stale.content.decode()
    assert "12,000" in client.get(reverse("investment:project_output", args=[factory.pk])).content.decode()
