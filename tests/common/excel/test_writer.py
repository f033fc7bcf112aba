"""What we hand out: no live formulas, templates that read back exactly, errors marked in the user's own file."""

import csv
import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.excel.aliases import FIELDS, PROJECT_COLUMNS
from common.excel.understand import read_workbook
from common.excel.writer import DANGEROUS, REASON, header_of, mark_errors, write_table, write_template
from tests.common.excel import hostile

COLUMNS = [FIELDS[name] for name in ("name", "total_investment", "start", "started", "lead_officials", "scale")]
ATTACKS = ["=1+1", "==1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠a", "=cmd|' /C calc'!A0"]


def cells(data: bytes, sheet: int = 0):
    page = openpyxl.load_workbook(io.BytesIO(data)).worksheets[sheet]
    return [list(row) for row in page.iter_rows()]


@pytest.mark.parametrize("attack", ATTACKS)
def test_text_that_begins_like_a_formula_stays_text(attack):
    cell = cells(write_table(COLUMNS, [{"name": attack}]))[1][0]
    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert str(cell.value).strip("\t\r\n") == attack.strip("\t\r\n")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=40))
def test_no_text_ever_becomes_a_formula(texts):
    rows = cells(write_table(COLUMNS, [[text, None, None, None, None, text] for text in texts]))
    for row in rows[1:]:
        for cell in row:
            assert cell.data_type != "f"
            assert cell.hyperlink is None
            if isinstance(cell.value, str) and cell.value.startswith(DANGEROUS):
                assert cell.quotePrefix


def test_numbers_dates_and_blanks_keep_their_type():
    row = {
        "name": "东河大桥",
        "total_investment": Decimal("-1234.5678"),
        "start": dt.date(2026, 3, 15),
        "started": True,
        "lead_officials": ["张立新", "李敏"],
        "scale": None,
    }
    title, header, first = cells(write_table(COLUMNS, [row], title="云岭区项目清单"))[:3]
    assert title[0].value == "云岭区项目清单"
    assert header[1].value == "总投资（万元）"
    assert [cell.value for cell in first] == [
        "东河大桥",
        -1234.5678,
        dt.datetime(2026, 3, 15),
        "是",
        "张立新、李敏",
        None,
    ]
    assert first[1].data_type == "n"


def test_a_table_reads_back_as_it_was():
    rows = [
        {
            "name": "东河大桥",
            "total_investment": Decimal("1200.5"),
            "lead_officials": ["张立新", "李敏"],
            "scale": "=全长2公里",
        },
        {"name": "西山道路", "total_investment": Decimal(7), "start": dt.date(2026, 3, 15)},
    ]
    result = read_workbook(
        write_table(COLUMNS, rows, title="云岭区2026年项目清单", notes=["注：单位均为万元。"]), "清单.xlsx"
    )
    first, second = result.projects
    assert (first["total_investment"], first["lead_officials"], first["scale"]) == (
        "1200.5",
        ["张立新", "李敏"],
        "=全长2公里",
    )
    assert (second["total_investment"], second["start"]) == ("7", "2026-03-15")
    assert not result.errors
    assert not result.warnings


def test_the_template_of_all_columns_reads_back_exactly():
    columns = [column for column in PROJECT_COLUMNS if column.field not in ("city", "area", "industry_sub")]
    filled = {"name": "东河大桥", "total_investment": 10, "responsible": "区住建局", "stage": "建设"}
    data = write_template(
        columns, {"responsible": ["区住建局", "区交通局"], "stage": ["谋划", "储备", "建设"]}, [filled]
    )
    result = read_workbook(data, "模板.xlsx")
    sheet = result.sheets[0]
    assert [column.field for column in sheet.columns] == [column.field for column in columns]
    assert {column.confidence for column in sheet.columns} == {"exact"}
    assert sheet.header_rows == [1]
    assert [item.imported for item in result.sheets] == [True, False, False]
    project = result.projects[0]
    assert {key: project[key] for key in ("name", "total_investment", "responsible", "stage")} == {
        "name": "东河大桥",
        "total_investment": "10",
        "responsible": "区住建局",
        "stage": "建设",
    }


def test_the_template_offers_drop_downs_and_notes():
    book = openpyxl.load_workbook(io.BytesIO(write_template(COLUMNS, {"scale": [f"选项{n}" for n in range(80)]})))
    assert book.sheetnames == ["项目导入", "填写说明", "选项"]
    assert book["选项"].sheet_state == "hidden"
    sources = {rule.formula1 for rule in book["项目导入"].data_validations.dataValidation}
    assert "选项!$F$1:$F$80" in sources
    guide = [[cell.value for cell in row] for row in book["填写说明"].iter_rows()]
    assert [header_of(FIELDS["name"]), "必填", "文字"] in guide


def test_errors_come_back_in_the_users_own_workbook():
    book = openpyxl.Workbook()
    for row in (
        ["云岭区清单"],
        ["项目名称", "总投资（万元）"],
        ["东河大桥", "很多"],
        ["西山道路", 7],
        ["南湖小学", "1-2亿"],
    ):
        book.active.append(row)
    book.active.merge_cells("A1:B1")
    out = io.BytesIO()
    book.save(out)
    result = read_workbook(out.getvalue(), "清单.xlsx")
    assert len(result.errors) == 2
    marked = mark_errors(out.getvalue(), result.errors, "清单.xlsx", {"Sheet": [2]})
    back = openpyxl.load_workbook(io.BytesIO(marked))
    assert back.sheetnames == ["修改说明", "Sheet"]
    page = back["Sheet"]
    assert page["C2"].value == REASON
    assert page["B3"].fill.start_color.rgb == "00FDECEC"
    assert "第 3 行" in page["C3"].value
    assert page["C4"].value is None
    page["B3"], page["B5"] = 100, 200
    again = io.BytesIO()
    back.save(again)
    corrected = read_workbook(again.getvalue(), "清单.xlsx")
    assert [p["total_investment"] for p in corrected.projects] == ["100", "7", "200"]
    assert not corrected.errors
    twice = openpyxl.load_workbook(io.BytesIO(mark_errors(marked, result.errors, "清单.xlsx", {"Sheet": [2]})))
    assert twice["Sheet"]["D2"].value is None


def test_errors_of_a_csv_come_back_as_a_workbook():
    text = io.StringIO()
    csv.writer(text).writerows([["项目名称", "总投资（万元）"], ["=东河大桥", "很多"]])
    data = text.getvalue().encode("gb18030")
    result = read_workbook(data, "清单.csv")
    page = openpyxl.load_workbook(io.BytesIO(mark_errors(data, result.errors, "清单.csv", {"CSV": [1]})))["CSV"]
    assert page["A2"].data_type == "s"
    assert page["C2"].value.startswith("第 2 行")


@pytest.mark.shared
def test_errors_of_an_old_workbook_come_back_as_a_new_one(shared_lists):
    data = next(shared_lists.glob("T08*.xls")).read_bytes()
    sheet = read_workbook(data, "a.xls").sheets[0]
    error = {"sheet": sheet.name, "row": 4, "letter": "F", "message": "第 4 行：示例。"}
    marked = mark_errors(data, [error], "a.xls", {sheet.name: sheet.header_rows})
    page = openpyxl.load_workbook(io.BytesIO(marked)).worksheets[1]
    assert page["O3"].value == REASON
    assert page["O4"].value == "第 4 行：示例。"


def test_a_hostile_original_is_not_opened():
    make, name, _ = hostile.REFUSED["16 far cell"]
    with pytest.raises(Exception, match=r"20000 行|列"):
        mark_errors(make(), [], name)
