"""The one clock of the product. Nobody else may ask the system what time it is (tests/architecture checks it).

Rehearsals move it: with settings.TESTING and CLOCK_FILE set, the file holds a shift in seconds.
"""

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present moment, aware, in Asia/Shanghai."""
    return datetime.now(SHANGHAI) + _shift()


def today() -> date:
    """The business date: the calendar day in Asia/Shanghai."""
    return now().date()


def _shift() -> timedelta:
    if not (settings.TESTING and settings.CLOCK_FILE):
        return timedelta(0)
    try:
        return timedelta(seconds=float(Path(settings.CLOCK_FILE).read_text()))
    except (OSError, ValueError):
        return timedelta(0)
