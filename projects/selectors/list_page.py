"""What the page of the project list shows around its rows: tabs, facets, chips, heads, totals."""

from collections import Counter
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime

from accounts.roles import Can
from common.db import count_each
from common.lights import SEVERITY, Light
from common.money import DASH
from common.periods import Period
from common.templatetags.lights import rate as rate_tag
from projects.actions.personal import MODULE
from projects.columns import REGISTRY, Column, Filter, all_columns, all_filters
from projects.list_columns import amount
from projects.models import Project
from projects.selectors.list import PER_PAGE, Query, list_url, own_query, same_query

CELL = '<td class="{}">{}</td>'
VIEWS = (  # code, label, the query string behind it
    ("all", "全部重大项目", ""),
    ("running", "在建项目", "stage=commenced&stage=construction"),
    ("warning", "红黄灯", "light=red&light=yellow"),
    ("unreported", "本月未填报", "reported=no"),
    ("mine", "我负责的", "who=mine"),
    ("followed", "我关注的", "who=followed"),
)


def project_list(query: Query, *, page: str, per_page: int, with_counts: bool = True) -> dict[str, Any]:
    """Everything templates/projects/project_list.html shows. The number of queries does not depend on the projects.
    Without `with_counts` the options of the filters stand without their numbers (option_counts brings them)."""
    rows = query.projects()
    sums = query.standing.recall("sums", rows, lambda: REGISTRY.summarise(rows))
    paginator = Paginator(query.ordered(), per_page)
    paginator.count = sums.projects
    page_obj = paginator.get_page(page)
    user = query.user
    return {
        "query": query,
        "own_query": own_query(query.params),
        "title": "项目库",
        **_views(query),
        "filters": _filters(query, option_counts(query) if with_counts else None),
        "counts_url": "" if with_counts else f"{reverse('projects:option_counts')}?{own_query(query.params)}",
        "filter_hidden": _hidden(query),
        "q": query.text,
        "q_label": "名称、编号、拼音首字母",
        "chips": query.chips(),
        "clear_url": list_url(),
        "total": sums.projects,
        "unit": "个项目",
        "facets": _lights(query, sums.lights),
        "head": [_head(column, query) for column in query.columns],
        "rows": _rows(page_obj, query),
        "totals": [_total(column, sums, query) for column in query.columns[1:]],
        "page_obj": page_obj,
        "pager_note": _freshness(query),
        "per_page_options": PER_PAGE,
        "money_urls": {"wan": query.url(money=None), "yi": query.url(money="yi")},
        "column_options": _column_options(query),
        "may_export": user.may(Can.EXPORT),
        "export_url": f"{reverse('projects:project_export')}?{own_query(query.params)}",
        "may_create": user.may(Can.CREATE_PROJECTS),
        "may_import": user.may(Can.IMPORT),
        "may_take_away": user.may(Can.EDIT_PROJECTS),
    }


def _rows(page_obj: Page, query: Query) -> list[dict[str, Any]]:
    """Cells as HTML, made here: templates that format in loops are the slow part of a page."""
    projects = list(page_obj)
    reportable = set()
    if query.user.may(Can.REPORT):
        theirs = Project.objects.editable_by(query.user, Can.REPORT).running()
        reportable = set(theirs.filter(pk__in=[row.pk for row in projects]).values_list("pk", flat=True))
    return [
        {
            "name": row.name,
            "url": reverse("projects:project_detail", args=[row.pk]),
            "update_url": reverse("projects:project_update", args=[row.pk]) if row.pk in reportable else "",
            "cells": format_html_join(
                "", CELL, ((column.css, column.cell(row, query.context)) for column in query.columns)
            ),
        }
        for row in projects
    ]


def _head(column: Column, query: Query) -> dict[str, Any]:
    key = query.sort.removeprefix("-")
    sorted_ = ("desc" if query.sort.startswith("-") else "asc") if key == column.code else ""
    down_first = column.is_money or column.code == "light"
    following = f"-{column.code}" if (sorted_ == "asc" or (not sorted_ and down_first)) else column.code
    return {
        "label": column.label,
        "unit": ("亿元" if query.in_yi else "万元") if column.is_money else column.note,
        "css": column.css,
        "width": column.width,
        "sorted": sorted_,
        "url": query.url(sort=following) if column.sort else "",
    }


def _total(column: Column, sums: Any, query: Query) -> dict[str, Any]:
    """The totals row over the whole filter, not the page."""
    html = note = ""
    if column.total == "rate":
        html = rate_tag(sums.rate, sums.scheduled_rate, sums.light) if sums.target else DASH
    elif column.total:
        html = amount(getattr(sums, column.total), query.context)
    if column.code == "node" and sums.target:
        unit = "亿元" if query.in_yi else "万元"
        note = f"完成 {amount(sums.done, query.context)} {unit}，时序 {sums.scheduled_rate}%"
    css = "num" if column.is_money else column.css  # on the phone sums stay where cells are left out
    return {"html": html, "css": css, "label": column.label, "note": note}


def _freshness(query: Query) -> str:
    """数据截至 … and how many of those on duty have reported this month, with the way to those who have not."""
    period = Period.of(query.today)
    rows = query.plain()
    told = query.standing.recall(f"freshness {period}", rows, lambda: REGISTRY.freshness(rows, period))
    at = f"{localtime(told['at']):%m-%d %H:%M}" if told["at"] else "—"
    if not told["duty"]:
        return f"数据截至 {at}"
    return format_html(
        '数据截至 {}，<a href="{}">{}月已填报 {}/{}</a>',
        at,
        query.url(reported="no"),
        period.month,
        told["told"],
        told["duty"],
    )


