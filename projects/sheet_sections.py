"""Sections of the update sheet. Upper floors register theirs at start-up (decisions §16).

A section shows part of the form and writes its part when the sheet is sent, inside the same transaction.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Section:
    """`form(project, period, user, data)` builds a Django form (unbound when data is None), or None where the section
    does not concern the project; `template` draws it with `form`; `save(project, period, user, form)` writes it.
    Forms carry `prefix=code`; a hidden field `version` makes a change by somebody else a 409."""

    code: str
    order: int
    template: str
    form: Callable[..., Any]
    save: Callable[..., None]


SECTIONS: dict[str, Section] = {}


def register_section(section: Section) -> None:
    """Add a section (from AppConfig.ready)."""
    SECTIONS[section.code] = section


def sections() -> list[Section]:
    """All sections in order."""
    return sorted(SECTIONS.values(), key=lambda s: s.order)
