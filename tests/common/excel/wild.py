"""Lists as districts really keep them, one per function, each with its truth written by hand.

A case is (grids, truth): truth names every project by (sheet, Excel row) with the fields that the list states; a field
given as None must stay empty. The names are composed; nothing is taken from a real list.
"""

from collections.abc import Callable
from typing import Any

from common.excel.scan import column_number

Case = tuple[list[dict[str, Any]], dict[tuple[str, int], dict[str, Any]]]
CASES: dict[str, Callable[[], Case]] = {}


def case(make: Callable[[], Case]) -> Callable[[], Case]:
    CASES[make.__name__] = make
    return make


def page(
    rows: list[list[Any]],
    merges: str = "",
    name: str = "Sheet1",
    *,
    hidden_rows: tuple = (),
    hidden_columns: tuple = (),
) -> dict[str, Any]:
    """A raw grid as the parser delivers it; `merges` as Excel writes them: "A1:F1 A3:A4"."""
    return {
        "name": name,
        "hidden": False,
        "rows": [[None if value == "" else value for value in row] for row in rows],
        "merges": [_area(text) for text in merges.split()],
        "hidden_rows": [row - 1 for row in hidden_rows],
        "hidden_columns": list(hidden_columns),
        "errors": [],
        "uncached": [],
    }


def _area(text: str) -> list[int]:
    corners = []
    for corner in text.split(":"):
        letters = corner.rstrip("0123456789")
        corners += [int(corner[len(letters) :]) - 1, column_number(letters)]
    return corners


def told(truth: dict[int, dict[str, Any]], sheet: str = "Sheet1") -> dict[tuple[str, int], dict[str, Any]]:
    return {(sheet, row): fields for row, fields in truth.items()}


@case
def three_levels_with_sums_in_the_section_rows() -> Case:
    """一 / （一） / 1, sums in every section row, 小计 between and 合  计 at the end, the unit in the far corner."""
    rows = [
        ["附件2"],
        ["云岭区2026年重点建设项目投资计划表"],
        ["", "", "", "", "", "", "", "", "单位：亿元"],
        [
            "序号",
            "项目名称",
            "建设规模及内容",
            "建设起止年限",
            "总投资",
            "截至2025年底累计完成投资",
            "2026年计划",
            "",
            "责任单位",
        ],
        ["", "", "", "", "", "", "投资", "主要建设内容", ""],
        ["", "总计（5个）", "", "", 31.5, 6.2, 9.4, "", ""],
        ["一", "产业发展（3个）", "", "", 18, 4, 6, "", ""],
        ["（一）", "先进制造业（2个）", "", "", 12, 3, 4, "", ""],
        [1, "云台精密铸造产业园", "厂房8万平方米", "2025-2027", 7.5, 2, 2.5, "主体封顶", "区工信局"],
        [2, "青石新材料中试基地", "中试线3条", "2024—2026", 4.5, 1, 1.5, "设备安装", "区工信局"],
        ["", "小计", "", "", 12, 3, 4, "", ""],
        ["（二）", "现代物流（1个）", "", "", 6, 1, 2, "", ""],
        [3, "白沙公铁联运物流园", "仓储12万平方米", "2025-2028", 6, 1, 2, "一期竣工", "区商务局"],
        ["二", "基础设施（2个）", "", "", 13.5, 2.2, 3.4, "", ""],
        ["（一）", "交通（2个）", "", "", 13.5, 2.2, 3.4, "", ""],
        [4, "南湖隧道", "双向四车道", "2023-2026", 11, 2.2, 2.4, "通车", "区交通局"],
        [5, "柳林大道东延", "长3公里", "2026", 2.5, "——", 1, "路基", "区交通局"],
        ["合  计", "", "", "", 31.5, 6.2, 9.4, "", ""],
        ["注：1.本表投资额以亿元计。2.项目按行业排序。"],
    ]
    industrial = {"industry": "产业发展/先进制造业", "responsible": "区工信局", "stage": None}
    return [page(rows, "A2:I2 A4:A5 B4:B5 C4:C5 D4:D5 E4:E5 F4:F5 G4:H4 I4:I5")], told(
        {
            9: {"name": "云台精密铸造产业园", "total_investment": "75000", "annual_plan": "25000", "start": "2025"}
            | {"completed_total": "20000", "completed_ytd": None, "annual_goal": "主体封顶", **industrial},
            10: {"name": "青石新材料中试基地", "start": "2024", "end": "2026", **industrial},
            13: {"name": "白沙公铁联运物流园", "industry": "产业发展/现代物流", "annual_plan": "20000"},
            16: {"name": "南湖隧道", "industry": "基础设施/交通", "total_investment": "110000"},
            17: {"name": "柳林大道东延", "completed_total": None, "start": "2026", "end": "2026"},
        }
    )


