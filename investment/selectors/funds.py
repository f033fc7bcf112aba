"""Reads of state funds: overview by kind or unit, the list behind every figure, one application, the project's tab."""

from collections import defaultdict
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.http import QueryDict
from django.urls import reverse

from accounts.models import Unit, User
from accounts.roles import Can
from common import settings
from common.lights import Light
from common.money import percent, wan_column, year_on_year
from common.periods import Period
from common.rules import light_rules
from common.text import quoted
from investment.choices import AmountKind, FundKind, FundState
from investment.fund_checks import duplicates_of, other_money, over_request, unfit_reasons
from investment.fund_text import STEPS, Step, light_words
from investment.models import FundAmount, FundApplication
from investment.papers import fund_gate
from investment.querysets.funds import slow_funds
from investment.selectors.listing import Choice, Column, Listing, View
from projects.models import Project
from projects.permissions import may
from projects.selectors.stage import papers_of

KINDS = tuple(AmountKind)
GROUPS = {"kind": "资金类型", "unit": "责任单位"}


def visible_applications(user: User) -> QuerySet:
    """Applications of the projects the person sees."""
    return FundApplication.objects.filter(project__in=Project.objects.visible_to(user))


def window_of(params: QueryDict) -> tuple[Q, str]:
    """The rows of money that are added up (`?year=`, through `?until=`), as a condition on amounts and in words."""
    year = params.get("year", "")
    if not (year.isascii() and year.isdigit() and 2000 <= int(year) <= 2100):
        return Q(), ""
    first, last = date(int(year), 1, 1), date(int(year), 12, 31)
    with suppress(ValueError):
        last = min(last, date.fromisoformat(params.get("until", "")))
    return Q(amounts__on__gte=first, amounts__on__lte=last), f"{first} 至 {last}"


def _rows_inside(window: Q, **where: Any) -> Exists:
    """Whether the application has rows of money like that inside the window."""
    own = Q(**{key.removeprefix("amounts__"): value for key, value in window.children})
    return Exists(FundAmount.objects.filter(own, application=OuterRef("pk"), **where))


def fund_listing(user: User, params: QueryDict, today: date) -> tuple[Listing, Q]:
    """The applications asked for, and the window of the money shown with them."""
    window, _ = window_of(params)
    base = visible_applications(user)
    units = Unit.objects.filter(pk__in=base.values("project__lead_unit"))
    years = FundAmount.objects.filter(application__in=base).order_by("-on__year").values_list("on__year", flat=True)
    year_options = [(str(year), f"{year}年") for year in years.distinct()]
    views = (
        View("all", "全部", lambda rows: rows),
        View("waiting", "待区级审核", lambda rows: rows.filter(state=FundState.SUBMITTED)),
        View("above", "已报上级", lambda rows: rows.filter(state=FundState.REPORTED)),
        View("spending", "已下达", lambda rows: rows.filter(state__in=GIVEN)),
        View("slow", "资金滞后", lambda rows: rows.filter(pk__in=slow_funds(rows, today).values("pk"))),
        View("ahead", "支付超前形象", lambda rows: rows.filter(pk__in=_ahead(rows).values("pk"))),
    )
    until = params.get("until", "")
    filters = (
        Choice("kind", "类型", FundKind.choices, lambda rows, values: rows.filter(programme__kind__in=values)),
        Choice("state", "状态", FundState.choices, lambda rows, values: rows.filter(state__in=values)),
        Choice(
            "unit",
            "责任单位",
            [(str(unit.pk), unit.label) for unit in units],
            lambda rows, values: rows.filter(project__lead_unit__in=values),
        ),
        Choice(
            "light",
            "资金灯",
            Light.choices,
            lambda rows, values: rows.filter(
                pk__in=FundApplication.objects.with_light(today).filter(light_fund__in=values).values("pk")
            ),
        ),
        Choice("year", "金额年度", year_options, lambda rows, values: rows, single=True),
        Choice("until", "截至", [(until, until)] if until and window else [], lambda rows, values: rows, silent=True),
        Choice(
            "has",
            "已有",
            AmountKind.choices,
            lambda rows, values: rows.filter(_rows_inside(window, kind__in=values)),
            silent=True,
        ),
        Choice(
            "programme",
            "批次",
            [(params.get("programme", ""), "本批次")] if params.get("programme", "").isdecimal() else [],
            lambda rows, values: rows.filter(programme__in=values),
            silent=True,
        ),
    )

    def search(rows: QuerySet, text: str) -> QuerySet:
        found = Q(project__in=Project.objects.search(text)) | Q(programme__name__icontains=text)
        return rows.filter(found)

    url = reverse("investment:fund_list")
    return Listing(params, url, base, views=views, filters=filters, search=search), window


