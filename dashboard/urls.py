"""URLs of the floor. Each view declares its policy."""

from django.urls import path

from dashboard.views import boards, health

app_name = "dashboard"
urlpatterns = [
    path("", boards.home_page, name="home"),
    path("cockpit/", boards.cockpit_page, name="cockpit"),
    path("go/<uuid:public_id>/", boards.go, name="go"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
