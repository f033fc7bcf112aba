"""Reading the arguments of a vector: an explicit null means the same as an absent key."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from common.money import to_decimal
from common.periods import Period

REQUIRED = object()


def get(given: dict, key: str, default: Any = REQUIRED, read: Callable[[Any], Any] | None = None) -> Any:
    """given[key] through `read`; the default when absent or null. Raises KeyError without a default."""
    value = given.get(key)
    if value is None:
        if default is REQUIRED:
            raise KeyError(key)
        return default
    return read(value) if read else value


def day(given: dict, key: str) -> date:
    """A required date."""
    return get(given, key, read=date.fromisoformat)


def period(given: dict, key: str) -> Period:
    """A required month."""
    return get(given, key, read=Period.parse)


def money(given: dict, key: str, default: Any = None) -> Decimal | None:
    """万元, exact from text, through its decimal text from a number."""
    return get(given, key, default, read=to_decimal)
