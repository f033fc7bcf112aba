"""{% icon "bell" %}: a decorative lucide icon, rendered once and kept (cheap in loops)."""

from functools import cache

import lucide
from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
SIZES = {"": "i", "s": "i i--s", "l": "i i--l"}


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """The lucide icon `name`, hidden from screen readers; size "" (18 px), "s" (15) or "l" (22)."""
    return _drawn(str(name), SIZES[size])


@cache
def _drawn(name: str, css: str) -> SafeString:
    svg = lucide._render_icon(name, None, aria_hidden="true", focusable="false", **{"class": css})
    return mark_safe(svg)  # noqa: S308 (the package's own drawing)
