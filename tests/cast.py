"""The cast of the tests: who is who in a small district (handbook §9)."""

from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.contrib.auth.hashers import make_password

from accounts.choices import Role, UnitKind
from accounts.models import Membership, Unit, User

TODAY = date(2026, 11, 24)  # a Tuesday, the day before the monthly closing day
SINCE = date(2025, 1, 1)


@dataclass
class Cast:
    """Units and people. `reporter`, `reader`, `counter` belong to `unit`; `stranger` reports for `other_unit`."""

    root: Unit
    bureau: Unit
    unit: Unit
    sub_unit: Unit
    other_unit: Unit
    leader: User
    admin: User
    reviewer: User
    reporter: User
    reader: User
    steward: User
    member: User
    scout: User
    supervisor: User
    stat: User
    counter: User
    stranger: User
    sysadmin: User
    secadmin: User
    auditor: User


def make_unit(name: str, parent: Unit | None = None, kind: str = UnitKind.GOVERNMENT) -> Unit:
    """A unit with its path."""
    unit = Unit.objects.create(name=name, short_name=name, kind=kind, parent=parent, path="")
    unit.path = f"{parent.path if parent else '/'}{unit.pk}/"
    unit.save(update_fields=["path"])
    return unit


def make_user(username: str, full_name: str, unit: Unit, *roles: Role, **fields) -> User:
    """A person with roles in the unit since 2025; password "pw", no forced change."""
    user = _person(username, full_name, unit, **fields)
    user.save(force_insert=True)
    Membership.objects.bulk_create(Membership(user=user, unit=unit, role=role, starts_on=SINCE) for role in roles)
    return user


@cache
def _password() -> str:
    return make_password("pw")


def _person(username: str, full_name: str, unit: Unit, **fields) -> User:
    given = {"email": f"{username}@example.test", "must_change_password": False, **fields}
    return User(username=username, password=_password(), full_name=full_name, unit=unit, **given)


def own_cast(standing: Cast) -> Cast:
    """A test's own copy of the cast that stands in the database; made anew where real transactions emptied it."""
    return deepcopy(standing) if User.objects.filter(pk=standing.leader.pk).exists() else make_cast()


def take_away() -> None:
    """Units and people go, for a test that brings its own; those after it make the cast anew."""
    Membership.objects.all().delete()
    User.objects.all().delete()
    for unit in Unit.objects.order_by("-path"):  # the lower ones first
        unit.delete()


def make_cast() -> Cast:
    """Everybody."""
    root = make_unit("云岭区", kind=UnitKind.DISTRICT)
    bureau, unit, other = (make_unit(name, root) for name in ("发改局", "工信局", "住建局"))
    sub = make_unit("工信局产业科", unit)
    people = (
        ("leader", "甲区长", root, Role.LEADER),
        ("admin", "乙主任", bureau, Role.ADMIN),
        ("reviewer", "丙科长", bureau, Role.REVIEWER),
        ("reporter", "丁经办", unit, Role.REPORTER),
        ("reader", "戊观察", unit, Role.READER),
        ("steward", "己管家", bureau, Role.STEWARD),
        ("member", "庚专班", bureau, Role.MEMBER),
        ("scout", "辛招商", bureau, Role.SCOUT),
        ("supervisor", "壬督查", root, Role.SUPERVISOR),
        ("stat", "癸统计", bureau, Role.STAT),
        ("counter", "子窗口", unit, Role.COUNTER),
        ("stranger", "丑外单位", other, Role.REPORTER),
        ("sysadmin", "寅系统", root, Role.SYSADMIN),
        ("secadmin", "卯安全", root, Role.SECADMIN),
        ("auditor", "辰审计", root, Role.AUDITOR),
    )
    users = User.objects.bulk_create(_person(username, full_name, home) for username, full_name, home, _ in people)
    Membership.objects.bulk_create(
        Membership(user=user, unit=user.unit, role=role, starts_on=SINCE)
        for user, (*_, role) in zip(users, people, strict=True)
    )
    by_name = {user.username: user for user in users}
    return Cast(root=root, bureau=bureau, unit=unit, sub_unit=sub, other_unit=other, **by_name)
