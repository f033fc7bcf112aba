"""驾驶舱: the district at a glance. Every figure carries the link to the rows that make it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Min, QuerySet, Sum
from django.urls import reverse

from accounts.models import Unit, User
from common import settings
from common.lights import WARNING, Light
from common.money import format_amount, tile, wan_column
from common.periods import Period
from common.workdays import work_calendar
from investment.dimensions import Judging
from investment.judged import Standing
from investment.lights import light_reason
from investment.models import MonthlyEntry
from investment.querysets import unreported
from investment.totals import Money, by_light, freshness, scheduled_by_month
from projects.choices import Category, Stage
from projects.models import Milestone, Project

ATTENTION = 8  # rows of 需要您关注
SILENT = 6  # rows of those who have not reported
SMALL_UNIT = 3  # units with fewer projects are not ranked (ux §3.10)


def scope(user: User, *, category: str = "", unit: Unit | None = None) -> QuerySet:
    """Active projects the person sees, narrowed by the board's own filters."""
    projects = Project.objects.visible_to(user).active()
    if category:
        projects = projects.filter(category=category)
    if unit:
        projects = projects.filter(lead_unit__in=Unit.objects.subtree_of(unit))
    return projects


@dataclass
class Counted:
    """What is counted over all projects on the board; everything here is kept until something changes."""

    money: list[tuple]  # lines of by_light by stage and unit
    late: dict[str, Any]  # overdue nodes: n, projects, first
    late_by_unit: dict[int, int]
    missing: int  # projects that owe the current month
    stamp: dict[str, Any]
    scheduled: list[Decimal]  # 累计时序 through each month, 万元
    done: dict[int, Decimal]  # by month, 万元, of the projects with a plan
    worst: list[int]  # the first of 需要您关注


def _counted(projects: QuerySet, lit: QuerySet, today: date, period: Period) -> Counted:
    nodes = Milestone.objects.overdue(today).filter(project__in=projects).order_by()
    planned = projects.filter(annual_plans__year=period.year, annual_plans__target__gt=0).order_by()
    told = MonthlyEntry.objects.told().filter(project__in=planned, year=period.year).order_by()
    return Counted(
        money=by_light(lit, "stage", "lead_unit_id"),
        late=nodes.aggregate(n=Count("pk"), projects=Count("project", distinct=True), first=Min("due_on")),
        late_by_unit=dict(nodes.values_list("project__lead_unit").annotate(n=Count("pk"))),
        missing=unreported(projects, Period.of(today)).count(),
        stamp=freshness(projects, period),
        scheduled=scheduled_by_month(planned, period.year),
        done=dict(told.values_list("month").annotate(total=Sum("completed"))),
        worst=list(_worst_first(lit.filter(light__in=WARNING)).values_list("pk", flat=True)[:ATTENTION]),
    )


def cockpit(user: User, today: date, *, category: str = "", unit: Unit | None = None) -> dict:
    """Everything the page shows. The number of queries does not depend on the number of projects."""
    projects = scope(user, category=category, unit=unit)
    standing = Standing(today)
    period = standing.judging.period
    lit = standing.judged(projects)
    counted = standing.recall("cockpit", projects, lambda: _counted(projects, lit, today, period))
    link = ListLink(category=category, unit=unit.pk if unit else "")

    everything = Money()
    stages: dict[str, Money] = {stage: Money() for stage in Stage.values}
    units: dict[int, Money] = defaultdict(Money)
    for line in counted.money:
        for group in (everything, stages[line[-2]], units[line[-1]]):
            group.add(line)
    return {
        "period": period,
        "category": category,
        "categories": Category.choices,
        "unit": unit,
        "units": Unit.objects.filter(pk__in=Project.objects.visible_to(user).values("lead_unit")).order_by(
            "order", "pk"
        ),
        "kpis": _kpis(everything, counted.late, period, today, link),
        "flow": [_stage(stage, stages[stage], link) for stage in Stage],
        "attention": attention(lit.filter(pk__in=counted.worst), standing.judging),
        "attention_total": everything.lights[Light.RED] + everything.lights[Light.YELLOW],
        "attention_url": link(light=[Light.RED, Light.YELLOW]),
        "unit_rows": _unit_rows(units, counted.late_by_unit, link),
        "missing": _missing(projects, counted.missing, today, link),
        "stamp": counted.stamp,
        "chart": _curve(counted, period, everything),
    }


