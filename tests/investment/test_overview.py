"""投资总览: groups, ranks and the rows behind every figure."""

import io
import re
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.http import QueryDict
from django.urls import reverse
from openpyxl import load_workbook

from common.periods import Period
from investment.actions import report_month, set_annual_plan
from investment.monthly_report import COLUMNS
from investment.selectors.board import Board
from investment.selectors.overview import Sums, overview, ranking
from projects.choices import Stage
from tests.factories import make_project

OVERVIEW, ROWS = reverse("investment:overview"), reverse("investment:rows")


def build(unit, name, target, months, *, year=2026, **fields):
    project = make_project(unit, name=name, stage=Stage.CONSTRUCTION, since=date(2026, 1, 5), **fields)
    if target:
        set_annual_plan(project=project, year=year, target=Decimal(target), by=None)
    for month, amount in months.items():
        report_month(project=project, period=Period(year, month), completed=Decimal(amount), by=None)
    return project


@pytest.fixture
def district(cast):
    """工信局: three planned projects and one without a plan; 住建局: three that overtook them in October."""
    for n in range(3):
        build(cast.unit, f"甲{n}", "1200.0001", {9: "900", 10: "10.0001"})
        build(cast.other_unit, f"乙{n}", 1200, {9: "800", 10: "400.5"}, category="tourism", industry_code="R9030")
    build(cast.unit, "无计划", None, {10: "7"})
    earlier = build(cast.unit, "去年的", None, {})
    report_month(project=earlier, period=Period(2025, 10), completed=Decimal(2000), by=None)


def board(user, today, query=""):
    return Board(user, QueryDict(query), today)


def numbers(page: str, label: str) -> list[Decimal]:
    cells = re.findall(rf'data-label="{label}[^"]*"[^>]*>(?:<a[^>]*>)?([^<]*)<', page)
    return [Decimal(text.replace(",", "")) if text != "—" else Decimal(0) for text in cells if text.strip()]


def test_ranks_and_how_they_moved(cast, district, today):
    page = overview(board(cast.leader, today))
    rows = {row["label"]: row for row in page["rows"]}
    assert (rows["住建局"]["rank"], rows["住建局"]["moved"]) == (1, 1)
    assert (rows["工信局"]["rank"], rows["工信局"]["moved"], page["ranked"]) == (2, -1, 2)
    assert (str(rows["住建局"]["score"]), str(rows["工信局"]["score"])) == ("100.00", "60.00")
    assert rows["工信局"]["target"] == "3,600.0003"
    assert rows["工信局"]["month"] == "30.0003"
    assert (rows["工信局"]["projects"], rows["工信局"]["planned"]) == (5, 3)
    assert page["unplanned"]["done"] == "7"


def test_ties_share_a_rank_and_the_next_is_skipped():
    def group(done, planned=3):
        return Sums(3, planned, target=Decimal(100), done=Decimal(done), scheduled=Fraction(50))

    groups = {"a": group(30), "b": group(40), "c": group(30), "d": group(20), "small": group(99, planned=2)}
    assert ranking(groups) == {"b": 1, "a": 2, "c": 2, "d": 4}


def test_growth_compares_everything_told_with_last_year(cast, district, today):
    page = overview(board(cast.leader, today))
    now, before = Decimal("910.0001") * 3 + Decimal("1200.5") * 3 + 7, Decimal(2000)
    assert page["stats"][4]["value"] == f"{round((now - before) / before * 100, 1):+}%"
    assert "2,000" in page["stats"][4]["note"]


@pytest.mark.parametrize("by", ["unit", "category", "industry", "level", "kind"])
def test_every_figure_is_the_sum_of_the_rows_its_link_opens(login, cast, district, today, by):
    client = login(cast.leader)
    for row in overview(board(cast.leader, today, f"by={by}"))["rows"]:
        page = client.get(row["planned_url"]).content.decode().split("<tfoot>")
        assert sum(numbers(page[0], "年度计划")) == Decimal(row["target"].replace(",", ""))
        assert sum(numbers(page[0], "累计完成")) == Decimal(row["done"].replace(",", ""))
        assert sum(numbers(page[0], "当月完成")) == Decimal(row["month"].replace(",", ""))
        assert numbers(page[1], "累计完成") == [Decimal(row["done"].replace(",", ""))]
        assert f"共 <b>{row['planned']}</b>" in page[0]
        assert f"共 <b>{row['projects']}</b>" in client.get(row["projects_url"]).content.decode()


def test_another_month_shows_its_own_figures(login, cast, district, today):
    page = login(cast.leader).get(OVERVIEW, {"period": "2026-09", "by": "unit"}).content.decode()
    assert "2,400" in page
    assert "3,601.5" not in page
    assert "2026年10月" in login(cast.leader).get(OVERVIEW, {"period": "2027-01"}).content.decode()


def test_a_unit_sees_its_own_money(login, cast, district):
    page = login(cast.reporter).get(OVERVIEW).content.decode()
    assert "工信局" in page
    assert "住建局" not in page


def test_the_report_has_the_standard_columns(login, cast, district):
    response = login(cast.leader).get(reverse("investment:report"), {"category": "tourism"})
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    header = [cell.value for cell in sheet[2]]
    assert header[:5] == ["序号", "项目代码", "项目名称", "责任单位", "建设单位"]
    assert header[11:16] == [
        "总投资（亿元）",
        "资金来源",
        "年度计划投资（万元）",
        "当月完成（万元）",
        "自年初累计完成（万元）",
    ]
    assert header[-2:] == ["灯色", "备注"]
    rows = [dict(zip(header, [cell.value for cell in row], strict=True)) for row in sheet.iter_rows(3, 5)]
    assert [row["项目名称"] for row in rows] == ["乙0", "乙1", "乙2"]
    assert rows[0]["自年初累计完成（万元）"] == 1200.5
    assert rows[0]["年度完成率%"] == 100
    assert len(header) == len(COLUMNS) == 31


def test_queries_do_not_grow(login, cast, district, django_assert_max_num_queries):
    client = login(cast.leader)
    client.get(OVERVIEW)
    for address in (OVERVIEW, f"{ROWS}?planned=yes"):
        with django_assert_max_num_queries(18):
            assert client.get(address).status_code == 200
