"""{% figures row %}: the figures of a group in 投资总览; plain formatting, cheap in loops."""

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from common.templatetags.lights import rate

register = template.Library()
FIGURE = '<td class="num" data-label="{}"><a href="{}" data-total="{}">{}</a></td>'
REST = '<td data-label="年度完成率">{}</td><td class="num" data-label="超欠序时">{}</td>'
NONE = mark_safe('<span class="muted">—</span>')
FIGURES = (  # label, the column summed on the page of rows, key of the figure, key of the address of its rows
    ("项目", "rows", "projects", "projects_url"),
    ("总投资", "总投资", "total", "projects_url"),
    ("有计划", "rows", "planned", "planned_url"),
    ("年度计划", "年度计划", "target", "planned_url"),
    ("当月完成", "当月完成", "month", "planned_url"),
    ("累计完成", "累计完成", "done", "planned_url"),
)


@register.simple_tag
def figures(row: dict[str, Any]) -> SafeString:
    """The cells of investment.selectors.overview._figures, each linked to the rows that make it."""
    linked = format_html_join("", FIGURE, [(label, row[url], total, row[key]) for label, total, key, url in FIGURES])
    done = NONE if row["rate"] is None else rate(row["rate"], row["scheduled_rate"], row["tone"])
    return linked + format_html(REST, done, NONE if row["lead"] is None else row["lead"])
