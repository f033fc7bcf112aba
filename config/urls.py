"""The URL map. Every view below declares its policy (accounts.access); tests walk this map."""

from django.urls import include, path

urlpatterns = [
    path("", include("dashboard.urls")),
    path("accounts/", include("accounts.urls")),
    path("projects/", include("projects.urls")),
    path("investment/", include("investment.urls")),
    path("alerts/", include("alerts.urls")),
    path("import/", include("ingest.urls")),
]
