"""URLs of the floor. Each view declares its policy."""

from django.urls import path

app_name = "dashboard"
urlpatterns: list = []
