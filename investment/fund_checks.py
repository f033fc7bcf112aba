"""What stands in the way of an application: conditions not met, too much asked, the same works paid twice."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from common.money import format_amount, percent
from investment.choices import CENTRAL_FUNDS
from investment.models import FundApplication, FundProgramme
from projects.choices import Level, Stage
from projects.models import Project


def unfit_reasons(project: Project, programme: FundProgramme) -> list[str]:
    """Each condition of the programme that the project does not meet, in words (as querysets.funds.fitting)."""
    reasons = []
    if programme.industries and not project.industry_code.startswith(tuple(programme.industries)):
        reasons.append(f"行业代码{project.industry_code or '未填'}不在支持范围（{'、'.join(programme.industries)}）")
    if programme.stages and project.stage not in programme.stages:
        reasons.append(f"阶段须为{_labels(Stage, programme.stages)}")
    if programme.levels and project.level not in programme.levels:
        reasons.append(f"级别须为{_labels(Level, programme.levels)}")
    if programme.least_total is not None and (project.total_investment or 0) < programme.least_total:
        reasons.append(f"总投资不足 {format_amount(programme.least_total)}")
    return reasons


def _labels(words: Any, values: list[str]) -> str:
    return "或".join(words(value).label for value in values)


def other_money(application: FundApplication) -> Decimal:
    """已落实: what the project's other live applications got, else what they ask for (万元)."""
    others = FundApplication.objects.filter(project=application.project_id).live().exclude(pk=application.pk)
    return sum((one.approved or one.asked for one in others.with_amounts()), Decimal(0))


def over_request(application: FundApplication) -> str:
    """Why too much is asked; "" when it is not: sources together stay within the total, the programme's share too."""
    total = application.project.total_investment
    if total is None:
        return "项目没有登记总投资，无法核对申报额度"
    free = total - other_money(application)
    if application.applied > free:
        left = format_amount(max(free, Decimal(0)))
        return f"申报 {format_amount(application.applied)}，超过总投资扣除已落实资金后的 {left}"
    most = application.programme.most_percent
    if most is not None and application.applied * 100 > total * most:
        share = percent(application.applied, total)
        return f"申报额占总投资 {share}%，超过支持比例 {most}%"
    return ""


def duplicates_of(application: FundApplication) -> QuerySet:
    """Other central funds asked for the same project (dup_fund)."""
    if application.programme.kind not in CENTRAL_FUNDS:
        return FundApplication.objects.none()
    same = FundApplication.objects.filter(project=application.project_id).live().central()
    return same.exclude(pk=application.pk).select_related("programme")
