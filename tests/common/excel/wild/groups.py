"""What a group gives its rows: categories with counts, levels, towns and stages as sheets, columns and titles."""

from tests.common.excel.wild.case import Case, case, page, told


@case
def merged_first_column_categories() -> Case:
    rows = [
        ["云岭区2026年重点项目表"],
        ["类别", "序号", "项目名称", "总投资（万元）", "责任单位"],
        ["产业项目\n（3个）", 1, "东河铸造产业园", 100, "区工信局"],
        ["", 2, "青石新材料基地", 200, "区工信局"],
        ["", 3, "西山物流园", 300, "区商务局"],
        ["民生项目\n（2个）", 4, "南湖医院", 400, "区卫健局"],
        ["", 5, "柳林小学", 500, "区教育局"],
        ["合计", "", "5个", 1500, ""],
    ]
    return [page(rows, "A1:E1 A3:A5 A6:A7")], told(
        {
            3: {"name": "东河铸造产业园", "industry": "产业项目"},
            4: {"name": "青石新材料基地", "industry": "产业项目"},
            5: {"name": "西山物流园"},
            6: {"name": "南湖医院", "industry": "民生项目"},
            7: {"name": "柳林小学"},
        }
    )


@case
def responsible_column_with_counts() -> Case:
    rows = [
        ["责任单位", "序号", "项目名称", "总投资（万元）", "形象进度"],
        ["区工信局\n（2个）", 1, "东河铸造产业园", 100, "桩基"],
        ["", 2, "青石新材料基地", 200, "封顶"],
        ["区商务局\n（1个）", 3, "西山物流园", 300, "竣工"],
    ]
    return [page(rows, "A2:A3")], told(
        {
            2: {"name": "东河铸造产业园", "responsible": "区工信局"},
            3: {"name": "青石新材料基地", "responsible": "区工信局"},
            4: {"name": "西山物流园", "responsible": "区商务局"},
        }
    )


@case
def levels_as_sheets() -> Case:
    header = ["序号", "项目名称", "总投资（万元）", "责任单位"]
    a = [["云岭区省重点项目表"], header, [1, "东河大桥", 900, "区交通局"], [2, "西山水厂", 800, "区水务局"]]
    b = [["云岭区市重点项目表"], header, [1, "南湖医院", 400, "区卫健局"], [2, "柳林小学", 500, "区教育局"]]
    return [page(a, name="省重点"), page(b, name="市重点")], told(
        {3: {"name": "东河大桥", "level": "省重点", "industry": None}, 4: {"name": "西山水厂", "level": "省重点"}},
        "省重点",
    ) | told({3: {"name": "南湖医院", "level": "市重点", "industry": None}, 4: {"name": "柳林小学"}}, "市重点")


@case
def towns_as_sheets() -> Case:
    header = ["序号", "项目名称", "总投资（万元）", "形象进度"]
    a = [header, [1, "东河大桥", 900, "桩基"], [2, "西山水厂", 800, "封顶"]]
    b = [header, [1, "南湖医院", 400, "基础"], [2, "柳林小学", 500, "竣工"]]
    return [page(a, name="东河街道"), page(b, name="青石镇")], told(
        {2: {"name": "东河大桥", "industry": None, "responsible": "东河街道"}, 3: {"name": "西山水厂"}}, "东河街道"
    ) | told({2: {"name": "南湖医院", "industry": None, "responsible": "青石镇"}, 3: {"name": "柳林小学"}}, "青石镇")


@case
def type_column_holds_levels() -> Case:
    rows = [
        ["序号", "项目名称", "项目类别", "总投资（万元）", "责任单位"],
        [1, "东河大桥", "省重点", 900, "区交通局"],
        [2, "西山水厂", "市重点", 800, "区水务局"],
        [3, "南湖医院", "区重点", 400, "区卫健局"],
    ]
    return [page(rows)], told(
        {
            2: {"name": "东河大桥", "level": "省重点", "industry": None},
            3: {"name": "西山水厂", "level": "市重点"},
            4: {"name": "南湖医院", "level": "区重点"},
        }
    )


@case
def build_type_column_unknown_header() -> Case:
    rows = [
        ["序号", "项目名称", "建设类别", "总投资（万元）", "责任单位"],
        [1, "东河大桥", "新建", 900, "区交通局"],
        [2, "西山水厂", "续建", 800, "区水务局"],
        [3, "南湖医院", "改扩建", 400, "区卫健局"],
    ]
    return [page(rows)], told(
        {
            2: {"name": "东河大桥", "nature": "新建", "stage": None},
            3: {"name": "西山水厂", "nature": "续建", "stage": "建设"},
            4: {"name": "南湖医院", "nature": "改扩建"},
        }
    )


@case
def page_repeat_with_subtotals() -> Case:
    h = ["序号", "项目名称", "总投资", "责任单位"]
    rows = [
        ["云岭区重点项目表（单位：亿元）"],
        h,
        [1, "东河大桥", 0.9, "区交通局"],
        [2, "西山水厂", 0.8, "区水务局"],
        ["本页小计", "", 1.7, ""],
        ["云岭区重点项目表（续）"],
        h,
        [3, "南湖医院", 0.4, "区卫健局"],
        ["本页小计", "", 0.4, ""],
        ["总计", "", 2.1, ""],
        ["第2页 共2页"],
    ]
    return [page(rows)], told(
        {
            3: {"name": "东河大桥", "total_investment": "9000"},
            4: {"name": "西山水厂"},
            8: {"name": "南湖医院", "total_investment": "4000", "industry": None},
        }
    )


