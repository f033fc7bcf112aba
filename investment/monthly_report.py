"""月报表 report.monthly_project: one row per project in the standard column order (handbook §7.1)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import CharField, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Concat

from common.excel.aliases import Column
from common.lights import Light
from common.money import percent, round_half_up
from common.periods import Period
from investment.lights import with_lights
from investment.models import MonthlyEntry, OpeningBalance
from investment.querysets.enrolment import in_statistics, is_entered
from projects.choices import Duty, Section, Stage
from projects.gates import as_flag
from projects.models import Assignment, ProgressReport, Project

COLUMNS = tuple(
    Column(field, label, (), kind)
    for field, label, kind in (
        ("serial", "序号", "serial"),
        ("national_code", "项目代码", "code"),
        ("name", "项目名称", "name"),
        ("unit", "责任单位", "unit"),
        ("owner", "建设单位", "text"),
        ("location", "建设地点", "text"),
        ("industry", "行业（门类）", "text"),
        ("nature", "建设性质", "text"),
        ("approval", "管理方式", "text"),
        ("level", "级别", "text"),
        ("span", "建设起止年限", "text"),
        ("total", "总投资（亿元）", "number"),
        ("funds", "资金来源", "text"),
        ("target", "年度计划投资", "money"),
        ("month", "当月完成", "money"),
        ("done", "自年初累计完成", "money"),
        ("rate", "年度完成率%", "number"),
        ("schedule", "时序进度%", "number"),
        ("lead", "超欠序时（百分点）", "number"),
        ("since_start", "开工以来累计", "money"),
        ("physical", "形象进度", "long_text"),
        ("in_statistics", "是否纳统", "text"),
        ("planned_start", "计划开工时间", "date"),
        ("actual_start", "实际开工时间", "date"),
        ("planned_completion", "计划竣工", "date"),
        ("problem", "存在问题", "long_text"),
        ("help_wanted", "需协调事项", "long_text"),
        ("leader", "责任领导", "people"),
        ("official", "责任人及电话", "people"),
        ("light", "灯色", "text"),
        ("note", "备注", "long_text"),
    )
)


def report_rows(projects: QuerySet, period: Period, today: date) -> Iterator[list[Any]]:
    """The cells of each project, read in chunks: what is written never stands in memory as a whole.

    `projects` is a plain queryset of Project; money in 万元 through `period`, the rest as of `today`.
    """
    rows = _annotated(projects, period, today).select_related("lead_unit").order_by("lead_unit__order", "pk")
    for serial, project in enumerate(rows.iterator(chunk_size=500), 1):
        yield _cells(serial, project)


def _annotated(projects: QuerySet, period: Period, today: date) -> QuerySet:
    months = MonthlyEntry.objects.told().filter(project=OuterRef("pk"))
    through = Q(year__lt=period.year) | Q(year=period.year, month__lte=period.month)
    sums = months.filter(through).order_by().values("project").annotate(total=Sum("completed")).values("total")
    reports = ProgressReport.objects.filter(project=OuterRef("pk")).filter(through).order_by("-submitted_at", "-pk")
    entry = months.of(period).values("completed")
    opening = OpeningBalance.objects.filter(project=OuterRef("pk"), year__lte=period.year).values("amount")
    return with_lights(projects, today, period=period).annotate(
        month_done=Subquery(entry[:1]),
        since_months=Subquery(sums, output_field=MonthlyEntry._meta.get_field("completed")),
        since_opening=Subquery(opening[:1]),
        report_text=Subquery(reports.values("text")[:1]),
        report_problem=Subquery(reports.values("problem")[:1]),
        report_help=Subquery(reports.values("help_wanted")[:1]),
        leader_label=_person(Duty.LEADER, today),
        official_label=_person(Duty.OFFICIAL, today, phone=True),
        has_stat_entry=as_flag(is_entered(Project)),
        must_enter=as_flag(in_statistics(Project)),
    )


def _person(duty: Duty, today: date, *, phone: bool = False) -> Subquery:
    """Who holds the duty: the account's name (and telephone), else the bare name."""
    terms = Assignment.objects.filter(project=OuterRef("pk"), duty=duty).in_force(today).order_by("pk")
    name: Any = Coalesce("user__full_name", "name")
    if phone:
        name = Concat(name, Value(" "), Coalesce("user__phone", Value("")), output_field=CharField())
    return Subquery(terms.annotate(label=name).values("label")[:1], output_field=CharField())


def _cells(serial: int, row: Any) -> list[Any]:
    done, target = row.completed_to_date, row.target
    due = target * row.due_part / row.due_whole if target else None
    return [
        serial,
        row.national_code,
        row.name,
        row.lead_unit.label,
        row.owner_name,
        row.location,
        Section(row.industry_code[0]).label if row.industry_code[:1] in Section.values else row.industry_label,
        row.get_construction_nature_display(),
        row.get_approval_type_display(),
        row.get_level_display(),
        _span(row),
        None if row.total_investment is None else round_half_up(row.total_investment / 10_000, 4),
        row.fund_source,
        target,
        row.month_done,
        done,
        percent(done, target) if target else None,
        percent(row.due_part, row.due_whole) if target else None,
        percent(done - due, target) if target and done is not None else None,
        _since_start(row),
        row.report_text,
        _statistics(row),
        row.planned_start_to,
        row.actual_start_date,
        row.planned_completion_to,
        row.report_problem,
        row.report_help,
        row.leader_label,
        (row.official_label or "").strip(),
        Light(row.light).label,
        row.status_reason,
    ]


def _since_start(row: Any) -> Decimal | None:
    """开工以来累计: the months told and what was invested before them (万元)."""
    if row.since_months is None and row.since_opening is None:
        return None
    return (row.since_months or Decimal(0)) + (row.since_opening or Decimal(0))


def _span(row: Any) -> str:
    """建设起止年限: 2025-2027, from what happened, else from what is planned."""
    first, last = row.actual_start_date or row.planned_start_to, row.completed_on or row.planned_completion_to
    return f"{first.year if first else ''}-{last.year if last else ''}".strip("-") if first or last else ""


def _statistics(row: Any) -> str:
    if row.stage not in (Stage.COMMENCED, Stage.CONSTRUCTION, Stage.PRODUCTION):
        return ""
    if row.has_stat_entry:
        return "是"
    return "否" if row.must_enter else "不需入库"
