"""Which amount is whose: months, years and totals side by side, amounts with parts, units in odd places."""

from tests.common.excel.wild.case import Case, case, page, told


@case
def done_of_last_year_and_months() -> Case:
    rows = [
        ["云岭区2025年重点项目10月份进展情况表"],
        ["单位：万元"],
        [
            "序号",
            "项目名称",
            "总投资",
            "截至2024年底累计完成",
            "2025年计划",
            "2025年1-10月完成",
            "其中10月完成",
            "占年度计划比例（%）",
            "责任单位",
        ],
        [1, "东河大桥", 9000, 2000, 4000, 3500, 300, 87.5, "区交通局"],
        [2, "西山水厂", 8000, 0, 2000, 1500, 100, 75, "区水务局"],
    ]
    return [page(rows)], told(
        {
            4: {
                "name": "东河大桥",
                "total_investment": "9000",
                "annual_plan": "4000",
                "completed_ytd": "3500",
                "completed_total": "2000",
            },
            5: {"name": "西山水厂", "completed_ytd": "1500"},
        }
    )


@case
def amount_brackets() -> Case:
    rows = [
        ["序号", "项目名称", "总投资（万元）", "年度计划（万元）", "责任单位"],
        [1, "东河铸造产业园", "12000（一期5000）", "3000", "区工信局"],
        [2, "西山物流园", "3.2亿元（其中外资2000万美元）", "约5000", "区商务局"],
        [3, "南湖医院", " 12 000 ", "１，２００．５", "区卫健局"],
        [4, "柳林小学", "5000万美元", "800（含征地200）", "区教育局"],
        [5, "白沙码头", "5亿元，其中固定资产投资3亿元", "1200（万元）", "区交通局"],
        [6, "青石广场", "一期3亿元，二期5亿元", "待定", "区城管局"],
        [7, "北岭泵站", "3.5亿", "0.5亿元", "区水务局"],
    ]
    return [page(rows)], told(
        {
            2: {"name": "东河铸造产业园", "total_investment": "12000", "annual_plan": "3000"},
            3: {"name": "西山物流园", "total_investment": "32000", "annual_plan": "5000"},
            4: {"name": "南湖医院", "total_investment": "12000", "annual_plan": "1200.5"},
            5: {"name": "柳林小学", "total_investment": None, "annual_plan": "800"},
            6: {"name": "白沙码头", "total_investment": "50000", "annual_plan": "1200"},
            7: {"name": "青石广场", "total_investment": None},
            8: {"name": "北岭泵站", "total_investment": "35000", "annual_plan": "5000"},
        }
    )


@case
def unit_in_cell_bracket_against_column() -> Case:
    rows = [
        ["单位：亿元"],
        ["序号", "项目名称", "总投资", "2026年计划投资", "责任单位"],
        [1, "东河铸造产业园", "1200（万元）", 0.05, "区工信局"],
        [2, "西山物流园", 3.2, "5000万", "区商务局"],
        [3, "南湖医院", "8000万元", 0.3, "区卫健局"],
    ]
    return [page(rows)], told(
        {
            3: {"name": "东河铸造产业园", "total_investment": "1200", "annual_plan": "500"},
            4: {"name": "西山物流园", "total_investment": "32000", "annual_plan": "5000"},
            5: {"name": "南湖医院", "total_investment": "8000", "annual_plan": "3000"},
        }
    )


@case
def numbering_row_with_formulas() -> Case:
    rows = [
        ["序号", "项目名称", "总投资（万元）", "累计完成投资", "2026年计划", "2027年及以后", "责任单位"],
        ["栏次", "1", "2=3+4+5", "3", "4", "5", "6"],
        [1, "东河大桥", 900, 300, 400, 200, "区交通局"],
        [2, "西山水厂", 800, 200, 300, 300, "区水务局"],
    ]
    return [page(rows)], told(
        {3: {"name": "东河大桥", "total_investment": "900", "annual_plan": "400"}, 4: {"name": "西山水厂"}}
    )


@case
def annual_goal_numbers_by_unit_line() -> Case:
    rows = [
        ["云岭区2026年重点项目目标任务表"],
        ["", "", "", "单位：万元", ""],
        ["序号", "项目名称", "总投资", "2026年目标", "责任单位"],
        [1, "东河大桥", 9000, 4000, "区交通局"],
        [2, "西山水厂", 8000, 3000, "区水务局"],
    ]
    return [page(rows)], told(
        {
            4: {"name": "东河大桥", "annual_plan": "4000", "total_investment": "9000"},
            5: {"name": "西山水厂", "annual_plan": "3000"},
        }
    )


@case
def last_years_expected_beside_plan() -> Case:
    rows = [
        ["2026年云岭区重点项目建议计划"],
        [
            "序号",
            "项目名称",
            "总投资（万元）",
            "2025年底预计累计完成投资（万元）",
            "2025年预计完成投资（万元）",
            "2026年计划投资（万元）",
            "责任单位",
        ],
        [1, "东河大桥", 9000, 3000, 2000, 4000, "区交通局"],
        [2, "西山水厂", 8000, 1000, 1000, 3000, "区水务局"],
    ]
    return [page(rows)], told(
        {
            3: {"name": "东河大桥", "annual_plan": "4000", "completed_total": "3000", "completed_ytd": None},
            4: {"name": "西山水厂", "annual_plan": "3000"},
        }
    )


