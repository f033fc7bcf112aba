"""Money: reading, writing, percentages."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.money import (
    Amount,
    AmountError,
    format_amount,
    parse_amount,
    percent,
    plain,
    round_half_up,
    tile,
    to_decimal,
    wan_column,
    year_on_year,
    yi_column,
)


@pytest.mark.parametrize(
    ("value", "unit", "wan"),
    [
        ("500元", None, "0.05"),
        ("12345678元", None, "1234.5678"),
        ("3500万", None, "3500"),
        ("3500万元", "亿元", "3500"),  # the text's own unit wins over the header's
        ("50百万元", None, "5000"),
        ("3千万", None, "3000"),
        ("2.5千万元", None, "2500"),
        ("1亿", None, "10000"),
        ("3亿5000万", None, "35000"),
        ("1.5亿2000万元", None, "17000"),
        ("1,234.5", "万元", "1234.5"),
        ("1，234，567", "元", "123.4567"),
        ("126000", "元", "12.6"),
        ("1.2", "亿元", "12000"),
        ("３．５亿", None, "35000"),
        ("１ ２００ 万元", None, "1200"),
        ("人民币500万元", None, "500"),
        ("500万元人民币", None, "500"),
        ("¥1,200", "元", "0.12"),
        ("￥1,200", "元", "0.12"),
        ("RMB 3亿", None, "30000"),
        ("-120.5", "万元", "-120.5"),
        ("−120.5万元", None, "-120.5"),
        ("（1,200）", "万元", "-1200"),
        ("(3亿元)", None, "-30000"),
        ("-0", "万元", "0"),
        ("(0)", "万元", "0"),
        ("0.0000", "万元", "0"),
        ("1.23450万元", None, "1.2345"),
        ("五百万元", None, "500"),
        ("三亿五千万元", None, "35000"),
        ("两亿", None, "20000"),
        ("三百元", None, "0.03"),
        ("三百", "万元", "300"),
        ("十二", "亿元", "120000"),
        ("零", "万元", "0"),
        ("-五千万", None, "-5000"),
        (0, "万元", "0"),
        (126000, "元", "12.6"),
        (0.1, "万元", "0.1"),
        (0.1 + 0.2, "万元", "0.3"),
        (1234.5678, "万元", "1234.5678"),
        (-3.5, "亿元", "-35000"),
        (Decimal("12.5"), "万元", "12.5"),
        ("9" * 20, "亿元", "9" * 20 + "0000"),
    ],
)
def test_amounts(value, unit, wan):
    assert parse_amount(value, unit) == Amount(Decimal(wan))
    assert plain(parse_amount(value, unit).wan) == wan


@pytest.mark.parametrize("value", [None, "", "  ", "—", "——", "/", "无", "待定", "未定", "暂无", "n/a"])
def test_no_value_is_not_zero(value):
    assert parse_amount(value) == Amount(None)


@pytest.mark.parametrize(
    ("value", "wan"),
    [
        ("约3.5亿元", "35000"),
        ("近5000万", "5000"),
        ("超过2亿元", "20000"),
        ("超2亿元", "20000"),
        ("逾300万元", "300"),
        ("不低于1亿元", "10000"),
        ("不少于1亿元", "10000"),
        ("500万元左右", "500"),
        ("500万元以上", "500"),
        ("50余万元", "50"),
        ("十多亿元", "100000"),
        ("约人民币50万元", "50"),
        ("约50万元左右", "50"),
    ],
)
def test_about(value, wan):
    assert parse_amount(value) == Amount(Decimal(wan), ("approx",))


@pytest.mark.parametrize(
    ("code", "value", "unit"),
    [
        ("currency", "500万美元", "万元"),
        ("currency", "$500", "万元"),
        ("currency", "＄500", "万元"),
        ("currency", "500usd", "万元"),
        ("currency", "3-5亿港元", "万元"),  # before the range
        ("currency", "日元若干", "万元"),  # before the format
        ("currency", "€3", None),
        ("range", "3-5亿元", None),
        ("range", "3——5亿元", None),
        ("range", "3亿元~5亿元", None),
        ("range", "3亿～5亿", None),
        ("range", "3亿至5亿元", None),
        ("range", "三到五亿元", None),
        ("range", "约1,000-2,000万元", None),
        ("range", "3-5", None),  # before the missing unit
        ("range", "0.00001-0.00002", "万元"),  # before the precision
        ("format", "1.2.3亿", "万元"),
        ("format", "1亿2000", "万元"),
        ("format", "一亿二千", "万元"),
        ("format", "三五亿", "万元"),
        ("format", "12,34", "万元"),
        ("format", "1,2345万元", "万元"),
        ("format", "+5", "万元"),
        ("format", "1e5", "万元"),
        ("format", "50%", "万元"),
        ("format", ".5亿", "万元"),
        ("format", "5.亿", "万元"),
        ("format", "万元", "万元"),
        ("format", "约", "万元"),
        ("format", "--5", "万元"),
        ("format", "(-5)", "万元"),
        ("format", "-(5)", "万元"),
        ("format", "()", "万元"),
        ("format", "2024-03-15", "万元"),
        ("format", "总投资5亿元", "万元"),
        ("format", "5亿元整年", None),
        ("format", "٣٥", "万元"),  # digits of other scripts
        ("format", True, "万元"),
        ("format", False, None),
        ("format", float("nan"), "万元"),
        ("format", float("inf"), "万元"),
        ("format", "1" * 5000, "万元"),
        ("format", "亿" * 5000, "万元"),
        ("unit", "3500", None),
        ("unit", "0", None),
        ("unit", "三百", None),
        ("unit", 3500, None),
        ("unit", 0, None),
        ("unit", "0.00001", None),  # before the precision
        ("precision", "0.12345万元", None),
        ("precision", "1.5元", None),
        ("precision", "0.00001", "万元"),
        ("precision", 0.00001, "万元"),
        ("precision", "12.345678901亿元", None),
        ("precision", "12345.5", "元"),
    ],
)
def test_what_must_not_be_guessed(code, value, unit):
    with pytest.raises(AmountError) as caught:
        parse_amount(value, unit)
    assert caught.value.code == code
    assert caught.value.message.endswith("。")


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=4))
def test_written_amounts_are_read_back(wan):
    assert parse_amount(plain(wan), "万元").wan == wan
    assert parse_amount(wan_column(wan), "万元").wan == wan
    assert parse_amount(f"{wan:f}万元").wan == wan
    assert parse_amount(f"({plain(abs(wan))})", "万元").wan == -abs(wan)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4))
def test_sentences_are_off_by_less_than_half_a_digit(wan):
    text = format_amount(wan)
    unit = Decimal(10_000) / 100 if text.endswith("亿元") else Decimal(1)
    assert abs(parse_amount(text).wan - wan) * 2 <= unit
    assert text.endswith("亿元") == (abs(wan) >= 10_000)


@given(st.text(alphabet="0123456789.,-~至到()亿万千百元一二三十零约余美$ 　—", max_size=20))
def test_any_text_is_an_amount_or_a_known_refusal(text):
    try:
        amount = parse_amount(text, "万元")
    except AmountError as error:
        assert error.code in {"currency", "range", "format", "unit", "precision"}
    else:
        assert amount.wan is None or amount.wan == round_half_up(amount.wan, 4)


@pytest.mark.parametrize(
    ("wan", "unit", "text"),
    [
        (None, None, "—"),
        ("0", None, "0万元"),
        ("-0.4", None, "0万元"),
        ("9999.99", None, "10000万元"),
        ("10000", None, "1.00亿元"),
        ("-10000", None, "-1.00亿元"),
        ("-9999", None, "-9999万元"),
        ("0.5", "万", "1万元"),
        ("-0.5", "万", "-1万元"),
        ("2.5", "万", "3万元"),
        ("126000", "万", "126000万元"),
        ("49", "亿", "0.00亿元"),
        ("-49", "亿", "0.00亿元"),
        ("50", "亿", "0.01亿元"),
        ("12345678", None, "1234.57亿元"),
    ],
)
def test_format_amount(wan, unit, text):
    assert format_amount(None if wan is None else Decimal(wan), unit) == text


def test_unknown_units_are_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="unit"):
        format_amount(Decimal(1), "元")


@pytest.mark.parametrize(
    ("wan", "cell"),
    [
        (None, "—"),
        ("126000", "126,000"),
        ("126000.0000", "126,000"),
        ("1234.5000", "1,234.5"),
        ("-0.0001", "-0.0001"),
        ("0", "0"),
    ],
)
def test_cells(wan, cell):
    assert wan_column(None if wan is None else Decimal(wan)) == cell


@pytest.mark.parametrize(
    ("numerator", "denominator", "digits", "result"),
    [
        (1, 8, 1, "12.5"),
        (1, 16, 1, "6.3"),  # 6.25: a half goes away from zero
        (-1, 16, 1, "-6.3"),
        (2, 3, 0, "67"),
        ("1", "3", 4, "33.3333"),
        (3, 2, 1, "150.0"),  # not capped
        (-1, 100000, 1, "0.0"),  # no minus zero
        (0, 5, 1, "0.0"),
        (5, 0, 1, None),
        (5, "0.00", 1, None),
        (5, None, 1, None),
        (None, 5, 1, None),
        (0.1, 0.3, 2, "33.33"),
    ],
)
def test_percent(numerator, denominator, digits, result):
    got = percent(numerator, denominator, digits)
    assert (None if got is None else str(got)) == result


def test_percent_rounds_once():
    # 28 digits of Decimal would first round this up to 6.25 and then to 6.3.
    just_below = Fraction(625, 10000) - Fraction(1, 10**40)
    assert percent(Decimal(just_below.numerator), Decimal(just_below.denominator)) == Decimal("6.2")


@pytest.mark.parametrize(
    ("current", "previous", "result"),
    [
        (110, 100, "10.0"),
        (90, 100, "-10.0"),
        (0, 100, "-100.0"),
        (1, 0, None),
        (1, -1, None),
        (1, None, None),
        (None, 1, None),
    ],
)
def test_year_on_year(current, previous, result):
    got = year_on_year(current, previous)
    assert (None if got is None else str(got)) == result


@given(st.fractions(), st.integers(0, 6))
def test_rounding_is_nearest_and_symmetric(value, digits):
    rounded = round_half_up(value, digits)
    assert abs(Fraction(rounded) - value) * 2 <= Fraction(1, 10**digits)
    assert round_half_up(-value, digits) == rounded.copy_negate()
    assert -rounded.as_tuple().exponent == digits
    assert not str(rounded).startswith("-0") or Fraction(rounded) != 0


def test_a_column_and_its_total_round_separately():
    rows, total = yi_column([Decimal("14450"), None, Decimal("14450"), Decimal("14450")])
    assert [row and str(row) for row in rows] == ["1.45", None, "1.45", "1.45"]
    assert str(total) == "4.34"
    assert str(yi_column([])[1]) == "0.00"


@pytest.mark.parametrize(
    ("value", "text"),
    [("1E+3", "1000"), ("1.500", "1.5"), ("-0.00", "0"), ("100", "100"), ("-120.50", "-120.5"), ("1E-7", "0.0000001")],
)
def test_plain(value, text):
    assert plain(Decimal(value)) == text


def test_numbers_are_read_through_their_text():
    assert to_decimal(0.1) == Decimal("0.1")
    assert to_decimal("0.1000") == Decimal("0.1")
    with pytest.raises(TypeError):
        to_decimal(True)
    with pytest.raises(ValueError, match="finite"):
        to_decimal(float("nan"))


@pytest.mark.parametrize(
    ("wan", "shown"),
    [
        (Decimal("67119.2311"), ("6.71", "亿元", "67,119.2311 万元")),
        (Decimal("674.1334"), ("674", "万元", "674.1334 万元")),
        (Decimal(0), ("0", "万元", "0 万元")),
        (None, ("—", "", "")),
    ],
)
def test_a_tile_is_read_at_a_glance_and_exact_in_its_title(wan, shown):
    assert tuple(tile(wan).values()) == shown