@case
def amounts_in_words() -> Case:
    rows = [
        ["项目名称", "总投资", "年度计划投资（万元）", "责任单位"],
        ["东河冷链仓储", "约1.2亿", "5000万元（其中中央预算内资金2000万元）", "区商务局"],
        ["西山康养小镇", "总投资约3.5亿元", "暂估8000", "区民政局"],
        ["南湖智慧停车", "3.2-4亿元", "/", "区城管局"],
        ["北岭光伏电站", "15,000万元", "1,200.50", "区发改局"],
        ["青石矿山修复", "待定", "#REF!", "区自然资源局"],
        ["柳林家园", "1亿2000万元", "——", "区住建局"],
        ["云台书院", "贰仟万元", "0", "区教育局"],
        ["白沙码头", "￥3600万", "２００", "区交通局"],
    ]
    return [page(rows)], told(
        {
            2: {"name": "东河冷链仓储", "total_investment": "12000", "annual_plan": "5000"},
            3: {"name": "西山康养小镇", "total_investment": "35000", "annual_plan": "8000"},
            4: {"name": "南湖智慧停车", "total_investment": None, "annual_plan": None},
            5: {"name": "北岭光伏电站", "total_investment": "15000", "annual_plan": "1200.5"},
            6: {"name": "青石矿山修复", "total_investment": None, "annual_plan": None},
            7: {"name": "柳林家园", "total_investment": "12000"},
            8: {"name": "云台书院", "total_investment": "2000", "annual_plan": "0"},
            9: {"name": "白沙码头", "total_investment": "3600", "annual_plan": "200"},
        }
    )


@case
def units_of_three_kinds_in_one_header() -> Case:
    rows = [
        ["序号", "项目名称", "投资情况", "", "", "", "项目业主", "", ""],
        [
            "",
            "",
            "总投资\n（亿元）",
            "2026年计划投资（万元）",
            "1-10月完成投资（元）",
            "完成年度计划比例（%）",
            "单位名称",
            "联系人",
            "联系电话",
        ],
        [1, "东河大桥\n（一期）", 2.35, 6000, 51000000, 85, "东河建设公司", "张某某", "13800000001"],
        [2, "西山水厂 ", 0.8, 3000, "12,500,000", 41.67, "云岭水务公司", "李某某", 13800000002],
    ]
    return [page(rows, "A1:A2 B1:B2 C1:F1 G1:I1")], told(
        {
            3: {"name": "东河大桥（一期）", "total_investment": "23500", "annual_plan": "6000", "completed_ytd": "5100"}
            | {"owner": "东河建设公司", "lead_officials": None},
            4: {"name": "西山水厂", "total_investment": "8000", "completed_ytd": "1250", "owner": "云岭水务公司"},
        }
    )


@case
def months_and_rates_are_no_figures_of_the_year() -> Case:
    months = [f"{month}月" for month in range(1, 7)]
    rows = [
        ["云岭区2026年重点项目投资完成情况（1-6月）"],
        ["单位：万元"],
        ["序号", "项目名称", "责任单位", "总投资", "年度计划", "2026年完成投资", *[""] * 6, "占年度计划%", "排名"],
        ["", "", "", "", "", "累计", *months, "", ""],
        [1, "东河大桥", "区交通局", 12000, 6000, 2100, 100, 200, 300, 400, 500, 600, "35%", 1],
        [2, "西山水厂", "区水务局", 8000, 3000, 60, 10, 10, 10, 10, 10, 10, "2%", 2],
    ]
    return [page(rows, "A1:N1 A3:A4 B3:B4 C3:C4 D3:D4 E3:E4 F3:L3 M3:M4 N3:N4")], told(
        {
            5: {"name": "东河大桥", "total_investment": "12000", "annual_plan": "6000", "completed_ytd": "2100"}
            | {"completed_month": None},
            6: {"name": "西山水厂", "completed_ytd": "60"},
        }
    )


