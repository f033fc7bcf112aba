"""{% filter_options filter %}: what a menu of components/_filters.html offers; plain formatting, cheap in loops."""

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
OPTION = '{}<label class="check"><input type="{}" name="{}" value="{}"{}>{}{}</label>'
ANY = mark_safe('<label class="check"><input type="radio" name="{}" value=""{}>不限</label>')
CHECKED = mark_safe(" checked")


@register.simple_tag
def filter_options(menu: dict[str, Any]) -> SafeString:
    """The choices of a menu {name, single, chosen, options}; each option is {value, label, selected, count, and of
    another filter `name`, under a heading `title`}. A count of None leaves room for one that comes later."""
    kind = "radio" if menu.get("single") else "checkbox"
    lines = [
        (
            format_html('<p class="drop__title">{}</p>', option["title"]) if option.get("title") else "",
            kind,
            name := option.get("name") or menu["name"],
            option["value"],
            CHECKED if option.get("selected") else "",
            option["label"],
            _count(option, name),
        )
        for option in menu["options"]
    ]
    first = format_html(ANY, menu["name"], "" if menu.get("chosen") else CHECKED) if menu.get("single") else ""
    return format_html("{}{}", first, format_html_join("", OPTION, lines))


def _count(option: dict[str, Any], name: str) -> str:
    if "count" not in option:
        return ""
    if option["count"] is None:
        return format_html('<span class="end" id="{}"></span>', count_id(name, option["value"]))
    return format_html('<span class="end">{}</span>', option["count"])


def count_id(name: str, value: Any) -> str:
    """Where the number of an option stands."""
    return f"n-{name}-{value}"
