"""manage.py serve: the embedded product, web and background work together (`make run`)."""

import os
import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from accounts.models import User
from common import supervisor
from dashboard.demo import PASSWORD


class Command(BaseCommand):
    help = "启动网站和后台任务（含定时），按 Ctrl-C 或收到 SIGTERM 时全部停止。"

    def add_arguments(self, parser):
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"), help="监听地址，默认只供本机访问")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")), help="端口")

    def handle(self, *, host: str, port: int, **options) -> None:
        if not supervisor.port_is_free(host, port):
            raise CommandError(f"端口 {port} 已被占用。请先停止占用它的程序，或换一个端口：make run PORT=8001")
        address = {"HOST": host, "PORT": str(port)}
        services = [supervisor.web(**address), supervisor.worker(with_beat=True, **address)]
        self.url = f"http://127.0.0.1:{port}/"
        code = supervisor.Supervisor(services, say=self._say).run(
            ready=lambda: supervisor.answers(f"{self.url}healthz"), on_ready=self._announce
        )
        if code:
            sys.exit(code)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _announce(self) -> None:
        self._say(f"\n栋梁已启动：{self.url}")
        accounts = User.objects.filter(is_demo=True, is_active=True).prefetch_related("memberships__unit")
        if accounts:
            self._say(f"演示账号（密码都是 {PASSWORD}）：")
        shown = set()
        for user in sorted(accounts, key=lambda user: user.pk):
            membership = next(iter(user.memberships.all()), None)
            if membership and membership.role not in shown:
                shown.add(membership.role)
                self._say(f"  {user.username:<16}{membership.get_role_display()}（{membership.unit.label}）")
        connection.close()
        self._say(f"数据在 {settings.VAR_DIR}，邮件存为文件，可在“邮件与任务”页查看。按 Ctrl-C 停止。")
