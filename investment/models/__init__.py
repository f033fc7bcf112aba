"""Plans, months, targets, statistics entry and funds."""

from investment.models.plan import AnnualPlan, MonthlyEntry

__all__ = ["AnnualPlan", "MonthlyEntry"]
