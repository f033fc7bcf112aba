"""Lists of people: accounts without a password, which is issued afterwards; roles are granted by the 安全管理员."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.actions import add_user, edit_user, remove_user
from accounts.models import Unit, User
from common.importing import Cleaned, Facts, Fault, ImportColumn, Record

_ACCOUNT = re.compile(r"[A-Za-z0-9_.@+-]{2,150}")
_TEXTS = {"title": ("职务", 40), "phone": ("电话", 20)}


def _record_of(user: User) -> Record:
    """An account as a row may change it."""
    held = {name: getattr(user, name) for name in ("full_name", "unit", "title", "phone", "email")}
    held["username"] = user.username
    return Record(user.username.casefold(), held, (user.version,), user)


class PeoplePart:
    """用户 (common.importing.RecordPart). A row is found by its account."""

    columns: Sequence[ImportColumn] = (
        ImportColumn(
            "username",
            "账号",
            required=True,
            clearable=False,
            aliases=("登录名", "用户名", "登录账号"),
            hint="字母、数字和 _ . @ + -，建成后不能更改",
        ),
        ImportColumn("name", "姓名", "name", required=True, clearable=False, aliases=("人员姓名", "用户姓名", "名字")),
        ImportColumn("unit", "所在单位", "unit", clearable=False, aliases=("单位", "工作单位", "部门", "所属单位")),
        ImportColumn("title", "职务", aliases=("职位", "岗位")),
        ImportColumn("phone", "电话", aliases=("手机", "手机号", "联系电话", "联系方式")),
        ImportColumn("email", "邮箱", aliases=("电子邮箱", "电子邮件", "email")),
    )

    def clean(self, reading: Mapping[str, Any], facts: Facts) -> Cleaned:
        """Account, name, unit and how to reach the person. There is no column for passwords."""
        row = Cleaned()
        username = str(reading.get("username") or "").strip()
        row.values["username"] = username
        if not _ACCOUNT.fullmatch(username):
            row.faults.append(
                Fault("username", "account", "字母、数字和 _ . @ + - 组成的账号（至少 2 个字符）", username)
            )
        row.values["full_name"] = " ".join(str(reading["name"]).split())
        if len(row.values["full_name"]) > 40:
            row.faults.append(Fault("name", "too_long", "不超过 40 字的姓名", reading["name"][:20] + "…"))
        if text := reading.get("unit"):
            unit = facts.unit(text)
            if unit is not None:
                row.values["unit"] = unit
            else:
                row.faults.append(Fault("unit", "unit_unknown", "平台上的单位", text))
        for source, (label, longest) in _TEXTS.items():
            if text := reading.get(source):
                row.values[source] = str(text).strip()
                if len(row.values[source]) > longest:
                    row.faults.append(Fault(source, "too_long", f"不超过 {longest} 字的{label}", text[:20] + "…"))
        if text := reading.get("email"):
            row.values["email"] = text
            try:
                validate_email(text)
            except ValidationError:
                row.faults.append(Fault("email", "email", "完整的邮箱地址，如 name@example.gov.cn", text))
        row.values |= {source: "" for source in reading.get("clear", ()) if source in ("title", "phone", "email")}
        return row

    def records(self, rows: Sequence[tuple[Any, dict[str, Any]]], facts: Facts, *, by: Any) -> list[Record | Fault]:
        """The account of each row, whatever the case of its letters."""
        there = {user.username.casefold(): user for user in User.objects.select_related("unit")}
        found: list[Record | Fault] = []
        for _, values in rows:
            user = there.get(values["username"].casefold())
            if user is not None:
                values.pop("username")
                if not user.is_active:
                    found.append(Fault("username", "account_off", "在用的账号（这个账号已停用）", user.username))
                    continue
            found.append(_record_of(user) if user else Record(values["username"].casefold(), None))
        return found

    def again(self, keys: Iterable[Any]) -> dict[Any, Record]:
        """The accounts by their names."""
        wanted = set(keys)
        users = User.objects.select_related("unit")
        return {key: _record_of(user) for user in users if (key := user.username.casefold()) in wanted}

    def used_since(self, record: Record, names: Iterable[str], at: datetime) -> str:
        """What an account was used for is found when it is to go."""
        return ""

    def take_back(
        self,
        record: Record,
        before: Mapping[str, Any],
        aside: Mapping[str, Any],
        *,
        is_new: bool,
        facts: Facts,
        by: User,
        reason: str,
    ) -> None:
        """What stood there before; an account that the import added goes while nobody has used it."""
        if is_new:
            remove_user(user=record.subject, by=by, reason=reason)
        else:
            self.write([(record, before)], facts, by=by, reason=reason)

    def label(self, name: str, record: Record) -> str:
        """A field in Chinese."""
        words = {"username": "账号", "email": "邮箱"}
        return words.get(name) or str(User._meta.get_field(name).verbose_name)

    def show(self, name: str, value: Any) -> str:
        """A value in words."""
        return value.name if isinstance(value, Unit) else str(value or "")

    def write(
        self, changes: Sequence[tuple[Record, Mapping[str, Any]]], facts: Facts, *, by: User, reason: str
    ) -> None:
        """New accounts cannot log in until a password is issued."""
        for record, values in changes:
            if record.subject is None:
                add_user(**values, by=by, with_password=False)
            else:
                edit_user(user=record.subject, version=record.subject.version, by=by, **values)

    def rows(self) -> Iterable[dict[str, Any]]:
        """The people with an account in use."""
        for user in User.objects.filter(is_active=True).select_related("unit").order_by("unit__order", "pk"):
            yield {
                "username": user.username,
                "name": user.full_name,
                "unit": user.unit.name if user.unit else None,
                "title": user.title,
                "phone": user.phone,
                "email": user.email,
            }


PEOPLE = PeoplePart()