@dataclass(frozen=True)
class ListLink:
    """Builds links to the project list that keep the board's filters."""

    category: str
    unit: int | str

    def __call__(self, **params) -> str:
        query = {"category": self.category, "unit": self.unit, **params}
        query = {key: value for key, value in query.items() if value not in ("", None, [])}
        return (
            f"{reverse('projects:project_list')}?{urlencode(query, doseq=True)}"
            if query
            else reverse("projects:project_list")
        )


def _kpis(all_: Money, late: dict, period: Period, today: date, link: ListLink) -> list[dict]:
    """The five numbers, as components/_kpis.html draws them."""
    longest = work_calendar().between(late["first"], today) if late["first"] else 0
    total = tile(all_.total)
    calm = all_.lights[Light.GREEN] + all_.lights[Light.BLUE]
    return [
        {
            "label": "重大项目",
            "value": all_.projects,
            "unit": "个",
            "url": link(),
            "note": f"总投资 {total['value']} {total['unit']}",
        },
        {
            "label": f"{period.year}年度计划投资",
            **tile(all_.target),
            "url": link(planned="yes"),
            "note": f"{all_.planned} 个项目有年度计划",
            "note2": f"时序应完成 {format_amount(all_.scheduled)}",
        },
        {
            "label": f"1—{period.month}月完成投资",
            **tile(all_.done),
            "url": link(planned="yes"),
            "pct": f"{all_.rate}%" if all_.rate is not None else "—",
            "rate": {"done": all_.rate, "due": all_.scheduled_rate, "light": all_.light},
            "note": f"时序 {all_.scheduled_rate}%，{lead_text(all_.lead_pp)}"
            if all_.rate is not None
            else "本年没有年度计划",
        },
        {
            "label": "红黄灯",
            "lights": [
                {"light": Light.RED, "count": all_.lights[Light.RED], "label": "红灯", "url": link(light=Light.RED)},
                {
                    "light": Light.YELLOW,
                    "count": all_.lights[Light.YELLOW],
                    "label": "黄灯",
                    "url": link(light=Light.YELLOW),
                },
            ],
            "note": f"正常或已完成 {calm}，不评 {all_.lights[Light.GRAY]}",
        },
        {
            "label": "逾期节点",
            "value": late["n"],
            "unit": "个",
            "url": link(due="overdue"),
            "note": f"涉及 {late['projects']} 个项目",
            "note2": f"最长逾期 {longest} 个工作日" if longest else "",
        },
    ]


def lead_text(points: Decimal | None) -> str:
    """超前/落后 in words: 落后 13.8 个百分点."""
    if points is None:
        return "—"
    if points == 0:
        return "与时序持平"
    return f"{'超前' if points > 0 else '落后'} {abs(points)} 个百分点"


def _stage(stage: Stage, money: Money, link: ListLink) -> dict:
    return {
        "label": stage.label,
        "count": money.projects,
        "amount": format_amount(money.total),
        "url": link(stage=stage.value),
    }


def _worst_first(lit: QuerySet) -> QuerySet:
    """Red before yellow, the longest overdue first."""
    return lit.order_by("-light_rank", F("overdue_since").asc(nulls_last=True), "-pk")


