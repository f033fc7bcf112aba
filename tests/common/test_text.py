"""Normal form, placeholders, names, numerals, pinyin."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.text import (
    chinese_digits,
    chinese_number,
    is_placeholder,
    name_key,
    norm,
    pinyin_index,
    quoted,
    whole_number,
    yu,
)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("ＡＢｃ１２，（～）", "ABC12,(~)"),
        ("a—b–c−d‐e‑f―g－h", "A-B-C-D-E-F-G-H"),
        (" a\u3000b\tc\nd\u200b\ufeffe\u00a0f ", "ABCDEF"),
        ("“云岭”。", "“云岭”。"),
    ],
)
def test_norm(text, normal):
    assert norm(text) == normal


@given(st.text())
def test_norm_is_idempotent(text):
    assert norm(norm(text)) == norm(text)


@pytest.mark.parametrize("text", ["", "　", "-", "——", "－", "/", "无", " 待 定", "未定", "暂无", "n/a", "Ｎ／Ａ"])
def test_placeholders(text):
    assert is_placeholder(text)


@pytest.mark.parametrize("text", ["0", "无锡", "待定项目", "//", "-1", "NA", "无无"])
def test_values_that_are_no_placeholders(text):
    assert not is_placeholder(text)


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("云岭产业园项目", "云岭产业园建设工程", True),
        ("云岭产业园建设项目", "云岭产业园", True),
        ("云岭产业园工程项目", "云岭产业园工程", False),  # one suffix only: 云岭产业园工程 against 云岭产业园
        ("云岭产业园（一期）", "云岭产业园(二期)", False),
        ("《云岭·产业园》", "云岭产业园", True),
        ("云岭产业园2025", "云岭产业园2026", False),
        ("Ａ１_标准-厂房、仓库", "a1标准厂房仓库", True),
        ("建设大道改造", "大道改造", False),  # only at the end
    ],
)
def test_suspected_duplicates(a, b, same):
    assert (name_key(a) == name_key(b)) is same


@pytest.mark.parametrize(
    ("n", "text"),
    [
        (0, "0个"),
        (9, "9个"),
        (10, "10个"),
        (11, "10余个"),
        (19, "10余个"),
        (20, "20个"),
        (100, "100个"),
        (101, "100余个"),
    ],
)
def test_yu(n, text):
    assert yu(n) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("零", 0),
        ("〇", 0),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("一百零五", 105),
        ("一百〇五", 105),
        ("一百一十", 110),
        ("两千三百", 2300),
        ("一千零五十", 1050),
        ("三万五千", 35_000),
        ("三万零五", 30_005),
        ("十五亿零五百万", 1_505_000_000),
        ("一亿零二千", 100_002_000),
        ("一亿二千万", 120_000_000),
        ("一万亿", 10**12),
    ],
)
def test_numerals(text, value):
    assert chinese_number(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "三五",
        "一百五",
        "三万五",
        "一亿二",
        "一亿二千",
        "千万",
        "百",
        "一百零",
        "一千千",
        "二〇二六",
        "一百a",
        "万一",
        "零零",
    ],
)
def test_short_forms_and_nonsense_are_not_guessed(text):
    assert chinese_number(text) is None


def spell(n: int) -> str:
    """The formal numeral of 0 < n < 10^8, written the other way round from the parser."""
    if n >= 10_000:
        low = n % 10_000
        return spell(n // 10_000) + "万" + (("零" if low < 1000 else "") + spell(low) if low else "")
    text, zero = "", False
    for size, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = n // size % 10
        if digit:
            text += ("零" if zero and text else "") + "零一二三四五六七八九"[digit] + unit
        zero = digit == 0
    return text


@given(st.integers(1, 10**8 - 1))
def test_every_formal_numeral_is_understood(n):
    assert chinese_number(spell(n)) == n


def test_digits_one_by_one():
    assert chinese_digits("二〇二六") == 2026
    assert chinese_digits("二零") == 20
    assert chinese_digits("二十") is None
    assert chinese_digits("") is None


def test_surnames_are_found_under_every_reading():
    full, initials = pinyin_index("单雄")
    assert {"shanxiong", "danxiong", "chanxiong"} <= set(full.split())
    assert {"sx", "dx", "cx"} <= set(initials.split())


def test_names_of_projects_keep_letters_and_digits():
    assert pinyin_index("云岭A3地块（一期）") == ("yunlinga3dikuaiyiqi", "yla3dkyq")
    assert pinyin_index("A3 云岭") == ("a3yunling", "a3yl")
    assert pinyin_index("") == pinyin_index("（）") == ("", "")


@given(st.text(max_size=30))
def test_pinyin_never_fails(text):
    full, initials = pinyin_index(text)
    assert full == full.lower()
    assert len(full.split()) >= len(initials.split())


@pytest.mark.parametrize(
    ("text", "number"),
    [("7", 7), ("", None), ("-1", None), ("²", None), ("٣", None), ("9" * 18, 10**18 - 1), ("9" * 19, None)],
)
def test_what_an_address_says_is_a_number_only_where_a_key_can_be_one(text, number):
    assert whole_number(text) == number


def test_a_name_with_quotation_marks_is_quoted_once():
    assert quoted("“两重”建设第二批") == "“‘两重’建设第二批”"
    assert quoted("专项债券") == "“专项债券”"
