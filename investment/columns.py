"""The list's columns and filters about money and lights."""

from datetime import date
from typing import Any

from django.db.models import Max, Min, QuerySet
from django.utils.safestring import mark_safe

from common.lights import Light
from common.money import percent
from common.periods import Period
from common.templatetags.lights import light as light_tag
from common.templatetags.lights import rate as rate_tag
from investment.lights import light_reason
from investment.models import AnnualPlan, PlanVersion
from investment.querysets import unreported
from investment.querysets.lag import LISTS
from projects.columns import Column, Filter, ListContext
from projects.list_columns import amount

NO_PLAN = mark_safe('<span class="muted">没有年度计划</span>')


def _light(row: Any, context: ListContext) -> str:
    return light_tag(row.light, "", light_reason(row, context.standing.judging))


def _light_text(row: Any, context: ListContext) -> str:
    reason = light_reason(row, context.standing.judging)
    return Light(row.light).label + (f"：{reason}" if reason else "")


def _rate(row: Any, context: ListContext) -> str:
    if not row.target:
        return NO_PLAN
    return rate_tag(done_rate(row), percent(row.due_part, row.due_whole), row.light_progress)


def done_rate(row: Any) -> Any:
    """年度完成率 in percent with one digit; None without a plan or a figure."""
    return None if row.completed_to_date is None else percent(row.completed_to_date, row.target)


COLUMNS = (
    Column("light", "灯", 30, _light, _light_text, sort="light_rank", css="c-light", width="cw-172"),
    Column("plan", "年度计划", 50, lambda row, context: amount(row.target, context), lambda row, context: row.target,
           sort="target", css="num c-plan", kind="money", total="target", is_money=True, width="cw-100"),
    Column("rate", "年度完成率", 60, _rate, lambda row, context: done_rate(row), css="c-rate", kind="percent",
           total="rate", width="cw-160", note="│时序"),
    Column("done", "本年完成", 55, lambda row, context: amount(row.completed_to_date, context),
           lambda row, context: row.completed_to_date, sort="completed_to_date", css="num", kind="money", total="done",
           is_money=True, default=False, width="cw-100"),
)  # fmt: skip


def _years(base: QuerySet) -> list[tuple[str, str]]:
    """From the last year with a plan to the first: two looks at an index, however many plans there are."""
    ends = PlanVersion.objects.aggregate(first=Min("year"), last=Max("year"))
    return [(str(year), f"{year}年") for year in range(ends["last"] or 0, (ends["first"] or 1) - 1, -1)]


def _of_years(projects: QuerySet, values: list[str], today: date) -> QuerySet:
    return projects.filter(pk__in=AnnualPlan.objects.filter(year__in=values, target__gt=0).values("project"))


def _planned(projects: QuerySet, values: list[str], today: date) -> QuerySet:
    return projects.filter(pk__in=AnnualPlan.objects.filter(year=today.year, target__gt=0).values("project"))


def _unreported(projects: QuerySet, values: list[str], today: date) -> QuerySet:
    return projects.filter(pk__in=unreported(projects.model.objects.all(), Period.of(today)).values("pk"))


def _listed(projects: QuerySet, values: list[str], today: date) -> QuerySet:
    return next(one for one in LISTS if one.code == values[0]).narrow(projects, today)


FILTERS = (
    Filter(
        "light",
        "灯",
        20,
        lambda base: Light.choices,
        lambda projects, values, today: projects.filter(light__in=values),
        count_by="light",
        reads_annotations=True,
    ),
    Filter(
        "lag",
        "自动清单",
        84,
        lambda base: [(one.code, one.label) for one in LISTS],
        _listed,
        single=True,
        hidden=True,
        by_link=True,
        reads_annotations=True,
    ),
    Filter("year", "年度", 45, _years, _of_years),
    Filter("planned", "年度计划", 82, lambda base: [("yes", "本年有计划")], _planned, single=True, hidden=True),
    Filter("reported", "填报", 83, lambda base: [("no", "本月未填报")], _unreported, single=True, hidden=True),
)
