"""Reads of 投产效益: output, tax and jobs by year, how much of what was to be finished is."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import F, FilteredRelation, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse

from accounts.models import User
from common.money import percent, tile, wan_column
from investment.models import YearlyOutput
from investment.selectors.menu import sections
from projects.choices import Category, Stage
from projects.models import Project
from projects.selectors.list import list_url

PER_PAGE = 50
FULL = 100  # % of the designed capacity: 达产


@dataclass
class Sums:
    """What a group brought (万元, persons); `told` projects have said something."""

    projects: int = 0
    told: int = 0
    full: int = 0
    revenue: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    jobs: int = 0

    def add(self, row: dict) -> None:
        self.projects += 1
        self.told += row["said"] is not None
        self.full += row["capacity"] is not None and row["capacity"] >= FULL
        self.revenue += row["revenue"] or 0
        self.tax += row["tax"] or 0
        self.jobs += row["jobs"] or 0


def producing(user: User, year: int) -> QuerySet:
    """Projects in 投产 by the end of the year, with what they said of it (NULL: nothing)."""
    of_the_year = FilteredRelation("outputs", condition=Q(outputs__year=year))
    began = Q(production_date__isnull=True) | Q(production_date__year__lte=year)
    rows = Project.objects.visible_to(user).active().filter(began, stage=Stage.PRODUCTION)
    return rows.annotate(told=of_the_year).annotate(
        said=F("told__pk"),
        revenue=F("told__revenue"),
        tax=F("told__tax"),
        jobs=F("told__jobs"),
        capacity=F("told__capacity_percent"),
    )


def output_page(user: User, params: QueryDict, today: date) -> dict[str, Any]:
    """Everything templates/investment/output.html shows; the number of queries does not depend on the data."""
    years = [today.year - back for back in range(6)]
    asked = params.get("year", "")
    year = int(asked) if asked in map(str, years) else today.year
    category = params.get("category", "") if params.get("category", "") in (*Category.values, "none") else ""
    rows = producing(user, year)
    whole, groups = Sums(), defaultdict(Sums)
    for row in rows.order_by().values("category", "said", "revenue", "tax", "jobs", "capacity"):
        for sums in (whole, groups[row["category"]]):
            sums.add(row)
    labels = dict(Category.choices)
    shown = rows.filter(category="" if category == "none" else category) if category else rows
    page_obj = Paginator(
        shown.select_related("lead_unit").order_by(F("revenue").desc(nulls_last=True), "pk"), PER_PAGE
    ).get_page(params.get("page", "1"))

    def url(code: str) -> str:
        query = {"year": "" if year == today.year else year, "category": code}
        return f"{reverse('investment:output')}?{urlencode({k: v for k, v in query.items() if v})}#list"

    return {
        "title": "投产效益",
        "sections": sections("output"),
        "year": year,
        "years": years,
        "category": category,
        "category_label": labels.get(category, "未分类"),
        "clear_url": url(""),
        "stats": [*_stats(user, whole, year, url("")), *_rates(user, year)],
        "groups": [
            _cells(sums) | {"label": labels.get(code, "未分类"), "url": url(code or "none")}
            for code, sums in sorted(groups.items(), key=lambda item: -item[1].revenue)
        ],
        "total": _cells(whole) | {"url": url("")},
        "lines": [_line(row) for row in page_obj],
        "sums": _cells(groups["" if category == "none" else category] if category else whole),
        "page_obj": page_obj,
    }


def _cells(sums: Sums) -> dict[str, Any]:
    return {
        "n": sums.projects,
        "told": sums.told,
        "full": sums.full,
        "revenue": wan_column(sums.revenue),
        "tax": wan_column(sums.tax),
        "jobs": f"{sums.jobs:,}",
    }


def _line(row: Any) -> dict[str, Any]:
    return {
        "name": row.name,
        "url": reverse("investment:project_output", args=[row.pk]),
        "sub": f"{row.number} · {row.lead_unit.label}",
        "since": row.production_date,
        "revenue": wan_column(row.revenue),
        "tax": wan_column(row.tax),
        "jobs": "—" if row.jobs is None else f"{row.jobs:,}",
        "capacity": row.capacity,
    }


def _stats(user: User, whole: Sums, year: int, url: str) -> list[dict[str, Any]]:
    return [
        {"label": "投产项目", "value": whole.projects, "unit": "个", "url": url, "total": "rows",
         "note": f"已填报 {whole.told} 个，达产 {whole.full} 个"},
        {"label": f"{year}年产值", **tile(whole.revenue), "url": url, "total": "产值",
         "note": f"税收 {wan_column(whole.tax)} 万元，就业 {whole.jobs:,} 人"},
    ]  # fmt: skip


def _rates(user: User, year: int) -> list[dict[str, Any]]:
    """竣工率 and 投产率: of what is planned for the year, not of all projects (handbook §3.5)."""
    stats = []
    projects = Project.objects.visible_to(user).active()
    for label, kind in (("竣工率", "complete"), ("投产率", "produce")):
        planned = projects.planned_to(kind, year).count()
        done = projects.planned_to(kind, year, done=True).count()
        rate = percent(done, planned)
        stats.append(
            {
                "label": label,
                "value": "—" if rate is None else f"{rate}%",
                "note": f"{year}年计划 {planned} 个，已{label[:2]} {done} 个",
                "url": list_url(finish=f"{kind}-{year}"),
            }
        )
    return stats


def outputs_of(project: Project) -> QuerySet[YearlyOutput]:
    """What the project said, year by year, the latest first."""
    return project.outputs.select_related("reported_by").order_by("-year")
