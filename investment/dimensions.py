"""The dimensions of a project's light: how each is judged in SQL, what it says, what turns it green (handbook §3.3).

A new dimension is one line in DIMENSIONS: list, page, snapshot, alert and report take it from there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Case, QuerySet, Value, When

from common.db import rows_among
from common.fields import YUAN_PER_WAN
from common.lights import WARNING, Light
from common.money import percent, plain, wan_column
from common.periods import Period
from common.rules import LightRules, Preset
from common.text import quoted
from common.workdays import WorkCalendar, due_text
from investment.fund_text import light_words
from investment.querysets import least_done, month_schedule, progress_light, told_in, unreported
from investment.querysets.enrolment import with_stat_light
from investment.querysets.funds import least_spent, with_fund_light
from investment.timing import lead_pp
from projects.choices import Stage

NODES_TOLD = 3  # nodes that a hint names


@dataclass(frozen=True, slots=True)
class Judging:
    """When and by what rules lights are judged: money through `period`, dates through `today`."""

    today: date
    period: Period
    rules: LightRules
    calendar: WorkCalendar


@dataclass(frozen=True, slots=True)
class Dimension:
    """`judge(projects, judging)` annotates the column light_CODE; `says(row, judging)` is the reason in a few words;
    `hint(row, judging)` is the clause that says what turns a red or yellow one green; `basis(row, judging)` the figures
    and limits used. Rows carry the columns of `with_lights` and `with_next_node`."""

    code: str
    label: str
    judge: Callable[[QuerySet, Judging], QuerySet]
    says: Callable[[Any, Judging], str]
    hint: Callable[[Any, Judging], str]
    basis: Callable[[Any, Judging], str]

    @property
    def column(self) -> str:
        return f"light_{self.code}"


# --- 进度 -------------------------------------------------------------------------------------------------------------
def with_progress_light(projects: QuerySet, period: Period, rules: LightRules) -> QuerySet:
    """light_progress of projects that carry the year's money through `period`."""
    if rules.preset == Preset.MONTHLY80:
        told = told_in(projects.model.monthly_entries, period, project="pk")
        projects = projects.annotate(month_done=told, **month_schedule(period, "plan__"))
    return projects.annotate(light_progress=progress_light(rules))


def _judge_progress(projects: QuerySet, judging: Judging) -> QuerySet:
    """The rows carry it already: it comes with the year's money (investment.lights.with_progress)."""
    return projects


def share(row: Any) -> Fraction:
    """时序进度 of a row with a plan, exact."""
    return Fraction(row.due_yuan, row.due_scale) / int(row.target * YUAN_PER_WAN)


def scheduled(row: Any) -> Decimal:
    """时序应完成额 of a row with a plan, in 万元, unrounded."""
    return Decimal(row.due_yuan) / row.due_scale / YUAN_PER_WAN


def _progress_says(row: Any, judging: Judging) -> str:
    if not row.target:
        return "本年没有年度计划"
    if row.completed_to_date is None:
        return "本年还没有填报完成投资"
    if not row.due_yuan:
        return "尚未到计划起始月"
    if row.completed_to_date >= row.target:
        return f"已完成年度计划（{percent(row.completed_to_date, row.target)}%）"
    if judging.rules.preset == Preset.MONTHLY80 and row.light_progress in WARNING:
        return f"{judging.period.month}月任务完成 {percent(row.month_done, _month_plan(row))}%"
    gap = lead_pp(row.completed_to_date, row.target, share(row))
    against = f"{'超' if gap >= 0 else '落后'}时序 {abs(gap)} 个百分点"
    return f"达序时率 {percent(row.completed_to_date, scheduled(row))}%，{against}"


def _progress_hint(row: Any, judging: Judging) -> str:
    what = f"{judging.period.month}月" if judging.rules.preset == Preset.MONTHLY80 else "年度投资"
    return f"{what}再完成 {wan_column(lacking(row, judging.rules))} 万元"


def lacking(row: Any, rules: LightRules) -> Decimal:
    """What must still be done for a green progress light, in 万元 to the 元: one 元 less leaves it yellow."""
    of_year = row.target - row.completed_to_date
    if rules.preset == Preset.MONTHLY80:
        least = least_done(rules, target=row.target, due=row.month_yuan, scale=row.month_scale)
        return min(least - row.month_done, of_year)
    return least_done(rules, target=row.target, due=row.due_yuan, scale=row.due_scale) - row.completed_to_date


