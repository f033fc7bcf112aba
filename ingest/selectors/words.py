"""The words of lists as the dictionary page shows them."""

from typing import Any

from accounts.models import User
from ingest.layouts import examples
from ingest.models import ColumnMapping, ImportBatch, ValueMapping
from ingest.registry import KINDS
from ingest.resolving import PERSON

LAYOUTS = 40


def layouts() -> list[dict[str, Any]]:
    """The layouts that are known, each by its latest import, with how its columns go."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    newest = examples().select_related("file", "committed_by").defer("reading", "choices")
    for batch in newest[: 5 * LAYOUTS]:
        key = (batch.kind, batch.settled_layout or batch.layout)
        if key not in found and len(found) < LAYOUTS:
            found[key] = {"batch": batch, "kind": _kind(batch.kind)}
    pks = [line["batch"].pk for line in found.values()]
    sheets = dict(ImportBatch.objects.filter(pk__in=pks).values_list("pk", "reading__sheets"))
    for line in found.values():
        columns = [
            c for sheet in sheets[line["batch"].pk] if sheet["imported"] for c in sheet["columns"] if c["header"]
        ]
        told = [(c["header"], _column(line["batch"].kind, c["field"] or "")) for c in columns]
        line["columns"] = len(columns)
        line["taken"] = [f"{header} → {label}" for header, label in told if label]
        line["left"] = [header for header, label in told if not label]
    return list(found.values())


def headers() -> list[dict[str, Any]]:
    """Header words with what they mean."""
    return [
        {"word": word, "kind": _kind(word.kind), "label": _column(word.kind, word.field) or "不导入"}
        for word in ColumnMapping.objects.order_by("kind", "header")
    ]


def values() -> list[dict[str, Any]]:
    """Value words with the option they stand for."""
    found = []
    people = User.objects.select_related("unit").in_bulk(
        [int(value[5:]) for value in ValueMapping.objects.filter(field=PERSON).values_list("value", flat=True)]
    )
    for word in ValueMapping.objects.order_by("kind", "field", "key"):
        column = KINDS[word.kind].column(word.field) if word.kind in KINDS else None
        options = dict(column.options) if column else {}
        user = people.get(int(word.value[5:])) if word.field == PERSON else None
        if user is not None:
            options = {word.value: f"{user.full_name}（{user.unit_label}，{user.username}）"}
        found.append(
            {
                "word": word,
                "kind": _kind(word.kind),
                "label": "人员" if word.field == PERSON else column.label if column else word.field,
                "meaning": options.get(word.value, word.value) or "留空",
            }
        )
    return found


def _kind(code: str) -> str:
    return KINDS[code].label if code in KINDS else code


def _column(kind: str, field: str) -> str:
    column = KINDS[kind].column(field) if kind in KINDS else None
    return column.label if column else ""
