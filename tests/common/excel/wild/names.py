"""What is a project by its place: names alone, numbers in brackets, parts and groups, statistics that are none."""

from tests.common.excel.wild.case import Case, case, page, told


@case
def single_column_with_header() -> Case:
    rows = [
        ["2026年云岭市重点项目名单"],
        ["项目名称"],
        ["东河铸造产业园"],
        ["青石新材料基地"],
        ["西山物流园"],
        ["南湖医院"],
    ]
    return [page(rows)], told(
        {
            3: {"name": "东河铸造产业园"},
            4: {"name": "青石新材料基地"},
            5: {"name": "西山物流园"},
            6: {"name": "南湖医院"},
        }
    )


@case
def paren_serials_are_projects() -> Case:
    rows = [
        ["序号", "项目名称", "建设内容", "总投资（万元）", "责任单位"],
        ["1", "工业项目（3个）", "", 600, ""],
        ["（1）", "东河铸造产业园", "厂房", 100, "区工信局"],
        ["（2）", "青石新材料基地", "中试线", 200, "区工信局"],
        ["（3）", "西山物流园", "仓储", 300, "区商务局"],
        ["2", "民生项目（2个）", "", 900, ""],
        ["（1）", "南湖医院", "病房楼", 400, "区卫健局"],
        ["（2）", "柳林小学", "教学楼", 500, "区教育局"],
    ]
    return [page(rows)], told(
        {
            3: {"name": "东河铸造产业园", "industry": "工业", "parent_row": None},
            4: {"name": "青石新材料基地", "industry": "工业", "parent_row": None},
            5: {"name": "西山物流园", "parent_row": None},
            7: {"name": "南湖医院", "industry": "民生", "parent_row": None},
            8: {"name": "柳林小学", "parent_row": None},
        }
    )


@case
def decimal_serials_all_children() -> Case:
    rows = [
        ["序号", "项目名称", "总投资（万元）", "责任单位"],
        ["1", "交通项目", "", ""],
        ["1.1", "东河大桥", 9000, "区交通局"],
        ["1.2", "柳林大道", 1000, "区交通局"],
        ["2", "水利项目", "", ""],
        ["2.1", "西山水厂", 8000, "区水务局"],
    ]
    return [page(rows)], told(
        {
            3: {"name": "东河大桥", "industry": "交通", "parent_row": None},
            4: {"name": "柳林大道", "industry": "交通", "parent_row": None},
            6: {"name": "西山水厂", "industry": "水利"},
        }
    )


@case
def name_broken_over_two_rows() -> Case:
    rows = [
        ["序号", "项目名称", "建设内容", "总投资（万元）", "责任单位"],
        [1, "东河大桥及引道", "桥梁一座", 9000, "区交通局"],
        ["", "工程（一期）", "", "", ""],
        [2, "西山水厂", "扩建", 8000, "区水务局"],
        [3, "南湖医院", "病房楼", 4000, "区卫健局"],
    ]
    return [page(rows, "A2:A3 C2:C3 D2:D3 E2:E3")], told(
        {
            2: {"name": "东河大桥及引道工程（一期）", "industry": None},
            4: {"name": "西山水厂", "industry": None},
            5: {"name": "南湖医院", "industry": None},
        }
    )


@case
def huge_notes_header_row_22() -> Case:
    rows = (
        [["云岭区项目申报表"]]
        + [[f"{i}.填报要求第{i}条，请认真阅读。"] for i in range(1, 21)]
        + [
            ["序号", "项目名称", "总投资（万元）", "责任单位"],
            [1, "东河大桥", 9000, "区交通局"],
            [2, "西山水厂", 8000, "区水务局"],
        ]
    )
    return [page(rows)], told({23: {"name": "东河大桥", "total_investment": "9000"}, 24: {"name": "西山水厂"}})