def _month_plan(row: Any) -> Decimal:
    return Decimal(row.month_yuan) / row.month_scale / YUAN_PER_WAN


def _progress_basis(row: Any, judging: Judging) -> str:
    if not row.target or row.completed_to_date is None or not row.due_yuan:
        return ""
    rules, through = judging.rules, f"截至{judging.period.month}月"
    expected = plain(scheduled(row).quantize(Decimal("0.01"), "ROUND_HALF_UP"))
    figures = f"{through}完成 {wan_column(row.completed_to_date)}、时序应完成 {wan_column(Decimal(expected))} 万元"
    limits = {
        Preset.RATIO: f"达序时率低于 {rules.yellow}% 黄、低于 {rules.red}% 红",
        Preset.PP: f"落后 {rules.yellow} 个百分点起黄、超过 {rules.red} 红",
        Preset.SHORTFALL: f"欠时序 {rules.yellow}% 以上黄、{rules.red}% 以上红",
        Preset.MONTHLY80: f"当月任务完成低于 {rules.yellow}% 黄、低于 {rules.red}% 红",
    }[Preset(rules.preset)]
    return f"{figures}；{limits}"


# --- 开工 -------------------------------------------------------------------------------------------------------------
def _judge_start(projects: QuerySet, judging: Judging) -> QuerySet:
    return projects.with_start_light(judging.today, yellow=judging.rules.start_yellow, red=judging.rules.start_red)


def _start_says(row: Any, judging: Judging) -> str:
    if row.actual_start_date:
        return f"{row.actual_start_date} 已开工"
    if row.light_start == Light.GREEN and row.stage in (Stage.COMMENCED, Stage.CONSTRUCTION, Stage.PRODUCTION):
        return "已开工"
    if not row.baseline_start_to:
        return "没有计划开工时间"
    planned = f"计划 {row.baseline_start_to.year}年{row.baseline_start_to.month}月开工"
    if row.start_excuse:
        return f"{planned}，已批准延期：{row.start_excuse}"
    return f"{planned}，尚未开工" if row.light_start in WARNING else planned


def _start_hint(row: Any, judging: Judging) -> str:
    return "完成开工认定，或登记经批准的延期理由"


def _start_basis(row: Any, judging: Judging) -> str:
    return "按首次计划开工月判，后来推迟的不算" if row.light_start in WARNING else ""


# --- 节点 -------------------------------------------------------------------------------------------------------------
def _judge_node(projects: QuerySet, judging: Judging) -> QuerySet:
    return projects.with_node_light(judging.today, judging.calendar, warn_workdays=judging.rules.node_workdays)


def _node_says(row: Any, judging: Judging) -> str:
    if row.light_node == Light.BLUE:
        return "节点全部完成"
    if not row.next_node_due:
        return "节点未排期"
    return f"{row.next_node_name}{due_text(row.next_node_due, judging.today, judging.calendar)}"


def _node_hint(row: Any, judging: Judging) -> str:
    """Every node that presses: one of them left open leaves the light as it is."""
    nodes = row.milestones.pressing(judging.today, judging.calendar, judging.rules.node_workdays)
    names = list(nodes.order_by("due_on", "order").values_list("name", flat=True))
    told = "".join(quoted(name) for name in names[:NODES_TOLD])
    return f"{told}等 {len(names)} 个节点办结" if len(names) > NODES_TOLD else f"{told}办结"


def _node_basis(row: Any, judging: Judging) -> str:
    return f"逾期一天即红，剩 {judging.rules.node_workdays} 个工作日以内黄" if row.light_node in WARNING else ""


# --- 填报 -------------------------------------------------------------------------------------------------------------
def _judge_report(projects: QuerySet, judging: Judging) -> QuerySet:
    """Closed months in a row without a figure, the last one included (decisions §4: silence turns no light off)."""
    among = rows_among(projects.model.objects.all(), projects, "pk")  # of a few not everybody's silence is asked
    silent = _silent(among, judging.period, judging.rules.report_yellow)
    longer = _silent(among, judging.period, judging.rules.report_red)
    return projects.annotate(
        light_report=Case(
            When(pk__in=longer, then=Value(Light.RED.value)),
            When(pk__in=silent, then=Value(Light.YELLOW.value)),
            default=Value(Light.GRAY.value),
        )
    )


