"""Lists of other offices: investment promotion, special bonds, reserves, corrections, places in two columns."""

from tests.common.excel.wild.case import Case, case, page, told


@case
def attraction_list() -> Case:
    rows = [
        ["云岭区2026年招商引资签约项目表"],
        [
            "序号",
            "项目名称",
            "投资方名称",
            "客商来源地",
            "投资内容",
            "协议总投资（亿元）",
            "外资金额（万美元）",
            "签约时间",
            "落户地",
            "招商责任单位",
            "项目进展",
        ],
        [
            1,
            "东河铸造产业园",
            "青石轴承公司",
            "江东省",
            "建设厂房",
            5,
            "",
            {"t": "2026-03-01"},
            "云岭经开区",
            "区招商局",
            "已开工",
        ],
        [
            2,
            "西山物流园",
            "白沙物流公司",
            "海西市",
            "建设仓储",
            "2.5",
            "300",
            "2026.4.8",
            "柳林镇",
            "柳林镇",
            "正在办理手续",
        ],
    ]
    return [page(rows)], told(
        {
            3: {
                "name": "东河铸造产业园",
                "owner": "青石轴承公司",
                "total_investment": "50000",
                "location": "云岭经开区",
                "responsible": "区招商局",
                "start": None,
                "scale": "建设厂房",
            },
            4: {"name": "西山物流园", "total_investment": "25000", "responsible": "柳林镇", "location": "柳林镇"},
        }
    )


@case
def special_bonds() -> Case:
    rows = [
        ["云岭区2026年专项债券项目需求表"],
        ["单位：亿元"],
        [
            "序号",
            "项目名称",
            "项目代码",
            "主管部门",
            "项目单位",
            "专项债投向领域",
            "项目总投资",
            "资本金",
            "专项债券资金需求",
            "",
            "建设起止年限",
            "前期工作进展",
        ],
        ["", "", "", "", "", "", "", "", "总需求", "2026年需求", "", ""],
        [
            1,
            "东河大桥",
            "2601-990101-48-01-123456",
            "区交通局",
            "东河建设公司",
            "交通基础设施",
            3.5,
            0.7,
            2.8,
            1.5,
            "2026-2028",
            "已批复可研",
        ],
        [
            2,
            "西山水厂",
            "2601-990101-46-01-123457",
            "区水务局",
            "云岭水务公司",
            "农林水利",
            2.1,
            0.5,
            1.6,
            0.8,
            "2026-2027",
            "正在编制可研",
        ],
    ]
    return [page(rows, "A1:L1 A3:A4 B3:B4 C3:C4 D3:D4 E3:E4 F3:F4 G3:G4 H3:H4 I3:J3 K3:K4 L3:L4")], told(
        {
            5: {
                "name": "东河大桥",
                "total_investment": "35000",
                "annual_plan": None,
                "owner": "东河建设公司",
                "responsible": "区交通局",
                "industry": "交通基础设施",
                "national_code": "2601-990101-48-01-123456",
            },
            6: {"name": "西山水厂", "total_investment": "21000", "annual_plan": None, "industry": "农林水利"},
        }
    )


@case
def reserve_list() -> Case:
    rows = [
        ["云岭区2026年储备项目清单"],
        [
            "序号",
            "拟建项目名称",
            "产业方向",
            "拟建地点",
            "主要建设内容及规模",
            "估算总投资\n（亿元）",
            "资金筹措方式",
            "前期工作进展情况",
            "计划开工时间",
            "联系人及电话",
        ],
        [
            1,
            "东河铸造产业园",
            "先进制造",
            "东河街道",
            "厂房8万平方米",
            7.5,
            "自筹",
            "完成选址",
            "2027年6月",
            "钱进 13800000001",
        ],
        [2, "西山康养小镇", "康养", "青石镇", "床位500张", 4.2, "自筹+贷款", "编制可研", "2027年", "周涛 13800000002"],
    ]
    return [page(rows)], told(
        {
            3: {
                "name": "东河铸造产业园",
                "total_investment": "75000",
                "industry": "先进制造",
                "location": "东河街道",
                "start": "2027-06",
                "stage": "储备",
                "lead_officials": None,
            },
            4: {"name": "西山康养小镇", "total_investment": "42000", "start": "2027"},
        }
    )


