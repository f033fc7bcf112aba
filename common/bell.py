"""Waking a worker. Nothing depends on it: what is owed stands in the database and is swept every minute (ADR 0001)."""

import logging
import time
from collections.abc import Sequence
from typing import Any

from celery import current_app
from django.conf import settings

from common.failpoints import failpoint

log = logging.getLogger(__name__)
_rests_until = 0.0  # by the monotonic clock of this process


def ring(task: str, args: Sequence[Any] = (), *, expires: int = 55) -> bool:
    """Leave the message now, one short try. Returns whether the broker took it; never raises.

    After a try that failed this process rings no more for BELL_REST_SECONDS: people need not wait for a dead broker at
    every click, and the sweep finds what they asked for.
    """
    global _rests_until
    if time.monotonic() < _rests_until:
        return False
    try:
        current_app.send_task(task, args=args, retry=False, expires=expires)
        failpoint("bell.rung")
    except Exception as error:  # each transport has errors of its own (kombu, redis, sockets, files)
        _rests_until = time.monotonic() + settings.BELL_REST_SECONDS
        log.warning("broker did not take the wake-up call for %s: %s", task, error)
        return False
    return True
