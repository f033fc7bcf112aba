"""Import and delivery from end to end, beside their floors."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import override_settings

from accounts.models import User
from alerts.actions import send_due
from alerts.models import Mail
from bench.floors import pipes
from common import clock

ROOT = Path(__file__).resolve().parent.parent
HEADER = ("序号", "项目名称", "责任单位", "总投资（万元）", "建设内容及规模", "建设地点", "项目阶段")


def timed(work: Callable[[], object]) -> float:
    """Seconds of one run: these change the database and cannot simply be repeated."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def a_list(rows: int, mark: str) -> bytes:
    """A workbook with so many projects; `mark` keeps the names of two lists apart."""
    from xlsxwriter import Workbook

    buffer = BytesIO()
    with Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("项目清单")
        sheet.write_row(0, 0, HEADER)
        for number in range(rows):
            name = f"{mark}第{number}号生产线技术改造"
            row = (number + 1, name, f"单位{number % 40}", 5000 + number, f"建设车间{number}座", "经开区", "谋划")
            sheet.write_row(number + 1, 0, row)
    return buffer.getvalue()


def import_list(content: bytes, by: User) -> int:
    """Every step of the wizard as a person takes it who agrees with everything. Returns how many were imported."""
    from ingest.actions import commit, map_values, preview, stage_file
    from ingest.actions.ordering import PARTIAL
    from projects.models import Project

    before = Project.objects.count()
    batch = stage_file(upload=SimpleUploadedFile("清单.xlsx", content), by=by)
    map_values(
        batch=batch,
        year=None,
        month=None,
        stage="",
        units={},
        labels={},
        dates={},
        remember=False,
        by=by,
        version=batch.version,
    )
    batch.refresh_from_db()
    preview(batch=batch, by=by, version=batch.version)
    batch.refresh_from_db()
    commit(batch=batch, mode=PARTIAL, by=by, version=batch.version)
    return Project.objects.count() - before


def measure_import(rows: int, by: User) -> tuple[float, float]:
    """(ours, floor) in seconds; what the floor wrote is taken back."""
    from accounts.models import Unit

    content = a_list(rows, f"甲{time.time_ns()}")
    with transaction.atomic():
        floor = timed(lambda: pipes.load_list(content, Unit.objects.order_by("pk")[1]))
        transaction.set_rollback(True)
    imported = []
    ours = timed(lambda: imported.append(import_list(content, by)))
    assert imported == [rows], f"{imported} of {rows} rows were imported"
    return ours, floor


@contextmanager
def sink() -> Iterator[tuple[int, Path]]:
    """A mail sink in a process of its own; its port and its folder."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "manage.py", "smtp_sink", "--port", str(port), "--dir", folder]
        quiet = {**os.environ, "LOG_LEVEL": "ERROR"}
        process = subprocess.Popen(command, cwd=ROOT, env=quiet, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            for _ in range(200):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            yield port, Path(folder)
        finally:
            process.terminate()
            process.wait()


def outbox(mails: int, to: User) -> None:
    """So many mails that are due."""
    now = clock.now()
    Mail.objects.bulk_create(
        Mail(
            recipient=to, address="bench@example.test", business_date=now.date(), kind=f"bench{number}-{now:%H%M%S%f}",
            subject="今日待办", text="正文" * 200, html="<p>正文</p>", message_id=f"<{number}-{now:%H%M%S%f}@bench>",
            next_try_at=now, created_at=now,
        )
        for number in range(mails)
    )  # fmt: skip


def measure_delivery(mails: int, to: User) -> tuple[float, float]:
    """(ours, floor) in seconds for so many mails to the same sink."""
    outbox(mails, to)
    with sink() as (port, _):
        floor = timed(lambda: pipes.send(port, mails))
        backend, sent = "alerts.smtp.EmailBackend", []
        with override_settings(EMAIL_BACKEND=backend, EMAIL_HOST="127.0.0.1", EMAIL_PORT=port, EMAIL_USE_TLS=False):
            ours = timed(lambda: sent.append(send_due(clock.now(), respect_hours=False, limit=mails)))
    assert sent[0].sent == mails, sent
    return ours, floor