def attention(worst: QuerySet, judging: Judging) -> list[dict]:
    """Light, reason, who of judged projects, the worst first."""
    return [
        {
            "light": row.light,
            "name": row.name,
            "url": row.get_absolute_url(),
            "why": light_reason(row, judging),
            "unit": row.lead_unit.label,
            "person": row.official_name or "责任人未定",
            "action": "节点",
            "action_url": reverse("projects:project_nodes", args=[row.pk]),
        }
        for row in _worst_first(worst).with_people().select_related("lead_unit")
    ]


def _unit_rows(units: dict[int, Money], late: dict[int, int], link: ListLink) -> list[dict]:
    """The unit table: ranked by 达序时率, ties share a rank, small units are listed without one."""
    names = {unit.pk: unit for unit in Unit.objects.filter(pk__in=units)}
    table = []
    for pk, money in units.items():
        table.append(
            {
                "unit": names[pk].label,
                "projects": money.projects,
                "target": wan_column(money.target),
                "done": wan_column(money.done),
                "rate": money.rate,
                "scheduled_rate": money.scheduled_rate,
                "tone": money.light,
                "to_schedule": money.to_schedule,
                "red": money.lights[Light.RED],
                "overdue": late.get(pk, 0),
                "url": link(lead=pk),
                "red_url": link(lead=pk, light=Light.RED),
                "overdue_url": link(lead=pk, due="overdue"),
                "ranked": money.projects >= SMALL_UNIT and money.to_schedule is not None,
            }
        )
    table.sort(key=lambda row: (not row["ranked"], -(row["to_schedule"] or 0), row["unit"]))
    rank, before = 0, None
    for position, row in enumerate(table, 1):
        if not row["ranked"]:
            row["rank"] = "—"
            continue
        if row["to_schedule"] != before:
            rank, before = position, row["to_schedule"]
        row["rank"] = rank
    return table


def _missing(projects: QuerySet, count: int, today: date, link: ListLink) -> dict:
    """Who has not reported the current month: so many, and those who are silent longest."""
    period = Period.of(today)
    closing = period.due(settings.get("report_day"))
    absent = unreported(projects, period).with_last_report().order_by("last_reported_at", "pk")
    silent = list(absent.values_list("pk", flat=True)[:SILENT])
    rows = Project.objects.filter(pk__in=silent).select_related("lead_unit").with_people().with_last_report()
    return {
        "period": period,
        "closing": closing,
        "count": count,
        "rows": [
            {
                "project": row,
                "unit": row.lead_unit.label,
                "official": row.official_name or "—",
                "last": row.last_reported_at,
            }
            for row in rows.order_by("last_reported_at", "pk")
        ],
        "url": link(reported="no"),
    }


def _curve(counted: Counted, period: Period, money: Money) -> dict:
    """累计完成 against 累计时序 by month, in 亿元, as components/_chart.html draws it, with its table."""
    months, done_line, due_line, rows, running = [], [], [], [], Decimal(0)
    for month in range(1, 13):
        running += counted.done.get(month) or 0
        due = counted.scheduled[month - 1]
        told = month <= period.month
        months.append(f"{month}月")
        due_line.append(_yi(due))
        done_line.append(_yi(running) if told else None)
        texts = (f"{month}月", wan_column(due), wan_column(running) if told else None)
        rows.append({"cells": [{"text": text} for text in texts]})
    label = f"{period.label}累计完成 {format_amount(money.done)}，时序应完成 {format_amount(money.scheduled)}"
    return {
        "id": "d-curve",
        "kind": "curve",
        "label": label,
        "data": {
            "months": months,
            "done": done_line,
            "sched": due_line,
            "unit": "亿元",
            "gap": f"差时序 {_yi(money.scheduled - money.done):.2f}" if money.scheduled > money.done else "",
        },
        "columns": [
            {"label": "月份"},
            {"label": "累计时序", "unit": "万元", "css": "num"},
            {"label": "累计完成", "unit": "万元", "css": "num"},
        ],
        "rows": rows,
    }


def _yi(wan: Decimal) -> float:
    return float(round(wan / 10_000, 2))
