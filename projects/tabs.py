"""Tabs of the project page. Upper floors register theirs at start-up (decisions §16)."""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.roles import Can


@dataclass(frozen=True)
class Tab:
    """`url_name` takes the project's pk; `count(project)` gives the small number behind the label."""

    code: str
    label: str
    url_name: str
    order: int
    count: Callable | None = None
    capability: Can = Can.VIEW_PROJECTS


TABS: dict[str, Tab] = {}


def register_tab(tab: Tab) -> None:
    """Add a tab (from AppConfig.ready)."""
    TABS[tab.code] = tab


def tabs_for(user, project) -> list[Tab]:
    """The person's tabs in order."""
    return sorted((t for t in TABS.values() if user.may(t.capability)), key=lambda t: t.order)
