"""Typed readers of the environment. Each understands NAME and NAME_FILE (a file holding the value, as secrets do)."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def text(name: str, default: str | None = None) -> str:
    """The value of NAME, else the content of the file that NAME_FILE names, else `default`.

    Raises ImproperlyConfigured when none of them is there.
    """
    if name in os.environ:
        return os.environ[name]
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE names a file that cannot be read: {path}") from error
    if default is None:
        raise ImproperlyConfigured(f"environment variable {name} (or {name}_FILE) is required")
    return default


def flag(name: str, *, default: bool) -> bool:
    """NAME as a boolean; anything but 1/true/yes/on and 0/false/no/off is refused."""
    value = text(name, "1" if default else "0").lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be one of 1/0, true/false, yes/no, on/off, not {value!r}")


def number(name: str, default: int) -> int:
    """NAME as a whole number."""
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}") from error


def words(name: str, default: str = "") -> list[str]:
    """NAME split at commas, blanks dropped."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]
