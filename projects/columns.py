"""Columns of the project list and its export. Upper floors register theirs at start-up (decisions §16).

One declaration serves the page, its totals and the Excel file: the export is exactly what is shown.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Column:
    """`cell(row)` gives the value for the page (already formatted text or a small dict for `template`),
    `export(row)` the plain value for Excel; `sort` is the ORM ordering expression behind the head, "" = not sortable;
    `align` start|end|center; `css` the cell class of the mock (c-*); `default` whether shown unless chosen."""

    code: str
    label: str
    order: int
    cell: Callable[[Any], Any]
    export: Callable[[Any], Any]
    sort: str = ""
    align: str = "start"
    css: str = ""
    template: str = ""
    unit: str = ""
    default: bool = True


COLUMNS: dict[str, Column] = {}
ANNOTATORS: list[Callable] = []


def register_column(column: Column) -> None:
    """Add a column (from AppConfig.ready)."""
    COLUMNS[column.code] = column


def register_annotator(annotate: Callable) -> None:
    """Add `annotate(projects, today) -> projects`, which brings the annotations that registered columns and filters read."""
    ANNOTATORS.append(annotate)


def annotated(projects, today):
    """Projects with everything the registered columns read; the number of queries does not grow with the rows."""
    for annotate in ANNOTATORS:
        projects = annotate(projects, today)
    return projects
