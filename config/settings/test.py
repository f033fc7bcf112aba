"""The test suite: SQLite in memory, or the database named by DATABASE_URL."""

from config.settings.base import *

TESTING = True
SECRET_KEY = "test"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
ALLOW_DEMO_REGION = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_BROKER_URL = "memory://"
BELL_REST_SECONDS = 0
CACHES = CACHES | {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
AXES_ENABLED = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
