"""Every figure opens its rows, and they add up: the number is read from the HTML, its link followed, all pages added.

A link that promises this carries `data-total`: the label of the column whose cells add up to it ("rows": how many
there are), as components/_stat draws it; the exact amount behind a rounded one stands in its `title`. Cells are
`<td … data-label="LABEL">NUMBER…` inside `<tbody>`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from html import unescape
from urllib.parse import urljoin

from django.test import Client

PROMISE = re.compile(
    r'<a\b(?=[^>]*\bhref="(?P<href>[^"]*)")(?=[^>]*\bdata-total="(?P<label>[^"]*)")'
    r'(?:[^>]*\btitle="(?P<exact>[^"]*)")?[^>]*>(?P<text>.*?)</a>',
    re.S,
)
BODY = re.compile(r"<tbody>(.*?)</tbody>", re.S)
LIST = re.compile(r'<section class="panel list\b[^"]*".*?</section>', re.S)
NEXT = re.compile(r'<a\b(?=[^>]*\brel="next")(?=[^>]*\bhref="([^"]*)")')
NUMBER = re.compile(r"-?[\d,]+(?:\.\d+)?")
TAG = re.compile(r"<[^>]+>")
MOST_PAGES = 100


@dataclass(frozen=True)
class Promise:
    """One figure of a page: what is written, and the rows it points at."""

    page: str
    href: str
    label: str
    figure: Decimal


def promises(client: Client, page: str) -> Iterator[Promise]:
    """The figures of a page that open their rows."""
    html = client.get(page).content.decode()
    for found in PROMISE.finditer(html):
        yield Promise(
            page, urljoin(page, unescape(found["href"])), found["label"], number(found["exact"] or found["text"])
        )


def number(html: str) -> Decimal:
    """The first number of a piece of HTML; — and nothing are 0."""
    found = NUMBER.search(unescape(TAG.sub(" ", html)))
    return Decimal(found.group().replace(",", "")) if found else Decimal(0)


def opened(client: Client, href: str, label: str) -> Decimal:
    """What the rows of all pages under `href` add up to."""
    total, pages = Decimal(0), 0
    while href:
        response = client.get(href)
        assert response.status_code == 200, f"{href}: {response.status_code}"
        html = response.content.decode()
        body = "".join(BODY.findall("".join(LIST.findall(html)) or html))
        if label == "rows":
            total += len(re.findall(r"<tr\b", body))
        else:
            cells = re.findall(rf'<td\b[^>]*\bdata-label="{re.escape(label)}"[^>]*>(.*?)</td>', body, re.S)
            assert cells or "<tr" not in body, f"{href} has no column {label}"
            total += sum((number(re.split(r'<span class="cell-sub', cell)[0]) for cell in cells), Decimal(0))
        following = NEXT.search(html)
        href = urljoin(href, unescape(following[1])) if following else ""
        pages += 1
        assert pages <= MOST_PAGES, "a list without end"
    return total


def broken_promises(client: Client, page: str) -> list[str]:
    """The figures of the page whose rows do not add up to them."""
    return [
        f"{one.page}: {one.label} says {one.figure}, its rows say {rows}"
        for one in promises(client, page)
        if (rows := opened(client, one.href, one.label)) != one.figure
    ]
