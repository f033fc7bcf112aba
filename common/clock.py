"""The one clock of the product. Nobody else may ask the system what time it is (tests/architecture checks it).

Rehearsals move it: with settings.TESTING and CLOCK_FILE set, the file holds a shift in seconds. The demo district
lives through its past with `standing_at`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

SHANGHAI = ZoneInfo("Asia/Shanghai")

_standing: ContextVar[datetime | None] = ContextVar("standing", default=None)


def now() -> datetime:
    """The present moment, aware, in Asia/Shanghai."""
    return _standing.get() or datetime.now(SHANGHAI) + _shift()


def today() -> date:
    """The business date: the calendar day in Asia/Shanghai."""
    return now().date()


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Inside the block it is `moment` (aware), for this thread only: history written as if it happened then."""
    token = _standing.set(moment.astimezone(SHANGHAI))
    try:
        yield
    finally:
        _standing.reset(token)


def _shift() -> timedelta:
    if not (settings.TESTING and settings.CLOCK_FILE):
        return timedelta(0)
    try:
        return timedelta(seconds=float(Path(settings.CLOCK_FILE).read_text()))
    except (OSError, ValueError):
        return timedelta(0)
