"""What money moves when two records of a project become one."""

from investment.actions.to_date import keep_to_date, lock_figures
from investment.models import (
    AnnualPlan,
    FundApplication,
    MonthlyEntry,
    OpeningBalance,
    PlanVersion,
    StatisticsEnrolment,
    YearlyOutput,
)
from projects.models import Project


def move_figures(kept: Project, merged: Project) -> list[str]:
    """Years, months, what was invested before them, fund applications and the enrolment that only the merged project
    has move; what both have (the same year, month or programme) stays with each, and counts once."""
    years = set(AnnualPlan.objects.filter(project=kept).values_list("year", flat=True))
    plans = [plan.pk for plan in AnnualPlan.objects.filter(project=merged) if plan.year not in years]
    AnnualPlan.objects.filter(pk__in=plans).update(project=kept)
    PlanVersion.objects.filter(plan__in=plans).update(project=kept)
    months = set(MonthlyEntry.objects.filter(project=kept).values_list("year", "month"))
    entries = [e.pk for e in MonthlyEntry.objects.filter(project=merged) if (e.year, e.month) not in months]
    lock_figures([kept.pk, merged.pk])
    MonthlyEntry.objects.filter(pk__in=entries).update(project=kept)
    keep_to_date([kept.pk, merged.pk])
    brought = set(YearlyOutput.objects.filter(project=kept).values_list("year", flat=True))
    outputs = YearlyOutput.objects.filter(project=merged).exclude(year__in=brought).update(project=kept)
    asked = set(FundApplication.objects.filter(project=kept).values_list("programme", flat=True))
    funds = FundApplication.objects.filter(project=merged).exclude(programme__in=asked).update(project=kept)
    opened, entered = (
        0 if model.objects.filter(project=kept).exists() else model.objects.filter(project=merged).update(project=kept)
        for model in (OpeningBalance, StatisticsEnrolment)
    )
    told = ((len(plans), "年度计划 {} 年"), (len(entries), "月度完成 {} 个月"), (opened, "上年末累计 {} 项"),
            (outputs, "年度效益 {} 年"), (funds, "资金申报 {} 项"), (entered, "入库纳统 {} 条"))  # fmt: skip
    return [words.format(count) for count, words in told if count]
