"""Named points at which the fault rig stops a process to kill it (tests/rig). Nothing at all outside rehearsals.

On the way of an alert (reliability B1, S0–S11): scan.before, scan.computed, scan.after_insert, scan.committed,
bell.rung, task.received, mail.leased, mail.rcpt_accepted, mail.data_sent, mail.after_smtp, mail.marked, task.done;
and beside it job.claimed, digest.inserted. Whether anything was lost is asked of alerts.ledger.
"""

import logging
import os
import time
from pathlib import Path

from django.conf import settings

log = logging.getLogger(__name__)
STAND_SECONDS = 30
_passed: dict[str, int] = {}


def failpoint(name: str) -> None:
    """Stand still here, waiting for a SIGKILL, when the rig armed this point.

    Only with settings.TESTING and the environment variable FAILPOINT_DIR. The file `arm` in that folder holds
    "name:k serial": the k-th passing by one process since it was armed stops. Renaming it to `stopped.<pid>` both
    announces the process and disarms the point, so exactly one process stands; whoever removes that file lets it go on.
    """
    folder = os.environ.get("FAILPOINT_DIR")
    if not settings.TESTING or not folder:
        return
    arm = Path(folder) / "arm"
    try:
        order = arm.read_text()
    except FileNotFoundError:
        return
    wanted, _, turn = order.split()[0].partition(":")
    if name != wanted:
        return
    _passed[order] = _passed.get(order, 0) + 1
    if _passed[order] < int(turn or 1):
        return
    try:
        stopped = arm.rename(arm.with_name(f"stopped.{os.getpid()}"))
    except FileNotFoundError:
        return
    log.warning("failpoint %s reached by pid %s, waiting to be killed", name, os.getpid())
    until = time.monotonic() + STAND_SECONDS
    while stopped.exists() and time.monotonic() < until:
        time.sleep(0.05)