GIVEN = [FundState.ISSUED, FundState.RECEIVED, FundState.PAID, FundState.SPENT, FundState.EVALUATED]


def _ahead(rows: QuerySet) -> QuerySet:
    return rows.with_amounts().with_physical(Project).filter(ahead=1)


def told_rows(listing: Listing, window: Q, today: date) -> QuerySet:
    """The rows with their money inside the window and their light, the newest first."""
    lit = FundApplication.objects.with_light(today)
    lights = {
        f"is_{light.value}": Exists(lit.filter(light_fund=light, pk=OuterRef("pk")))
        for light in (Light.RED, Light.YELLOW, Light.GREEN)
    }
    rows = listing.rows().with_amounts(window).annotate(**lights)
    return rows.select_related("project__lead_unit", "programme").order_by("-pk")


def light_of(row: Any) -> str:
    """The light of a row of `told_rows`."""
    return next((light for light in ("red", "yellow", "green") if getattr(row, f"is_{light}")), Light.GRAY.value)


def spend_rate(received: Decimal, issued: Decimal, spent: Decimal) -> Decimal | None:
    """支出进度: of what was received, or of what was issued where the site says so (handbook §4.3)."""
    return percent(spent, issued if settings.get("fund_spend_denominator") == "issued" else received)


def columns() -> tuple[Column, ...]:
    """The columns of list and export (handbook §7.2, report.fund)."""

    def money(kind: AmountKind) -> Column:
        return Column(
            kind.value,
            kind.label,
            lambda row: _amount(getattr(row, kind.value)),
            lambda row: getattr(row, kind.value),
            kind="money",
            css="num" if kind == AmountKind.ASKED else "num is-fold",
        )

    return (
        Column(
            "name",
            "项目",
            lambda row: {
                "text": row.project.name,
                "url": reverse("investment:fund_detail", args=[row.pk]),
                "sub": row.project.lead_unit.label,
            },
            lambda row: row.project.name,
            kind="name",
        ),
        Column(
            "programme",
            "资金批次",
            lambda row: {"text": row.programme.name, "sub": row.programme.get_kind_display()},
            lambda row: row.programme.name,
        ),
        Column("state", "状态", lambda row: {"text": row.get_state_display()}, lambda row: row.get_state_display()),
        *(money(kind) for kind in KINDS),
        Column("light", "资金灯", lambda row: {"light": light_of(row)}, lambda row: Light(light_of(row)).label),
    )


def _amount(wan: Decimal) -> dict[str, str]:
    """A cell of money; nothing yet is a dash, which the phone leaves out."""
    return {"text": wan_column(wan)} if wan else {"text": "—", "css": "num is-none"}


def list_page(user: User, params: QueryDict, today: date) -> dict[str, Any]:
    """Everything templates/investment/listing.html shows of applications."""
    listing, window = fund_listing(user, params, today)
    totals = listing.rows().with_amounts(window).order_by().aggregate(**{f"all_{k.value}": Sum(k.value) for k in KINDS})
    sums = {kind.value: wan_column(totals[f"all_{kind.value}"] or Decimal(0)) for kind in KINDS}
    words = window_of(params)[1]
    return {
        **listing.context(columns(), told_rows(listing, window, today), sums),
        "title": "资金申报",
        "unit": "笔申报",
        "q_label": "项目、批次",
        "note": f"金额只计 {words} 的记录" if words else "金额为累计数",
        "overview_url": reverse("investment:fund_overview"),
        "export_url": f"{reverse('investment:fund_export')}?{listing.query()}" if user.may(Can.EXPORT) else "",
        "empty": {"title": "没有符合条件的申报", "text": "换一个条件，或清除筛选。", "icon": "hand-coins"},
    }


