"""Reads of the reserve library: its structure, its maturity, its meetings."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse

from accounts.models import Unit, User
from accounts.roles import Can
from common.db import keys_of
from common.money import percent, wan_column
from projects.choices import BatchKind, Category, Section, Stage, Status, Verdict
from projects.lifecycle import COMMENCED
from projects.list_columns import quarter_of
from projects.models import Project, ReserveBatch, ReserveProposal
from projects.permissions import may, of_bureau
from projects.reserve_truths import LARGE, PAPERS
from projects.selectors.list import list_url

GROUPS = {"category": "项目类别", "industry": "行业门类", "unit": "责任单位"}
PER_PAGE = 20
QUARTERS = 6


@dataclass
class Group:
    """Projects of the library with something in common; money in 万元."""

    n: int = 0
    total: Decimal = Decimal(0)
    large: int = 0
    mature: int = 0
    stale: int = 0
    held: int = 0
    needed: int = 0

    def add(self, row: dict, stale: set[int]) -> None:
        self.n += 1
        self.total += row["total_investment"] or 0
        self.large += (row["total_investment"] or 0) >= LARGE
        self.mature += row["papers_held"] == row["papers_needed"]
        self.stale += row["pk"] in stale
        self.held += row["papers_held"]
        self.needed += row["papers_needed"]


def library(user: User, today: date, *, by: str, page: str) -> dict[str, Any]:
    """Everything templates/projects/reserve_library.html shows; the number of queries does not depend on the data."""
    by = by if by in GROUPS else "category"
    projects = Project.objects.visible_to(user)
    rows = list(
        projects.in_reserve()
        .with_maturity(today)
        .order_by()
        .values(
            "pk", "category", "industry_code", "lead_unit_id", "total_investment", "planned_start_to", "papers_held",
            "papers_needed",
        )
    )  # fmt: skip
    stale = set(projects.stale_reserve(today).values_list("pk", flat=True))
    whole, groups = Group(), defaultdict(Group)
    for row in rows:
        for group in (whole, groups[_key(row, by)]):
            group.add(row, stale)
    labels = _labels(by)
    order = sorted(groups, key=lambda key: (-groups[key].n, str(key)))
    return {
        "title": "储备库",
        "views": [
            {"label": f"按{label}", "url": f"{reverse('projects:reserve_library')}?by={code}", "active": code == by}
            for code, label in GROUPS.items()
        ],
        "group_label": GROUPS[by],
        "stats": _stats(projects, whole, today),
        "groups": [_line(by, key, labels.get(key, "未填"), groups[key], whole) for key in order],
        "total": _line("", "", "合计", whole, whole),
        "starts": _starts(rows, today),
        "may_run": of_bureau(user),
        "open_batches": ReserveBatch.objects.filter(closed_at__isnull=True).count(),
        **_table(projects, rows, stale, today, page),
    }


def _key(row: dict, by: str) -> Any:
    if by == "industry":
        return row["industry_code"][:1].upper()
    return row["lead_unit_id"] if by == "unit" else row["category"]


def _labels(by: str) -> dict[Any, str]:
    if by == "unit":
        return {unit.pk: unit.label for unit in Unit.objects.all()}
    return dict((Section if by == "industry" else Category).choices)


def _line(by: str, key: Any, label: str, group: Group, whole: Group) -> dict[str, Any]:
    param = {"unit": "lead", "category": "category", "industry": "industry"}.get(by)
    narrowed = {param: key or "none"} if param else {}

    def link(reserve: str = "all") -> str:
        return list_url(stage=Stage.RESERVE.value, reserve=reserve, **narrowed)

    return {
        "label": label,
        "n": group.n,
        "share": percent(group.n, whole.n),
        "total": wan_column(group.total),
        "large": group.large,
        "mature": group.mature,
        "stale": group.stale,
        "papers": percent(group.held, group.needed),
        "url": link(),
        "large_url": link("large"),
        "mature_url": link("mature"),
        "stale_url": link("stale"),
    }


def _stats(projects: QuerySet, whole: Group, today: date) -> list[dict[str, Any]]:
    link = _line("", "", "", whole, whole)
    first = today.replace(month=1, day=1)
    flow = conversion(projects, first, today)
    basis = f"期初 {flow['before']}，入库 {flow['entered']}，退出 {flow['left']}"
    return [
        {"label": "在库项目", "value": whole.n, "unit": "个", "url": link["url"], "total": "rows",
         "note": f"总投资 {link['total']} 万元"},
        {"label": "1 亿元以上", "value": whole.large, "unit": "个", "url": link["large_url"], "total": "rows",
         "note": f"占 {_pct(percent(whole.large, whole.n))}"},
        {"label": "可随时开工", "value": whole.mature, "unit": "个", "url": link["mature_url"], "total": "rows",
         "note": f"成熟转化率 {_pct(percent(whole.mature, whole.n))}"},
        {"label": f"{today.year}年转开工", "value": flow["started"], "unit": "个",
         "url": list_url("&".join(f"status={status}" for status in Status.values), reserve="converted"),
         "total": "rows",
         "note": f"储备转化率 {_pct(flow['rate'])}，{basis}"},
        {"label": "满一年未推进", "value": whole.stale, "unit": "个", "url": link["stale_url"], "total": "rows",
         "tone": "warn" if whole.stale else "", "note": "入库满 12 个月仍在储备，须提请会议研究"},
    ]  # fmt: skip


def conversion(projects: QuerySet, first: date, last: date) -> dict[str, Any]:
    """储备转化率 of a span (handbook §3.5): started / (in the library before + entered − left without starting)."""
    before = projects.in_reserve_on(first - timedelta(days=1)).count()
    entered = projects.entered_reserve(first, last).count()
    left = projects.left_reserve(first, last).count()
    started = projects.converted(first, last).count()
    return {
        "started": started,
        "before": before,
        "entered": entered,
        "left": left,
        "rate": percent(started, before + entered - left),
    }


def _pct(value: Decimal | None) -> str:
    return "—" if value is None else f"{value}%"


def _starts(rows: list[dict], today: date) -> dict[str, Any]:
    """When the library means to start, by quarter, from this one on."""
    counted: dict[str, int] = defaultdict(int)
    for row in rows:
        if row["planned_start_to"]:
            counted[quarter_of(row["planned_start_to"])] += 1
    month, quarters = today.replace(day=1), []
    while len(quarters) < QUARTERS:
        quarters.append(quarter_of(month))
        month = month.replace(year=month.year + (month.month > 9), month=(month.month + 2) % 12 + 1)
    names = [f"{name[:4]}年{'一二三四'[int(name[-1]) - 1]}季度" for name in quarters]
    urls = [list_url(stage=Stage.RESERVE.value, starts=name) for name in quarters]
    return {
        "id": "d-starts",
        "kind": "columns",
        "label": "储备项目计划开工时间分布",
        "data": {
            "categories": [name.replace("年", "\n") for name in names],
            "series": [{"name": "计划开工", "values": [counted[name] for name in quarters]}],
            "unit": "个",
            "urls": urls,
        },
        "columns": [{"label": "季度"}, {"label": "计划开工", "unit": "个", "css": "num"}],
        "rows": [
            {"url": url, "cells": [{"text": name}, {"text": counted[quarter]}]}
            for name, quarter, url in zip(names, quarters, urls, strict=True)
        ],
    }


def _table(projects: QuerySet, rows: list[dict], stale: set[int], today: date, page: str) -> dict[str, Any]:
    """储备项目表 (report.reserve), the most mature first: what is still lacking for each."""
    ranked = sorted(rows, key=lambda r: (r["papers_needed"] - r["papers_held"], r["planned_start_to"] or date.max))
    page_obj = Paginator([row["pk"] for row in ranked], PER_PAGE).get_page(page)
    counts = {row["pk"]: (row["papers_held"], row["papers_needed"]) for row in rows}
    found = {
        row.pk: row
        for row in projects.filter(pk__in=list(page_obj)).with_demands(COMMENCED, today).select_related("lead_unit")
    }
    lines = [
        {
            "project": found[pk],
            "unit": found[pk].lead_unit.label,
            "total": wan_column(found[pk].total_investment),
            "held": counts[pk][0],
            "needed": counts[pk][1],
            "rate": percent(*counts[pk]),
            "lacking": "、".join(_lacking(found[pk])),
            "stale": pk in stale,
        }
        for pk in page_obj
        if pk in found
    ]
    return {"lines": lines, "page_obj": page_obj}


def _lacking(row: Any) -> list[str]:
    return [
        demand.label
        for demand in PAPERS
        if getattr(row, f"need_{demand.code}")
        and not (getattr(row, f"has_{demand.code}") or getattr(row, f"waived_{demand.code}"))
    ]


# --- meetings ---------------------------------------------------------------------------------------------------------


def batches() -> QuerySet[ReserveBatch]:
    """Meetings, the latest first, with how many projects each had and how many passed."""
    counted = ReserveBatch.objects.select_related("opened_by", "closed_by").annotate(
        n=Count("proposals"), passed=Count("proposals", filter=Q(proposals__verdict=Verdict.PASSED))
    )
    return counted.order_by(*ReserveBatch._meta.ordering)  # what counts loses the order of the model


def proposals_of(batch: ReserveBatch, user: User) -> QuerySet[ReserveProposal]:
    """What is put before the meeting, as far as the person sees the projects."""
    visible = Project.objects.visible_to(user)
    return (
        batch.proposals.filter(project__in=keys_of(visible))
        .select_related("project__lead_unit", "proposed_by", "request", "batch")
        .order_by("pk")
    )


def history_of(project: Project) -> QuerySet[ReserveProposal]:
    """Every meeting the project came before, the latest first."""
    return project.reserve_proposals.select_related("batch", "proposed_by", "request").order_by("-pk")


def open_batches_for(user: User, project: Project) -> QuerySet[ReserveBatch]:
    """Meetings before which the person may put this project."""
    kinds = []
    asks = may(user, project, Can.REQUEST_STAGE)  # entry is asked for by the unit (projects.actions.reserve)
    if asks and project.stage == Stage.PLANNING and project.status == Status.NORMAL:
        kinds.append(BatchKind.ENTRY)
    if of_bureau(user) and project.stage in (Stage.PLANNING, Stage.RESERVE):
        kinds.append(BatchKind.ADJUST)
    return ReserveBatch.objects.filter(closed_at__isnull=True, kind__in=kinds).order_by(F("meeting_on").asc())
