"""The Celery application. It only wakes workers: what is owed stands in the database (docs/adr/0001)."""

import os
from pathlib import Path

from celery import Celery
from celery.signals import worker_init, worker_process_init
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

app = Celery("dongliang")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_configure.connect
def prepare_queue_folders(sender: Celery, **kwargs: object) -> None:
    """The filesystem transport expects its folders to exist."""
    for key, folder in settings.CELERY_BROKER_TRANSPORT_OPTIONS.items():
        if key.endswith("_folder") or key.startswith("data_folder"):
            Path(folder).mkdir(parents=True, exist_ok=True)


@worker_init.connect
def refuse_a_forgetful_broker(**kwargs: object) -> None:
    """A Redis set up as a cache throws messages away when it is full. One that does not answer is waited for."""
    from redis import RedisError

    from common import broker

    try:
        policy = broker.eviction()
    except RedisError:
        return
    if policy:
        raise SystemExit(
            f"Redis 的 maxmemory-policy 是 {policy}：内存满时会丢弃队列里的任务。请改为 noeviction 后再启动"
            "（redis.conf 或 redis-cli CONFIG SET maxmemory-policy noeviction）。"
        )


@worker_process_init.connect
def let_pages_go_first(**kwargs: object) -> None:
    """People who wait for a page come before imports, scans and mails where processors are few."""
    os.nice(10)


from config.beat import BEAT_SCHEDULE  # noqa: E402

app.conf.beat_schedule = BEAT_SCHEDULE
app.conf.beat_schedule_filename = str(settings.VAR_DIR / "celerybeat-schedule")