def overview_page(user: User, params: QueryDict, today: date) -> dict[str, Any]:
    """资金总览: money by kind or by unit; every figure opens the applications that add up to it."""
    by = params.get("by") if params.get("by") in GROUPS else "kind"
    window, words = window_of(params)
    applications = visible_applications(user)
    field = {"kind": "application__programme__kind", "unit": "application__project__lead_unit"}[by]
    inside = Q(**{key.removeprefix("amounts__"): value for key, value in window.children})
    found = FundAmount.objects.filter(inside, application__in=applications).order_by().values_list(field, "kind")
    groups: dict[Any, dict[str, tuple[int, Decimal]]] = defaultdict(dict)
    for group, kind, n, amount in found.annotate(n=Count("application", distinct=True), total=Sum("amount")):
        groups[group][kind] = (n, amount)
    units = Unit.objects.filter(pk__in=list(groups)) if by == "unit" else ()
    labels = dict(FundKind.choices) if by == "kind" else {unit.pk: unit.label for unit in units}
    order = [group for group in labels if group in groups]
    kept = {key: params[key] for key in ("year", "until") if words and params.get(key)}
    total = {
        kind.value: (
            sum(groups[g].get(kind, (0, Decimal(0)))[0] for g in order),
            sum((groups[g].get(kind, (0, Decimal(0)))[1] for g in order), Decimal(0)),
        )
        for kind in KINDS
    }
    rows = [_overview_row(labels[group], groups[group], {by: group} | kept) for group in order]
    return {
        "title": "资金总览",
        "views": [
            {"label": f"按{label}", "url": f"?by={code}" + "".join(f"&{k}={v}" for k, v in kept.items()),
             "active": code == by}
            for code, label in GROUPS.items()
        ],
        "stats": _overview_stats(applications, total, kept, today),
        "group": GROUPS[by],
        "kinds": [kind.label for kind in KINDS],
        "rows": rows,
        "foot": _overview_row("合计", total, kept),
        "note": f"金额只计 {words} 的记录" if words else "金额为累计数",
        "list_url": reverse("investment:fund_list"),
        "programmes_url": reverse("investment:programme_list"),
        "spend_base": "下达" if settings.get("fund_spend_denominator") == "issued" else "到位",
    }  # fmt: skip


def _link(**keys: Any) -> str:
    query = "&".join(f"{key}={value}" for key, value in keys.items())
    return f"{reverse('investment:fund_list')}?{query}" if query else reverse("investment:fund_list")


def _overview_row(label: str, sums: dict[str, tuple[int, Decimal]], keys: dict) -> dict[str, Any]:
    held = {kind.value: sums.get(kind.value, (0, Decimal(0))) for kind in KINDS}
    money = {kind: amount for kind, (_, amount) in held.items()}
    return {
        "label": label,
        "url": _link(**keys),
        "cells": [
            {
                "label": kind.label,
                "n": held[kind.value][0],
                "amount": wan_column(money[kind.value]),
                "url": _link(**keys, has=kind.value),
            }
            for kind in KINDS
        ],
        "approve_rate": percent(held["approved"][0], held["asked"][0]),
        "arrival_rate": percent(money["received"], money["issued"]),
        "spend_rate": spend_rate(money["received"], money["issued"], money["spent"]),
    }


def _overview_stats(applications: QuerySet, total: dict, kept: dict, today: date) -> list[dict[str, Any]]:
    """The rates of handbook §4.3 over everything shown."""
    issued_of = FundAmount.objects.filter(kind=AmountKind.ISSUED)
    given = Project.objects.filter(fund_applications__in=applications, fund_applications__amounts__in=issued_of)
    projects = given.distinct()
    n, begun = projects.count(), projects.filter(actual_start_date__isnull=False).count()
    mine = FundAmount.objects.filter(application__in=applications, kind=AmountKind.ISSUED)
    now = _issued(mine, date(today.year, 1, 1), today)
    until = date(today.year - 1, today.month, min(today.day, 28) if today.month == 2 else today.day)
    before = _issued(mine, date(until.year, 1, 1), until)
    growth = year_on_year(now, before)
    slow = slow_funds(applications, today).count()

    def rate(value: Decimal | None) -> str:
        return "—" if value is None else f"{value}%"

    arrival = percent(total["received"][1], total["issued"][1])
    return [
        {"label": "获批率（个数）", "value": rate(percent(total["approved"][0], total["asked"][0])),
         "note": f"金额口径 {rate(percent(total['approved'][1], total['asked'][1]))}"},
        {"label": "争取到位率", "value": rate(arrival), "note": "到位 ÷ 下达"},
        {"label": "已下达项目开工率", "value": rate(percent(begun, n)), "note": f"{begun} ÷ {n} 个项目"},
        {"label": f"{today.year}年下达同比", "value": rate(growth), "url": _link(has="issued", year=today.year),
         "note": f"{wan_column(now)} 万元，去年同期 {wan_column(before)}"},
        {"label": "资金滞后", "value": slow, "unit": "笔", "url": _link(view="slow"), "total": "rows",
         "tone": "bad" if slow else ""},
    ]  # fmt: skip


def _issued(rows: QuerySet, first: date, last: date) -> Decimal:
    return rows.filter(on__gte=first, on__lte=last).aggregate(total=Sum("amount"))["total"] or Decimal(0)


