"""Reads of programmes: those with a deadline ahead, and which projects fit one and are ready for it."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.http import QueryDict
from django.urls import reverse

from accounts.models import User
from accounts.roles import Can
from common.money import percent, wan_column
from common.workdays import due_text, work_calendar
from investment.choices import AmountKind, FundKind
from investment.models import FundAmount, FundApplication, FundProgramme
from investment.papers import fund_gate
from investment.querysets.funds import fitting
from investment.selectors.funds import visible_applications
from projects.choices import Level, Stage
from projects.gates import DEMANDS
from projects.models import Project

PER_PAGE = 20
SOON_WORKDAYS = 10


def programme_rows(user: User, today: date, kinds: list[str]) -> QuerySet:
    """Programmes with the applications the person sees: open ones by deadline, then the past ones."""
    rows = FundProgramme.objects.annotate(
        n=Count("applications", filter=Q(applications__in=visible_applications(user)))
    )
    if kinds:
        rows = rows.filter(kind__in=kinds)
    is_open = FundProgramme.objects.open(today).filter(pk=OuterRef("pk"))
    return rows.annotate(is_open=Exists(is_open)).order_by(
        "-is_open", F("deadline").asc(nulls_last=True), "-year", "pk"
    )


def list_page(user: User, params: QueryDict, today: date) -> dict[str, Any]:
    """Everything templates/investment/programme_list.html shows."""
    chosen = [kind for kind in params.getlist("kind") if kind in FundKind.values]
    page = Paginator(programme_rows(user, today, chosen), PER_PAGE).get_page(params.get("page"))
    calendar = work_calendar()
    lines = []
    for row in page:
        left = calendar.between(today, row.deadline) if row.is_open and row.deadline else None
        due = due_text(row.deadline, today, calendar) if left is not None else ""
        lines.append(
            {
                "row": row,
                "url": reverse("investment:programme_detail", args=[row.pk]),
                "state": "申报中" if row.is_open else "未开始" if _ahead(row, today) else "已截止",
                "due": due,
                "tone": "warn" if left is not None and left <= SOON_WORKDAYS else "",
                "list_url": f"{reverse('investment:fund_list')}?programme={row.pk}",
            }
        )
    return {
        "title": "资金批次",
        "lines": lines,
        "page_obj": page,
        "views": [{"label": "全部", "url": "?", "active": not chosen}]
        + [{"label": label, "url": f"?kind={kind}", "active": chosen == [kind]} for kind, label in FundKind.choices],
        "may_manage": user.may(Can.FUNDS),
        "overview_url": reverse("investment:fund_overview"),
    }


def _ahead(row: FundProgramme, today: date) -> bool:
    return row.open_from is not None and row.open_from > today


def detail_page(user: User, programme: FundProgramme, params: QueryDict, today: date) -> dict[str, Any]:
    """A programme with the projects that fit it: ready, not ready (what each lacks), already applied."""
    gate = fund_gate(programme.kind)
    fit = fitting(Project.objects.visible_to(user), programme)
    applied = FundApplication.objects.filter(programme=programme).values("project")
    free = fit.exclude(pk__in=applied)
    ready = free.ready_for(gate, today)
    shown = {
        "ready": free.filter(pk__in=ready.values("pk")),
        "lacking": free.exclude(pk__in=ready.values("pk")),
        "applied": fit.filter(pk__in=applied),
    }
    view = params.get("view") if params.get("view") in shown else "ready"
    rows = shown[view].with_demands(gate, today).select_related("lead_unit").order_by("-total_investment", "pk")
    page = Paginator(rows, PER_PAGE).get_page(params.get("page"))
    editable = Project.objects.editable_by(user) if user.may(Can.EDIT_PROJECTS) else Project.objects.none()
    own = (
        set(editable.filter(pk__in=[row.pk for row in page]).values_list("pk", flat=True)) if view == "ready" else set()
    )
    labels = {"ready": "符合且成熟", "lacking": "符合、材料不齐", "applied": "已申报"}
    here = reverse("investment:programme_detail", args=[programme.pk])
    mine = FundAmount.objects.filter(application__in=visible_applications(user), application__programme=programme)
    asked = mine.filter(kind=AmountKind.ASKED).aggregate(total=Sum("amount"))["total"] or Decimal(0)
    return {
        "title": programme.name,
        "crumbs": [{"label": "资金批次", "url": reverse("investment:programme_list")}, {"label": programme.name}],
        "programme": programme,
        "conditions": conditions_of(programme),
        "is_open": FundProgramme.objects.open(today).filter(pk=programme.pk).exists(),
        "asked": wan_column(asked),
        "asked_rate": percent(asked, programme.quota),
        "asked_url": f"{reverse('investment:fund_list')}?programme={programme.pk}&has=asked",
        "views": [
            {"label": labels[code], "url": f"{here}?view={code}", "active": code == view, "count": some.count()}
            for code, some in shown.items()
        ],
        "view": view,
        "lines": [_line(row, gate, programme, row.pk in own) for row in page],
        "page_obj": page,
        "may_manage": user.may(Can.FUNDS),
    }


def _line(row: Any, gate: str, programme: FundProgramme, own: bool) -> dict[str, Any]:
    lacking = [
        demand.label
        for demand in DEMANDS[gate]
        if getattr(row, f"need_{demand.code}") and not getattr(row, f"has_{demand.code}")
    ]
    return {
        "row": row,
        "url": reverse("investment:project_funds", args=[row.pk]),
        "lacking": "、".join(lacking),
        "apply_url": f"{reverse('investment:fund_new', args=[row.pk])}?programme={programme.pk}" if own else "",
    }


def conditions_of(programme: FundProgramme) -> list[dict[str, str]]:
    """What the programme asks for, in words: {label, text}."""
    rows = [
        ("行业", "、".join(programme.industries)),
        ("阶段", "、".join(Stage(stage).label for stage in programme.stages)),
        ("级别", "、".join(Level(level).label for level in programme.levels)),
        ("最低总投资", f"{wan_column(programme.least_total)} 万元" if programme.least_total is not None else ""),
        ("最高支持比例", f"{programme.most_percent}%" if programme.most_percent else ""),
        ("开工期限", str(programme.start_by or "")),
    ]
    return [{"label": label, "text": text} for label, text in rows if text]
