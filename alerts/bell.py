"""Waking the sender. Nothing depends on it: what is owed stands in the database and is swept every minute."""

from django.db import transaction

from common import bell

TASK = "alerts.tasks.send_deliveries"


def wake() -> None:
    """After the present transaction commits, ask a worker to send what is due; a dead broker only costs a minute."""
    transaction.on_commit(ring)


def ring() -> bool:
    """Leave the message now. Returns whether the broker took it; never raises."""
    return bell.ring(TASK)