@case
def vertical_section_merge_across_with_subtotal_rows() -> Case:
    rows = [
        ["行业", "序号", "项目名称", "总投资（万元）", "年度计划（万元）", "责任单位"],
        ["总计", "", "4个", 1000, 400, ""],
        ["交通", "小计", "2个", 300, 150, ""],
        ["", 1, "东河大桥", 100, 50, "区交通局"],
        ["", 2, "柳林大道", 200, 100, "区交通局"],
        ["水利", "小计", "2个", 700, 250, ""],
        ["", 1, "西山水厂", 300, 100, "区水务局"],
        ["", 2, "北岭泵站", 400, 150, "区水务局"],
    ]
    return [page(rows, "A3:A5 A6:A8")], told(
        {
            4: {"name": "东河大桥", "industry": "交通"},
            5: {"name": "柳林大道", "industry": "交通"},
            7: {"name": "西山水厂", "industry": "水利"},
            8: {"name": "北岭泵站", "industry": "水利"},
        }
    )


@case
def stage_columns_with_counts() -> Case:
    rows = [
        ["序号", "项目名称", "项目状态", "总投资（亿元）", "责任单位"],
        [1, "东河大桥", "在建（续建）", 1, "区交通局"],
        [2, "柳林大道", "已开工", 2, "区交通局"],
        [3, "西山水厂", "未开工", 3, "区水务局"],
        [4, "北岭泵站", "已完工", 4, "区水务局"],
        [5, "南湖医院", "谋划中", 4, "区卫健局"],
        [6, "柳林小学", "前期工作", 4, "区教育局"],
    ]
    return [page(rows)], told(
        {
            2: {"name": "东河大桥", "stage": "建设"},
            3: {"name": "柳林大道", "stage": "开工"},
            4: {"name": "西山水厂", "stage": "储备"},
            5: {"name": "北岭泵站", "stage": "投产"},
            6: {"name": "南湖医院", "stage": "谋划"},
            7: {"name": "柳林小学", "stage": "谋划"},
        }
    )


@case
def titles_by_stage_per_table_stacked() -> Case:
    h = ["序号", "项目名称", "总投资（万元）", "责任单位"]
    rows = [
        ["表一：2026年续建项目"],
        h,
        [1, "东河大桥", 100, "区交通局"],
        [2, "柳林大道", 200, "区交通局"],
        [],
        ["表二：2026年计划新开工项目"],
        h,
        [1, "西山水厂", 300, "区水务局"],
        [],
        ["表三：2026年前期推进项目"],
        h,
        [1, "北岭泵站", 400, "区水务局"],
    ]
    return [page(rows)], told(
        {
            3: {"name": "东河大桥", "stage": "建设"},
            4: {"name": "柳林大道", "stage": "建设"},
            8: {"name": "西山水厂", "stage": "储备"},
            12: {"name": "北岭泵站", "stage": "谋划"},
        }
    )


@case
def industry_big_small_and_section() -> Case:
    rows = [
        ["序号", "项目名称", "所属产业链", "总投资（万元）", "责任单位"],
        ["一、续建项目", "", "", "", ""],
        [1, "东河铸造产业园", "装备制造", 9000, "区工信局"],
        ["二、新建项目", "", "", "", ""],
        [2, "西山物流园", "现代物流", 8000, "区商务局"],
    ]
    return [page(rows)], told(
        {
            3: {"name": "东河铸造产业园", "industry": "装备制造", "stage": "建设", "nature": "续建"},
            5: {"name": "西山物流园", "industry": "现代物流", "nature": "新建", "stage": None},
        }
    )


@case
def stage_section_in_first_column_with_serial() -> Case:
    rows = [
        ["阶段", "序号", "项目名称", "总投资（万元）", "责任单位"],
        ["在建\n（2个）", 1, "东河大桥", 9000, "区交通局"],
        ["", 2, "柳林大道", 3000, "区交通局"],
        ["谋划\n（1个）", 3, "南湖医院", 4000, "区卫健局"],
    ]
    return [page(rows, "A2:A3")], told(
        {
            2: {"name": "东河大桥", "stage": "建设"},
            3: {"name": "柳林大道", "stage": "建设"},
            4: {"name": "南湖医院", "stage": "谋划"},
        }
    )


@case
def town_column_merged_and_serial_per_town() -> Case:
    rows = [
        ["镇街", "序号", "项目名称", "总投资（万元）", "形象进度"],
        ["东河街道", 1, "东河大桥", 9000, "桩基"],
        ["", 2, "柳林大道", 3000, "路基"],
        ["青石镇", 1, "南湖医院", 4000, "基础"],
        ["小计", "", "3个", 16000, ""],
    ]
    return [page(rows, "A2:A3")], told(
        {
            2: {"name": "东河大桥", "location": "东河街道"},
            3: {"name": "柳林大道", "location": "东河街道"},
            4: {"name": "南湖医院", "location": "青石镇"},
        }
    )
