"""Layouts seen in real lists, one quirk at a time. Grids are given directly: no file, no process."""

import pytest

from common.excel.model import Choices
from common.excel.understand import understand


def grid(rows, name="Sheet1", merges=(), hidden=False, hidden_rows=(), hidden_columns=()):
    """A raw grid as the parser delivers it; merges are (top, left, bottom, right) from 0."""
    return {
        "name": name,
        "hidden": hidden,
        "rows": rows,
        "merges": [list(merge) for merge in merges],
        "hidden_rows": list(hidden_rows),
        "hidden_columns": list(hidden_columns),
        "errors": [],
        "uncached": [],
    }


def names(result):
    return [project["name"] for project in result.projects]


def kinds(result):
    return {row.row: row.kind for row in result.sheets[0].rows}


HEADER = ["序号", "项目名称", "建设内容", "总投资（万元）", "责任单位"]


def project(number, name, total=100, content="改造道路", unit="区住建局"):
    return [number, name, content, total, unit]


def test_title_unit_line_and_header_far_down():
    rows = [["附件1"], ["云岭区2026年重大项目清单"], ["共2个项目，总投资300万元。"], [], ["单位：亿元"], [], []]
    rows += [
        ["序号", "项目名称", "总投资", "责任单位"],
        [1, "东河大桥", 1.5, "区交通局"],
        [2, "西山道路", "2,000.5万元", "区住建局"],
    ]
    result = understand([grid(rows)])
    assert result.sheets[0].header_rows == [8]
    assert result.sheets[0].unit == "亿元"
    assert result.sheets[0].title == "云岭区2026年重大项目清单"
    assert [p["total_investment"] for p in result.projects] == ["15000", "2000.5"]
    assert not result.warnings


def test_no_unit_anywhere_is_assumed_and_said():
    result = understand([grid([["项目名称", "总投资", "责任单位"], ["东河大桥", 5, "区住建局"]])])
    assert result.projects[0]["total_investment"] == "5"
    assert [w["code"] for w in result.warnings] == ["unit_assumed"]
    assert "总投资" in result.warnings[0]["message"]


def test_parents_over_children_without_merging():
    rows = [
        ["序号", "项目名称", "2026年投资计划", "", "", "责任单位"],
        ["", "", "计划总投资", "其中：市财政", "主要建设内容", ""],
        [1, "东河大桥", 500, 100, "完成桥墩", "区交通局"],
    ]
    result = understand([grid(rows)])
    assert result.sheets[0].header_rows == [1, 2]
    assert result.projects[0]["annual_plan"] == "500"
    assert result.projects[0]["annual_goal"] == "完成桥墩"
    assert "total_investment" not in result.projects[0]


def test_last_years_plan_does_not_win():
    rows = [
        ["2026年重点项目"],
        ["项目名称", "2025年计划投资（万元）", "2026年计划投资（万元）", "责任单位"],
        ["东河大桥", 1, 2, "区住建局"],
    ]
    assert understand([grid(rows)]).projects[0]["annual_plan"] == "2"
    alone = [["2026年重点项目"], ["项目名称", "2025年计划投资（万元）", "责任单位"], ["东河大桥", 1, "区住建局"]]
    assert "annual_plan" not in understand([grid(alone)]).projects[0]


def test_sections_totals_and_notes_are_no_projects():
    rows = [
        HEADER,
        ["", "全区合计（4个）", "", 9999, ""],
        ["一、", "产业项目（2项）", "", 300, ""],
        ["", "（一）续建", "", "", ""],
        project(1, "东河产业园"),
        ["", "（二）新开工项目1个", "", "", ""],
        project(1, "西山产业园"),
        ["二、", "社会民生类 2个", "", 200, ""],
        project(1, "一中教学楼（9个）"),
        project(2, "合计路改造工程"),
        ["小计", "", "", 200, ""],
        ["注：★为省重点项目。"],
    ]
    result = understand([grid(rows)])
    assert names(result) == ["东河产业园", "西山产业园", "一中教学楼（9个）", "合计路改造工程"]
    first, second, third, _ = result.projects
    assert (first["industry"], first["nature"], first["stage"]) == ("产业", "续建", "建设")
    assert (second["industry"], second["nature"], second["stage"]) == ("产业", "新建", "开工")
    assert third["industry"] == "社会民生类"
    assert "stage" not in third
    found = kinds(result)
    assert found[2] == found[11] == "total"
    assert found[3] == found[4] == found[6] == found[8] == "section"
    assert found[12] == "note"