@case
def units_differ_per_stacked_table_same_header() -> Case:
    h = ["序号", "项目名称", "总投资", "责任单位"]
    rows = [
        ["表1 政府投资项目（单位：万元）"],
        h,
        [1, "东河大桥", 9000, "区交通局"],
        [],
        ["表2 社会投资项目（单位：亿元）"],
        h,
        [1, "东河铸造产业园", 1.2, "区工信局"],
    ]
    return [page(rows)], told(
        {
            3: {"name": "东河大桥", "total_investment": "9000"},
            7: {"name": "东河铸造产业园", "total_investment": "12000"},
        }
    )


@case
def cumulative_and_month_without_year() -> Case:
    rows = [
        ["云岭区2026年5月重点项目进度月报"],
        [
            "序号",
            "项目名称",
            "计划总投资",
            "自开工累计完成投资",
            "本年计划投资",
            "本月完成投资",
            "本年累计完成投资",
            "单位负责人",
            "填报人",
        ],
        [1, "东河大桥", 9000, 3000, 4000, 200, 1500, "张明远", "李敏华"],
        [2, "西山水厂", 8000, 1000, 3000, 100, 900, "王志成", "周涛"],
    ]
    return [page(rows)], told(
        {
            3: {
                "name": "东河大桥",
                "total_investment": "9000",
                "annual_plan": "4000",
                "completed_month": "200",
                "completed_ytd": "1500",
                "completed_total": "3000",
            },
            4: {"name": "西山水厂", "completed_ytd": "900"},
        }
    )


@case
def ymd_in_header_until() -> Case:
    rows = [
        ["云岭区2025年重点项目"],
        [
            "序号",
            "项目名称",
            "总投资（亿元）",
            "截至2025年10月底累计完成投资（亿元）",
            "2025年度计划投资（亿元）",
            "2025年1-10月完成投资（亿元）",
        ],
        [1, "东河大桥", 0.9, 0.6, 0.4, 0.3],
        [2, "西山水厂", 0.8, 0.5, 0.3, 0.2],
    ]
    return [page(rows)], told(
        {
            3: {"name": "东河大桥", "annual_plan": "4000", "completed_ytd": "3000"},
            4: {"name": "西山水厂", "completed_ytd": "2000"},
        }
    )


@case
def section_states_other_unit() -> Case:
    rows = [
        ["云岭区2026年重点项目"],
        ["序号", "项目名称", "总投资", "责任单位"],
        ["一、政府投资项目（单位：万元）", "", "", ""],
        [1, "东河大桥", 9000, "区交通局"],
        [2, "柳林大道", 3000, "区交通局"],
        ["二、社会投资项目（单位：亿元）", "", "", ""],
        [3, "东河铸造产业园", 1.2, "区工信局"],
    ]
    return [page(rows, "A3:D3 A6:D6")], told(
        {
            4: {"name": "东河大桥", "total_investment": "9000", "industry": "政府投资"},
            5: {"name": "柳林大道"},
            7: {"name": "东河铸造产业园", "total_investment": "12000", "industry": "社会投资"},
        }
    )


@case
def unit_far_right_of_header_row() -> Case:
    rows = [
        ["云岭区2026年重点项目"],
        ["序号", "项目名称", "总投资", "年度计划", "责任单位", "单位：亿元"],
        [1, "东河大桥", 0.9, 0.4, "区交通局", ""],
        [2, "柳林大道", 0.3, 0.1, "区交通局", ""],
    ]
    return [page(rows)], told(
        {3: {"name": "东河大桥", "total_investment": "9000", "annual_plan": "4000"}, 4: {"name": "柳林大道"}}
    )


@case
def unit_split_cells() -> Case:
    rows = [
        ["云岭区2026年重点项目"],
        ["", "", "", "单位：", "亿元"],
        ["序号", "项目名称", "总投资", "年度计划", "责任单位"],
        [1, "东河大桥", 0.9, 0.4, "区交通局"],
        [2, "柳林大道", 0.3, 0.1, "区交通局"],
    ]
    return [page(rows)], told(
        {4: {"name": "东河大桥", "total_investment": "9000", "annual_plan": "4000"}, 5: {"name": "柳林大道"}}
    )


@case
def only_dollar_total_asks() -> Case:
    rows = [
        ["序号", "项目名称", "总投资（万美元）", "责任单位"],
        [1, "东河铸造产业园", 5000, "区招商局"],
        [2, "西山物流园", 3200, "区招商局"],
    ]
    return [page(rows)], told(
        {2: {"name": "东河铸造产业园", "total_investment": None}, 3: {"name": "西山物流园", "total_investment": None}}
    )


@case
def the_same_header_again_under_another_unit_line() -> Case:
    header = ["序号", "项目名称", "总投资", "责任单位"]
    rows = [
        ["云岭区重点项目表"],
        ["", "", "", "单位：万元"],
        header,
        [1, "东河大桥", 9000, "区交通局"],
        [2, "柳林大道", 3000, "区住建局"],
        ["云岭区重大项目表"],
        ["", "", "", "单位：亿元"],
        header,
        [1, "东河铸造产业园", 1.2, "区工信局"],
    ]
    return [page(rows)], told(
        {
            4: {"name": "东河大桥", "total_investment": "9000"},
            5: {"name": "柳林大道"},
            9: {"name": "东河铸造产业园", "total_investment": "12000", "industry": None},
        }
    )
