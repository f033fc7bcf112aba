"""Vectors of 时序 and the progress light: a plan and its figure in a rolled-back transaction, judged as pages judge.

The linear schedule is read off the plan's row; a curve, a season or a day stands in the row as the amount it makes due.
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import BigIntegerField, Value

from common.fields import YUAN_PER_WAN, MoneyField
from common.money import round_half_up, to_decimal
from common.periods import Period
from common.rules import LightRules
from dashboard.vectors.arguments import get, money
from dashboard.vectors.lifecycle import blank_project
from investment.actions import report_month, set_annual_plan
from investment.dimensions import share
from investment.lights import with_money
from investment.querysets import progress_light
from investment.timing import by_day, by_weights, lead_pp
from projects.models import Project

YEAR = 2025
WEIGHTS = {"curve": "plan_by_month", "season": "season_curve"}
BIG = BigIntegerField()


def progress_scheduled(given: dict) -> str | None:
    elapsed = _elapsed(given)
    return None if elapsed is None else f"{round_half_up(elapsed * 100, 2):f}"


def progress_lead(given: dict) -> str | None:
    ahead = lead_pp(money(given, "done"), money(given, "plan"), _elapsed(given), get(given, "digits", 1))
    return None if ahead is None else f"{ahead:f}"


def light_progress(given: dict) -> str:
    preset = get(given, "preset", "ratio")
    plan, done, linear = money(given, "annual_plan"), money(given, "done"), _variant(given) == "linear"
    if plan is not None and plan < 0:
        plan = Decimal(0)  # the product keeps no negative plan
    rows = _rows(given, plan, done)
    columns = {}
    if plan and not linear:
        due = (_elapsed(given) or Fraction(0)) * int(plan * YUAN_PER_WAN)  # weights of nothing make nothing due
        rows = rows.annotate(shown_due=Value(due.numerator, BIG), shown_scale=Value(due.denominator, BIG))
        columns = {"due": "shown_due", "scale": "shown_scale"}
    month_plan = money(given, "month_plan")
    rows = rows.annotate(
        month_done=Value(money(given, "month_done"), MoneyField()),
        month_yuan=Value(None if month_plan is None else int(month_plan * YUAN_PER_WAN), BIG),
        month_scale=Value(1, BIG),
    )
    rules = LightRules().with_preset(preset)
    return rows.annotate(light_progress=progress_light(rules, **columns)).get().light_progress


def _elapsed(given: dict) -> Fraction | None:
    """时序进度 as the vector's variant counts it."""
    variant = _variant(given)
    if variant == "day":
        return by_day(date.fromisoformat(given["date"]))
    if variant in WEIGHTS:
        return by_weights(given["month"], [to_decimal(amount) for amount in given[WEIGHTS[variant]]])
    return share(_rows(given, Decimal(12), None).get())


def _variant(given: dict) -> str:
    return get(given, "variant", "linear")


def _rows(given: dict, plan: Decimal | None, done: Decimal | None) -> Any:
    """A project with this plan and figure, and its money through the vector's month."""
    period = Period(YEAR, get(given, "month", 12))
    project = blank_project()
    months = {"start_month": get(given, "start_month", 1), "end_month": get(given, "end_month", 12)}
    set_annual_plan(project=project, year=YEAR, target=plan, by=None, **months)
    if done is not None:
        quoted = {"corrects": period.previous(), "note": "vector"} if done < 0 else {}
        report_month(project=project, period=period, completed=done, by=None, **quoted)
    return with_money(Project.objects.filter(pk=project.pk), period)


RULES = {
    "progress.scheduled": progress_scheduled,
    "progress.lead_pp": progress_lead,
    "light.progress": light_progress,
}
