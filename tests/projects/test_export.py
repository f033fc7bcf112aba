"""The export is the list: same rows, columns, order, figures; nothing in it is a formula."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from accounts.models import AuditEntry
from common.periods import Period
from investment.actions import report_month, set_annual_plan
from projects.actions import assign
from projects.choices import Duty, Stage
from tests.factories import make_project

URL, LIST = "/projects/export/", "/projects/"


def sheet_of(response) -> list[list]:
    """Every cell of the first sheet, row by row."""
    assert response.status_code == 200
    page = openpyxl.load_workbook(io.BytesIO(response.getvalue())).active
    return [[cell.value for cell in row] for row in page.iter_rows()]


@pytest.fixture
def rows(cast, today):
    big = make_project(cast.unit, name="大项目", total_investment=Decimal("126000.5"), stage=Stage.CONSTRUCTION)
    set_annual_plan(project=big, year=2026, target=Decimal(38000), by=None)
    report_month(project=big, period=Period(2026, 10), completed=Decimal(1000), by=None)
    assign(project=big, duty=Duty.OFFICIAL, name="未来人", starts_on=today, by=None)
    make_project(cast.unit, name="小项目", total_investment=Decimal(500), actual_start_date=date(2026, 5, 1))
    make_project(cast.other_unit, name="别处的", total_investment=None)
    return cast


def test_it_has_the_rows_of_the_page_in_their_order(login, rows):
    client = login(rows.admin)
    for query in ("", "sort=-total", "sort=name", "stage=construction", "q=小项目", "light=red&light=yellow"):
        page = client.get(f"{LIST}?{query}").context
        names = [row["name"] for row in page["rows"]]
        cells = sheet_of(client.get(f"{URL}?{query}"))
        start = next(i for i, row in enumerate(cells) if row[0] == "项目名称")
        assert [row[0] for row in cells[start + 1 : start + 1 + len(names)]] == names, query
        assert cells[start + 1 + len(names)][0] is None


def test_it_has_the_columns_of_the_page_and_amounts_are_numbers_in_wan(login, rows):
    client = login(rows.admin)
    cells = sheet_of(client.get(f"{URL}?sort=-total&money=yi&col=total&col=name&col=plan&col=rate"))

    assert cells[1][:6] == ["总投资（万元）", "项目名称", "项目编号", "类别", "年度计划（万元）", "年度完成率"]
    assert cells[2][:2] == [126000.5, "大项目"] and cells[2][4:6] == [38000, 2.6]
    assert cells[4][0] is None  # unknown stays empty, it is not 0


def test_small_print_of_a_cell_has_a_column_of_its_own(login, rows):
    cells = sheet_of(login(rows.admin).get(f"{URL}?q=大项目"))
    head, row = cells[1], cells[2]

    assert row[head.index("责任单位")] == "工信局" and row[head.index("责任人")] == "未来人"
    assert row[head.index("项目编号")].startswith("2026-")
    assert row[head.index("灯")].startswith("红灯：达序时率 ")


def test_notes_tell_who_when_and_what_was_filtered(login, rows):
    text = str(sheet_of(login(rows.admin).get(f"{URL}?stage=construction")))
    assert "导出时间：2026-11-24 10:00，导出人：乙主任" in text
    assert "筛选条件：阶段：建设" in text
    entry = AuditEntry.objects.get(action="导出项目清单")
    assert entry.actor == rows.admin and "阶段：建设" in entry.reason


def test_it_holds_only_what_the_person_may_see(login, rows):
    assert "大项目" not in str(sheet_of(login(rows.stranger).get(URL)))
    assert login(rows.member).get(URL).status_code == 403
    assert login(rows.sysadmin).get(URL).status_code == 403


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "＝cmd", "\t=1", '=HYPERLINK("http://x")'])
def test_a_name_never_becomes_a_formula(login, cast, name):
    make_project(cast.unit, name=name, owner_name=name, location=name)
    response = login(cast.admin).get(f"{URL}?col=name&col=owner&col=location")
    page = openpyxl.load_workbook(io.BytesIO(response.getvalue())).active
    head = [cell.value for cell in page[2]]
    texts = [page[3][head.index(label)] for label in ("项目名称", "建设单位", "建设地点")]

    assert [cell.value.strip() for cell in texts] == [name.strip()] * 3
    assert {cell.quotePrefix for cell in texts[1:]} == {True}
    assert all(cell.data_type == "s" for row in page.iter_rows() for cell in row if isinstance(cell.value, str))
