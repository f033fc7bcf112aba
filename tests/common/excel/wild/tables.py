"""Sheets and tables: side by side, one below the other, printed pages, statistics beside the data, text lists."""

from tests.common.excel.wild.case import Case, case, page, told


@case
def side_by_side_with_a_heading_over_each_half() -> Case:
    header = ["序号", "项目名称", "总投资（万元）", "责任单位"]
    rows = [
        ["云岭区重点项目一览表"],
        ["续建项目", "", "", "", "", "新开工项目", "", "", ""],
        [*header, "", *header],
        [1, "东河大桥", 100, "区交通局", "", 1, "西山水厂", 300, "区水务局"],
        [2, "南湖小学", 200, "区教育局", "", 2, "北岭泵站", 400, "区水务局"],
        ["", "合计", 300, "", "", 3, "青石广场", 500, "区城管局"],
        ["", "", "", "", "", "", "合计", 1200, ""],
    ]
    truth = told({4: {"name": "东河大桥", "stage": "建设"}, 5: {"name": "南湖小学", "total_investment": "200"}})
    right = told(
        {4: {"name": "西山水厂", "stage": "开工"}, 5: {"name": "北岭泵站"}, 6: {"name": "青石广场"}}, "Sheet1 "
    )
    return [page(rows, "A1:I1 A2:D2 F2:I2")], truth | right


@case
def printed_pages_one_below_the_other() -> Case:
    """Title, unit line and header come again on every page, the second time as 续表."""
    header = ["序号", "项目名称", "建设内容", "总投资", "责任单位"]
    rows = [
        ["云岭区重点项目表"],
        ["", "", "", "", "单位：万元"],
        header,
        [1, 2, 3, 4, 5],
        [1, "东河大桥", "建桥", 100, "区交通局"],
        [2, "西山水厂", "扩建", 200, "区水务局"],
        ["云岭区重点项目表（续表）"],
        ["", "", "", "", "单位：万元"],
        header,
        [1, 2, 3, 4, 5],
        [3, "南湖小学", "新建", 300, "区教育局"],
        [4, "北岭泵站", "更新", 400, "区水务局"],
        ["第 2 页，共 2 页"],
    ]
    return [page(rows, "A1:E1 A7:E7")], told(
        {
            5: {"name": "东河大桥", "total_investment": "100"},
            6: {"name": "西山水厂"},
            11: {"name": "南湖小学", "total_investment": "300", "industry": None},
            12: {"name": "北岭泵站"},
        }
    )


@case
def a_text_list_with_sentences() -> Case:
    lines = [
        "云岭区2026年集中开工项目名单",
        "一、工业项目（2个）",
        "1.青石轴承扩能项目：总投资2.6亿元，建设厂房3万平方米，由青石轴承公司实施。",
        "2.东河电池材料项目（总投资12亿元）",
        "二、民生项目（1个）",
        "3．柳林社区服务中心",
    ]
    return [page([[line] for line in lines])], told(
        {
            3: {"name": "青石轴承扩能项目", "industry": "工业", "stage": "开工", "total_investment": "26000"},
            4: {"name": "东河电池材料项目", "total_investment": "120000"},
            6: {"name": "柳林社区服务中心", "industry": "民生"},
        }
    )


@case
def statistics_cover_and_pivot_beside_the_data() -> Case:
    cover = [["云岭区重点项目手册"], ["二〇二六年一月"], ["云岭区发展和改革局编"]]
    summary = [
        ["序号", "乡镇（街道）", "项目个数", "总投资（万元）", "年度计划投资（万元）", "责任单位"],
        [1, "东河街道", 2, 300, 100, "东河街道办事处"],
        [2, "青石镇", 1, 400, 100, "青石镇政府"],
        ["", "合计", 3, 700, 200, ""],
    ]
    pivot = [
        ["行标签", "计数项:项目名称", "求和项:总投资（万元）"],
        ["东河街道", 2, 300],
        ["青石镇", 1, 400],
        ["总计", 3, 700],
    ]
    header = ["序号", "项目名称", "总投资（万元）", "年度计划投资（万元）", "责任单位"]
    first = [header, [1, "东河大桥", 100, 50, "区交通局"], [2, "西山水厂", 200, 50, "区水务局"]]
    second = [header, [1, "青石广场", 400, 100, "区城管局"]]
    options = [["新建", "工业", "区交通局"], ["续建", "农业", "区水务局"], ["改扩建", "民生", "区城管局"]]
    grids = [
        page(cover, name="封面"),
        page(summary, name="汇总表"),
        page(pivot, name="Sheet4"),
        page(first, name="东河街道"),
        page(second, name="青石镇"),
        page(options, name="下拉选项"),
    ]
    return grids, told({2: {"name": "东河大桥"}, 3: {"name": "西山水厂"}}, "东河街道") | told(
        {2: {"name": "青石广场", "annual_plan": "100"}}, "青石镇"
    )


