"""How far a commit has come, and the wish to stop it: passed between processes through the cache.

Only a convenience: the database decides what was written. Without a cache the bar stands still and a commit can be
cancelled until its worker has begun to write on SQLite, or until it ends on PostgreSQL.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.cache import cache

from common.errors import DomainError
from ingest.models import ImportBatch

log = logging.getLogger(__name__)
KEPT_SECONDS = 3600
JUDGED, LOADED, UPDATED = 0.4, 0.8, 0.95  # how far the whole has come after each part
_followed: ContextVar[ImportBatch | None] = ContextVar("followed", default=None)


class Cancelled(DomainError):
    """The person who ordered the commit took the order back: nothing is written."""

    code = "cancelled"


@contextmanager
def followed(batch: ImportBatch) -> Iterator[None]:
    """While this runs, what `tell` says is said of this attempt of the batch."""
    token = _followed.set(batch)
    try:
        yield
    finally:
        _followed.reset(token)


def tell(share: float, doing: str) -> None:
    """How far the whole has come (0 to 1) and what is being done; heard only while a commit is followed.

    Raises Cancelled as soon as somebody wished so.
    """
    batch = _followed.get()
    if batch is None:
        return
    _cached("set", _key(batch), [round(share * 100), doing], KEPT_SECONDS)
    if _cached("get", _key(batch, "stop")):
        raise Cancelled("已取消导入，没有写入任何数据。")


def ask_to_stop(batch: ImportBatch) -> None:
    """Wish the running commit to stop."""
    _cached("set", _key(batch, "stop"), True, KEPT_SECONDS)


def progress_of(batch: ImportBatch) -> tuple[int, str]:
    """(percent, what is being done) of the running attempt."""
    percent, doing = _cached("get", _key(batch)) or (0, "等待后台处理")
    return percent, doing


def _key(batch: ImportBatch, what: str = "done") -> str:
    return f"import:{batch.public_id}:{batch.attempt}:{what}"


def _cached(method: str, *args: Any) -> Any:
    """A call of the cache; one that fails costs the bar, not the import."""
    try:
        return getattr(cache, method)(*args)
    except Exception as error:  # each backend has errors of its own
        log.warning("cache: %s", error)
        return None
