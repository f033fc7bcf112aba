"""URLs of the floor. Each view declares its policy."""

app_name = "alerts"
urlpatterns: list = []
