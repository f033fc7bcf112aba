"""Headers: what they mean, and what they must not be taken for."""

import pytest

from common.excel.columns import Matcher, header_unit

MATCHER = Matcher()


@pytest.mark.parametrize(
    ("path", "field"),
    [
        (("项    目  名  称",), "name"),
        (("产业类别：\n现代产业类/基础设施类",), "industry"),
        (("建设起", "止年限"), "duration"),
        (("2018年计划", "完成投资（万元）"), "annual_plan"),
        (("本年计划投资额(万元)",), "annual_plan"),
        (("2024年计划投资", "计划总投资"), "annual_plan"),
        (("2021年投资计划", "小计"), "annual_plan"),
        (("2021年投资计划", "主要建设内容"), "annual_goal"),
        (("项目资金来源", "计划总投资"), "total_investment"),
        (("项目资金来源", "市财政资金"), None),
        (("二季度工作计划", "投资"), None),
        (("2015年投资计划建议", "其中", "自有资金"), None),
        (("到2013年底累计完成投资（万元）",), "completed_total"),
        (("2023年1-12月累计完成投资(万元)",), "completed_ytd"),
        (("01月完成投资(万元)",), "completed_month"),
        (("年度投资完成率",), "completion_rate"),
        (("项目(法人)单位",), "owner"),
        (("投资主体",), "funding"),
        (("起止年限", "开工"), "start"),
        (("起止年限", "竣工"), "end"),
        (("5月进展情况",), "progress_text"),
        (("投资完成情况（万元）", "总投资"), "total_investment"),
        (("投资完成情况", "本月完成"), "completed_month"),
        (("完成投资（万元）", "本年累计"), "completed_ytd"),
        (("完成投资（万元）", "自开工累计"), "completed_total"),
        (("截至2025年底", "累计完成投资"), "completed_total"),
        (("总投资（亿元）", "政府投资"), None),
        (("总投资", "其中：2026年计划投资"), "annual_plan"),
        (("责任领导", "市级"), "lead_officials"),
        (("开工时间", "实际"), "actual_start"),
        (("项目单位", "联系人"), "contact"),
    ],
)
def test_meaning(path, field):
    assert MATCHER.match(path).field == field
    assert MATCHER.match(path).confidence == ("exact" if field else "none")


SPELLINGS = {
    "name": "PPP项目名称 储备项目名称 专项债券项目名称 工程项目名称 项目 建设项目",
    "total_investment": "投资金额 概算投资 协议总投资 项目投资（万元） 计划投资总额 工程造价 总投资额：亿元",
    "annual_plan": "2026年投资额 年度计划总投资 年度目标(万元) 2026年目标任务（万元） 2026年计划完成额",
    "completed_ytd": "2026年1-10月完成 1—10月累计完成投资 截至目前累计完成投资 年初至今完成投资 投资完成额",
    "completed_total": "截至2025年12月底累计完成 至2025年底预计累计完成投资 2025年底预计完成投资 项目开工累计完成投资",
    "completed_month": "本月完成 10月份完成投资",
    "owner": "投资方名称 客商名称 实施企业 建设（业主）单位 项目承办单位 投资主体名称 业主单位及联系人",
    "responsible": "县级责任单位 县直牵头单位 招商责任单位 引资单位 行业监管部门 责任乡镇（单位） 牵头单位及责任人",
    "co_responsible": "配合部门 协助单位",
    "lead_officials": "县领导 县处级领导 挂包领导 县级分包领导 联系领导及职务 包项目领导 领衔领导",
    "officials": "责任人及电话 单位责任人",
    "contact": "联系人及电话 联系人姓名",
    "location": "落户地 落户园区 拟建地点 具体位置 实施地点",
    "area": "县（市、区） 所属区域 所在镇（街道）",
    "industry": "所属产业链 投向领域 行业名称 产业方向",
    "nature": "新（续）建 新建、续建 新建/续建/改扩建",
    "stage": "目前阶段 推进阶段",
    "scale": "项目概况及建设内容 工程概况 建设规模（内容）",
    "duration": "建设期限（起止时间） 建设起讫年限 计划建设周期 开（竣）工时间 建设年度",
    "start": "计划开工月份 开工时间节点 动工时间",
    "end": "投用时间 计划投用时间 预计竣工投产时间",
    "annual_goal": "2026年工作目标 2026年度推进目标 2026年主要工作内容",
    "progress_text": "前期工作进展情况 最新进展 截至10月底进展情况",
    "problems": "存在问题及困难 需市级协调解决的问题",
}


@pytest.mark.parametrize("field", SPELLINGS)
def test_spellings_that_no_alias_lists(field):
    wrong = [header for header in SPELLINGS[field].split() if MATCHER.match((header,)).field != field]
    assert wrong == []


@pytest.mark.parametrize(
    "header",
    [
        "“十五五”计划投资",
        "2027年及以后投资",
        "占年度计划比例",
        "专项债券资金需求",
        "资本金",
        "未完成投资",
        "固定资产投资",
        "是否省重点",
        "签约时间",
        "投资强度",
        "年产值",
        "企业负责人",
        "项目单位所在地",
    ],
)
def test_what_is_like_a_field_and_none(header):
    assert MATCHER.match((header,)).confidence != "exact"


@pytest.mark.parametrize("path", [("上年度", "完成投资"), ("项目总投资", "资本金")])
def test_what_a_parent_does_not_make_one(path):
    assert MATCHER.match(path).confidence != "exact"


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("总投资（万元）", "万元"),
        ("总投资\n(亿元)", "亿元"),
        ("总投资(单位：万元)", "万元"),
        ("投资额/千元", "千元"),
        ("总投资（500万元以上项目填写）", None),
        ("总投资", None),
    ],
)
def test_units(header, unit):
    assert header_unit(header) == unit


def test_similar_is_a_suggestion_and_different_is_nothing():
    assert MATCHER.match(("建设地址情况",)).confidence == "suggested"
    assert MATCHER.match(("天气",)).confidence == "none"


def test_aliases_of_the_caller_win():
    matcher = Matcher(extra={"包保干部": "lead_officials"})
    assert matcher.match(("包保 干部",)).field == "lead_officials"


@pytest.mark.shared
def test_every_alias_of_the_inventory_is_known(shared_lists):
    """Single headers of synonyms.json, without those that the inventory itself describes in words."""
    import json

    inventory = json.loads((shared_lists / "synonyms.json").read_text(encoding="utf-8"))["fields"]
    unknown = [
        entry["header"]
        for field, entries in inventory.items()
        for entry in entries
        if field
        in ("name", "total_investment", "annual_plan", "owner", "responsible_unit", "location", "scale_content")
        and not {"/", "-", " ", "*"} & set(entry["header"])
        and MATCHER.match((entry["header"],)).confidence != "exact"
    ]
    assert unknown == []
