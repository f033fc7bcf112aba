"""manage.py scan_alerts: raise what holds, close what no longer does. Works without a broker."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError

from alerts.actions import scan
from alerts.rules import BY_CODE
from common import clock


class Command(BaseCommand):
    help = "扫描全部预警规则：新出现的登记并产生通知，已消除的销号。可反复运行。"

    def add_arguments(self, parser):
        parser.add_argument("--as-of", metavar="日期", help="业务日期，例如 2026-11-24；默认今天")
        parser.add_argument("--rule", action="append", choices=sorted(BY_CODE), help="只扫描这条规则，可多次")

    def handle(self, *, as_of: str | None, rule: list[str] | None, **options) -> None:
        try:
            day = date.fromisoformat(as_of) if as_of else clock.today()
        except ValueError as error:
            raise CommandError(f"“{as_of}”不是日期，请写成 2026-11-24。", returncode=2) from error
        done = scan(day, [BY_CODE[code] for code in rule] if rule else None)
        self.stdout.write(f"{day} 预警扫描：{done}")
