"""Waking a worker. Nothing depends on it: what is owed stands in the database and is swept every minute (ADR 0001)."""

import logging
from collections.abc import Sequence
from typing import Any

from celery import current_app

from common.failpoints import failpoint

log = logging.getLogger(__name__)


def ring(task: str, args: Sequence[Any] = (), *, expires: int = 55) -> bool:
    """Leave the message now, one short try. Returns whether the broker took it; never raises."""
    try:
        current_app.send_task(task, args=args, retry=False, expires=expires)
        failpoint("bell.rung")
    except Exception as error:  # each transport has errors of its own (kombu, redis, sockets, files)
        log.warning("broker did not take the wake-up call for %s: %s", task, error)
        return False
    return True
