"""What an operator looks at: does everything stand that people need, and is anything piling up?"""

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max, Min
from django.utils.timezone import localtime

from alerts.choices import MailState
from alerts.models import JobRun, Mail
from common import broker

ENOUGH_DISK = 500 * 1024 * 1024  # bytes; below this uploads and the database are in danger
BROKER_SECONDS = 2


def readiness(now: datetime) -> dict[str, Any]:
    """`{"ready": bool, "checks": {...}, "jobs": [...], "mails": {...}}`.

    `ready` asks for database, migrations, broker and disk. Jobs and mails are told, not judged: a late mail does not
    make the site unusable. Failures are named by their kind only; details stand in the log.
    """
    checks: dict[str, Any] = {"database": _database()}
    report: dict[str, Any] = {"checks": checks, "jobs": [], "mails": {}}
    if checks["database"]["ok"]:
        checks["migrations"] = _migrations()
        if checks["migrations"]["ok"]:
            report["jobs"], report["mails"] = _jobs(), _mails(now)
    checks["broker"] = _broker()
    checks["disk"] = _disk()
    return {"ready": all(check["ok"] for check in checks.values()), "at": now.isoformat(timespec="seconds"), **report}


def _database() -> dict[str, Any]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return {"ok": False, "kind": connection.vendor, "error": type(error).__name__}
    return {"ok": True, "kind": connection.vendor}


def _migrations() -> dict[str, Any]:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return {"ok": not waiting, "waiting": [f"{migration.app_label}.{migration.name}" for migration, _ in waiting]}


def _broker() -> dict[str, Any]:
    """Whether a wake-up call could be left. Without it pages still save, and mails wait in the database."""
    kind = "redis" if settings.REDIS_URL else "filesystem"
    try:
        with current_app.connection_for_write(connect_timeout=BROKER_SECONDS) as channel_owner:
            channel_owner.ensure_connection(max_retries=1, interval_start=0, timeout=BROKER_SECONDS)
            policy = broker.eviction()
    except Exception as error:  # every transport has errors of its own
        return {"ok": False, "kind": kind, "error": type(error).__name__}
    return {"ok": False, "kind": kind, "error": f"maxmemory-policy={policy}"} if policy else {"ok": True, "kind": kind}


def _disk() -> dict[str, Any]:
    free = min(shutil.disk_usage(_existing(Path(folder))).free for folder in (settings.VAR_DIR, settings.MEDIA_ROOT))
    return {"ok": free >= ENOUGH_DISK, "free_mb": free // (1024 * 1024)}


def _existing(folder: Path) -> Path:
    return folder if folder.exists() else _existing(folder.parent)


def _jobs() -> list[dict[str, Any]]:
    """The latest run of every job."""
    latest = JobRun.objects.values("job").annotate(last=Max("pk")).values("last")
    return [
        {
            "job": run.job,
            "business_date": run.business_date.isoformat(),
            "finished_at": run.finished_at and localtime(run.finished_at).isoformat(timespec="seconds"),
            "ok": run.finished_at is not None and not run.error,
        }
        for run in JobRun.objects.filter(pk__in=latest).order_by("job")
    ]


def _mails(now: datetime) -> dict[str, Any]:
    """Mails that wait, how long the oldest has been due (seconds), and mails given up."""
    waiting = Mail.objects.filter(state=MailState.PENDING)
    oldest = waiting.aggregate(oldest=Min("next_try_at"))["oldest"]
    return {
        "pending": waiting.count(),
        "dead": Mail.objects.filter(state=MailState.DEAD).count(),
        "oldest_due_seconds": max(0, int((now - oldest).total_seconds())) if oldest else 0,
    }