@case
def blocks_of_nature_with_their_own_serials() -> Case:
    """续建 / 新开工 / 前期 blocks by town; a total row that is named like a project; names with 合计 and 小计."""
    rows = [
        ["云岭区2026年重点项目清单（万元）"],
        ["序号", "项目名称", "建设地点", "建设内容", "总投资", "责任单位"],
        ["", "2026年区级重点项目（共6个）", "", "", 21000, ""],
        ["一、续建项目（2个）", "", "", "", 5000, ""],
        [1, "合计沟村道路硬化工程", "青石镇", "硬化道路6公里", 2000, "青石镇"],
        [2, "东河小计量站改造", "东河街道", "更换设备", 3000, "区市场监管局"],
        ["", "小计", "", "", 5000, ""],
        ["二、计划新开工项目（2个）", "", "", "", 9000, ""],
        [1, "总计路口立交", "东河街道", "互通立交1座", 6000, "区交通局"],
        [2, "汇总中心机房", "柳林镇", "机房扩容", 3000, "区数据局"],
        ["", "小计（2个）", "", "", 9000, ""],
        ["三、前期项目（2个）", "", "", "", 7000, ""],
        [1, "一、二号泵站更新", "白沙镇", "更新泵站2座", 4000, "区水务局"],
        [2, "十里铺安置房", "云台镇", "安置房300套", 3000, "区住建局"],
        ["", "重点项目投资合计", "", "", 21000, ""],
        ["填报单位：区发改局", "", "", "填报人：张某某", "", "联系电话：13800000000"],
    ]
    go, new, before = {"stage": "建设", "nature": "续建"}, {"stage": "储备", "industry": None}, {"stage": "谋划"}
    return [page(rows, "A1:F1 A4:B4 A8:B8 A12:B12")], told(
        {
            5: {"name": "合计沟村道路硬化工程", "location": "青石镇", "total_investment": "2000", **go},
            6: {"name": "东河小计量站改造", **go},
            9: {"name": "总计路口立交", "responsible": "区交通局", **new},
            10: {"name": "汇总中心机房", **new},
            13: {"name": "一、二号泵站更新", **before},
            14: {"name": "十里铺安置房", **before},
        }
    )


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
def several_rows_per_project_by_year() -> Case:
    """The project's cells are merged over its years; each year has its own amount, which is not the total."""
    rows = [
        ["序号", "项目名称", "总投资（万元）", "分年度投资计划（万元）", "", "责任单位", "形象进度"],
        ["", "", "", "年度", "投资", "", ""],
        [1, "东河大桥", 9000, "2025年", 4000, "区交通局", "桩基完成"],
        ["", "", "", "2026年", 5000, "", "合龙"],
        [2, "西山水厂", 6000, "2026年", 2000, "区水务局", "土建"],
        ["", "", "", "2027年", 4000, "", "投产"],
    ]
    merges = "A1:A2 B1:B2 C1:C2 D1:E1 F1:F2 G1:G2 A3:A4 B3:B4 C3:C4 F3:F4 A5:A6 B5:B6 C5:C6 F5:F6"
    return [page(rows, merges)], told(
        {
            3: {"name": "东河大桥", "total_investment": "9000", "responsible": "区交通局", "annual_plan": None},
            5: {"name": "西山水厂", "total_investment": "6000"},
        }
    )


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
def a_header_on_row_twelve_after_notes() -> Case:
    notes = [
        "填报说明：",
        "1.项目名称应与立项批复一致。",
        "2.总投资以万元为单位。",
        "3.责任单位填全称。",
        "4.请于每月5日前报送。",
    ]
    rows = [
        ["附件3"],
        ["2026年度政府投资项目申报表"],
        ["填报单位（盖章）：云岭区住房和城乡建设局", "", "", "填报日期：2026年1月10日"],
        *[[note] for note in notes],
        [],
        ["金额单位：人民币万元"],
        [],
        [
            "序号",
            "项目名称*",
            "建设性质\n（新建/续建/改扩建）",
            "投资总额",
            "拟开工年月",
            "计划完工年月",
            "项目代码",
            "责任单位及责任人",
        ],
        ["示例", "某某道路工程", "新建", 1000, "2026-03", "2026-12", "2401-000000-04-01-000000", "区某局"],
        [1, "东河大桥维修", "改扩建", 860.5, "2026.03", "2026.11", " 2601-990101-04-01-123456 ", "区住建局（张某某）"],
        [
            2,
            "南湖小学食堂",
            "新建",
            450,
            {"t": "2026-04-01"},
            46327,
            "２６０１-990101-04-01-654321",
            "区教育局（李某某）",
        ],
    ]
    return [page(rows)], told(
        {
            14: {"name": "东河大桥维修", "nature": "改扩建", "total_investment": "860.5", "start": "2026-03"}
            | {"end": "2026-11", "national_code": "2601-990101-04-01-123456", "responsible": "区住建局"},
            15: {"name": "南湖小学食堂", "total_investment": "450", "start": "2026-04-01", "end": "2026-11-01"}
            | {"national_code": "2601-990101-04-01-654321"},
        }
    )


