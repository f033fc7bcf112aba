"""The words of lists as the dictionary page shows them."""

from typing import Any

from ingest.models import ColumnMapping, ValueMapping
from ingest.registry import KINDS


def headers() -> list[dict[str, Any]]:
    """Header words with what they mean."""
    return [
        {"word": word, "kind": _kind(word.kind), "label": _column(word.kind, word.field) or "不导入"}
        for word in ColumnMapping.objects.order_by("kind", "header")
    ]


def values() -> list[dict[str, Any]]:
    """Value words with the option they stand for."""
    found = []
    for word in ValueMapping.objects.order_by("kind", "field", "key"):
        column = KINDS[word.kind].column(word.field) if word.kind in KINDS else None
        options = dict(column.options) if column else {}
        found.append(
            {
                "word": word,
                "kind": _kind(word.kind),
                "label": column.label if column else word.field,
                "meaning": options.get(word.value, word.value) or "留空",
            }
        )
    return found


def _kind(code: str) -> str:
    return KINDS[code].label if code in KINDS else code


def _column(kind: str, field: str) -> str:
    column = KINDS[kind].column(field) if kind in KINDS else None
    return column.label if column else ""