@case
def table_that_begins_in_the_second_column_with_gaps() -> Case:
    rows = [
        [],
        ["", "云岭区重点项目表"],
        ["", "编号", "名称", "投资（万元）", "地点", "牵头单位（牵头单位排第一）"],
        [],
        ["", "XM-01", "东河大桥", "12，000", "东河街道", "区交通局、区住建局"],
        [],
        ["", "XM-02", "西山水厂", "１２００万", "青石镇", "区水务局"],
        ["", "XM-03", "南湖小学", "0.5亿", "柳林镇", "区教育局"],
        [],
        ["", "", "合计：3个", 18200],
    ]
    return [page(rows)], told(
        {
            5: {"name": "东河大桥", "total_investment": "12000", "responsible": "区交通局、区住建局"},
            7: {"name": "西山水厂", "total_investment": "1200", "location": "青石镇"},
            8: {"name": "南湖小学", "total_investment": "5000"},
        }
    )


@case
def sheets_named_after_the_nature() -> Case:
    header = ["序号", "项目名称", "总投资（万元）", "2025年底累计完成投资", "2026年计划", "2027年计划", "责任单位"]
    going = [["2026年续建项目"], header, [1, "东河大桥", 900, 300, 400, 200, "区交通局"]]
    fresh = [["2026年新开工项目"], header, [1, "西山水厂", 800, 0, 300, 500, "区水务局"]]
    early = [["2026年前期项目"], header, [1, "南湖小学", 700, "", "", "", "区教育局"]]
    return [page(going, name="续建"), page(fresh, name="新开工"), page(early, name="前期")], told(
        {3: {"name": "东河大桥", "stage": "建设", "annual_plan": "400", "completed_total": "300", "industry": None}},
        "续建",
    ) | told({3: {"name": "西山水厂", "stage": "开工", "annual_plan": "300"}}, "新开工") | told(
        {3: {"name": "南湖小学", "stage": "谋划", "annual_plan": None}}, "前期"
    )


@case
def two_lists_one_below_the_other_for_two_units_of_money() -> Case:
    rows = [
        ["表1  政府投资项目（单位：万元）"],
        ["序号", "项目名称", "总投资", "年度计划", "责任单位"],
        [1, "东河大桥", 900, 400, "区交通局"],
        ["合计", "", 900, 400, ""],
        [],
        ["表2  招商引资项目（单位：亿元）"],
        ["序号", "企业名称", "项目名称", "总投资", "年度计划", "责任单位"],
        [1, "青石轴承公司", "青石轴承扩能", 2.5, 0.8, "区招商局"],
        [2, "东河材料公司", "东河电池材料", 12, 3, "区招商局"],
    ]
    return [page(rows, "A1:E1 A6:F6")], told(
        {
            3: {"name": "东河大桥", "total_investment": "900"},
            8: {"name": "青石轴承扩能", "total_investment": "25000", "owner": "青石轴承公司"},
            9: {"name": "东河电池材料", "annual_plan": "30000"},
        }
    )


@case
def owner_and_name_order_swapped_with_codes() -> Case:
    """An export of another system: English keys beside Chinese, codes as numbers, dates with times, -- for nothing."""
    rows = [
        [
            "项目编码",
            "项目法人",
            "项目名称",
            "项目代码",
            "计划总投资(万元)",
            "创建时间",
            "拟建成时间",
            "所属行业",
            "项目状态",
            "所在区县",
        ],
        [
            "XM001",
            "东河建设公司",
            "东河大桥",
            "2401-990101-48-01-123456",
            "12000.00",
            "2024-01-05 10:22:33",
            "2026-12-31 00:00:00",
            "交通运输",
            "在建",
            "云岭区",
        ],
        ["XM002", "--", "西山水厂", 240199010148011000, "--", "2024-01-06 08:00:00", "--", "水利", "未开工", "云岭区"],
    ]
    return [page(rows, name="导出数据")], told(
        {
            2: {"name": "东河大桥", "owner": "东河建设公司", "total_investment": "12000", "end": "2026-12-31"}
            | {"start": None, "stage": "建设", "location": "云岭区", "project_number": "XM001"},
            3: {"name": "西山水厂", "owner": None, "national_code": None, "total_investment": None, "stage": "储备"},
        },
        "导出数据",
    )
