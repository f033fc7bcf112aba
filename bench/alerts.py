"""A scan that finds thousands of new things, and the delivery of thousands of mails by two senders."""

import json
import os
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from alerts.actions import scan
from alerts.models import Alert, Mail
from alerts.rules import BY_CODE
from bench.floors import alerts as floors
from bench.floors import pipes
from bench.pipes import ROOT, outbox, sink, timed
from common import clock
from projects.models import Milestone

SENDERS = 2  # as many as the worker has processes


def late_nodes(count: int, today: date) -> None:
    """Make so many nodes late."""
    some = Milestone.objects.order_by("pk").values("pk")[:count]
    Milestone.objects.filter(pk__in=list(some.values_list("pk", flat=True))).update(
        due_on=today - timedelta(days=9), done_on=None, is_applicable=True
    )


def measure_scan(findings: int, today: date) -> dict[str, Any]:
    """Seconds of the first scan and of its floor, and how many queries read; everything is taken back."""
    rule, told = BY_CODE["node_overdue"], {}
    for count in (findings // 10, findings):
        with transaction.atomic():
            scan(today, [rule])  # the calendar and the settings are read once
            Alert.objects.all().delete()
            late_nodes(count, today)
            with CaptureQueriesContext(connection) as queries:
                done: list = []
                told["ours"] = timed(lambda done=done: done.append(scan(today, [rule])))
            told["opened"] = done[0].opened
            reads = sum(query["sql"].startswith("SELECT") for query in queries)
            told["reads" if count == findings else "few reads"] = reads
            if count == findings:
                told["floor"] = timed(lambda: floors.raise_late_nodes(today))
            transaction.set_rollback(True)
    return told


def measure_drain(mails: int, to: User) -> tuple[float, float]:
    """(ours, floor) in seconds from the first to the last of so many mails, by the sink's own clock."""
    with sink() as (port, folder):
        pipes.send(port, mails)
        floor = _span(folder, mails, ours=False)
        outbox(mails, to)
        env = os.environ | {"EMAIL_URL": f"smtp://127.0.0.1:{port}"}
        command = [sys.executable, "manage.py", "send_deliveries"]
        senders = [subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL) for _ in range(SENDERS)]
        assert [sender.wait() for sender in senders] == [0] * SENDERS
        ours = _span(folder, mails, ours=True)
    assert not Mail.objects.due(clock.now()).exists()
    return ours, floor


def _span(folder: Path, mails: int, *, ours: bool) -> float:
    """Seconds from the first to the last; the digests that are sent along the way are not counted."""
    lines = map(json.loads, (folder / "mails.jsonl").read_text(encoding="utf-8").splitlines())
    times = [
        datetime.fromisoformat(line["at"])
        for line in lines
        if (str(line["message_id"]).endswith("@bench>") if ours else line["message_id"] is None)
    ]
    assert len(times) == mails, f"{len(times)} of {mails} mails arrived"
    return (max(times) - min(times)).total_seconds()
