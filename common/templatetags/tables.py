"""{% cells row columns %}: the cells of a row of components/_table.html; plain formatting, cheap in loops."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.formats import localize
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import template_localtime

from common.templatetags.lights import light

register = template.Library()
CELL = '<td class="{}" data-label="{}">{}{}</td>'
LINK = '<a class="cell-name" href="{}">{}</a>'
SUB = '<span class="cell-sub{}">{}</span>'


@register.simple_tag
def cells(row: Mapping[str, Any], columns: Sequence[Mapping[str, Any]]) -> SafeString:
    """The cells {text, sub, url, light, css, tone} of a row under their columns {label, css}; the first one links to
    the row's own `url`."""
    lines = []
    for i, (cell, column) in enumerate(zip(row["cells"], columns, strict=False)):
        css = cell.get("css") or column.get("css") or ""
        lines.append((css, column["label"], *_content(cell, "" if i else row.get("url", ""))))
    return format_html_join("", CELL, lines)


def _content(cell: Mapping[str, Any], url: str) -> tuple[str, str]:
    text, sub = _words(cell.get("text")), cell.get("sub") or ""
    if cell.get("light"):
        return light(cell["light"], cell.get("text") or "", sub), ""
    tone = f" cell-sub--{cell['tone']}" if cell.get("tone") else ""
    link = cell.get("url") or url
    return format_html(LINK, link, text) if link else text, format_html(SUB, tone, sub) if sub else ""


def _words(value: Any) -> Any:
    """As a template prints it; nothing is a dash."""
    return value if isinstance(value, str) else "—" if value is None else localize(template_localtime(value))
