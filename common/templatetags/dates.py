"""Dates as people read them: `2026-11-23` in tables, `11月23日 周一` in prose, working days always named."""

import datetime as dt

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

register = template.Library()
WEEKDAYS = "一二三四五六日"


@register.filter
def ymd(value: dt.date | None) -> SafeString:
    """<time>2026-11-23</time>, or — when unknown. A moment is first turned to Asia/Shanghai."""
    return _time(value, "%Y-%m-%d")


@register.filter
def md(value: dt.date | None) -> SafeString:
    """<time>11-23</time> for narrow columns."""
    return _time(value, "%m-%d")


@register.filter
def ymd_short(value: dt.date | None) -> SafeString:
    """<time>26-11-23</time> where a full year does not fit."""
    return _time(value, "%y-%m-%d")


@register.filter
def moment(value: dt.datetime | None) -> SafeString:
    """<time>2026-11-23 16:38</time>."""
    return _time(value, "%Y-%m-%d %H:%M")


@register.filter
def prose_date(value: dt.date | None) -> str:
    """11月23日 周一"""
    if value is None:
        return "—"
    day = _local(value)
    return f"{day.month}月{day.day}日 周{WEEKDAYS[day.weekday()]}"


@register.filter
def ym(value: dt.date | None) -> str:
    """2026年11月"""
    return "—" if value is None else f"{value.year}年{value.month}月"


@register.filter
def stamp_time(value: dt.date | str | None) -> SafeString | str:
    """<time>11-20 18:00</time> for the freshness stamp; a text is shown as it is."""
    if isinstance(value, str):
        return value
    return _time(value, "%m-%d %H:%M" if isinstance(value, dt.datetime) else "%m-%d")


@register.filter
def feed_time(value: dt.date | None) -> str:
    """周五 16:40 for the feed; only the weekday when the hour is unknown."""
    if value is None:
        return ""
    day = _local(value)
    return f"周{WEEKDAYS[day.weekday()]}" + (f" {day:%H:%M}" if isinstance(day, dt.datetime) else "")


def _time(value: dt.date | None, pattern: str) -> SafeString | str:
    if value is None or value == "":
        return "—"
    day = _local(value)
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), day.strftime(pattern))


def _local(value: dt.date) -> dt.date:
    if isinstance(value, dt.datetime):
        return localtime(value)
    return value
