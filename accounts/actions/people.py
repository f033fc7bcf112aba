"""Accounts of people: added with an initial password that is shown once, never stored in words, never logged."""

import secrets
from typing import Any

from axes.utils import reset as unlock
from django.contrib.auth.password_validation import password_changed, validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from accounts import audit, hooks
from accounts.choices import Role
from accounts.models import Unit, User
from common import clock
from common.db import holders, save_versioned
from common.errors import DomainError, NotAllowed
from common.text import pinyin_index

ADMINISTRATORS = (Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR)  # the three of the 等保 profile
_LETTERS = "abcdefghijkmnpqrstuvwxyz"  # without l and o: read aloud and copied by hand
_CAPITALS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_DIGITS = "23456789"


def initial_password() -> str:
    """Three groups of four, such as `Kd7m-Rw4t-Hx9p`: 60 bits, easy to read out over the telephone."""
    group = (_CAPITALS, _LETTERS, _DIGITS, _LETTERS)
    return "-".join("".join(secrets.choice(marks) for marks in group) for _ in range(3))


@transaction.atomic
def add_user(
    *,
    username: str,
    full_name: str,
    by: User | None,
    unit: Unit | None = None,
    title: str = "",
    phone: str = "",
    email: str = "",
    with_password: bool = True,
) -> tuple[User, str, int]:
    """Add a person. Returns the user, the initial password (show it once), and how many bare names were matched.

    Without a password ("" then) nobody can log in until one is issued by `reset_password`.

    Roles are granted afterwards by the security administrator. Raises DomainError when the account name is taken.
    """
    user = User(
        username=username.strip(),
        full_name=full_name.strip(),
        unit=unit,
        title=title,
        phone=phone,
        email=email,
        name_search=_name_search(full_name),
        must_change_password=True,
    )
    password = initial_password() if with_password else ""
    user.set_password(password or None)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise DomainError(f"账号“{user.username}”已被使用，请换一个。") from error
    audit.record(by=by, action="新增用户", subject=user, changes={"账号": ["", user.username], "单位": ["", unit]})
    return user, password, hooks.user_saved(user, by)


@transaction.atomic
def remove_user(*, user: User, by: User | None, reason: str) -> None:
    """Take back an account that was added by mistake and never used; the trail keeps it. Raises DomainError."""
    if user.last_login or user.has_usable_password() or user.memberships.exists():
        raise DomainError("账号已发放密码或已授予角色，不能撤销新增；不再使用请在“用户”里停用。")
    entry = audit.draft(by=by, action="撤销新增用户", subject=user, reason=reason)
    try:
        user.delete()
    except ProtectedError as error:
        raise DomainError(f"账号已用在{holders(error)}里，不能撤销新增；不再使用请在“用户”里停用。") from error
    audit.record_all([entry])


@transaction.atomic
def edit_user(*, user: User, version: int, by: User | None, **changes: Any) -> int:
    """Change full_name, unit, title, phone or email. Returns how many bare names were matched by it."""
    trail = audit.difference(user, changes)
    if not trail:
        return 0
    if "full_name" in changes:
        changes["name_search"] = _name_search(changes["full_name"])
    save_versioned(user, version=version, **changes)
    audit.record(by=by, action="修改用户", subject=user, changes=trail)
    return hooks.user_saved(user, by)


@transaction.atomic
def edit_profile(*, user: User, version: int, phone: str, email: str) -> None:
    """What people may change about themselves: telephone and e-mail."""
    changes = {"phone": phone, "email": email}
    trail = audit.difference(user, changes)
    if trail:
        save_versioned(user, version=version, **changes)
        audit.record(by=user, action="修改个人资料", subject=user, changes=trail)


@transaction.atomic
def reset_password(*, user: User, by: User | None) -> str:
    """Give a new initial password (show it once); every session of the person ends, a lockout is lifted.

    The password of an administrator of the three (系统/安全/审计) is reset on the server only (`by` None): whoever
    may reset it could take over the powers that are kept apart.
    """
    _refuse_administrators(user, by, "重置密码")
    if not user.is_active:
        raise DomainError(f"账号“{user.username}”已停用，请先启用。")
    password = _issue_password(user)
    audit.record(by=by, action="重置密码", subject=user)
    return password


@transaction.atomic
def deactivate_user(*, user: User, version: int, by: User | None) -> None:
    """Switch an account off. Its sessions end with the next request and never come back to life."""
    if user == by:
        raise NotAllowed("不能停用自己的账号。")
    _refuse_administrators(user, by, "停用")
    if not user.is_active:
        return
    user.set_unusable_password()  # sessions carry a mark of the password: the old ones stay dead after reactivation
    save_versioned(user, version=version, is_active=False, password=user.password)
    audit.record(by=by, action="停用用户", subject=user, changes={"在用": [True, False]})


@transaction.atomic
def reactivate_user(*, user: User, version: int, by: User | None) -> str:
    """Switch an account on again with a new initial password (show it once)."""
    if user.is_active:
        raise DomainError(f"账号“{user.username}”在用，不需要启用。")
    save_versioned(user, version=version, is_active=True)
    password = _issue_password(user)
    audit.record(by=by, action="启用用户", subject=user, changes={"在用": [False, True]})
    return password


@transaction.atomic
def change_password(*, user: User, password: str) -> None:
    """The person's own new password; other sessions end. Raises ValidationError for one the rules refuse."""
    validate_password(password, user)
    if user.check_password(password):
        raise ValidationError("新密码不能与现在的密码相同。", code="password_unchanged")
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    password_changed(password, user)
    audit.record(by=user, action="修改密码", subject=user)


def note_login(*, user: User, came: bool) -> None:
    """Who came and went: 登录 and 退出 stand in the trail like everything else."""
    audit.record(by=user, action="登录" if came else "退出登录", subject=user)


def _issue_password(user: User) -> str:
    password = initial_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    unlock(username=user.username)
    return password


def _refuse_administrators(user: User, by: User | None, what: str) -> None:
    if by is None:
        return
    if user.memberships.in_force(clock.today()).filter(role__in=ADMINISTRATORS).exists():
        raise NotAllowed(
            f"“{user}”是系统、安全或审计管理员，不能在页面上{what}。"
            "请由安全管理员先收回其管理员角色，或在服务器上执行 manage.py issue_password。"
        )


def _name_search(full_name: str) -> str:
    return " ".join(pinyin_index(full_name))[:200]
