"""The grid, the review, who reported and the targets over HTTP."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from alerts.actions import scan
from alerts.models import AlertNotice
from common.periods import Period
from investment.actions import report_month, set_annual_plan, set_annual_target
from investment.models import AnnualTarget, MonthlyEntry, ReportDraft, ReportReminder
from projects.actions import assign
from projects.choices import Duty, Stage
from tests.factories import make_project
from tests.totals import broken_promises, promises

GRID, REVIEW, STATUS = (reverse(f"investment:month_{name}") for name in ("grid", "review", "status"))
NOVEMBER = Period(2026, 11)


@pytest.fixture
def sites(cast):
    made = []
    for number in range(3):
        project = make_project(cast.unit, name=f"在建{number}", stage=Stage.CONSTRUCTION, since=date(2026, 11, 2))
        set_annual_plan(project=project, year=2026, target=Decimal(1200), by=None)
        made.append(project)
    return made


def row(project, version="", **cells):
    cells = {"completed": "", "version": version, **cells}
    return {f"p{project.pk}-{name}": value for name, value in cells.items()}


def tell(project, completed=100, by=None):
    return report_month(project=project, period=NOVEMBER, completed=Decimal(completed), by=by)


def test_good_rows_are_taken_and_bad_ones_keep_what_was_typed(login, cast, sites):
    a, b, c = sites
    client = login(cast.reporter)
    told = tell(b, 66, by=cast.admin)
    body = row(a, completed="1,00.5x") | row(b, completed="70", note="核对过") | row(c, completed="0.012亿")

    page = client.post(GRID, body)

    text = page.content.decode()
    assert page.status_code == 409
    assert "1,00.5x" in text and "核对过" in text and "乙主任刚填报了 66 万元" in text
    assert MonthlyEntry.objects.get(project=c).completed == Decimal(120)
    assert MonthlyEntry.objects.get(project=b).completed == Decimal(66)
    assert set(ReportDraft.objects.get(user=cast.reporter).rows) == {str(a.pk), str(b.pk)}

    again = row(a, completed="105") | row(b, completed="70", note="核对过", version=told.version)
    assert client.post(GRID, again).status_code == 302
    assert MonthlyEntry.objects.get(project=b).completed == Decimal(70)
    assert not ReportDraft.objects.exists()


def test_an_odd_row_needs_its_tick(login, cast, sites):
    client = login(cast.reporter)
    refused = client.post(GRID, row(sites[0], completed="900"))
    assert refused.status_code == 422 and f"p{sites[0].pk}-confirm" in refused.content.decode()
    assert client.post(GRID, row(sites[0], completed="900", confirm="on")).status_code == 302
    assert MonthlyEntry.objects.get().completed == Decimal(900)


def test_a_reported_figure_is_not_emptied(login, cast, sites):
    entry = tell(sites[0])
    page = login(cast.reporter).post(GRID, row(sites[0], version=entry.version))
    assert page.status_code == 422 and "不能清空" in page.content.decode()


def test_a_draft_comes_back(login, cast, sites):
    client = login(cast.reporter)
    assert client.post(reverse("investment:month_draft"), row(sites[0], completed="77")).status_code == 200
    assert 'value="77"' in client.get(GRID).content.decode()
    assert not MonthlyEntry.objects.exists()


def test_a_locked_row_takes_nothing(login, cast, sites):
    report_month(project=sites[0], period=Period(2026, 9), completed=Decimal(5), by=None)
    client = login(cast.reporter)
    assert "已锁定" in client.get(GRID, {"period": "2026-09"}).content.decode()
    client.post(f"{GRID}?period=2026-09", row(sites[0], completed="6", version=1))
    assert MonthlyEntry.objects.get().completed == Decimal(5)


def test_the_grid_shows_what_one_reports_and_nothing_else(login, cast, sites):
    other = make_project(cast.other_unit, name="外单位工程", stage=Stage.CONSTRUCTION)
    client = login(cast.reporter)
    assert other.name not in client.get(GRID).content.decode()
    client.post(GRID, row(other, completed="6"))
    assert not MonthlyEntry.objects.exists()


def test_the_grid_and_the_review_cost_the_same_whatever_their_rows(login, cast, sites, django_assert_max_num_queries):
    for project in sites:
        tell(project)
    for person, url in ((cast.reporter, GRID), (cast.reviewer, REVIEW)):
        client = login(person)
        client.get(url)  # the calendar is read
        with django_assert_max_num_queries(26):
            assert client.get(url).status_code == 200


def test_many_are_accepted_at_once_and_a_changed_one_is_left(login, cast, sites):
    entries = [tell(project, by=cast.reporter) for project in sites]
    body = {"entry": [f"{entry.pk}:{entry.version}" for entry in entries], "decision": "approve", "note": ""}
    report_month(project=sites[2], period=NOVEMBER, completed=Decimal(1), by=cast.reporter, version=1)

    page = login(cast.reviewer).post(REVIEW, body)

    assert page.status_code == 422 and "审核期间数据已有变动" in page.content.decode()
    assert list(MonthlyEntry.objects.order_by("pk").values_list("state", flat=True)) == [
        "accepted", "accepted", "submitted",
    ]  # fmt: skip


def test_a_returned_report_is_corrected_and_accepted(login, cast, sites):
    entry = tell(sites[0], 100, by=cast.reporter)
    one = {"entry": f"{entry.pk}:1", "decision": "return"}
    assert login(cast.reviewer).post(REVIEW, one | {"note": ""}).status_code == 422
    assert login(cast.reviewer).post(REVIEW, one | {"note": "与结算单不符"}).status_code == 302

    page = login(cast.reporter).get(GRID).content.decode()
    assert "第 1 次退回：与结算单不符" in page
    assert login(cast.reporter).post(GRID, row(sites[0], completed="90", version=2)).status_code == 302
    entry.refresh_from_db()
    assert (entry.state, entry.completed) == ("submitted", Decimal(90))
    accept = {"entry": f"{entry.pk}:{entry.version}", "decision": "approve", "note": ""}
    assert login(cast.reviewer).post(REVIEW, accept).status_code == 302
    entry.refresh_from_db()
    assert (entry.state, entry.times_returned) == ("accepted", 1)


def test_every_number_of_the_status_page_opens_its_rows(login, cast, sites):
    tell(sites[0])
    client = login(cast.leader)
    assert len(list(promises(client, STATUS))) == 10
    assert broken_promises(client, STATUS) == []


def test_a_unit_is_reminded_once_a_day_and_its_people_are_told_again(login, cast, sites, today):
    assign(project=sites[0], duty=Duty.OFFICIAL, user=cast.reporter, starts_on=today, by=None)
    scan(today)
    before = AlertNotice.objects.count()
    client = login(cast.reviewer)
    remind = {"period": "2026-11", "unit": cast.unit.pk}
    for _ in range(2):
        assert client.post(reverse("investment:month_remind"), remind).status_code == 302
    assert ReportReminder.objects.get().owed == 3
    scan(today)
    assert AlertNotice.objects.count() > before


def test_targets_stand_beside_plans_and_open_their_rows(login, cast, sites):
    report_month(project=sites[0], period=Period(2026, 10), completed=Decimal(300), by=None)
    set_annual_target(unit=cast.unit, year=2026, amount=Decimal(4000), by=cast.admin)
    page = login(cast.reviewer).get(reverse("investment:targets"))
    text = page.content.decode()
    assert "比目标少 400" in text and "7.5%" in text
    assert Decimal(300) in {one.figure for one in promises(login(cast.reviewer), reverse("investment:targets"))}

    edit = reverse("investment:target_edit", args=[cast.unit.pk])
    client = login(cast.reviewer)
    crossed = {"target-all": "10", "target-industry": "11", "target-all_version": "1"}
    assert client.post(edit, crossed).status_code == 422
    assert client.post(edit, crossed | {"target-industry": "9"}).status_code == 302
    assert client.post(edit, crossed | {"target-industry": "8"}).status_code == 409
    assert set(AnnualTarget.objects.values_list("category", "amount")) == {("", Decimal(10)), ("industry", Decimal(9))}


def test_the_rest_of_a_row_is_folded_until_it_says_something(login, cast, sites):
    client, (a, b, _) = login(cast.reporter), sites
    more, parts = "data-more checked", "data-parts checked"

    page = client.get(GRID).content.decode()
    assert more not in page and parts not in page

    page = client.post(GRID, row(a, completed="12", works="8")).content.decode()  # the other two parts are missing
    assert page.count(more) == 1 and parts in page

    page = client.post(GRID, row(a, completed="12") | row(b, completed="-5", note="多报")).content.decode()
    assert page.count(more) == 1 and parts not in page


def test_the_last_day_of_an_unlocked_month_is_proposed_as_a_date_field_reads_it(login, cast, sites):
    page = login(cast.admin).get(reverse("investment:month_unlock", args=[sites[0].pk]))

    assert re.search(r'type="date" name="until" value="\d{4}-\d\d-\d\d"', page.content.decode())


def test_one_page_of_rows_has_no_empty_foot(login, cast, sites):
    tell(sites[0])

    page = login(cast.admin).get(f"{REVIEW}?period={NOVEMBER}").content.decode()

    assert "在建0" in page and "panel__foot" not in page


def test_a_grid_without_projects_does_not_say_that_all_is_reported(login, cast):
    page = login(cast.reporter).get(GRID).content.decode()

    assert "没有需要填报的项目" in page and "都已报送" not in page
