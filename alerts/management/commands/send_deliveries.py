"""manage.py send_deliveries: compose digests and send what is due. Works without a broker."""

from datetime import datetime

from django.core.management.base import BaseCommand, CommandError

from alerts.actions import send_due
from common import clock


class Command(BaseCommand):
    help = "生成当日摘要邮件并发送全部到期邮件。可反复运行，也可同时运行多个。"

    def add_arguments(self, parser):
        parser.add_argument("--now", metavar="时间", help="视为现在的时间，例如 2026-11-24T08:00；默认此刻")
        parser.add_argument("--respect-hours", action="store_true", help="只在工作日的发送时间之后生成摘要")

    def handle(self, *, now: str | None, respect_hours: bool, **options) -> None:
        try:
            moment = datetime.fromisoformat(now) if now else clock.now()
        except ValueError as error:
            raise CommandError(f"“{now}”不是时间，请写成 2026-11-24T08:00。", returncode=2) from error
        moment = moment.astimezone(clock.SHANGHAI) if moment.tzinfo else moment.replace(tzinfo=clock.SHANGHAI)
        done = send_due(moment, respect_hours=respect_hours)
        self.stdout.write(f"{moment:%Y-%m-%d %H:%M} 发送：{done}")
        if done.error:
            raise CommandError(done.error)