@pytest.mark.parametrize(
    "name", ["红河路", "东河综合保税区", "君澜府小区", "一号餐厅", "三江口大桥", "12英寸生产线", "十里铺街道"]
)
def test_projects_that_look_like_sections_survive(name):
    rows = [HEADER, project(1, "东河大桥"), project(2, name), [3, name + "二期", "", "", ""]]
    assert names(understand([grid(rows)])) == ["东河大桥", name, name + "二期"]


def test_groups_by_unit_give_the_responsible_unit():
    rows = [
        ["序号", "项目名称", "建设内容", "总投资（万元）"],
        ["", "区水务局", 2, 300],
        [1, "东河水库", "加固", 100],
        [2, "西山灌区", "改造", 200],
        ["", "北岭市人民政府", 1, 50],
        [3, "南湖泵站", "新建泵站", 50],
    ]
    result = understand([grid(rows)])
    assert [p["responsible"] for p in result.projects] == ["区水务局", "区水务局", "北岭市人民政府"]


def test_a_merged_first_column_gives_every_row_its_category():
    rows = [
        ["项目类别", "项目名称", "总投资（万元）", "责任单位"],
        ["基础设施", "东河大桥", 1, "区交通局"],
        ["", "西山道路", 2, "区交通局"],
        ["社会民生", "南湖小学", 3, "区教育局"],
    ]
    result = understand([grid(rows, merges=[(1, 0, 2, 0)])])
    assert [p["industry"] for p in result.projects] == ["基础设施", "基础设施", "社会民生"]


def test_an_amount_merged_over_two_projects_counts_once():
    rows = [["项目名称", "总投资（万元）", "责任单位"], ["东河大桥", 100, "区交通局"], ["西山道路", "", "区交通局"]]
    result = understand([grid(rows, merges=[(1, 1, 2, 1)])])
    assert [p.get("total_investment") for p in result.projects] == ["100", None]
    assert [w["code"] for w in result.warnings] == ["merged_amount"]


def test_several_rows_per_project_without_merging():
    rows = [
        [*HEADER, "季度", "形象进度"],
        [*project(1, "东河大桥"), "二季度", "桩基"],
        ["", "", "", "", "", "三季度", "桥墩"],
        [*project(2, "西山道路"), "二季度", "路基"],
        ["", "", "", "", "", "三季度", "路面"],
    ]
    result = understand([grid(rows)])
    assert [(p["row"], p["last_row"], p["name"]) for p in result.projects] == [(2, 3, "东河大桥"), (4, 5, "西山道路")]
    assert not result.errors


def test_repeated_page_headers_and_titles_do_not_break_sections():
    rows = [["云岭区重点项目清单"], HEADER, ["一、产业类", "", "", "", ""], project(1, "东河产业园")]
    rows += [["云岭区重点项目清单"], HEADER, project(2, "西山产业园")]
    result = understand([grid(rows)])
    assert names(result) == ["东河产业园", "西山产业园"]
    assert [p["industry"] for p in result.projects] == ["产业类", "产业类"]


def test_two_tables_side_by_side():
    header = ["序号", "项目名称", "总投资（万元）"]
    rows = [header + header, [1, "东河大桥", 10, 3, "西山道路", 30], [2, "南湖小学", 20, None, None, None]]
    result = understand([grid(rows)])
    assert sorted(names(result)) == ["东河大桥", "南湖小学", "西山道路"]
    assert {p["name"]: p["total_investment"] for p in result.projects}["西山道路"] == "30"


def test_a_second_table_below_with_other_columns_and_unit():
    rows = [["单位：万元"], ["序号", "项目名称", "总投资"], [1, "东河大桥", 10]]
    rows += [
        ["二、储备项目", "", ""],
        ["单位：亿元"],
        ["序号", "项目名称", "责任单位", "总投资"],
        [1, "西山道路", "区交通局", 2],
    ]
    result = understand([grid(rows)])
    assert [(p["name"], p["total_investment"]) for p in result.projects] == [("东河大桥", "10"), ("西山道路", "20000")]


def test_the_serial_column_may_have_no_header_and_names_may_be_shifted():
    rows = [["", "项目名称", "", "总投资（万元）"], *([n, n, f"东河{n}号桥", 10 * n] for n in range(1, 5))]
    result = understand([grid(rows)])
    assert names(result) == [f"东河{n}号桥" for n in range(1, 5)]
    assert "column_inferred" in [w["code"] for w in result.warnings]