# --- views ------------------------------------------------------------------------------------------------------------


def _views(query: Query) -> dict[str, Any]:
    """Tabs with their counts, the person's own views, and whether what is shown differs from the view it came from."""
    here = own_query(query.params)
    named = query.params.get("view", "")
    kept = [view for view in query.kept if view.module == MODULE]
    origin = {code: code for code, _, _ in VIEWS} | {str(view.pk): view for view in kept}
    queries = {code: text for code, _, text in VIEWS} | {str(view.pk): view.query for view in kept}
    if named not in origin:
        named = next((code for code, text in queries.items() if same_query(here, text)), "")
    counts = _counts_of_views(query)
    mine = [view for view in kept if str(view.pk) == named]
    return {
        "views": [
            {
                "label": label,
                "url": list_url(text, view=code) if text else list_url(),
                "active": code == named,
                "count": counts[code],
            }
            for code, label, text in VIEWS
        ],
        "saved": [
            {
                "pk": view.pk,
                "label": view.name,
                "url": list_url(view.query, view=view.pk),
                "active": str(view.pk) == named,
            }
            for view in kept
        ],
        "own_view": mine[0] if mine else None,
        "modified": not same_query(here, queries.get(named, "")),
        "origin_url": list_url(queries[named], view=named) if queries.get(named) else list_url(),
    }


def _counts_of_views(query: Query) -> dict[str, int]:
    """How many projects each tab opens, by the very filters the tab applies: one query for the tabs of everybody, one
    for those that ask who."""

    def counted(*, personal: bool) -> dict[str, int]:
        asked = {
            code: Query(query.user, QueryDict(text), query.today, like=query).plain()
            for code, _, text in VIEWS
            if text.startswith("who=") is personal
        }
        return count_each(asked)

    return query.standing.recall("views", query.base, lambda: counted(personal=False)) | counted(personal=True)


# --- filters ----------------------------------------------------------------------------------------------------------


def _filters(query: Query, counts: dict[str, Counter] | None) -> list[dict[str, Any]]:
    """The menus, each option with the number of projects it would show beside all other filters; rare ones in 更多."""
    menus, more = [], []
    for one in offered():
        options = [
            {
                "name": one.name,
                "value": value,
                "label": label,
                "selected": str(value) in query.chosen[one.name],
                "count": counts[one.name].get(str(value), 0) if counts else None,
            }
            for value, label in query.options[one.name]
        ]
        if one.hidden:
            many = len(options) > 1
            more += [{"title": one.label if many and not i else "", **option} for i, option in enumerate(options)]
        elif len(options) > 1:
            chosen = len(query.chosen[one.name]) or ""
            menus.append(
                {"name": one.name, "label": one.label, "single": one.single, "chosen": chosen, "options": options}
            )
    picked = sum(option["selected"] for option in more) or ""
    return [*menus, {"name": "more", "label": "更多", "single": False, "chosen": picked, "options": more}]


def offered() -> list[Filter]:
    """The filters that stand in menus; the others come only with links."""
    return [one for one in all_filters() if not one.by_link]


def option_counts(query: Query) -> dict[str, Counter]:
    """For every filter offered, option → projects. Idle ones that name no field share a query; each other has its
    own."""
    free = [one for one in offered() if not (query.narrows(one) or one.count_by)]
    counts = _flagged(query, query.plain(), free)
    for one in offered():
        if one.count_by or query.narrows(one):
            rows = query.plain(without=one.name, annotated=one.reads_annotations)
            counts |= _grouped(rows, one) if one.count_by else _flagged(query, rows, [one])
        if one.roll_up:
            counts[one.name] = one.roll_up(counts[one.name])
    return counts


def _grouped(rows: Any, one: Filter) -> dict[str, Counter]:
    lines = rows.order_by().values_list(one.count_by).annotate(n=Count("pk"))
    return {one.name: Counter({str(value): n for value, n in lines})}


def _flagged(query: Query, rows: Any, filters: list[Filter]) -> dict[str, Counter]:
    asked = {
        (one.name, str(value)): one.apply(Project.objects.all(), [str(value)], query.today)
        for one in filters
        for value, _ in query.options[one.name]
    }
    counts: dict[str, Counter] = {one.name: Counter() for one in filters}
    for (name, value), n in count_each(asked, within=rows).items() if asked else ():
        counts[name][value] = n
    return counts


def _hidden(query: Query) -> list[tuple[str, str]]:
    """What the filter form keeps besides its own fields."""
    shown = {one.name for one in all_filters() if not one.by_link} | {"q", "page"}
    kept = [(key, value) for key, values in query.params.lists() if key not in shown for value in values if value]
    return kept[:60]


def _lights(query: Query, lights: Counter) -> list[dict[str, Any]]:
    order = sorted(SEVERITY, key=lambda light: -SEVERITY[light])
    return [
        {"light": light, "label": f"{Light(light).label} {lights[light]}", "url": query.url(light=light.value)}
        for light in order
        if lights[light]
    ]


def _column_options(query: Query) -> list[dict[str, Any]]:
    """The column chooser: those shown in their order, then the others."""
    others = [column for column in all_columns() if column not in query.columns]
    return [
        {"code": column.code, "label": column.label, "shown": i < len(query.columns), "first": i == 0}
        for i, column in enumerate([*query.columns, *others])
    ]
