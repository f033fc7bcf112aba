"""URLs of the floor. Each view declares its policy."""

from django.urls import path

from dashboard.views import health

app_name = "dashboard"
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
