"""WSGI entry point for gunicorn."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
application = get_wsgi_application()

# What is loaded by now stays: the collector need not walk through it at every page.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 50)