@case
def dates_in_every_dress() -> Case:
    rows = [
        ["云岭区2026年重点项目（单位：万元）"],
        ["项目名称", "开工时间", "竣工时间", "责任单位"],
        ["东河大桥", "2024年3月底", "2026年10月", "区交通局"],
        ["西山水厂", 2024.1, "2026.10", "区水务局"],
        ["南湖小学", "2024.10", 45597, "区教育局"],
        ["北岭泵站", "2024/3/1", "2026年底前", "区水务局"],
        ["青石广场", "力争2026年6月开工", "2027年上半年", "区城管局"],
        ["柳林家园", "已开工", "待定", "区住建局"],
        ["白沙码头", "20240301", "202610", "区交通局"],
        ["云台书院", "2024年第三季度", "2025年12月31日", "区教育局"],
    ]
    return [page(rows, "A1:D1")], told(
        {
            3: {"name": "东河大桥", "start": "2024-03", "end": "2026-10"},
            4: {"name": "西山水厂", "start": None, "end": "2026-10"},
            5: {"name": "南湖小学", "start": "2024-10", "end": "2024-11-01"},
            6: {"name": "北岭泵站", "start": "2024-03-01", "end": "2026-12"},
            7: {"name": "青石广场", "start": "2026-06", "end": "2027-06"},
            8: {"name": "柳林家园", "start": None, "end": None},
            9: {"name": "白沙码头", "start": "2024-03-01", "end": "2026-10"},
            10: {"name": "云台书院", "start": "2024-07", "end": "2025-12-31"},
        }
    )


@case
def ranges_in_one_cell() -> Case:
    rows = [
        ["项目名称", "建设工期", "责任单位"],
        ["东河大桥", "2024.3-2026.10", "区交通局"],
        ["西山水厂", "2024年3月—2026年10月底", "区水务局"],
        ["南湖小学", "2025.09～2026.08", "区教育局"],
        ["北岭泵站", "18个月", "区水务局"],
        ["青石广场", "2026年3月至12月", "区城管局"],
        ["柳林家园", "2023-2025（已竣工）", "区住建局"],
        ["白沙码头", "2026年4月开工，2027年12月竣工", "区交通局"],
    ]
    return [page(rows)], told(
        {
            2: {"name": "东河大桥", "start": "2024-03", "end": "2026-10"},
            3: {"name": "西山水厂", "start": "2024-03", "end": "2026-10"},
            4: {"name": "南湖小学", "start": "2025-09", "end": "2026-08"},
            5: {"name": "北岭泵站", "start": None, "end": None},
            6: {"name": "青石广场", "start": "2026-03", "end": "2026-12"},
            7: {"name": "柳林家园", "start": "2023", "end": "2025"},
            8: {"name": "白沙码头", "start": "2026-04", "end": "2027-12"},
        }
    )