@case
def location_columns() -> Case:
    rows = [
        ["序号", "项目名称", "县（市、区）", "建设地点", "总投资（万元）"],
        [1, "东河大桥", "东河县", "东河镇柳林村", 9000],
        [2, "西山水厂", "西山区", "白沙街道", 8000],
    ]
    return [page(rows)], told(
        {2: {"name": "东河大桥", "location": "东河县"}, 3: {"name": "西山水厂", "location": "西山区"}}
    )


@case
def removed_and_added_lists() -> Case:
    rows = [
        ["云岭区2026年重点项目调整表"],
        ["一、新增项目（2个）"],
        ["序号", "项目名称", "总投资（亿元）", "责任单位"],
        [1, "东河大桥", 0.9, "区交通局"],
        [2, "西山水厂", 0.8, "区水务局"],
        ["二、更名项目（1个）"],
        ["序号", "原项目名称", "现项目名称", "责任单位"],
        [1, "南湖卫生院", "南湖医院", "区卫健局"],
    ]
    return [page(rows)], told(
        {4: {"name": "东河大桥"}, 5: {"name": "西山水厂"}, 8: {"name": "南湖医院", "responsible": "区卫健局"}}
    )


@case
def english_and_chinese_header() -> Case:
    rows = [
        ["No.", "项目名称 Project", "总投资（万元） Investment", "责任单位"],
        [1, "东河大桥", 9000, "区交通局"],
        [2, "柳林大道", 3000, "区交通局"],
    ]
    return [page(rows)], told({2: {"name": "东河大桥", "total_investment": "9000"}, 3: {"name": "柳林大道"}})


@case
def annual_plan_only_number_year_header_int() -> Case:
    rows = [
        ["云岭区2025—2027年重点项目三年滚动计划", "", "", "", "", "", "单位：亿元"],
        ["序号", "项目名称", "总投资", 2025, 2026, 2027, "责任单位"],
        [1, "东河大桥", 0.9, 0.3, 0.4, 0.2, "区交通局"],
        [2, "柳林大道", 0.3, 0.1, 0.1, 0.1, "区交通局"],
    ]
    return [page(rows)], told(
        {3: {"name": "东河大桥", "total_investment": "9000"}, 4: {"name": "柳林大道", "total_investment": "3000"}}
    )


@case
def special_bond_published() -> Case:
    rows = [
        ["2026年云岭省政府专项债券（三期）项目表"],
        [
            "序号",
            "地区",
            "项目名称",
            "项目领域",
            "债券金额（万元）",
            "项目总投资（万元）",
            "期限（年）",
            "实施单位",
            "主管部门",
        ],
        [1, "海西市", "东河大桥", "交通", 15000, 35000, 20, "东河公司", "市交通局"],
        [2, "云岭区", "西山水厂", "水利", 8000, 21000, 15, "云岭水务", "区水务局"],
    ]
    return [page(rows)], told(
        {
            3: {
                "name": "东河大桥",
                "total_investment": "35000",
                "owner": "东河公司",
                "responsible": "市交通局",
                "industry": "交通",
                "start": None,
                "annual_plan": None,
            },
            4: {"name": "西山水厂", "total_investment": "21000", "location": "云岭区"},
        }
    )


@case
def signing_ceremony() -> Case:
    rows = [
        ["云岭区2026年一季度集中签约项目"],
        ["序号", "项目名称", "甲方", "乙方", "签约金额（亿元）", "项目类别"],
        [1, "东河铸造产业园", "云岭区人民政府", "青石轴承公司", 5, "工业"],
        [2, "西山物流园", "云岭区人民政府", "白沙物流公司", 3.2, "服务业"],
    ]
    return [page(rows)], told(
        {
            3: {"name": "东河铸造产业园", "total_investment": "50000", "industry": "工业"},
            4: {"name": "西山物流园", "total_investment": "32000"},
        }
    )


@case
def header_merged_serial_title_left() -> Case:
    rows = [
        ["", "云岭区2026年重点项目", "", "", ""],
        ["序号", "项目", "", "投资", "单位"],
        ["", "名称", "内容", "（万元）", ""],
        [1, "东河大桥", "建桥", 9000, "区交通局"],
        [2, "柳林大道", "道路", 3000, "区住建局"],
    ]
    return [page(rows, "A2:A3 B2:C2 E2:E3")], told(
        {4: {"name": "东河大桥", "total_investment": "9000", "scale": "建桥"}, 5: {"name": "柳林大道"}}
    )
