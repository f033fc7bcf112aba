"""Truths about money, in SQL on whole 元."""

from investment.querysets.plans import AnnualPlanQuerySet, PlanVersionQuerySet, in_force, month_schedule, schedule
from investment.querysets.progress import (
    RED_BELOW,
    YELLOW_BELOW,
    MonthlyEntryQuerySet,
    owing_report,
    progress_light,
    told_to_date,
    unreported,
    with_since_start,
)

__all__ = [
    "RED_BELOW",
    "YELLOW_BELOW",
    "AnnualPlanQuerySet",
    "MonthlyEntryQuerySet",
    "PlanVersionQuerySet",
    "in_force",
    "month_schedule",
    "owing_report",
    "progress_light",
    "schedule",
    "told_to_date",
    "unreported",
    "with_since_start",
]
