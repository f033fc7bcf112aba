"""Composition of the house: settings, URLs, Celery, beat."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
