"""manage.py prepare: the database as the product needs it: migrated, with reference data, with the demo where asked."""

from django.core.management import call_command
from django.core.management.base import BaseCommand

from accounts.models import User
from projects.models import Project


class Command(BaseCommand):
    help = "建立或升级数据库，写入参考数据；--demo 时为全新的数据库装入演示数据。可重复执行，不改已有数据。"
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--demo", action="store_true", help="数据库中还没有人员和项目时，装入云岭区演示数据")

    def handle(self, *, demo: bool, verbosity: int, **options) -> None:
        call_command("migrate", interactive=False, verbosity=max(0, verbosity - 1))
        is_new = not User.objects.exists() and not Project.objects.exists()
        call_command("seed_demo" if demo and is_new else "seed_reference", verbosity=verbosity)
