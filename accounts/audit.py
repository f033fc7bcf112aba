"""Writing the audit trail. Called by actions, inside their transaction: no trail, no change."""

from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any

from django.db.models import Model

from accounts.models import AuditEntry, User
from common import clock
from common.bulk import insert_rows

client_ip: ContextVar[str | None] = ContextVar("client_ip", default=None)  # set per request by the middleware


def record(
    *, by: User | None, action: str, subject: Model, changes: dict[str, list] | None = None, reason: str = ""
) -> AuditEntry:
    """Append one entry. `changes` maps a field's Chinese label to [before, after]; `by` None is the system."""
    entry = AuditEntry(**draft(by=by, action=action, subject=subject, changes=changes, reason=reason))
    entry.save(force_insert=True)
    return entry


def record_all(entries: Iterable[dict[str, Any]]) -> None:
    """Append drafts of many records at once."""
    insert_rows(AuditEntry, entries)


def draft(
    *, by: User | None, action: str, subject: Model, changes: dict[str, list] | None = None, reason: str = ""
) -> dict[str, Any]:
    """The columns of an entry not yet appended."""
    return {
        "at": clock.now(),
        "actor_id": by.pk if by else None,
        "actor_label": by.display_name if by else "系统",
        "action": action,
        "kind": subject._meta.model_name,
        "object_id": subject.pk,
        "label": str(subject)[:200],
        "changes": _plain(changes or {}),
        "reason": reason[:500],
        "ip": client_ip.get(),
    }


def difference(record_: Model, changes: dict[str, Any]) -> dict[str, list]:
    """What `changes` (field → new value) would change on `record_`: label → [before, after], the rest left out."""
    changed = {}
    for name, after in changes.items():
        before = getattr(record_, name)
        if before != after:
            column = record_._meta.get_field(name)
            words = dict(column.flatchoices or ())
            pair = [words.get(before, before), words.get(after, after)] if words else [before, after]
            changed[str(column.verbose_name)] = pair
    return changed


def _plain(changes: dict[str, list]) -> dict[str, list]:
    return {label: [_text(before), _text(after)] for label, (before, after) in changes.items()}


def _text(value: Any) -> str:
    return "" if value is None else "是" if value is True else "否" if value is False else str(value)
