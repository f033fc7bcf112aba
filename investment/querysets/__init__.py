"""Truths about money, in SQL on whole 元."""

from investment.querysets.judging import least_done, progress_light
from investment.querysets.plans import AnnualPlanQuerySet, PlanVersionQuerySet, in_force, month_schedule, schedule
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
]
