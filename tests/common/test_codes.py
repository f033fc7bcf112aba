"""Project codes and credit codes."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.codes import CodeError, ProjectCode, validate_project_code, validate_uscc

TODAY = date(2026, 11, 23)
SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def code(first="2107", region="320505", third="89", kind="01", serial="123456") -> str:
    return f"{first}-{region}-{third}-{kind}-{serial}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (code(), ProjectCode(code(), "v2")),
        (code("2010"), ProjectCode(code("2010"), "v2")),  # 2020-10, the first month of the new codes
        (code("2012"), ProjectCode(code("2012"), "v2")),
        (code("2611"), ProjectCode(code("2611"), "v2")),  # this very month
        (code("2013", kind="03"), ProjectCode(code("2013", kind="03"), "v1")),
        (code("2020", third="97"), ProjectCode(code("2020", third="97"), "v1")),
        (code("2017", third="01"), ProjectCode(code("2017", third="01"), "v1")),
        (code("2017", kind="04"), ProjectCode(code("2017", kind="04"), "v1", ("unknown_type",))),
        (code(kind="04"), ProjectCode(code(kind="04"), "v2")),
        (code(kind="05"), ProjectCode(code(kind="05"), "v2")),
        (code(kind="06"), ProjectCode(code(kind="06"), "v2", ("unknown_type",))),
        (code(kind="00"), ProjectCode(code(kind="00"), "v2", ("unknown_type",))),
        (code(third="00"), ProjectCode(code(third="00"), "v2")),  # no industries in the new codes
        (code(region="000000"), ProjectCode(code(region="000000"), "v2")),
        (code(region="660000"), ProjectCode(code(region="660000"), "v2")),
        (code(region="820000"), ProjectCode(code(region="820000"), "v2")),
        (code(kind="09").replace("-", ""), ProjectCode(code(kind="09"), "v2", ("hyphens_added", "unknown_type"))),
        (f" {code().replace('-', ' — ')}\u200b", ProjectCode(code(), "v2")),
    ],
)
def test_valid_project_codes(text, expected):
    assert validate_project_code(text, TODAY) == expected


@pytest.mark.parametrize(
    ("error", "text"),
    [
        ("format", ""),
        ("format", "2107-320505-89-01-12345"),
        ("format", "2107-320505-8901-123456"),
        ("format", "2107320505-89-01-123456"),
        ("format", code() + "0"),
        ("format", code(serial="12345X")),
        ("format", "٢١٠٧-320505-89-01-123456"),
        ("region", code(region="100000")),
        ("region", code(region="160000")),
        ("region", code(region="670000")),
        ("region", code(region="990101")),
        ("region", code("9999", region="990101")),  # before the time
        ("time", code("2009")),  # 2020-09, before the new codes; 2009 is no year of old ones
        ("time", code("2612")),  # next month
        ("time", code("2100")),
        ("time", code("1999")),
        ("time", code("2113", third="98")),  # before the industry
        ("industry", code("2019", third="00")),
        ("industry", code("2019", third="98")),
    ],
)
def test_invalid_project_codes(error, text):
    with pytest.raises(CodeError) as caught:
        validate_project_code(text, TODAY)
    assert caught.value.code == error
    assert caught.value.message.startswith("项目代码“")


def test_this_month_ends_with_today():
    with pytest.raises(CodeError):
        validate_project_code(code("2611"), date(2026, 10, 31))
    assert validate_project_code(code("2611"), date(2026, 11, 1)).version == "v2"


def test_the_demonstration_region_is_let_in_only_when_asked():
    demo = code("2109", region="990101", third="04")
    assert validate_project_code(demo, TODAY, allow_demo_region=True).normalized == demo
    with pytest.raises(CodeError):
        validate_project_code(code(region="980101"), TODAY, allow_demo_region=True)


def uscc(body: str) -> str:
    """A valid code for 17 characters, by the formula of GB 32100."""
    total = sum(SIGNS.index(sign) * 3**place for place, sign in enumerate(body))
    return body + SIGNS[(31 - total % 31) % 31]


@given(st.text(alphabet=SIGNS, min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 30))
def test_one_wrong_character_is_noticed(body, place, shift):
    valid = uscc(body)
    assert validate_uscc(f" {valid.lower()} ") == valid
    wrong = SIGNS[(SIGNS.index(valid[place]) + shift) % 31]
    with pytest.raises(CodeError) as caught:
        validate_uscc(valid[:place] + wrong + valid[place + 1 :])
    assert caught.value.code == "check"


@pytest.mark.parametrize(
    "text", ["", "91350100M000100Y4", "91350100M000100Y433", "91350100M000100Y4I", "91350100O000100Y43", None]
)
def test_malformed_credit_codes(text):
    with pytest.raises(CodeError) as caught:
        validate_uscc(text)
    assert caught.value.code == "format"


def test_a_known_credit_code():
    assert validate_uscc("91350100M000100Y43") == "91350100M000100Y43"
