"""Plans, months, targets, statistics entry and funds."""

from investment.models.enrolment import EnrolmentEvent, StatisticsEnrolment
from investment.models.funds import FundAmount, FundApplication, FundProgramme, FundStep
from investment.models.judgement import JudgedBy, Judgement, Unjudged
from investment.models.lag import CatchUpPlan, CatchUpStep, LagCause
from investment.models.output import YearlyOutput
from investment.models.plan import AnnualPlan, PlanVersion
from investment.models.reporting import MonthlyEntry, MonthUnlock, OpeningBalance, ReportDraft, ReportReminder
from investment.models.snapshot import LightSnapshot
from investment.models.target import AnnualTarget

__all__ = [
    "AnnualPlan",
    "AnnualTarget",
    "CatchUpPlan",
    "CatchUpStep",
    "EnrolmentEvent",
    "FundAmount",
    "FundApplication",
    "FundProgramme",
    "FundStep",
    "JudgedBy",
    "Judgement",
    "LagCause",
    "LightSnapshot",
    "MonthUnlock",
    "MonthlyEntry",
    "OpeningBalance",
    "PlanVersion",
    "ReportDraft",
    "ReportReminder",
    "StatisticsEnrolment",
    "Unjudged",
    "YearlyOutput",
]
