"""Reads of the project list: one description of what is asked (the query string), read by page and export alike."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.http import QueryDict
from django.urls import reverse

from accounts.models import SavedView, User
from accounts.roles import Can
from common.lights import SEVERITY, Light, severity_of
from common.money import DASH, wan_column
from common.templatetags.lights import rate as rate_tag
from common.workdays import work_calendar
from projects.choices import Stage
from projects.columns import REGISTRY, Column, Filter, ListContext, all_columns, all_filters, annotated
from projects.list_columns import amount, followed, mine
from projects.models import Project

PER_PAGE = (20, 50, 100)
MODULE = "projects"
DEFAULT_SORT = "-light"
STAGE_ORDER = Case(
    *[When(stage=stage, then=Value(stage.order)) for stage in Stage], default=Value(9), output_field=IntegerField()
)


@dataclass(frozen=True)
class View:
    """A tab above the list: a name for a query string."""

    code: str
    label: str
    query: str


VIEWS = (
    View("all", "全部重大项目", ""),
    View("running", "在建项目", "stage=commenced&stage=construction"),
    View("warning", "红黄灯", "light=red&light=yellow"),
    View("unreported", "本月未填报", "reported=no"),
    View("mine", "我负责的", "who=mine"),
    View("followed", "我关注的", "who=followed"),
)


class Query:
    """What somebody asks of the list. Everything unknown in the query string is ignored, never an error."""

    def __init__(self, user: User, params: QueryDict, today: date) -> None:
        self.user, self.params, self.today = user, params, today
        self.text = params.get("q", "").strip()[:100]
        self.who = params.get("who") if params.get("who") in ("mine", "followed") else ""
        self.base = Project.objects.visible_to(user)
        self.options = {one.name: list(one.options(self.base)) for one in all_filters()}
        self.chosen = {one.name: self._values(one) for one in all_filters()}
        self.in_yi = params.get("money") == "yi"
        self.sort = self._sort()
        self.columns = self._columns()
        self.context = ListContext(today, work_calendar(), self.in_yi)

    def _values(self, one: Filter) -> list[str]:
        known = {str(value) for value, _ in self.options[one.name]}
        values = [value for value in dict.fromkeys(self.params.getlist(one.name)) if value in known]
        return values[:1] if one.single else values

    def _sort(self) -> str:
        sort = self.params.get("sort", "")
        sortable = {column.code for column in all_columns() if column.sort}
        return sort if sort.removeprefix("-") in sortable else DEFAULT_SORT

    def _columns(self) -> list[Column]:
        asked = set(self.params.getlist("col"))
        chosen = [column for column in all_columns() if column.code in asked]
        name = REGISTRY.columns["name"]
        if not chosen:
            return [column for column in all_columns() if column.default]
        return chosen if name in chosen else [name, *chosen]

    def projects(self) -> QuerySet:
        """The filtered projects with every annotation the columns read, unordered."""
        rows = annotated(self.base, self.today).search(self.text)
        if self.who:
            rows = mine(rows, self.user, self.today) if self.who == "mine" else followed(rows, self.user)
        if not self.chosen["status"]:
            rows = rows.active()
        for one in all_filters():
            if self.chosen[one.name]:
                rows = one.apply(rows, self.chosen[one.name], self.today)
        return rows

    def ordered(self, rows: QuerySet) -> QuerySet:
        """Ready for cells: ordered, with next node and people."""
        rows = rows.with_next_node().with_people().with_first_overdue(self.today).select_related("lead_unit")
        rows = rows.annotate(light_rank=severity_of("light"), stage_order=STAGE_ORDER)
        down = self.sort.startswith("-")
        key = F(REGISTRY.columns[self.sort.removeprefix("-")].sort)
        first = key.desc(nulls_last=True) if down else key.asc(nulls_last=True)
        return rows.order_by(first, F("overdue_since").asc(nulls_last=True), "-pk")


def project_list(query: Query, *, page: str, per_page: int) -> dict[str, Any]:
    """Everything templates/projects/project_list.html shows."""
    rows = query.projects()
    sums = REGISTRY.summarise(rows)
    paginator = Paginator(query.ordered(rows), per_page)
    paginator.count = sums.projects  # known already: spares the COUNT over all annotations
    page_obj = paginator.get_page(page)
    head = [_head(column, query) for column in query.columns]
    return {
        "query": query,
        "title": "项目库",
        "views": _views(query, sums),
        "saved": _saved(query),
        "filters": _filters(query),
        "filter_hidden": _hidden(query),
        "q": query.text,
        "q_label": "名称、编号、拼音首字母、责任人",
        "chips": chips_of(query),
        "clear_url": reverse("projects:project_list"),
        "total": sums.projects,
        "unit": "个项目",
        "facets": _facets(query, sums),
        "head": head,
        "rows": _rows(page_obj, query),
        "totals": [_total(column, sums, query) for column in query.columns[1:]],
        "page_obj": page_obj,
        "per_page": per_page,
        "per_page_options": PER_PAGE,
        "column_options": [(column, column in query.columns) for column in all_columns()],
        "may_export": query.user.may(Can.EXPORT),
        "may_create": query.user.may(Can.CREATE_PROJECTS),
        "may_import": query.user.may(Can.IMPORT),
        "filtered": bool(query.text or query.who or any(query.chosen.values())),
    }


def _rows(page_obj: Page, query: Query) -> list[dict[str, Any]]:
    """Cells as HTML, made here: templates that format in loops are the slow part of a page."""
    reportable = set()
    if query.user.may(Can.REPORT):
        keys = [row.pk for row in page_obj]
        reportable = set(
            Project.objects.editable_by(query.user, Can.REPORT).running().filter(pk__in=keys).values_list("pk", flat=True)
        )
    return [
        {
            "pk": row.pk,
            "name": row.name,
            "url": reverse("projects:project_detail", args=[row.pk]),
            "update_url": reverse("projects:project_update", args=[row.pk]) if row.pk in reportable else "",
            "cells": [(column.css, column.cell(row, query.context)) for column in query.columns],
        }
        for row in page_obj
    ]


def _head(column: Column, query: Query) -> dict[str, Any]:
    key = query.sort.removeprefix("-")
    sorted_ = ("desc" if query.sort.startswith("-") else "asc") if key == column.code else ""
    down_first = column.is_money or column.code == "light"
    following = f"-{column.code}" if (sorted_ == "asc" or (not sorted_ and down_first)) else column.code
    return {
        "label": column.label,
        "unit": ("亿元" if query.in_yi else "万元") if column.is_money else "",
        "css": column.css,
        "width": column.width,
        "sorted": sorted_,
        "url": _url(query, sort=following) if column.sort else "",
    }


def _total(column: Column, sums: Any, query: Query) -> dict[str, Any]:
    """The totals row over the whole filter, not the page."""
    html = ""
    if column.total == "rate":
        html = rate_tag(sums.rate, sums.scheduled_rate, Light.GREEN) if sums.target else DASH
    elif column.total:
        html = amount(getattr(sums, column.total), query.context)
    note = f"完成 {wan_column(sums.done)} 万元" if column.code == "node" and sums.target else ""
    return {"html": html, "css": column.css, "label": column.label, "note": note}


def _views(query: Query, sums: Any) -> list[dict[str, Any]]:
    here = _own_query(query.params)
    return [
        {
            "label": view.label,
            "url": f"{reverse('projects:project_list')}?{view.query}" if view.query else reverse("projects:project_list"),
            "active": here == view.query,
            "count": sums.projects if here == view.query else None,
        }
        for view in VIEWS
    ]


def _saved(query: Query) -> list[dict[str, Any]]:
    here = _own_query(query.params)
    views = SavedView.objects.filter(owner=query.user, module=MODULE).order_by("pk")
    return [
        {"pk": view.pk, "label": view.name, "url": f"{reverse('projects:project_list')}?{view.query}",
         "active": here == view.query}
        for view in views
    ]  # fmt: skip


def _own_query(params: QueryDict) -> str:
    """The query string without what does not belong to a view: the page."""
    kept = params.copy()
    for key in ("page", "per_page"):
        kept.pop(key, None)
    return kept.urlencode()


def _filters(query: Query) -> list[dict[str, Any]]:
    counts = _counts(query)
    return [
        {
            "name": one.name,
            "label": one.label,
            "single": one.single,
            "chosen": len(query.chosen[one.name]) or "",
            "options": [
                {
                    "value": value,
                    "label": label,
                    "selected": str(value) in query.chosen[one.name],
                    "count": counts.get(one.count_by, {}).get(value) if one.count_by else None,
                }
                for value, label in query.options[one.name]
            ],
        }
        for one in all_filters()
        if not one.hidden and len(query.options[one.name]) > 1
    ]


def _counts(query: Query) -> dict[str, Counter]:
    """How many visible projects each option has: one query over plain fields."""
    fields = sorted({one.count_by for one in all_filters() if one.count_by} - {"light"})
    rows = query.base.active().order_by().values_list(*fields)
    counts: dict[str, Counter] = {name: Counter() for name in fields}
    for row in rows:
        for name, value in zip(fields, row, strict=True):
            counts[name][str(value)] += 1
    return counts


def _hidden(query: Query) -> list[tuple[str, str]]:
    """What the filter form keeps besides its own fields."""
    shown = {one.name for one in all_filters() if not one.hidden} | {"q", "page"}
    return [(key, value) for key, values in query.params.lists() if key not in shown for value in values][:40]


def chips_of(query: Query) -> list[dict[str, str]]:
    """What is filtered, in words, each with the URL that takes it away."""
    chips = []
    if query.text:
        chips.append({"label": f"搜索：{query.text}", "url": _url(query, q=None)})
    if query.who:
        chips.append({"label": "我负责的" if query.who == "mine" else "我关注的", "url": _url(query, who=None)})
    for one in all_filters():
        if values := query.chosen[one.name]:
            labels = dict(query.options[one.name])
            words = "、".join(str(labels.get(value, value)) for value in values)
            chips.append({"label": f"{one.label}：{words}", "url": _url(query, **{one.name: None})})
    return chips


def _facets(query: Query, sums: Any) -> list[dict[str, Any]]:
    order = sorted(SEVERITY, key=lambda light: -SEVERITY[light])
    return [
        {"light": light, "label": f"{light.label} {sums.lights[light]}", "url": _url(query, light=light.value)}
        for light in order
        if sums.lights[light]
    ]


def _url(query: Query, **changes: Any) -> str:
    params = query.params.copy()
    params.pop("page", None)
    for key, value in changes.items():
        if value is None:
            params.pop(key, None)
        else:
            params[key] = value
    return f"{reverse('projects:project_list')}?{params.urlencode()}"
