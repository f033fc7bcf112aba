"""manage.py seed_demo: the demo district 云岭区; --purge takes it away again."""

import time

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from common.errors import DomainError
from dashboard.demo import PASSWORD, load


class Command(BaseCommand):
    help = "装入演示数据（云岭区，虚构）：单位、各角色人员、约60个项目及一年的历史。--purge 全部删除。"

    def add_arguments(self, parser):
        parser.add_argument("--purge", action="store_true", help="删除演示数据和演示账号")

    def handle(self, *, purge: bool, **options) -> None:
        if not settings.ALLOW_DEMO_REGION:
            raise CommandError("演示数据使用虚构的行政区划 99，这里没有开放。需要时设置 ALLOW_DEMO_REGION=1。")
        try:
            if purge:
                projects, people = load.purge()
                self.stdout.write(f"已删除演示项目 {projects} 个、演示账号 {people} 个。")
                return
            started = time.monotonic()
            call_command("seed_reference", stdout=self.stdout)
            projects = load.load()
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"演示数据：项目 {projects} 个，用时 {time.monotonic() - started:.0f} 秒，密码 {PASSWORD}。")
