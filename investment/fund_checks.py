"""What stands in the way of an application: conditions not met, too much asked, the same works paid twice."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db.models import Case, QuerySet, Value, When

from common.money import format_amount, percent, wan_column
from investment.choices import CENTRAL_FUNDS
from investment.models import FundApplication, FundProgramme
from investment.querysets.funds import conditions
from projects.choices import Level, Stage
from projects.models import Project


def unfit_reasons(project: Project, programme: FundProgramme) -> list[str]:
    """Each condition of the programme (querysets.funds.conditions) that the project does not meet, in words."""
    asked = conditions(programme)
    if not asked:
        return []
    met = [Case(When(condition, then=Value(1)), default=Value(0)) for condition in asked.values()]
    answers = Project.objects.filter(pk=project.pk).values_list(*met).get()
    return [_SAID[code](project, programme) for code, is_met in zip(asked, answers, strict=True) if not is_met]


def _labels(words: Any, values: list[str]) -> str:
    return "或".join(words(value).label for value in values)


_SAID: dict[str, Callable[[Project, FundProgramme], str]] = {
    "industries": lambda project, programme: (
        f"行业代码{project.industry_code or '未填'}不在支持范围（{'、'.join(programme.industries)}）"
    ),
    "stages": lambda project, programme: f"阶段须为{_labels(Stage, programme.stages)}",
    "levels": lambda project, programme: f"级别须为{_labels(Level, programme.levels)}",
    "least_total": lambda project, programme: f"总投资不足 {format_amount(programme.least_total)}",
}


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
        left = wan_column(max(free, Decimal(0)))
        return f"申报 {wan_column(application.applied)} 万元，超过总投资扣除已落实资金后的 {left} 万元"
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
