"""Cells to values: amounts, dates, people, labels, marks."""

import pytest

from common.excel import labels, people
from common.excel.values import read


@pytest.mark.parametrize(
    ("raw", "unit", "wan"),
    [
        (170000, "万元", "170000"),
        (0.69, "亿元", "6900"),
        ("1.2亿", "万元", "12000"),
        ("1,584,946.56", "万元", "1584946.56"),
        ("总投资：250000万元", "亿元", "250000"),
        ("120000万元（含征地）", "亿元", "120000"),
        ("５００", "万元", "500"),
        (500, "千元", "50"),
        (5, "百万元", "500"),
        ("3亿元", "百万元", "30000"),
        (0.30000000000000004, "万元", "0.3"),
        ("——", "万元", None),
        ("待定", "万元", None),
        (0, "万元", "0"),
    ],
)
def test_amounts(raw, unit, wan):
    reading = read("money", raw, unit=unit)
    assert reading.value == wan
    assert not reading.problems


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("1-2亿", "amount_range"),
        ("100万美元", "amount_currency"),
        ("很多", "amount_format"),
        (1.23456, "amount_precision"),
    ],
)
def test_an_amount_that_would_be_a_guess_is_an_error(raw, code):
    reading = read("money", raw, unit="万元")
    assert reading.value is None
    assert [problem.code for problem in reading.problems] == [code]


@pytest.mark.parametrize(
    ("raw", "span"),
    [
        (2018, ("2018", "2018")),
        ("2018-2020", ("2018", "2020")),
        ("2018—2020年", ("2018", "2020")),
        ("2021年至2022年", ("2021", "2022")),
        ("2018.3-2020.10", ("2018-03", "2020-10")),
        ("2021/3-2022/5", ("2021-03", "2022-05")),
        ("2023.6-2024.6月", ("2023-06", "2024-06")),
        ("202203-202412", ("2022-03", "2024-12")),
        ("2022年3月至今", ("2022-03", None)),
        ("2018-2020年底", ("2018", "2020-12")),
        ("2023.5.6-2024.7.8", ("2023-05-06", "2024-07-08")),
        ("预计2024年底", ("2024-12", "2024-12")),
        ("2021-01-28 11:06:25", ("2021-01-28", "2021-01-28")),
        ({"t": "2024-03-01"}, ("2024-03-01", "2024-03-01")),
        (45597, ("2024-11-01", "2024-11-01")),
        ("24个月", None),
        ("待定", None),
    ],
)
def test_dates(raw, span):
    reading = read("range", raw, year=2026)
    assert reading.value == span
    assert not reading.problems


@pytest.mark.parametrize(
    ("raw", "code"),
    [(2024.1, "date_ambiguous_float_month"), ("春节后", "date_format"), ("2024-02-30", "date_invalid_date")],
)
def test_a_date_that_would_be_a_guess_is_an_error(raw, code):
    reading = read("date", raw)
    assert reading.value is None
    assert [problem.code for problem in reading.problems] == [code]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("张立新\n李敏", ["张立新", "李敏"]),
        ("张立新       李敏", ["张立新", "李敏"]),
        ("李  敏", ["李敏"]),
        ("李\u00a0\u00a0\u00a0敏", ["李敏"]),
        ("张立新 李  敏", ["张立新", "李敏"]),
        ("张立新李  敏", ["张立新", "李敏"]),
        ("李  敏 周  文", ["李敏", "周文"]),
        ("张立新,李敏、周文", ["张立新", "李敏", "周文"]),
        ("张立新陈晓东", ["张立新", "陈晓东"]),
        ("张立新（副区长）", ["张立新"]),
        ("欧阳修文", ["欧阳修文"]),
        ("——", []),
    ],
)
def test_people(text, names):
    assert people.split_people(text) == names


def test_leaders_are_cut_from_the_unit_but_its_own_bracket_stays():
    assert people.cut_leaders("区住建局\n（李敏）") == ("区住建局", ["李敏"])
    assert people.cut_leaders("大桥指挥部（办公室设在住建局）\n（张立新、李敏）") == (
        "大桥指挥部（办公室设在住建局）",
        ["张立新", "李敏"],
    )
    assert people.cut_leaders("大桥指挥部（办公室设在住建局）") == ("大桥指挥部（办公室设在住建局）", [])
    assert people.cut_leaders("区住建局（牵头）", expected=True) == ("区住建局（牵头）", [])


@pytest.mark.parametrize(
    ("text", "stage", "nature"),
    [
        ("前期", "谋划", None),
        ("储备", "储备", None),
        ("计划新开工", "储备", None),
        ("新开工", "开工", "新建"),
        ("续建项目4个", "建设", "续建"),
        ("省在建重点项目", "建设", None),
        ("竣工投产", "投产", None),
        ("新建", None, "新建"),
    ],
)
def test_labels(text, stage, nature):
    assert labels.label_of(text) == labels.Label(stage, nature)


def test_a_label_is_only_a_label_when_it_says_nothing_else():
    assert labels.label_of("先进制造业") is None
    assert labels.label_of("在建桥梁加固") is None
    assert labels.title_label("2026年新开工项目清单") == labels.Label("开工", "新建")
    assert labels.title_label("2026年续建和新开工项目清单") is None


def test_marks_mean_what_the_list_says():
    note = ["注：省重点项目名称前标注★ 市重点项目名称前标注■"]
    assert labels.mark_levels(note) == {"★": "省重点", "■": "市重点"}
    assert labels.split_marks("★东河大桥") == ("东河大桥", "★")
    assert labels.mark_level("▲", {}) == ("市重点", True)
    assert labels.mark_level("▲", {"★": "省重点"}) == (None, False)


def test_a_code_that_lost_digits_is_an_error():
    assert read("code", 2.107990101e17).problems[0].code == "precision_lost"
    assert read("code", " 2401-990101-04-01-123456\u200b").value == "2401-990101-04-01-123456"
