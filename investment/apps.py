from django.apps import AppConfig


class InvestmentConfig(AppConfig):
    name = "investment"
    verbose_name = "投资"

    def ready(self) -> None:
        from investment.lights import with_lights
        from projects.columns import register_annotator

        register_annotator(with_lights)
