"""Doorbells: each task calls one action. Rung by beat every minute (config/beat.py) and by alerts.bell."""

from celery import shared_task
from celery.signals import task_postrun

from alerts import actions, jobs
from common import clock
from common.failpoints import failpoint


@shared_task
def run_due_jobs() -> int:
    """Run the daily jobs whose time has come; look again at what people have changed since."""
    runs = jobs.run_due_jobs(clock.now())
    jobs.look_again(clock.now())
    return len(runs)


@shared_task
def send_deliveries() -> int:
    """Compose digests when it is time, and send every mail that is due."""
    failpoint("task.received")
    return actions.send_due(clock.now()).sent


@task_postrun.connect
def done(**_: object) -> None:
    """The work is done; the broker may not know it yet."""
    failpoint("task.done")
