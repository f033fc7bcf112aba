"""Codes of the state: the investment project code (项目代码) and the unified social credit code (统一社会信用代码)."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from common.errors import DomainError
from common.text import norm

# GB/T 2260 first two digits (handbook §8.5), 66 for the production corps, 00 for the central government.
PROVINCES = frozenset(
    f"{code:02d}"
    for codes in (
        (0,), range(11, 16), range(21, 24), range(31, 38), range(41, 47), range(50, 55), range(61, 67), (71, 81, 82),
    )
    for code in codes
)  # fmt: skip
DEMO_PROVINCE = "99"

_PROJECT_CODE = re.compile(r"([0-9]{4})-([0-9]{6})-([0-9]{2})-([0-9]{2})-([0-9]{6})")
_TWENTY_DIGITS = re.compile(r"([0-9]{4})([0-9]{6})([0-9]{2})([0-9]{2})([0-9]{6})")
_FIRST_V2 = (2020, 10)
_TYPES = {"v1": frozenset({"01", "02", "03"}), "v2": frozenset({"01", "02", "03", "04", "05"})}

_USCC_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC = re.compile(rf"[{_USCC_SIGNS}]{{18}}")


class CodeError(DomainError):
    """A code that does not hold. `code`: format, region, time, industry (project code); format, check (credit code)."""


PROJECT_CODE_SENTENCES = {
    "format": "项目代码“{}”格式不对，应为“2107-320505-89-01-123456”这样的 20 位数字（可不写横线）。",
    "region": "项目代码“{}”第二段前两位不是省级行政区划代码，请对照赋码文件核对。",
    "time": "项目代码“{}”第一段既不是 2020 年 10 月以来的年月，也不是 2013–2020 年的年份，请对照赋码文件核对。",
    "industry": "项目代码“{}”第三段应为行业大类 01–97，请对照赋码文件核对。",
}
USCC_SENTENCES = {
    "format": "统一社会信用代码“{}”应为 18 位数字或大写字母（不含 I、O、S、V、Z），请核对营业执照。",
    "check": "统一社会信用代码“{}”的校验位不对，可能抄错了一位，请核对营业执照。",
}
WARNING_SENTENCES = {
    "hyphens_added": "已自动补上项目代码中的横线。",
    "unknown_type": "项目代码的类型段不在常见范围内，请核对。",
}


@dataclass(frozen=True, slots=True)
class ProjectCode:
    """A valid project code. `warnings`: hyphens_added, unknown_type (sentences in WARNING_SENTENCES)."""

    normalized: str
    version: Literal["v1", "v2"]
    warnings: tuple[str, ...] = ()


def validate_project_code(value: str, today: date, allow_demo_region: bool = False) -> ProjectCode:
    """Check a project code (handbook §1.6; there is no check digit). Raises CodeError, in the order of its codes.

    `allow_demo_region` lets the fictitious province 99 of the demonstration pass.
    """
    text, warnings = norm(str(value)), []
    if match := _TWENTY_DIGITS.fullmatch(text):
        text = "-".join(match.groups())
        warnings.append("hyphens_added")
    match = _PROJECT_CODE.fullmatch(text)
    if not match:
        raise _project_code_error("format", value)
    first, region, third, kind, _ = match.groups()
    if region[:2] not in PROVINCES and not (allow_demo_region and region[:2] == DEMO_PROVINCE):
        raise _project_code_error("region", value)
    version = _version(first, today)
    if version is None:
        raise _project_code_error("time", value)
    if version == "v1" and not 1 <= int(third) <= 97:
        raise _project_code_error("industry", value)
    if kind not in _TYPES[version]:
        warnings.append("unknown_type")
    return ProjectCode(text, version, tuple(warnings))


def _version(first: str, today: date) -> Literal["v1", "v2"] | None:
    """v2 begins with YYMM from 2020-10 to this month; else v1 with a year 2013–2020 (2011 is 2020-11)."""
    year, month = 2000 + int(first[:2]), int(first[2:])
    if 1 <= month <= 12 and _FIRST_V2 <= (year, month) <= (today.year, today.month):
        return "v2"
    return "v1" if 2013 <= int(first) <= 2020 else None


def _project_code_error(code: str, value: str) -> CodeError:
    return CodeError(PROJECT_CODE_SENTENCES[code].format(value), code=code)


def validate_uscc(value: str) -> str:
    """The credit code in its normal form (handbook §8.7, GB 32100). Raises CodeError `format`, `check`."""
    text = norm(str(value))
    if not _USCC.fullmatch(text):
        raise CodeError(USCC_SENTENCES["format"].format(value), code="format")
    weighted = sum(_USCC_SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(text[:17]))
    if text[17] != _USCC_SIGNS[-weighted % 31]:
        raise CodeError(USCC_SENTENCES["check"].format(value), code="check")
    return text
