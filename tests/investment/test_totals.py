"""Every figure of the pages about money equals the rows its link opens, for every role that may open the page."""

from dataclasses import fields
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import User
from common.periods import Period
from investment.actions import report_month, report_output, set_annual_plan, set_annual_target
from projects.actions import assign
from projects.choices import Duty, Stage
from tests.cast import Cast
from tests.factories import make_project
from tests.totals import opened, promises

OVERVIEW, TARGETS = "investment:overview", "investment:targets"
# A page is dear: each scope (district, unit, what is assigned) opens the sums. Enrolment, funds, lag, reserve library
# and who reported have the like beside their other tests.
PAGES = {
    "leader": (OVERVIEW, TARGETS, "investment:forecast"),
    "reporter": (OVERVIEW, "investment:output", "investment:pipeline"),
    "steward": (OVERVIEW, TARGETS),
}


EVERY = (OVERVIEW, TARGETS, f"{TARGETS}?year=2027", *(f"investment:{name}" for name in (
    "forecast", "pipeline", "output", "next_year", "lag", "month_status", "enrolment_list", "fund_overview"
)))  # fmt: skip
BY = ("unit", "category", "industry", "level", "kind")
NO_BUSINESS = {"sysadmin", "secadmin", "auditor"}  # they see no sums


def address(page: str) -> str:
    name, _, query = page.partition("?")
    return reverse(name) + (f"?{query}" if query else "")


class Reader:
    """A client that keeps the pages it has opened."""

    def __init__(self, client) -> None:
        self.client, self.pages = client, {}

    def get(self, href: str):
        if href not in self.pages:
            self.pages[href] = self.client.get(href)
        return self.pages[href]


def works(unit, target, months, **fields):
    project = make_project(unit, stage=Stage.CONSTRUCTION, since=date(2026, 1, 5), **fields)
    if target:
        set_annual_plan(project=project, year=2026, target=Decimal(target), by=None)
    for month, amount in months.items():
        report_month(project=project, period=Period(2026, month), completed=Decimal(amount), by=None)
    return project


@pytest.fixture
def district(cast):
    """Two units; plans and none, late and early, a plan of this autumn, no category, what produces, what waits."""
    early = {"actual_start_date": date(2026, 1, 5)}
    works(cast.unit, "1200.0001", {2: "90.5", 9: "900", 10: "10.0001"}, **early)
    works(cast.unit, 2400, {10: 7}, category="", industry_code="", total_investment=Decimal("9999.9999"))
    works(cast.unit, None, {10: "7.25"}, **early)
    works(cast.unit, 800, {}, category="tourism", industry_code="R9030", planned_start_to=date(2026, 2, 28))
    lent = works(cast.other_unit, 1200, {3: 300, 10: "400.5", 11: 20}, category="tourism", total_investment=None)
    assign(project=lent, duty=Duty.STEWARD, user=cast.steward, starts_on=date(2026, 1, 1), by=None)
    autumn = works(cast.other_unit, None, {3: 5, 10: 60})
    set_annual_plan(project=autumn, year=2026, target=Decimal(600), by=None, effective_month=10)
    for n, unit in enumerate((cast.unit, cast.other_unit)):
        make_project(unit, stage=Stage.RESERVE, since=date(2025, 3, 1 + n), total_investment=Decimal(9000 + 3000 * n))
        make_project(unit, category="" if n else "tourism")
        produces = make_project(unit, stage=Stage.PRODUCTION, since=date(2026, 2, 1), production_date=date(2026, 2, 1))
        report_output(project=produces, year=2026, by=None, revenue=Decimal("1000.5"), tax=Decimal(30), jobs=40 + n)
    set_annual_target(unit=cast.unit, year=2026, amount=Decimal(3000), by=None)


@pytest.mark.parametrize("who", PAGES)
def test_every_figure_opens_the_rows_that_make_it(login, cast, district, who):
    reader, found, broken = Reader(login(getattr(cast, who))), 0, []
    for page in map(reverse, PAGES[who]):
        for one in promises(reader, page):
            found += 1
            if (rows := opened(reader, one.href, one.label)) != one.figure:
                broken.append(f"{one.page}: {one.label} says {one.figure}, rows {rows}: {one.href}")
    assert broken == []
    assert found > 20


@pytest.mark.wide
@pytest.mark.parametrize("who", [one.name for one in fields(Cast) if one.type in (User, "User")])
def test_every_figure_of_every_page_opens_its_rows_for_every_role(login, cast, district, who):
    reader, broken, found = Reader(login(getattr(cast, who))), [], 0
    pages = [address(page) for page in EVERY]
    if who in PAGES:  # the drill-downs once for each scope
        pages += [f"{reverse(OVERVIEW)}?by={by}" for by in BY]
        pages += [f"{reverse(page)}?period=2026-09" for page in (OVERVIEW, TARGETS, "investment:forecast")]
        pages += [f"{reverse(OVERVIEW)}?lead={cast.unit.pk}&by=category", f"{reverse(OVERVIEW)}?category=tourism"]
    for page in pages:
        if who in NO_BUSINESS:
            assert reader.get(page).status_code == 403, page
            continue
        for one in promises(reader, page):
            found += 1
            if (rows := opened(reader, one.href, one.label)) != one.figure:
                broken.append(f"{one.page}: {one.label} says {one.figure}, rows {rows}: {one.href}")
    assert broken == []
    assert found or who in NO_BUSINESS
