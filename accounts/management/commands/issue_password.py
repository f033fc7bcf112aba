"""manage.py issue_password ACCOUNT: a new initial password from the server's own console.

The only way for the three administrators, whose passwords nobody may reset on the pages; and, with --role, the way an
installation gets its first ones.
"""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.actions import add_unit, add_user, grant_role, reset_password
from accounts.choices import Role, UnitKind
from accounts.models import Unit, User
from common import clock
from common.errors import DomainError


class Command(BaseCommand):
    help = "发放新的初始密码；加 --role 和 --name 时先建立管理员账号（系统、安全、审计管理员的第一个账号）。"

    def add_arguments(self, parser) -> None:
        parser.add_argument("account", help="账号")
        parser.add_argument("--role", choices=[Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR], help="新建管理员账号的角色")
        parser.add_argument("--name", help="新建管理员账号的姓名")
        parser.add_argument("--unit", default="", help="所在单位全称；还没有任何单位时按此名建立最上级单位")

    @transaction.atomic
    def handle(self, *, account: str, role: str | None, name: str | None, unit: str, **options) -> None:
        try:
            password = self._create(account, role, name, unit) if role else self._reset(account)
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"账号 {account} 的初始密码：{password}（只显示这一次，首次登录须修改）")

    def _reset(self, account: str) -> str:
        user = User.objects.filter(username=account).first()
        if user is None:
            raise CommandError(f"没有账号“{account}”。")
        return reset_password(user=user, by=None)

    def _create(self, account: str, role: str, name: str | None, unit: str) -> str:
        if not name:
            raise CommandError("新建账号须用 --name 给出姓名。")
        where = Unit.objects.filter(name=unit).first()
        if where is None:
            if Unit.objects.exists() or not unit:
                raise CommandError(f"没有名为“{unit}”的单位，请用 --unit 给出单位全称。")
            where = add_unit(name=unit, kind=UnitKind.DISTRICT, by=None)
        user, password, _ = add_user(username=account, full_name=name, unit=where, by=None)
        grant_role(user=user, role=role, unit=where, starts_on=clock.today(), by=None)
        return password
