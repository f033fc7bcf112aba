from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "alerts"
    verbose_name = "预警"

    def ready(self) -> None:
        from alerts.trail import steps
        from projects.selectors.trail import register_source

        register_source("alert", "督办", steps)