def tab_of(project: Project, today: date) -> dict[str, Any]:
    """The tab 资金: the project's applications, what they add up to against the total, programmes that fit."""
    rows = list(project.fund_applications.with_light(today).select_related("programme"))
    secured = sum((row.approved or row.asked for row in rows if row.state not in NOT_COUNTED), Decimal(0))
    asked = {fund_gate(row.programme.kind): row.programme.get_kind_display() for row in rows}
    gates = papers_of(project, today, tuple(asked)) if asked else []
    return {
        "applications": rows,
        "secured": secured,
        "secured_rate": percent(secured, project.total_investment),
        "kinds": [kind.label for kind in KINDS],
        "sums": [wan_column(sum((getattr(row, kind.value) for row in rows), Decimal(0))) for kind in KINDS],
        "lines": [
            {"row": row, "money": [{"label": k.label, "text": wan_column(getattr(row, k.value))} for k in KINDS]}
            for row in rows
        ],
        "gates": [gate | {"title": f"申报{asked[gate['code']]}须具备的材料"} for gate in gates],
    }


NOT_COUNTED = (
    FundState.DRAFT, FundState.RETURNED, FundState.REJECTED, FundState.ADJUSTED, FundState.CLAWED_BACK,
)  # fmt: skip


def detail_page(user: User, application: FundApplication, today: date) -> dict[str, Any]:
    """One application: where it stands in the flow, its money row by row, checks, checklist, log, what one may do."""
    row = FundApplication.objects.filter(pk=application.pk).with_light(today).with_physical(Project).get()
    project, programme = application.project, application.programme
    may_edit = may(user, project, Can.EDIT_PROJECTS)
    holds = {Can.EDIT_PROJECTS: may_edit, Can.FUNDS: user.may(Can.FUNDS)}
    amounts = application.amounts.select_related("file", "by", "corrects").order_by("-on", "-pk")
    return {
        "title": programme.name,
        "crumbs": [
            {"label": "资金申报", "url": reverse("investment:fund_list")},
            {"label": project.name, "url": reverse("investment:project_funds", args=[project.pk])},
            {"label": programme.name},
        ],
        "application": application,
        "project": project,
        "programme": programme,
        "row": row,
        "pipe": pipe_of(application),
        "steps": [
            {"label": step.label, "url": reverse(step.url_name, args=[application.pk, code])}
            for code, step in STEPS.items()
            if holds[step.capability] and application.state in step.states and _may_come(step, row)
        ],
        "edit_url": reverse("investment:fund_edit", args=[application.pk])
        if may_edit and application.state in (FundState.DRAFT, FundState.RETURNED)
        else "",
        "why": light_words(row.light_fund, row.fund_cause, light_rules(Period.of(today))),
        "may_correct": holds[Can.FUNDS],
        "may_edit": may_edit,
        "sums": [{"label": kind.label, "value": wan_column(getattr(row, kind.value))} for kind in KINDS],
        "arrival_rate": percent(row.received, row.issued),
        "spend_rate": spend_rate(row.received, row.issued, row.spent),
        "paid_rate": percent(row.paid, row.issued),
        "amounts": amounts,
        "warnings": warnings_of(application),
        "free": (project.total_investment or Decimal(0)) - other_money(application),
        "gates": papers_of(project, today, (fund_gate(programme.kind),)),
        "log": application.steps.select_related("by__unit"),
    }


def _may_come(step: Step, row: FundApplication) -> bool:
    """Whether more of a step's money may be recorded: no kind exceeds the one before it."""
    before = AmountKind(step.amount).before if step.amount else None
    return before is None or getattr(row, before) > getattr(row, step.amount)


def warnings_of(application: FundApplication) -> list[str]:
    """What a reviewer should see: conditions not met, too much asked, the same works elsewhere."""
    found = unfit_reasons(application.project, application.programme)
    if over := over_request(application):
        found.append(over)
    for twin in duplicates_of(application):
        told = application.duplicate_note or "没有说明"
        found.append(f"同一项目已申报{quoted(twin.programme.name)}（{twin.get_state_display()}）：{told}")
    return found


MAIN = (
    FundState.DRAFT, FundState.SUBMITTED, FundState.REVIEWED, FundState.REPORTED, FundState.APPROVED,
    FundState.ISSUED, FundState.RECEIVED, FundState.PAID, FundState.SPENT, FundState.EVALUATED,
)  # fmt: skip


def pipe_of(application: FundApplication) -> list[dict[str, str]]:
    """The flow with where it stands; off the main line the pipe is all to come and the state stands beside it."""
    here = MAIN.index(application.state) if application.state in MAIN else -1
    return [
        {"label": state.label, "state": "past" if i < here else "now" if i == here else "next"}
        for i, state in enumerate(MAIN)
    ]
