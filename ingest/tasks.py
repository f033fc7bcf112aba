"""Doorbells of the import: one rung when a commit is ordered, one every minute for orders nobody is at."""

from celery import shared_task

from common import clock
from ingest import actions


@shared_task
def commit_batch(pk: int) -> None:
    """Carry out an order, unless it has been taken up, cancelled or done already."""
    actions.carry_out(pk)


@shared_task
def commit_waiting() -> int:
    """Carry out every order that nobody is at: not rung for, or its worker died."""
    return actions.carry_out_waiting(clock.now())
