from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "common"
    verbose_name = "公共"

    def ready(self) -> None:
        from common import checks, form_words  # noqa: F401  (registers the system checks)

        form_words.install()
