"""URLs of the floor. Each view declares its policy."""

from django.urls import path

app_name = "ingest"
urlpatterns: list = []