def test_sheets_per_industry_and_a_statistics_sheet():
    sheets = [grid([HEADER, project(1, f"{label}大桥")], name=label) for label in ("工业", "农业")]
    stats = grid([["类别", "个数", "总投资（万元）"], ["工业", 1, 100], ["农业", 1, 100]], name="汇总")
    result = understand([stats, *sheets])
    assert [(p["name"], p["industry"]) for p in result.projects] == [("工业大桥", "工业"), ("农业大桥", "农业")]
    assert [sheet.imported for sheet in result.sheets] == [False, True, True]


def test_a_total_sheet_and_its_parts_are_imported_once():
    every = [project(1, "东河大桥"), project(2, "西山道路"), project(3, "南湖小学")]
    result = understand(
        [
            grid([HEADER, *every], name="总表"),
            grid([HEADER, *every[:2]], name="续建"),
            grid([HEADER, every[2]], name="新开工"),
        ]
    )
    assert sorted(names(result)) == sorted(["东河大桥", "西山道路", "南湖小学"])
    assert "重复" in result.sheets[1].why


def test_hidden_sheets_are_left_out_hidden_rows_and_columns_are_read_and_said():
    rows = [HEADER, project(1, "东河大桥"), project(2, "西山道路")]
    result = understand([grid(rows, hidden_rows=[2], hidden_columns=[3]), grid(rows[:2], name="草稿", hidden=True)])
    assert names(result) == ["东河大桥", "西山道路"]
    assert result.projects[0]["total_investment"] == "100"
    assert {"hidden_rows", "hidden_columns"} <= {w["code"] for w in result.warnings}
    assert result.sheets[1].why == "隐藏的工作表"


def test_without_a_header_the_reader_asks():
    rows = [["东河大桥", "改造", 100, "区住建局"], ["西山道路", "新建", 200, "区交通局"]]
    result = understand([grid(rows)])
    assert result.needs_mapping
    assert not result.projects
    assert result.sheets[0].columns[0].samples == ["东河大桥", "西山道路"]
    choices = Choices(columns={"Sheet1": {0: "name", 2: "total_investment", 3: "responsible"}}, default_unit="万元")
    mapped = understand([grid(rows)], choices=choices)
    assert [(p["name"], p["total_investment"]) for p in mapped.projects] == [("东河大桥", "100"), ("西山道路", "200")]


def test_a_header_without_rows_is_told_and_needs_no_mapping():
    result = understand([grid([HEADER])])
    assert not result.needs_mapping
    assert not result.projects
    assert "没有项目行" in result.warnings[0]["message"]


def test_one_column_text_lists_keep_children():
    rows = [
        [text]
        for text in (
            "重点项目名单",
            "一、在建项目(3个)",
            "(一)农业(3个)",
            "1.东河灌区",
            "(1)一干渠▲",
            "(2)二干渠",
            "2.西山水库",
        )
    ]
    result = understand([grid(rows)])
    assert names(result) == ["东河灌区", "西山水库"]
    assert result.projects[0]["sub_items"] == [{"row": 5, "name": "一干渠", "mark": "▲"}, {"row": 6, "name": "二干渠"}]
    assert (result.projects[0]["stage"], result.projects[0]["industry"]) == ("建设", "农业")


def test_a_similar_header_is_only_a_suggestion():
    rows = [["项目名称", "总投资（万元）", "建设地址情况"], ["东河大桥", 1, "东河街道"]]
    result = understand([grid(rows)])
    column = result.sheets[0].columns[2]
    assert (column.field, column.suggestion, column.confidence) == (None, "location", "suggested")
    assert "location" not in result.projects[0]
    chosen = understand([grid(rows)], choices=Choices(aliases={"建设地址情况": "location"}))
    assert chosen.projects[0]["location"] == "东河街道"


def test_choices_overrule_rows_units_and_values():
    rows = [HEADER, project(1, "东河大桥", unit="区住建委"), project(2, "西山道路"), ["", "其他事项", "", "", ""]]
    choices = Choices(
        rows={"Sheet1": {3: "note", 4: "project"}},
        units={"Sheet1": {3: "亿元"}},
        values={"responsible": {"区住建委": "区住建局"}},
    )
    result = understand([grid(rows)], choices=Choices.from_json(choices.to_json()))
    assert names(result) == ["东河大桥", "其他事项"]
    assert result.projects[0]["total_investment"] == "1000000"
    assert result.projects[0]["responsible"] == "区住建局"


def test_the_header_can_be_pointed_out():
    rows = [["项目名称", "总投资", "说明"], ["名称", "计划总投资（亿元）", "责任单位"], ["东河大桥", 1, "区住建局"]]
    result = understand([grid(rows)], choices=Choices(header_rows={"Sheet1": [2]}))
    assert result.projects[0]["total_investment"] == "10000"
    assert result.projects[0]["responsible"] == "区住建局"


