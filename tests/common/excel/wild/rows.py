"""Rows: sections at three levels, sums of every kind, packages and their parts, lines of text under a project."""

from tests.common.excel.wild.case import Case, case, page, told


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
def serials_in_chinese_and_the_unit_in_the_note() -> Case:
    rows = [
        ["序号", "项目名称", "建设内容", "总投资", "责任单位"],
        ["一", "东河大桥", "建桥", 1.5, "区交通局"],
        ["二", "西山水厂", "扩建", 0.8, "区水务局"],
        ["三", "南湖小学", "新建", 0.3, "区教育局"],
        ["合计（一+二+三）", "", "", 2.6, ""],
        ["注：以上金额单位：亿元。"],
    ]
    return [page(rows)], told(
        {
            2: {"name": "东河大桥", "total_investment": "15000", "industry": None},
            3: {"name": "西山水厂", "total_investment": "8000"},
            4: {"name": "南湖小学", "total_investment": "3000"},
        }
    )


@case
def totals_of_every_kind() -> Case:
    def line(name: str, serial: object = "", content: str = "", unit: str = "") -> list:
        return [serial, name, content, 100, unit]

    rows = [
        ["序号", "项目名称", "建设内容", "总投资（万元）", "责任单位"],
        line("全区总计"),
        line("其中：续建"),
        line("新开工"),
        ["一、续建项目小计", "", "", 100, ""],
        line("东河大桥", 1, "建桥", "区交通局"),
        line("本页小计"),
        ["二、新开工项目（共1个，总投资100万元）", "", "", "", ""],
        line("西山水厂", 2, "扩建", "区水务局"),
        line("累计"),
        line("总投资合计"),
        ["总   计", "", "", 200, ""],
    ]
    return [page(rows)], told(
        {6: {"name": "东河大桥", "stage": "建设"}, 9: {"name": "西山水厂", "stage": "开工", "industry": None}}
    )


@case
def a_wide_line_of_text_under_every_project() -> Case:
    rows = [
        ["序号", "项目名称", "总投资（万元）", "年度计划（万元）", "责任单位"],
        [1, "东河大桥", 100, 50, "区交通局"],
        ["建设内容：新建桥梁一座，全长500米。", "", "", "", ""],
        ["进展情况：桩基完成60%，正在施工承台。", "", "", "", ""],
        [2, "西山水厂", 200, 80, "区水务局"],
        ["建设内容：扩建至日供水5万吨。", "", "", "", ""],
        ["进展情况：土建完成。", "", "", "", ""],
    ]
    return [page(rows, "A3:E3 A4:E4 A6:E6 A7:E7")], told(
        {2: {"name": "东河大桥", "industry": None}, 5: {"name": "西山水厂", "industry": None, "annual_plan": "80"}}
    )


@case
def groups_by_unit_in_merged_rows() -> Case:
    rows = [
        ["序号", "项目名称", "建设内容", "总投资（亿元）", "年度计划投资（亿元）"],
        ["区交通局（2个）", "", "", "", ""],
        [1, "东河大桥", "建桥", 1.2, 0.5],
        [2, "柳林大道", "道路3公里", 0.8, 0.3],
        ["责任单位：区水务局", "", "", "", ""],
        [3, "西山水厂", "扩建", 0.35, 0.2],
    ]
    return [page(rows, "A2:E2 A5:E5")], told(
        {
            3: {"name": "东河大桥", "responsible": "区交通局", "total_investment": "12000"},
            4: {"name": "柳林大道", "responsible": "区交通局"},
            6: {"name": "西山水厂", "responsible": "区水务局", "annual_plan": "2000"},
        }
    )


@case
def a_category_column_without_header_broken_over_lines() -> Case:
    rows = [
        ["", "序号", "项目名称", "总投资（万元）", "责任单位"],
        ["产\n业\n类", 1, "东河产业园", 100, "区工信局"],
        ["", 2, "青石铸造", 200, "区工信局"],
        ["民\n生\n类", 3, "南湖小学", 300, "区教育局"],
        ["", 4, "柳林医院", 400, "区卫健局"],
    ]
    return [page(rows, "A2:A3 A4:A5")], told(
        {
            2: {"name": "东河产业园", "industry": "产业类"},
            3: {"name": "青石铸造", "industry": "产业类"},
            4: {"name": "南湖小学", "industry": "民生类"},
            5: {"name": "柳林医院", "industry": "民生类", "total_investment": "400"},
        }
    )


@case
def numbers_glued_to_names_under_chinese_sections() -> Case:
    rows = [
        ["项目名称", "建设规模", "投资额(亿元)", "实施单位", "计划开工", "计划竣工"],
        ["一、交通（2个）", "", "", "", "", ""],
        ["1.东河大桥", "长500米", 1.2, "东河建设公司", "2024年", "2026年"],
        ["2.柳林大道", "长3公里", 0.8, "东河建设公司", "2025年", "2026年"],
        ["二、水利（1个）", "", "", "", "", ""],
        ["1.西山水厂", "日供水5万吨", 0.35, "云岭水务公司", "2026年", "2027年"],
    ]
    return [page(rows)], told(
        {
            3: {"name": "东河大桥", "industry": "交通", "owner": "东河建设公司", "start": "2024", "end": "2026"},
            4: {"name": "柳林大道", "total_investment": "8000"},
            6: {"name": "西山水厂", "industry": "水利", "end": "2027"},
        }
    )
