"""Hostile files are refused with one Chinese sentence; odd but honest ones are read."""

import random
import re

import pytest

from common.excel import gate, sandbox
from common.excel.understand import read_workbook
from tests.common.excel import hostile

SENTENCE = re.compile(r"^[^。]*[：][^。]*。$")


@pytest.mark.parametrize("case", sorted(hostile.REFUSED))
def test_a_hostile_file_is_refused_with_one_sentence_that_says_what_to_do(case):
    make, name, word = hostile.REFUSED[case]
    with pytest.raises(gate.FileRefused) as refusal:
        read_workbook(make(), name)
    message = refusal.value.message
    assert re.search(word, message), message
    assert SENTENCE.match(message), message
    assert "root:" not in message


@pytest.mark.parametrize("reference", ["A1:XFD1048576", "A1:A1"])
def test_a_lying_dimension_does_no_harm(reference):
    result = read_workbook(hostile.dimension(reference), "a.xlsx")
    assert [p["name"] for p in result.projects] == ["东河大桥"]


def test_formatted_rows_far_below_the_data_do_not_refuse_a_file():
    result = read_workbook(hostile.empty_rows(60_000), "a.xlsx")
    assert not result.projects
    assert result.sheets[0].why == "表头已识别，但下面没有项目行"


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        ('<c r="B2"><f>1+1</f></c>', "formula_empty"),
        ('<c r="B2" t="e"><v>#REF!</v></c>', "formula_error"),
        ('<c r="B2"><v>1e999</v></c>', "amount_format"),
        (hostile.text_cell("B2", "abc"), "amount_format"),
        (hostile.text_cell("B2", "1.23456"), "amount_precision"),
        (hostile.text_cell("B2", "5&#x202e;00"), "control_characters"),
    ],
)
def test_a_bad_cell_is_named_and_the_good_row_still_read(xml, code):
    result = read_workbook(hostile.cell(xml), "a.xlsx")
    found = [item for item in result.errors + result.warnings if item["row"] == 2]
    assert code in [item["code"] for item in found]
    assert "第 2 行" in found[0]["message"]
    assert [p.get("total_investment") for p in result.projects] == [None, "7"]


def test_a_cached_formula_gives_its_value():
    result = read_workbook(hostile.cell('<c r="B2"><f>1+1</f><v>2</v></c>'), "a.xlsx")
    assert result.projects[0]["total_investment"] == "2"


@pytest.mark.parametrize(
    "xml", ['<c r="B2" t="s"><v>99</v></c>', '<c r="B2"><v>abc</v></c>', '<c r="B2" t="s"><v>-1</v></c>']
)
def test_a_broken_cell_never_crashes(xml):
    try:
        result = read_workbook(hostile.cell(xml), "a.xlsx")
    except gate.FileRefused as refusal:
        assert SENTENCE.match(refusal.message)
    else:
        assert result.projects[-1]["name"] == "西山道路"


def test_prefixed_namespaces_are_read_or_refused_but_never_lost():
    prefixed = hostile.sheet()
    prefixed = re.sub(r"<(/?)(\w)", r"<\1x:\2", prefixed).replace('xmlns="', 'xmlns:x="')
    try:
        result = read_workbook(hostile.workbook({"xl/worksheets/sheet1.xml": prefixed}), "a.xlsx")
    except gate.FileRefused as refusal:
        assert "另存" in refusal.message
    else:
        assert [p["name"] for p in result.projects] == ["东河大桥"]


CSV_TEXT = '项目名称,总投资（万元）,建设内容\n东河大桥,1200,"全长2公里，\n双向四车道"\n𠮷林道路,300,改造\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_encodings_read_alike(encoding):
    result = read_workbook(CSV_TEXT.encode(encoding), "清单.csv")
    assert [p["name"] for p in result.projects] == ["东河大桥", "𠮷林道路"]
    assert result.projects[0]["scale"] == "全长2公里，\n双向四车道"


def test_the_extension_does_not_matter_when_the_content_is_excel():
    assert read_workbook(hostile.plain_book(), "名单.xls").projects[1]["total_investment"] == "3500.5"


def test_mutated_files_are_read_or_refused_but_never_crash():
    rng = random.Random(80)
    good = hostile.plain_book()
    outcomes = set()
    for _ in range(40):
        data = bytearray(good)
        for _ in range(rng.randint(1, 12)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        try:
            read_workbook(bytes(data), "a.xlsx")
            outcomes.add("read")
        except gate.FileRefused as refusal:
            assert SENTENCE.match(refusal.message)
            outcomes.add("refused")
    assert "refused" in outcomes


def test_a_parser_that_hangs_is_killed(monkeypatch):
    monkeypatch.setattr(sandbox, "WALL_SECONDS", 30)
    with pytest.raises(gate.FileRefused, match="没有读完"):
        sandbox.read_grids(hostile.plain_book(), "xlsx", wall_seconds=0.001)


def test_a_parser_that_dies_is_a_refusal():
    with pytest.raises(gate.FileRefused, match="无法安全读取"):
        sandbox.read_grids(b"not a zip", "xlsx")
