"""Values of fields as JSON, for the rows of a batch: what was written can be compared and taken back later."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import Unit
from projects.import_columns import Planned


def pack(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What was changed on a record: field → [before, after]."""
    return {name: [_packed(before.get(name)), _packed(value)] for name, value in after.items()}


def unpack(packed: Mapping[str, list[Any]], units: Mapping[int, Unit]) -> dict[str, tuple[Any, Any]]:
    """The changes back as values: field → (before, after). `units` are those that may be named."""
    return {name: (_value(before, units), _value(after, units)) for name, (before, after) in packed.items()}


def _packed(value: Any) -> Any:
    if isinstance(value, Unit):
        return {"unit": value.pk}
    if isinstance(value, Decimal):
        return {"amount": str(value)}
    if isinstance(value, Planned):
        return {"planned": [value.first.isoformat(), value.last.isoformat(), str(value.precision)]}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, tuple):
        return {"list": [_packed(part) for part in value]}
    return value


def _value(packed: Any, units: Mapping[int, Unit]) -> Any:
    if not isinstance(packed, dict):
        return packed
    kind, content = next(iter(packed.items()))
    if kind == "unit":
        return units.get(content)
    if kind == "amount":
        return Decimal(content)
    if kind == "date":
        return date.fromisoformat(content)
    if kind == "planned":
        return Planned(date.fromisoformat(content[0]), date.fromisoformat(content[1]), content[2])
    return tuple(_value(part, units) for part in content)
