"""Every write of the investment floor."""

from investment.actions.plans import FirstFigures, load_figures, report_month, set_annual_plan

__all__ = ["FirstFigures", "load_figures", "report_month", "set_annual_plan"]
