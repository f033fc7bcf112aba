"""manage.py take_snapshots: keep the lights of the last closed month, close what has caught up."""

from django.core.management.base import BaseCommand

from common import clock
from investment.actions import close_caught_up, take_snapshots


class Command(BaseCommand):
    help = "存档最近一个已截止月份的灯色（每个项目每月一次，不重算），并把已转绿项目的追赶计划销号。"

    def handle(self, **options) -> None:
        today = clock.today()
        kept, closed = take_snapshots(today=today), close_caught_up(today=today)
        self.stdout.write(f"存档灯色 {kept} 个，追赶计划销号 {closed} 个")
