"""Vectors of the floor `common`: working days, codes, money, dates, texts."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from common.codes import CodeError, validate_project_code, validate_uscc
from common.dates import DateError, StatusText, parse_date
from common.escalation import escalation_level
from common.money import (
    AmountError,
    efficacy,
    format_amount,
    parse_amount,
    percent,
    plain,
    to_decimal,
    year_on_year,
    yi_column,
)
from common.text import name_key, yu
from common.workdays import work_calendar
from dashboard.vectors.arguments import day, get, money, period


def workday_add(given: dict) -> str:
    return work_calendar().add(day(given, "start"), given["n"]).isoformat()


def workday_sub(given: dict) -> str:
    return work_calendar().sub(day(given, "end"), given["n"]).isoformat()


def workday_is(given: dict) -> bool:
    return work_calendar().is_workday(day(given, "date"))


def workday_between(given: dict) -> int:
    return work_calendar().between(day(given, "from"), day(given, "to"))


def workday_count_year(given: dict) -> int:
    return work_calendar().count_year(given["year"])


def workday_count_month(given: dict) -> int:
    month = period(given, "month")
    return work_calendar().count_month(month.year, month.month)


def workday_missing_year(given: dict) -> dict:
    basis = work_calendar().basis(day(given, "date"))
    return {"degraded": basis != "official", "basis": basis}


def deadline_natural(given: dict) -> str:
    return work_calendar().natural(day(given, "start"), given["days"], get(given, "roll", "forward")).isoformat()


def deadline_months(given: dict) -> str:
    return work_calendar().months(day(given, "start"), given["months"]).isoformat()


def deadline_with_pause(given: dict) -> str:
    pauses = [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in get(given, "pauses", [])]
    return work_calendar().with_pause(day(given, "accepted"), given["workdays"], pauses).isoformat()


def notice_deemed_accepted(given: dict) -> str:
    return work_calendar().notice_ends(day(given, "received"), *_given(given, "workdays")).isoformat()


def notice_remind(given: dict) -> str:
    return work_calendar().notice_reminder(day(given, "received"), *_given(given, "workday")).isoformat()


def report_due(given: dict) -> str:
    month = period(given, "period")
    due = work_calendar().report_due(month.year, month.month, get(given, "day", 25), get(given, "policy", "forward"))
    return due.isoformat()


def project_code_validate(given: dict) -> dict:
    try:
        code = validate_project_code(given["value"], day(given, "today"))
    except CodeError as error:
        return {"valid": False, "error": error.code}
    return {"valid": True, "version": code.version, "normalized": code.normalized, "warnings": list(code.warnings)}


def uscc_validate(given: dict) -> dict:
    try:
        validate_uscc(given["value"])
    except CodeError as error:
        return {"valid": False, "error": error.code}
    return {"valid": True}


def amount_parse(given: dict) -> dict:
    try:
        amount = parse_amount(given.get("value"), given.get("default_unit"))
    except AmountError as error:
        return {"error": error.code}
    return {"wan": None if amount.wan is None else plain(amount.wan)} | _flags(amount.flags)


def amount_format(given: dict) -> str:
    return format_amount(money(given, "wan"), given.get("unit"))


def date_parse(given: dict) -> dict:
    try:
        found = parse_date(given.get("value"), given.get("context_year"))
    except DateError as error:
        return {"error": error.code}
    if found is None:
        return {"none": True}
    if isinstance(found, StatusText):
        return {"status_text": found.text}
    span = {"from": found.date_from.isoformat(), "to": found.date_to.isoformat(), "precision": found.precision}
    return span | _flags(found.flags)


def kpi_ratio(given: dict) -> str | None:
    return _text(percent(given.get("numerator"), given.get("denominator"), get(given, "digits", 1)))


def kpi_yoy(given: dict) -> str | None:
    return _text(year_on_year(given.get("current"), given.get("previous"), get(given, "digits", 1)))


def rounding_sum(given: dict) -> dict:
    rows, total = yi_column(None if wan is None else to_decimal(wan) for wan in given["wan"])
    return {"rows": [_text(row) for row in rows], "total": _text(total)}


def score_efficacy(given: dict) -> str:
    return f"{efficacy(*(Fraction(to_decimal(given[key])) for key in ('value', 'min', 'max'))):f}"


def issue_escalation(given: dict) -> dict:
    rung = escalation_level(
        day(given, "due"),
        day(given, "today"),
        work_calendar(),
        ext=get(given, "ext", None, read=date.fromisoformat),
        closed_on=get(given, "closed_on", None, read=date.fromisoformat),
    )
    return {"level": rung.level, "name": rung.name, "overdue_wd": rung.overdue_wd}


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _flags(flags: tuple[str, ...]) -> dict:
    return {"flags": list(flags)} if flags else {}


def _given(given: dict, key: str) -> tuple:
    """The argument if given, else nothing, so that the product's own default holds."""
    return () if given.get(key) is None else (given[key],)


RULES: dict[str, Callable[[dict], Any]] = {
    "workday.add": workday_add,
    "workday.sub": workday_sub,
    "workday.is": workday_is,
    "workday.between": workday_between,
    "workday.count_year": workday_count_year,
    "workday.count_month": workday_count_month,
    "workday.missing_year": workday_missing_year,
    "deadline.natural": deadline_natural,
    "deadline.months": deadline_months,
    "deadline.with_pause": deadline_with_pause,
    "notice.deemed_accepted": notice_deemed_accepted,
    "notice.remind": notice_remind,
    "report.due": report_due,
    "project_code.validate": project_code_validate,
    "uscc.validate": uscc_validate,
    "amount.parse": amount_parse,
    "amount.format": amount_format,
    "date.parse": date_parse,
    "kpi.ratio": kpi_ratio,
    "kpi.yoy": kpi_yoy,
    "text.yu": lambda given: yu(given["n"]),
    "import.name_dup": lambda given: name_key(given["a"]) == name_key(given["b"]),
    "score.efficacy": score_efficacy,
    "rounding.sum": rounding_sum,
    "issue.escalation": issue_escalation,
}
