"""Named points at which the fault rig stops a process to kill it (tests/rig). Nothing at all outside rehearsals."""

import logging
import os
import time
from pathlib import Path

from django.conf import settings

log = logging.getLogger(__name__)
_passed: dict[str, int] = {}


def failpoint(name: str) -> None:
    """Stand still here when the environment asks for it: FAILPOINT=name[:k] stops the k-th passing of this process.

    Needs settings.TESTING and FAILPOINT_DIR. The process announces itself in a file named after its pid and waits
    for the SIGKILL; each armed point stops one process only, so a restarted one passes.
    """
    if not settings.TESTING:
        return
    wanted, _, turn = os.environ.get("FAILPOINT", "").partition(":")
    if name != wanted:
        return
    _passed[name] = _passed.get(name, 0) + 1
    if _passed[name] != int(turn or 1):
        return
    announcement = Path(os.environ["FAILPOINT_DIR"]) / "stopped"
    try:
        with announcement.open("x") as file:
            file.write(f"{os.getpid()} {name}\n")
    except FileExistsError:
        return
    log.warning("failpoint %s reached by pid %s, waiting to be killed", name, os.getpid())
    time.sleep(float(os.environ.get("FAILPOINT_SECONDS", "30")))