def test_all_errors_are_told_at_once_in_the_given_form():
    rows = [
        [*HEADER, "开工时间"],
        [*project(1, "东河大桥", total="很多"), "三月底"],
        [*project(2, ""), ""],
        [*project(3, "南湖小学"), 2024.1],
    ]
    result = understand([grid(rows)])
    assert [(e["row"], e["letter"], e["code"]) for e in result.errors] == [
        (2, "D", "amount_format"),
        (2, "F", "date_no_year"),
        (3, "B", "name_missing"),
        (4, "F", "date_ambiguous_float_month"),
    ]
    assert result.errors[0]["message"] == "第 2 行「总投资(万元)」：现为“很多”，应为金额。"
    assert names(result) == ["东河大桥", "南湖小学"]


def test_contradictions_are_warnings_on_their_rows():
    header = [
        "项目名称",
        "总投资（万元）",
        "年度计划投资（万元）",
        "累计完成投资（万元）",
        "建设性质",
        "是否开工",
        "起止年限",
    ]
    rows = [
        header,
        ["东河大桥", 100, 200, 300, "续建", "否", "2024-2026"],
        ["东河大桥", 100, 0, None, "新建", "是", "2024"],
    ]
    result = understand([grid(rows)])
    codes = {(w["row"], w["code"]) for w in result.warnings}
    assert codes == {
        (2, "stage_conflict"),
        (2, "plan_exceeds_total"),
        (2, "done_exceeds_plan"),
        (3, "plan_zero"),
        (3, "repeated_name"),
    }
    assert "stage" not in result.projects[0]
    assert result.projects[1]["stage"] == "开工"


def test_section_texts_of_every_kind():
    rows = [
        HEADER,
        ["", "【预备】(1个)", "", "", ""],
        project(1, "东河大桥"),
        ["", "省级重点项目（共计1项，总投资1亿元）", "", "", ""],
        project(2, "西山道路"),
        ["——", "综合交通", "", "", ""],
        project(3, "南湖隧道"),
        ["", "其中：社会民生", "", 100, ""],
        project(4, "北岭小学"),
    ]
    result = understand([grid(rows)])
    assert names(result) == ["东河大桥", "西山道路", "南湖隧道", "北岭小学"]
    assert result.projects[0]["stage"] == "储备"
    assert result.projects[1]["level"] == "省重点"
    assert "industry" not in result.projects[1]
    assert kinds(result)[8] == "total"


def test_children_without_figures_stay_with_their_parent():
    rows = [
        HEADER,
        project(1, "东河灌区"),
        ["(1)", "一干渠", "", "", ""],
        ["(2)", "二干渠", "", "", ""],
        project(2, "西山水库"),
    ]
    result = understand([grid(rows)])
    assert names(result) == ["东河灌区", "西山水库"]
    assert result.projects[0]["sub_items"] == [{"row": 3, "name": "一干渠"}, {"row": 4, "name": "二干渠"}]
    rich = [HEADER, project(1, "东河灌区"), project("(1)", "一干渠"), project("(2)", "二干渠")]
    assert [p.get("parent_row") for p in understand([grid(rich)]).projects] == [None, 2, 2]


def test_third_level_sections_in_brackets_are_sections():
    rows = [HEADER, ["一", "交通", "", "", ""], ["(1)", "公路（1项）", "", "", ""], project(1, "东河大桥")]
    rows += [["(2)", "铁路（1项）", "", "", ""], project(2, "西山隧道")]
    result = understand([grid(rows)])
    assert [(p["name"], p["industry"]) for p in result.projects] == [
        ("东河大桥", "交通/公路"),
        ("西山隧道", "交通/铁路"),
    ]


def test_sums_under_a_parent_and_their_parts():
    rows = [
        ["项目名称", "总投资（亿元）", "", "投资计划（万元）", "", "责任单位"],
        ["", "合计", "其中：财政", "总投资", "2026年", ""],
        ["东河大桥", 1, 0.5, 10000, 300, "区交通局"],
    ]
    merges = [(0, 0, 1, 0), (0, 1, 0, 2), (0, 3, 0, 4), (0, 5, 1, 5)]
    result = understand([grid(rows, merges=merges)])
    assert result.projects[0]["total_investment"] == "10000"
    assert result.projects[0]["annual_plan"] == "300"


def test_unit_lines_with_other_measures():
    rows = [["单位：个、亿元"], ["项目名称", "总投资", "责任单位"], ["东河大桥", 1, "区交通局"]]
    assert understand([grid(rows)]).projects[0]["total_investment"] == "10000"
