"""A list asked by its query string: view, filters, search, page. Lists, drill-downs and exports read the same rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import QueryDict

PER_PAGE = 20
Narrow = Callable[[QuerySet, list[str]], QuerySet]


@dataclass(frozen=True)
class Choice:
    """One filter: `options` as (value, label); `narrow(rows, values)`. A `silent` one comes only with links."""

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    narrow: Narrow
    silent: bool = False
    single: bool = False


@dataclass(frozen=True)
class View:
    """A named selection, shown as a tab with its count."""

    code: str
    label: str
    narrow: Callable[[QuerySet], QuerySet]


@dataclass(frozen=True)
class Column:
    """`cell(row)` is a dict for components/_table, `export(row)` the plain value; `total` adds up the rows' `key`."""

    key: str
    label: str
    cell: Callable[[Any], dict]
    export: Callable[[Any], Any]
    kind: str = "text"
    css: str = ""
    total: bool = False


class Listing:
    """What the address asks of the rows `base`; values that are no options are ignored."""

    def __init__(
        self,
        params: QueryDict,
        url: str,
        base: QuerySet,
        *,
        views: Sequence[View],
        filters: Sequence[Choice],
        search: Callable[[QuerySet, str], QuerySet],
    ) -> None:
        self.params, self.url, self.base, self.views, self.filters = params, url, base, views, filters
        self.search = search
        self.text = "".join(mark for mark in params.get("q", "") if mark.isprintable())[:80].strip()
        known = {view.code: view for view in views}
        self.view = known.get(params.get("view", ""), views[0])
        self.chosen = {one.name: self._chosen(one) for one in filters}
        self._counts: dict[str, int] = {}

    def _chosen(self, one: Choice) -> list[str]:
        allowed = {value for value, _ in one.options}
        return [value for value in dict.fromkeys(self.params.getlist(one.name)) if value in allowed]

    def filtered(self) -> QuerySet:
        """The rows under search and filters, whatever the view."""
        rows = self.search(self.base, self.text) if self.text else self.base
        for one in self.filters:
            if self.chosen[one.name]:
                rows = one.narrow(rows, self.chosen[one.name])
        return rows

    def rows(self) -> QuerySet:
        """Exactly what is shown."""
        return self.view.narrow(self.filtered())

    def count(self, code: str) -> int:
        """How many rows a view has under search and filters."""
        if code not in self._counts:
            view = next(view for view in self.views if view.code == code)
            self._counts[code] = view.narrow(self.filtered()).order_by().count()
        return self._counts[code]

    def query(self, **changes: str | None) -> str:
        """The query string with `changes`; None takes a key out. Page is never kept."""
        kept = [(name, value) for name, values in self.chosen.items() for value in values if name not in changes]
        fixed = {"view": self.view.code if self.view is not self.views[0] else None, "q": self.text} | changes
        return urlencode(kept + [(key, value) for key, value in fixed.items() if value])

    def address(self, **changes: str | None) -> str:
        asked = self.query(**changes)
        return f"{self.url}?{asked}" if asked else self.url

    def context(self, columns: Sequence[Column], rows: QuerySet, sums: dict[str, Any]) -> dict[str, Any]:
        """What investment/listing.html shows; `sums` (column key → text) are of all rows, not of the page."""
        n = self.count(self.view.code)
        paginator = Paginator(rows, PER_PAGE)
        paginator.count = n
        page = paginator.get_page(self.params.get("page", "1"))
        return {
            "views": [self._tab(view) for view in self.views],
            "filters": [self._menu(one) for one in self.filters if not one.silent and len(one.options) > 1],
            "filter_hidden": self._hidden(),
            "q": self.text,
            "chips": self.chips(),
            "clear_url": self.url,
            "total": n,
            "columns": [{"label": c.label, "css": c.css, "unit": _unit(c)} for c in columns],
            "rows": [{"cells": [c.cell(row) for c in columns]} for row in page],
            "foot": [sums.get(c.key, f"合计（全部 {n} 条）" if i == 0 else "") for i, c in enumerate(columns)]
            if n
            else [],
            "fold": any("is-fold" in c.css for c in columns),
            "page_obj": page,
            "own_query": self.query(),
        }

    def _tab(self, view: View) -> dict[str, Any]:
        code = None if view is self.views[0] else view.code
        return {
            "label": view.label,
            "url": self.address(view=code),
            "active": view is self.view,
            "count": self.count(view.code),
        }

    def _menu(self, one: Choice) -> dict[str, Any]:
        chosen = self.chosen[one.name]
        options = [{"value": value, "label": label, "selected": value in chosen} for value, label in one.options]
        return {
            "name": one.name,
            "label": one.label,
            "single": one.single,
            "chosen": len(chosen) or "",
            "options": options,
        }

    def _hidden(self) -> list[tuple[str, str]]:
        kept = [(one.name, value) for one in self.filters if one.silent for value in self.chosen[one.name]]
        return [*kept, *([("view", self.view.code)] if self.view is not self.views[0] else [])]

    def chips(self) -> list[dict[str, str]]:
        """What is chosen, each with the address without it."""
        chips = []
        for one in self.filters:
            labels = dict(one.options)
            for value in self.chosen[one.name]:
                left = [(one.name, other) for other in self.chosen[one.name] if other != value]
                rest = self.query(**{one.name: None})
                query = "&".join(part for part in (rest, urlencode(left)) if part)
                chips.append({"label": f"{one.label}：{labels[value]}", "url": f"{self.url}?{query}"})
        if self.text:
            chips.append({"label": f"搜索：{self.text}", "url": self.address(q=None)})
        return chips


def _unit(column: Column) -> str:
    return "万元" if column.kind == "money" else ""
