"""What is asked of the project list: the query string, read by page, tabs, facets and export alike."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property

from accounts.models import Follow, SavedView, User
from common.workdays import work_calendar
from projects.actions.personal import COLUMNS, FOLLOW_KIND, MODULE
from projects.choices import Stage
from projects.columns import REGISTRY, Column, Filter, ListContext, all_columns, all_filters
from projects.list_columns import followed, mine
from projects.models import Project

PER_PAGE = (20, 50, 100)
WHO = {"mine": "我负责的", "followed": "我关注的"}
DEFAULT_SORT = "-light"
NOT_OF_A_VIEW = ("page", "per_page", "view")
STAGE_ORDER = Case(
    *[When(stage=stage, then=Value(stage.order)) for stage in Stage], default=Value(9), output_field=IntegerField()
)


class Query:
    """What somebody asks of the list. Everything unknown in the query string is ignored, never an error.

    `like` is another query of the same person and day, whose standing, lights and options are taken over.
    """

    def __init__(self, user: User, params: QueryDict, today: date, *, like: "Query | None" = None) -> None:
        self.user, self.params, self.today = user, params, today
        self.text = printable(params.get("q", ""))[:100].strip()
        self.who = params.get("who") if params.get("who") in WHO else ""
        self.base = like.base if like else Project.objects.visible_to(user)
        self.standing = like.standing if like else REGISTRY.standing(today)
        self.lit = like.lit if like else self.standing.judged(self.base)
        self.options = like.options if like else self._options()
        self.chosen = {one.name: self._values(one) for one in all_filters()}
        self.in_yi = params.get("money") == "yi"
        self.sort = self._sort()

    def _options(self) -> dict[str, list[tuple[str, str]]]:
        """What each filter offers; those that stand only in links are asked when they are used."""
        asked = [one for one in all_filters() if not one.by_link or one.name in self.params]
        return {one.name: [] for one in all_filters()} | {one.name: list(one.options(self.base)) for one in asked}

    def _values(self, one: Filter) -> list[str]:
        known = {str(value) for value, _ in self.options[one.name]}
        values = [value for value in dict.fromkeys(self.params.getlist(one.name)) if value in known]
        return values[:1] if one.single else values

    def _sort(self) -> str:
        sort = self.params.get("sort", "")
        sortable = {column.code for column in all_columns() if column.sort}
        return sort if sort.removeprefix("-") in sortable else DEFAULT_SORT

    @cached_property
    def columns(self) -> list[Column]:
        """The columns shown, in their order: asked for in the URL, remembered by the person, or those of the house."""
        asked = self.params.getlist("col")
        if not asked:
            kept = next((one.query for one in self.kept if one.module == COLUMNS), "")
            asked = kept.split()
        chosen = [REGISTRY.columns[code] for code in dict.fromkeys(asked) if code in REGISTRY.columns]
        if not chosen:
            return [column for column in all_columns() if column.default]
        name = REGISTRY.columns["name"]
        return chosen if name in chosen else [name, *chosen]

    @cached_property
    def kept(self) -> list[SavedView]:
        """What the person keeps of this list: views and columns."""
        return list(SavedView.objects.filter(owner=self.user, module__in=(MODULE, COLUMNS)).order_by("pk"))

    @cached_property
    def context(self) -> ListContext:
        """What the cells read besides their row."""
        keys = Follow.objects.filter(user=self.user, kind=FOLLOW_KIND).values_list("object_id", flat=True)
        return ListContext(self.today, work_calendar(), self.standing, self.in_yi, frozenset(keys))

    def narrows(self, one: Filter) -> bool:
        """Whether this filter keeps projects out; that of the status does even when nothing is chosen."""
        return bool(self.chosen[one.name]) or one.name == "status"

    @property
    def is_filtered(self) -> bool:
        return bool(self.text or self.who or any(self.chosen.values()))

    def projects(self) -> QuerySet:
        """The filtered projects with every annotation the columns read, unordered."""
        return self._filtered(self.lit)

    def plain(self, *, without: str = "", annotated: bool = False) -> QuerySet:
        """The same rows for counting, annotated only where it is read; `without` leaves one filter out."""
        reads = annotated or any(
            one.reads_annotations and self.chosen[one.name] and one.name != without for one in all_filters()
        )
        return self._filtered(self.lit if reads else self.base, without=without)

    def _filtered(self, rows: QuerySet, *, without: str = "") -> QuerySet:
        rows = rows.search(self.text)
        if self.who:
            rows = mine(rows, self.user, self.today) if self.who == "mine" else followed(rows, self.user)
        if not self.chosen["status"] and without != "status":
            rows = rows.active()  # ended projects are shown when asked for
        for one in all_filters():
            if self.chosen[one.name] and one.name != without:
                rows = one.apply(rows, self.chosen[one.name], self.today)
        return rows

    def ordered(self) -> QuerySet:
        """The filtered projects ready for cells, in the order asked for."""
        rows = self.projects().with_people().select_related("lead_unit").annotate(stage_order=STAGE_ORDER)
        down = self.sort.startswith("-")
        key = F(REGISTRY.columns[self.sort.removeprefix("-")].sort)
        last = None if key.name == "light_rank" else True  # no project is without a light: an index has this order
        first = key.desc(nulls_last=last) if down else key.asc(nulls_last=last)
        return rows.order_by(first, F("overdue_since").asc(nulls_last=True), "-pk")

    def url(self, **changes: Any) -> str:
        """The list with some keys changed (a list sets several values); None removes one. Back to the first page."""
        params = self.params.copy()
        for key, values in self.params.lists():
            params.setlist(key, [value for value in values if value and key != "page"])
        for key, value in changes.items():
            if value is None or value == []:
                params.pop(key, None)
            elif isinstance(value, list):
                params.setlist(key, value)
            else:
                params[key] = value
        return list_url(params.urlencode())

    def chips(self) -> list[dict[str, str]]:
        """What is filtered, in words, each with the URL that takes it away."""
        chips = []
        if self.text:
            chips.append({"label": f"搜索：{self.text}", "url": self.url(q=None)})
        if self.who:
            chips.append({"label": WHO[self.who], "url": self.url(who=None)})
        for one in all_filters():
            if values := self.chosen[one.name]:
                labels = {str(value): label for value, label in self.options[one.name]}
                words = "、".join(labels[value] for value in values)
                label = words if one.hidden and len(labels) == 1 else f"{one.label}：{words}"
                chips.append({"label": label, "url": self.url(**{one.name: None})})
        return chips


def list_url(query: str = "", **also: Any) -> str:
    """The address of the list with a query string."""
    whole = "&".join(filter(None, [query, urlencode(also)]))
    return reverse("projects:project_list") + (f"?{whole}" if whole else "")


def own_query(params: QueryDict, *, without: Iterable[str] = ()) -> str:
    """The query string as a view keeps it: without page, page length and view; empty values left out."""
    kept = [
        (key, value)
        for key, values in params.lists()
        for value in values
        if value and key not in (*NOT_OF_A_VIEW, "csrfmiddlewaretoken", *without)
    ]
    return urlencode(kept)


def same_query(one: str, other: str) -> bool:
    """Whether two query strings ask the same, whatever the order of their keys; columns keep their order."""
    first, second = QueryDict(one), QueryDict(other)
    if first.getlist("col") != second.getlist("col"):
        return False
    return sorted(own_query(first).split("&")) == sorted(own_query(second).split("&"))


def printable(text: str) -> str:
    """Without control characters, which no name holds and some databases refuse."""
    return "".join(mark for mark in text if mark.isprintable())
