"""{% url_with page=2 %}: the current query string with some keys replaced or removed."""

from django import template
from django.http import QueryDict

register = template.Library()


@register.simple_tag(takes_context=True)
def url_with(context, **changes) -> str:
    """The current query with `changes` applied: None or "" removes a key; any change but `page` drops the page."""
    query = _copy(context)
    if "page" not in changes:
        query.pop("page", None)
    for key, value in changes.items():
        if value is None or value == "":
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def url_without(context, key: str, value: str = "") -> str:
    """The query without `key`, or only without this one of its values (one chip of a multiple filter)."""
    query = _copy(context)
    query.pop("page", None)
    kept = [one for one in query.getlist(key) if value and one != str(value)]
    if kept:
        query.setlist(key, kept)
    else:
        query.pop(key, None)
    return f"?{query.urlencode()}"


@register.simple_tag
def page_numbers(page) -> list[int]:
    """The page numbers to show: the ends, the neighbours of the current page, 0 where some are left out."""
    last = page.paginator.num_pages
    shown = sorted({1, 2, last - 1, last, *range(page.number - 2, page.number + 3)} & set(range(1, last + 1)))
    numbers: list[int] = []
    for number in shown:
        if numbers and number - numbers[-1] > 1:
            numbers.append(0)
        numbers.append(number)
    return numbers


@register.filter
def item(values, key):
    """`values[key]` of a list or dict, or None."""
    try:
        return values[key]
    except (IndexError, KeyError, TypeError):
        return None


def _copy(context) -> QueryDict:
    request = context.get("request")
    return request.GET.copy() if request else QueryDict(mutable=True)