@case
def statistics_with_project_column_is_no_list() -> Case:
    rows = [
        ["云岭区2026年重点项目统计表"],
        ["项目", "个数", "总投资（亿元）", "年度计划投资（亿元）"],
        ["产业项目", 2, 1.7, 0.5],
        ["民生项目", 1, 0.4, 0.1],
        ["合计", 3, 2.1, 0.6],
    ]
    return [page(rows)], {}


@case
def weak_project_header() -> Case:
    rows = [
        ["云岭区2026年重点项目表"],
        ["序号", "项目", "主要内容", "投资（万元）", "责任单位"],
        [1, "东河大桥", "建桥", 900, "区交通局"],
        [2, "西山水厂", "扩建", 800, "区水务局"],
    ]
    return [page(rows)], told(
        {
            3: {"name": "东河大桥", "total_investment": "900", "scale": "建桥"},
            4: {"name": "西山水厂", "responsible": "区水务局"},
        }
    )


@case
def signature_and_date_rows_unnumbered() -> Case:
    rows = [
        ["云岭区2026年重点项目表（万元）"],
        ["项目名称", "总投资", "年度计划", "责任单位"],
        ["东河铸造产业园", 100, 50, "区工信局"],
        ["青石新材料基地", 200, 50, "区工信局"],
        ["西山物流园", 300, 100, "区商务局"],
        ["", "", "", "云岭区发展和改革局"],
        ["", "", "", "2026年1月5日"],
        ["填表人：张明远", "", "审核人：李敏华", ""],
        ["（以下空白）", "", "", ""],
        ["2026年1月5日", "", "", ""],
    ]
    return [page(rows)], told({3: {"name": "东河铸造产业园"}, 4: {"name": "青石新材料基地"}, 5: {"name": "西山物流园"}})


@case
def numbered_notes_unnumbered_list() -> Case:
    rows = [
        ["项目名称", "总投资（万元）", "责任单位"],
        ["东河大桥", 9000, "区交通局"],
        ["西山水厂", 8000, "区水务局"],
        ["说明：", "", ""],
        ["1.总投资以批复为准。", "", ""],
        ["2.责任单位填写全称；", "", ""],
    ]
    return [page(rows)], told({2: {"name": "东河大桥"}, 3: {"name": "西山水厂"}})


@case
def short_cells_without_serial_bare_groups() -> Case:
    rows = [
        ["项目名称", "总投资（亿元）", "责任单位"],
        ["【产业类】", "", ""],
        ["东河铸造产业园", 1.2, "区工信局"],
        ["青石新材料基地", 2, "区工信局"],
        ["【民生类】", "", ""],
        ["南湖医院", 0.4, "区卫健局"],
    ]
    return [page(rows)], told(
        {
            3: {"name": "东河铸造产业园", "industry": "产业类"},
            4: {"name": "青石新材料基地"},
            6: {"name": "南湖医院", "industry": "民生类"},
        }
    )


@case
def names_with_long_text_and_owner_in_bracket_line() -> Case:
    rows = [
        ["序号", "项目名称及建设内容", "总投资（万元）", "责任单位"],
        [1, "东河大桥：新建桥梁一座，全长500米", "9000", "区交通局"],
        [2, "柳林大道：长3公里", "3000", "区交通局"],
    ]
    return [page(rows)], told(
        {
            2: {"total_investment": "9000", "name": "东河大桥", "scale": "新建桥梁一座，全长500米"},
            3: {"name": "柳林大道", "scale": "长3公里"},
        }
    )


@case
def total_label_in_unit_column() -> Case:
    rows = [
        ["责任单位", "项目名称", "总投资（万元）", "形象进度"],
        ["区交通局", "东河大桥", 9000, "桩基"],
        ["区交通局", "柳林大道", 3000, "路基"],
        ["区交通局小计", "2个", 12000, ""],
        ["区卫健局", "南湖医院", 4000, "基础"],
        ["区卫健局 小计", "1个", 4000, ""],
        ["总计", "3个", 16000, ""],
    ]
    return [page(rows)], told({2: {"name": "东河大桥"}, 3: {"name": "柳林大道"}, 5: {"name": "南湖医院"}})
