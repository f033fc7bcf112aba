"""The Celery application. It only wakes workers: what is owed stands in the database (docs/adr/0001)."""

import os
from pathlib import Path

from celery import Celery
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


from config.beat import BEAT_SCHEDULE  # noqa: E402

app.conf.beat_schedule = BEAT_SCHEDULE
app.conf.beat_schedule_filename = str(settings.VAR_DIR / "celerybeat-schedule")
