"""Plans, months, targets, statistics entry and funds."""

from investment.models.output import YearlyOutput
from investment.models.plan import AnnualPlan, PlanVersion
from investment.models.reporting import MonthlyEntry, MonthUnlock, OpeningBalance, ReportDraft, ReportReminder
from investment.models.target import AnnualTarget

__all__ = [
    "AnnualPlan",
    "AnnualTarget",
    "MonthUnlock",
    "MonthlyEntry",
    "OpeningBalance",
    "PlanVersion",
    "ReportDraft",
    "ReportReminder",
    "YearlyOutput",
]
