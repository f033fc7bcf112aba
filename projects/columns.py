"""Columns and filters of the project list and its export. Upper floors register theirs at start-up (decisions §16).

One declaration serves the page, its totals and the Excel file: the export is exactly what is shown.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol, TypeVar

from django.db.models import QuerySet

from common.workdays import WorkCalendar

Answer = TypeVar("Answer")


class Standing(Protocol):
    """How projects stand on a day, as an upper floor knows it (investment.judged)."""

    def judged(self, projects: QuerySet) -> QuerySet:
        """Projects with the annotations that columns and filters read, light_rank, next_node_name, next_node_due and
        overdue_since among them."""

    def recall(self, name: str, projects: QuerySet, count: Callable[[], Answer]) -> Answer:
        """`count()`, or what it gave for these projects under this name if nothing has changed since."""


@dataclass(frozen=True)
class ListContext:
    """What cells need to know besides their row."""

    today: date
    calendar: WorkCalendar
    standing: Any
    in_yi: bool = False  # amounts shown in 亿元 instead of 万元
    followed: frozenset[int] = frozenset()  # keys of the projects the person follows


@dataclass(frozen=True)
class Column:
    """`cell(row, context)` is the HTML of the cell, `export(row, context)` its plain value for Excel.

    `sort` is the ORM ordering behind the head ("" = not sortable); `css` the cell class (components.css: c-*);
    `kind` the Excel kind (common.excel.aliases); `total` names the key of the totals row, "" = none; `note` stands
    small beside the head; `also` names columns that the export adds, because the cell shows them under its first line.
    """

    code: str
    label: str
    order: int
    cell: Callable[[Any, ListContext], str]
    export: Callable[[Any, ListContext], Any]
    sort: str = ""
    css: str = ""
    kind: str = "text"
    total: str = ""
    is_money: bool = False
    default: bool = True
    width: str = ""
    note: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Filter:
    """One filter of the list. `options(base)` lists (value, label) for the visible projects `base`;
    `apply(projects, values, today)` narrows; values that are not among the options are ignored.
    `count_by` is the field counted for the numbers beside the options, `roll_up(counts)` adds up what lies beneath.
    `hidden` filters stand in the menu 更多, or, with `by_link`, only in links from other pages. `reads_annotations`
    says that it needs what `Standing.judged` brings."""

    name: str
    label: str
    order: int
    options: Callable[[Any], Iterable[tuple[str, str]]]
    apply: Callable[[Any, list[str], date], Any]
    single: bool = False
    count_by: str = ""
    hidden: bool = False
    by_link: bool = False
    reads_annotations: bool = False
    roll_up: Callable[[Counter], Counter] | None = None


@dataclass
class Registry:
    """Everything the list is made of."""

    columns: dict[str, Column] = field(default_factory=dict)
    filters: dict[str, Filter] = field(default_factory=dict)
    standing: Callable[[date], Standing] | None = None
    summarise: Callable | None = None
    freshness: Callable | None = None


REGISTRY = Registry()


def register_column(*columns: Column) -> None:
    """Add columns (from AppConfig.ready)."""
    REGISTRY.columns |= {column.code: column for column in columns}


def register_filter(*filters: Filter) -> None:
    """Add filters (from AppConfig.ready)."""
    REGISTRY.filters |= {one.name: one for one in filters}


def register_standing(standing: Callable[[date], Standing]) -> None:
    """Name what knows how projects stand on a day."""
    REGISTRY.standing = standing


def register_summary(summarise: Callable) -> None:
    """Name `summarise(projects) -> sums`: what the totals row and the facets of the list read."""
    REGISTRY.summarise = summarise


def register_freshness(freshness: Callable) -> None:
    """Name `freshness(projects, period) -> {at, duty, told}`: when a figure came last, who owed one, who told."""
    REGISTRY.freshness = freshness


def all_columns() -> list[Column]:
    return sorted(REGISTRY.columns.values(), key=lambda column: column.order)


def all_filters() -> list[Filter]:
    return sorted(REGISTRY.filters.values(), key=lambda one: one.order)
