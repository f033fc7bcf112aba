"""Columns and filters of the project list and its export. Upper floors register theirs at start-up (decisions §16).

One declaration serves the page, its totals and the Excel file: the export is exactly what is shown.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from common.workdays import WorkCalendar


@dataclass(frozen=True)
class ListContext:
    """What cells need to know besides their row."""

    today: date
    calendar: WorkCalendar
    in_yi: bool = False  # amounts shown in 亿元 instead of 万元
    followed: frozenset[int] = frozenset()  # keys of the projects the person follows
    also: Mapping[str, Any] = field(default_factory=dict)  # what upper floors' cells need, by name (register_context)


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
    says that it needs what the registered annotators bring."""

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
    annotators: list[Callable] = field(default_factory=list)
    summarise: Callable | None = None
    freshness: Callable | None = None
    contexts: dict[str, Callable[[date], Any]] = field(default_factory=dict)


REGISTRY = Registry()


def register_column(*columns: Column) -> None:
    """Add columns (from AppConfig.ready)."""
    REGISTRY.columns |= {column.code: column for column in columns}


def register_filter(*filters: Filter) -> None:
    """Add filters (from AppConfig.ready)."""
    REGISTRY.filters |= {one.name: one for one in filters}


def register_annotator(annotate: Callable) -> None:
    """Add `annotate(projects, today) -> projects`: the annotations that columns and filters read, light_rank,
    next_node_name, next_node_due and overdue_since among them."""
    REGISTRY.annotators.append(annotate)


def register_summary(summarise: Callable) -> None:
    """Name `summarise(projects) -> sums`: what the totals row and the facets of the list read."""
    REGISTRY.summarise = summarise


def register_freshness(freshness: Callable) -> None:
    """Name `freshness(projects, period) -> {at, duty, told}`: when a figure came last, who owed one, who told."""
    REGISTRY.freshness = freshness


def register_context(name: str, make: Callable[[date], Any]) -> None:
    """Let `ListContext.also[name]` hold `make(today)`, made once per page."""
    REGISTRY.contexts[name] = make


def context_of(today: date) -> dict[str, Any]:
    """What upper floors' cells need besides their row."""
    return {name: make(today) for name, make in REGISTRY.contexts.items()}


def all_columns() -> list[Column]:
    return sorted(REGISTRY.columns.values(), key=lambda column: column.order)


def all_filters() -> list[Filter]:
    return sorted(REGISTRY.filters.values(), key=lambda one: one.order)


def annotated(projects, today):
    """Projects with everything the registered columns read; the number of queries does not grow with the rows."""
    for annotate in REGISTRY.annotators:
        projects = annotate(projects, today)
    return projects
