"""manage.py run_jobs: run the daily jobs that are due, as beat's ring does. For cron, and for the first start."""

from django.core.management.base import BaseCommand, CommandError

from alerts.jobs import look_again, run_due_jobs
from common import clock


class Command(BaseCommand):
    help = "运行到时间而当日还没有运行过的任务（与定时任务相同，不需要消息队列）。"

    def handle(self, **options) -> None:
        runs = run_due_jobs(clock.now())
        look_again(clock.now())
        for run in runs:
            self.stdout.write(f"{run.business_date} {run.job}：{run.result or run.error}")
        self.stdout.write(f"运行任务 {len(runs)} 个")
        if any(run.error for run in runs):
            raise CommandError("有任务没有成功，稍后会自动重试。")