def _silent(among: QuerySet, period: Period, months: int) -> QuerySet:
    """Keys of the projects `among` these that owed and did not tell any of `months` months up to `period`."""
    keys = unreported(among, period.shift(1 - months)).values("pk")
    for back in reversed(range(months - 1)):
        keys = unreported(among.model.objects.filter(pk__in=keys), period.shift(-back)).values("pk")
    return keys


def _report_says(row: Any, judging: Judging) -> str:
    months = {Light.RED: judging.rules.report_red, Light.YELLOW: judging.rules.report_yellow}.get(row.light_report)
    if months is None:
        return "没有漏报"
    return "上一报告月未填报完成投资" if months == 1 else f"连续 {months} 个月未填报完成投资"


def _report_hint(row: Any, judging: Judging) -> str:
    """The months in a row end with the last one closed: its figure ends the silence, no other does."""
    return f"补报{judging.period.label}的完成投资"


def _report_basis(row: Any, judging: Judging) -> str:
    rules = judging.rules
    return f"漏报 {rules.report_yellow} 个月黄、{rules.report_red} 个月红" if row.light_report in WARNING else ""


# --- 纳统 -------------------------------------------------------------------------------------------------------------
def _judge_stat(projects: QuerySet, judging: Judging) -> QuerySet:
    return with_stat_light(projects, judging.today, judging.rules)


def _stat_says(row: Any, judging: Judging) -> str:
    if row.light_stat in WARNING:
        months = judging.rules.stat_red if row.light_stat == Light.RED else judging.rules.stat_yellow
        return f"{row.actual_start_date} 开工，超过 {months} 个月未入库纳统"
    if row.light_stat == Light.GRAY:
        return "不需要入库纳统" if row.actual_start_date else "未开工"
    return "已入库，或未到期限"


def _stat_hint(row: Any, judging: Judging) -> str:
    return "申报并入库纳统，或说明原因并经统计审核认可"


def _stat_basis(row: Any, judging: Judging) -> str:
    return f"开工超过 {judging.rules.stat_yellow} 个月未入库为黄，超过 {judging.rules.stat_red} 个月为红"


# --- 资金 -------------------------------------------------------------------------------------------------------------
def _judge_fund(projects: QuerySet, judging: Judging) -> QuerySet:
    return with_fund_light(projects, judging.today, judging.rules)


def _fund_says(row: Any, judging: Judging) -> str:
    return light_words(row.light_fund, row.fund_cause, judging.rules)


def _fund_hint(row: Any, judging: Judging) -> str:
    """Each application that lags names all that it lacks: one 元 less leaves it as it is."""
    slow = row.fund_applications.with_light(judging.today, judging.rules).filter(light_fund__in=WARNING)
    parts = []
    for one in slow.select_related("programme").order_by("pk"):
        name = quoted(one.programme.name)
        if one.is_unstarted:
            parts.append(f"{name}的项目完成开工认定")
        if one.is_undivided:
            parts.append(f"{name}登记到位")
        least = least_spent(one.received, one.first_received_on, judging.today, judging.rules)
        if least > one.spent:
            parts.append(f"{name}再支出 {wan_column(least - one.spent)} 万元并登记凭证")
    return "，".join(parts)


def _fund_basis(row: Any, judging: Judging) -> str:
    rules = judging.rules
    yellow = f"到位满 {rules.fund_yellow_months} 个月支出不足 {rules.fund_yellow_rate}% 为黄"
    red = f"满 {rules.fund_red_months} 个月不足 {rules.fund_red_rate}% 为红"
    return f"{yellow}，{red}；下达满一个月未到位、过开工期限未开工为红"


DIMENSIONS: tuple[Dimension, ...] = (
    Dimension("progress", "进度", _judge_progress, _progress_says, _progress_hint, _progress_basis),
    Dimension("start", "开工", _judge_start, _start_says, _start_hint, _start_basis),
    Dimension("node", "节点", _judge_node, _node_says, _node_hint, _node_basis),
    Dimension("stat", "纳统", _judge_stat, _stat_says, _stat_hint, _stat_basis),
    Dimension("fund", "资金", _judge_fund, _fund_says, _fund_hint, _fund_basis),
    Dimension("report", "填报", _judge_report, _report_says, _report_hint, _report_basis),
)
