"""The cockpit and the home page over HTTP."""

from datetime import date
from decimal import Decimal

import pytest

from common.periods import Period
from dashboard.selectors.cockpit import cockpit
from investment.actions import report_month, set_annual_plan
from projects.actions import assign, set_target
from projects.choices import Duty, Stage
from projects.models import Milestone
from tests.factories import make_project


@pytest.fixture
def district(cast, today):
    """Own unit: one green, one red for money, one red for a late node; the other unit: one of each stage."""
    made = {}
    for name, amount in (("正常项目", "10000"), ("投资滞后项目", "1000")):
        made[name] = make_project(cast.unit, name=name, stage=Stage.CONSTRUCTION, since=date(2026, 1, 5))
        set_annual_plan(project=made[name], year=2026, target=Decimal(12000), by=None)
        for month in range(1, 11):
            report_month(project=made[name], period=Period(2026, month), completed=Decimal(amount) / 10, by=None)
    late = made["节点逾期项目"] = make_project(cast.unit, name="节点逾期项目", stage=Stage.RESERVE)
    set_target(project=late, kind="start", target=date(2027, 9, 30), by=None, version=late.version, today=today)
    Milestone.objects.filter(project=late, code="N02").update(due_on=date(2026, 11, 10))
    assign(project=late, duty=Duty.OFFICIAL, user=cast.reporter, starts_on=date(2026, 1, 1), by=None)
    for stage in Stage:
        make_project(cast.other_unit, stage=stage, total_investment=Decimal(1))
    return made


def test_the_five_numbers(cast, district, today):
    board = cockpit(cast.leader, today)
    projects, plan, done, lights, nodes = board["kpis"]
    assert (projects["value"], projects["note"]) == (8, "总投资 3.60 亿元")
    assert (plan["value"], plan["unit"], plan["note"]) == ("2.40", "亿元", "2 个项目有年度计划")
    assert (done["value"], done["pct"], done["note"]) == ("1.10", "45.8%", "时序 83.3%，落后 37.5 个百分点")
    assert [light["count"] for light in lights["lights"]] == [2, 0]
    assert (nodes["value"], nodes["note2"]) == (1, "最长逾期 10 个工作日")


def test_red_first_with_reason_and_person(cast, district, today):
    rows = cockpit(cast.leader, today)["attention"]
    assert {row["name"] for row in rows} == {"投资滞后项目", "节点逾期项目"}
    node = next(row for row in rows if row["name"] == "节点逾期项目")
    assert (node["unit"], node["person"]) == ("工信局", "丁经办")
    assert node["why"] == "用地预审与选址意见书逾期 10 个工作日"


def test_stages_carry_their_money(cast, district, today):
    flow = cockpit(cast.leader, today)["flow"]
    assert [(step["label"], step["count"]) for step in flow] == [
        ("谋划", 1),
        ("储备", 2),
        ("开工", 1),
        ("建设", 3),
        ("投产", 1),
    ]


def test_the_board_narrows_to_a_unit(cast, district, today):
    assert cockpit(cast.leader, today, unit=cast.other_unit)["kpis"][0]["value"] == 5


def test_small_units_are_not_ranked(cast, district, today):
    rows = {row["unit"]: row["rank"] for row in cockpit(cast.leader, today)["unit_rows"]}
    assert rows == {"工信局": 1, "住建局": "—"}


def test_queries_do_not_grow_with_projects(login, cast, district, django_assert_max_num_queries):
    client = login(cast.leader)
    client.get("/cockpit/")  # judges the whole district, once
    make_project(cast.other_unit, stage=Stage.CONSTRUCTION)
    with django_assert_max_num_queries(40) as few:
        assert client.get("/cockpit/").status_code == 200
    for _ in range(12):
        make_project(cast.other_unit, stage=Stage.CONSTRUCTION)
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get("/cockpit/")


def test_the_page_says_what_is_missing(login, cast, district):
    page = login(cast.leader).get("/cockpit/").content.decode()
    for text in ("驾驶舱", "需要您关注", "投资滞后项目", "11月未填报", "数据截至"):
        assert text in page


@pytest.mark.parametrize(("who", "status"), [("leader", 302), ("reporter", 200), ("admin", 200), ("sysadmin", 200)])
def test_home_opens_for_everybody(login, cast, district, who, status):
    assert login(getattr(cast, who)).get("/").status_code == status


def test_the_official_sees_what_is_to_do(login, cast, district):
    page = login(cast.reporter).get("/").content.decode()
    assert "11月待填报" in page
    assert "用地预审与选址意见书" in page
    assert "逾期 10 个工作日" in page


def test_who_has_nothing_to_do_here_is_shown_the_places(login, cast, district):
    page = login(cast.scout).get("/")
    places = [item for group in page.context["menu"] for item in group if not item["active"]]
    assert places
    assert all(page.content.decode().count(f'href="{item["url"]}"') >= 2 for item in places)


def test_an_empty_district(login, cast):
    page = login(cast.leader).get("/cockpit/")
    assert page.status_code == 200
    assert "没有红灯和黄灯项目" in page.content.decode()


def test_cockpit_is_closed_to_officials(login, cast):
    assert login(cast.reporter).get("/cockpit/").status_code == 403
