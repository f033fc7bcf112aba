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
    ],
)
def test_meaning(path, field):
    assert MATCHER.match(path).field == field
    assert MATCHER.match(path).confidence == ("exact" if field else "none")


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
