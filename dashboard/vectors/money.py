"""Vectors of plans and months, on rows in a rolled-back transaction, read as the pages read them."""

from decimal import Decimal
from typing import Any

from common.money import percent, plain
from common.periods import Period
from common.rules import LightRules
from dashboard.vectors.arguments import get, money, period
from dashboard.vectors.lifecycle import blank_project
from investment.actions import report_month, set_annual_plan, set_opening_balance
from investment.gaps import missing_months
from investment.models import MonthlyEntry, PlanVersion
from investment.selectors.plans import since_start
from projects.models import Project

YEAR = 2025  # any year: these vectors name no months


def cumulative(given: dict) -> str:
    project = blank_project()
    for offset, text in enumerate(get(given, "months", [])):
        if text is not None:
            _tell(project, Period(YEAR, 1).shift(offset), money({"wan": text}, "wan"))
    told = MonthlyEntry.objects.told().filter(project=project).values_list("completed", flat=True)
    return plain(sum(told, Decimal(0)))


def since(given: dict) -> dict:
    project = blank_project(total_investment=money(given, "total"))
    set_opening_balance(project=project, year=YEAR, amount=money(given, "prior_years"), by=None)
    _tell(project, Period(YEAR, 12), money(given, "this_year"))
    found = since_start(project, Period(YEAR, 12))
    return {
        "cumulative": plain(found["total"]),
        "ratio": _digits(found["rate"]),
        "flag": "over_total" if found["over"] else None,
    }


def plan_version(given: dict) -> dict:
    project, asked = blank_project(), period(given, "ask")
    for version in sorted(given["plans"], key=lambda one: one["from"]):
        start = Period.parse(version["from"])
        set_annual_plan(
            project=project, year=start.year, target=money(version, "annual"), by=None, effective_month=start.month
        )
    told = Decimal(0)
    for text, amount in sorted(get(given, "done", {}).items()):
        month = Period.parse(text)
        if amount is None or month.year != asked.year or month > asked:
            continue
        total = money({"wan": amount}, "wan")
        _tell(project, month, total - told)
        told = total
    row = PlanVersion.objects.filter(project=project).with_progress(asked, LightRules()).first()
    reported = get(given, "done", {}).get(str(asked)) is not None
    if row is None or row.target is None:
        return {"plan": None, "ratio_to_schedule": None, "light": "gray"}
    if not reported:
        return {"plan": plain(row.target), "ratio_to_schedule": None, "light": "gray"}
    scheduled = row.target * row.due_part / row.due_whole
    ratio = percent(row.completed_to_date, scheduled)
    return {"plan": plain(row.target), "ratio_to_schedule": _digits(ratio), "light": row.light}


def missing_month(given: dict) -> dict:
    told = {Period.parse(text): money({"wan": wan}, "wan") for text, wan in get(given, "cumulative", {}).items()}
    gaps = missing_months({month: wan for month, wan in told.items() if wan is not None})
    result: dict[str, Any] = {str(month): None for month in gaps.missing}
    result |= {f"{month}_increment": plain(wan) for month, wan in gaps.increments.items()}
    result["flag"] = "missing:" + ",".join(map(str, gaps.missing)) if gaps.missing else None
    return result


def _tell(project: Project, month: Period, amount: Decimal) -> None:
    report_month(project=project, period=month, completed=amount, by=None, corrects=month.previous(), note="更正")


def _digits(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


RULES = {
    "invest.cumulative": cumulative,
    "invest.since_start": since,
    "invest.plan_version": plan_version,
    "invest.missing_month": missing_month,
}
