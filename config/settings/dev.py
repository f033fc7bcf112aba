"""The embedded default on a developer's or a clerk's machine: `make run`."""

from config import env
from config.settings.base import *

DEBUG = env.flag("DEBUG", default=False)
ALLOWED_HOSTS = ["*"]
ALLOW_DEMO_REGION = True
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
