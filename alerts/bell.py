"""Waking the sender. Nothing depends on it: what is owed stands in the database and is swept every minute."""

import logging

from celery import current_app
from django.db import transaction

from common.failpoints import failpoint

log = logging.getLogger(__name__)
TASK = "alerts.tasks.send_deliveries"


def wake() -> None:
    """After the present transaction commits, ask a worker to send what is due; a dead broker only costs a minute."""
    transaction.on_commit(ring)


def ring() -> bool:
    """Leave the message now, one short try. Returns whether the broker took it; never raises."""
    try:
        current_app.send_task(TASK, retry=False, expires=55)
        failpoint("bell.rung")
    except Exception as error:  # each transport has errors of its own (kombu, redis, sockets, files)
        log.warning("broker did not take the wake-up call: %s", error)
        return False
    return True
