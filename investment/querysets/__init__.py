"""Truths about money, in SQL on whole 元."""

from investment.querysets.progress import (
    RED_BELOW,
    YELLOW_BELOW,
    AnnualPlanQuerySet,
    MonthlyEntryQuerySet,
    owing_report,
    progress_light,
    schedule,
    told_to_date,
    unreported,
)

__all__ = [
    "RED_BELOW",
    "YELLOW_BELOW",
    "AnnualPlanQuerySet",
    "MonthlyEntryQuerySet",
    "owing_report",
    "progress_light",
    "schedule",
    "told_to_date",
    "unreported",
]
