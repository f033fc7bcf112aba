"""Truths about money, in SQL on whole 元."""

from investment.querysets.judging import least_done, progress_light
from investment.querysets.plans import (
    AnnualPlanQuerySet,
    PlanVersionQuerySet,
    going_on,
    in_force,
    month_schedule,
    schedule,
    with_year_left,
)
from investment.querysets.progress import (
    MonthlyEntryQuerySet,
    holding,
    owing_report,
    told_in,
    told_to_date,
    unreported,
    with_since_start,
)

__all__ = [
    "AnnualPlanQuerySet",
    "MonthlyEntryQuerySet",
    "PlanVersionQuerySet",
    "going_on",
    "holding",
    "in_force",
    "least_done",
    "month_schedule",
    "owing_report",
    "progress_light",
    "schedule",
    "told_in",
    "told_to_date",
    "unreported",
    "with_since_start",
    "with_year_left",
]