@case
def people_with_titles_and_telephones() -> Case:
    rows = [
        ["序号", "项目名称", "包联责任", "", "", "项目管家及电话"],
        ["", "", "包联领导", "责任单位", "责任人", ""],
        [1, "东河大桥", "张明远、李敏华/王志成（副组长）", "区交通局", "赵卫国 13800000001", "钱进 13800000009"],
        [2, "西山水厂", "区委常委、副区长 张明远", "区水务局\n区住建局", "孙立（13800000002）", ""],
        [3, "南湖小学", "李敏华 副区长\n王志成 区政协副主席", "区教育局", "周  涛  13800000003\n吴 刚", ""],
        [4, "北岭泵站", "无", "区水务局", "/", ""],
    ]
    return [page(rows, "A1:A2 B1:B2 C1:E1 F1:F2")], told(
        {
            3: {"name": "东河大桥", "lead_officials": ["张明远", "李敏华", "王志成"], "officials": ["赵卫国"]},
            4: {"name": "西山水厂", "lead_officials": ["张明远"], "officials": ["孙立"]},
            5: {"name": "南湖小学", "lead_officials": ["李敏华", "王志成"], "officials": ["周涛", "吴刚"]},
            6: {"name": "北岭泵站", "lead_officials": None, "officials": None},
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
def marks_explained_below_and_stages_in_the_remarks() -> Case:
    rows = [
        ["序号", "项目名称", "项目法人", "总投资\n(万元)", "备注"],
        [1, "★东河大桥", "东河建设公司", 100, "续建"],
        [2, "西山水厂▲", "云岭水务公司", 200, "新开工"],
        [3, "南湖小学", "区教育局", 300, "前期"],
        [4, "▲ 北岭泵站", "云岭水务公司", 400, "竣工"],
        ["说明：带★的为省级重点项目，带▲的为市级重点项目。"],
    ]
    return [page(rows)], told(
        {
            2: {"name": "东河大桥", "level": "省重点", "stage": "建设", "owner": "东河建设公司"},
            3: {"name": "西山水厂", "level": "市重点", "stage": "开工"},
            4: {"name": "南湖小学", "level": None, "stage": "谋划"},
            5: {"name": "北岭泵站", "level": "市重点", "stage": "投产"},
        }
    )


@case
def prepared_rows_hidden_rows_and_a_merged_category() -> Case:
    """Serials are filled in far below the data; the category is a merged first column."""
    rows = [
        ["类别", "序号", "项目名称", "建设单位", "投资额（万元）", "开工情况"],
        ["交通", 1, "东河大桥", "东河建设公司", 100, "已开工"],
        ["", 2, "柳林大道", "东河建设公司", 150, "未开工"],
        ["水利", 3, "西山水库", "云岭水务公司", 200, "已开工"],
        ["", 4, "", "", "", ""],
        ["", 5, "", "", "", ""],
        ["", 6, "", "", "", ""],
        ["", "", "", "", 450, ""],
    ]
    return [page(rows, "A2:A3 A4:A7", hidden_rows=(3,), hidden_columns=(3,))], told(
        {
            2: {"name": "东河大桥", "industry": "交通", "owner": "东河建设公司", "started": True},
            3: {"name": "柳林大道", "industry": "交通", "started": False, "stage": "储备"},
            4: {"name": "西山水库", "industry": "水利"},
        }
    )


@case
def sources_of_money_before_the_total() -> Case:
    rows = [
        ["序号", "项目名称", "建设内容", "投资规模（万元）", "", "", "", "2026年投资安排（万元）", "", "", "主管部门"],
        ["", "", "", "合计", "其中", "", "", "小计", "其中", "", ""],
        ["", "", "", "", "中央资金", "专项债券", "自筹", "", "专项债券", "自筹", ""],
        [1, "东河大桥", "建桥", 1000, 300, 500, 200, 400, 300, 100, "区交通局"],
        [2, "西山水厂", "扩建", 800, "", 800, "", 500, 500, "", "区水务局"],
    ]
    merges = "A1:A3 B1:B3 C1:C3 D1:G1 D2:D3 E2:G2 H1:J1 H2:H3 I2:J2 K1:K3"
    return [page(rows, merges)], told(
        {
            4: {"name": "东河大桥", "total_investment": "1000", "annual_plan": "400", "responsible": "区交通局"},
            5: {"name": "西山水厂", "total_investment": "800", "annual_plan": "500"},
        }
    )


@case
def a_package_and_its_parts() -> Case:
    """The parts carry figures of their own: they are projects under the package, its sum stays where it is."""
    rows = [
        ["序号", "项目名称", "建设内容", "总投资（万元）", "责任单位"],
        ["1", "城区路网工程", "下列2个子项目", 500, "区住建局"],
        ["1.1", "青石路改造", "长1公里", 200, "区住建局"],
        ["1.2", "红河路", "长2公里", 300, "区住建局"],
        ["2", "老旧小区改造", "改造8个小区", 900, "区住建局"],
        ["其中：", "柳林片区", "改造3个小区", 400, "区住建局"],
        ["", "白沙片区", "改造5个小区", 500, "区住建局"],
    ]
    return [page(rows)], told(
        {
            2: {"name": "城区路网工程", "total_investment": "500"},
            3: {"name": "青石路改造", "parent_row": 2},
            4: {"name": "红河路", "parent_row": 2, "total_investment": "300"},
            5: {"name": "老旧小区改造", "total_investment": "900"},
            6: {"name": "柳林片区", "parent_row": 5},
            7: {"name": "白沙片区", "parent_row": 5},
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


@case
def last_year_beside_this_year() -> Case:
    rows = [
        ["云岭区2026年重点项目计划"],
        ["（单位：万元）"],
        ["序号", "项目名称", "总投资", "2025年", "", "2026年", "", "2027年及以后计划投资", "责任单位"],
        ["", "", "", "计划投资", "完成投资", "计划投资", "1-9月完成投资", "", ""],
        [1, "东河大桥", 1000, 300, 280, 400, 310, 320, "区交通局"],
        [2, "西山水厂", 800, 200, 200, 500, 420, 100, "区水务局"],
    ]
    return [page(rows, "A1:I1 A3:A4 B3:B4 C3:C4 D3:E3 F3:G3 H3:H4 I3:I4")], told(
        {
            5: {"name": "东河大桥", "total_investment": "1000", "annual_plan": "400", "completed_ytd": "310"},
            6: {"name": "西山水厂", "annual_plan": "500", "completed_ytd": "420"},
        }
    )


@case
def sections_by_town_without_serials() -> Case:
    rows = [
        ["项目名称", "建设内容", "总投资（万元）", "开竣工时间", "牵头单位"],
        ["东河街道（2个）", "", 300, "", ""],
        ["东河大桥", "建桥", 100, "2024-2026", "区交通局"],
        ["东河水厂", "扩建", 200, "2025-2026", "区水务局"],
        ["青石镇（1个）", "", 400, "", ""],
        ["青石广场", "改造", 400, "2026", "区城管局"],
        ["开发区", "", 500, "", ""],
        ["智能装备园", "厂房", 500, "2024-2027", "开发区管委会"],
        ["总  计", "", 1200, "", ""],
    ]
    return [page(rows)], told(
        {
            3: {"name": "东河大桥", "start": "2024", "end": "2026", "responsible": "区交通局"},
            4: {"name": "东河水厂"},
            6: {"name": "青石广场", "total_investment": "400"},
            8: {"name": "智能装备园", "responsible": "开发区管委会"},
        }
    )


@case
def header_words_on_three_rows_unmerged() -> Case:
    rows = [
        ["重点项目建设进度表"],
        ["序", "项目", "建设规模", "计  划", "2026年", "责任"],
        ["", "", "", "总投资", "计划投资", ""],
        ["号", "名称", "及内容", "(万元)", "(万元)", "单位"],
        [1, "东河大桥", "建桥", 100, 50, "区交通局"],
        [2, "西山水厂", "扩建", 200, 80, "区水务局"],
    ]
    return [page(rows)], told(
        {
            5: {"name": "东河大桥", "total_investment": "100", "annual_plan": "50", "scale": "建桥"},
            6: {"name": "西山水厂", "responsible": "区水务局"},
        }
    )


@case
def sums_above_and_signatures_below() -> Case:
    rows = [
        ["2026年全区重点项目推进情况表"],
        ["截至2026年10月31日", "", "", "", "", "单位:万元"],
        ["序号", "责任单位", "项目名称", "年度投资计划", "累计完成\n投资额", "形象进度"],
        ["合计", "", "3个", 600, 320, ""],
        [1, "区交通局", "东河大桥", 300, 200, "合龙"],
        ["", "", "柳林大道", 100, 20, "路基"],
        [2, "区水务局", "西山水厂", 200, 100, "土建完成80%"],
        ["", "", "", "", "", ""],
        ["制表：张某某", "", "审核：李某某", "", "", "日期：2026年11月3日"],
    ]
    return [page(rows, "B5:B6 A5:A6 A1:F1")], told(
        {
            5: {"name": "东河大桥", "responsible": "区交通局", "annual_plan": "300", "completed_ytd": "200"},
            6: {"name": "柳林大道", "responsible": "区交通局", "completed_ytd": "20"},
            7: {"name": "西山水厂", "annual_plan": "200"},
        }
    )


@case
def no_header_at_all() -> Case:
    """It asks instead of guessing."""
    rows = [[1, "东河大桥", "建桥", 100, "区交通局"], [2, "西山水厂", "扩建", 200, "区水务局"]]
    return [page(rows)], {}
