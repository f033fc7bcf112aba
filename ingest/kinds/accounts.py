"""Lists of units and of people."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from accounts.import_people import PEOPLE
from accounts.import_units import UNITS
from accounts.models import Unit, User
from accounts.roles import Can
from ingest.kind import Kind, own_columns
from ingest.recording import RecordJudge


def _units(by: User, *, today: date) -> Iterable[Mapping[str, Any]]:
    return UNITS.rows()


def _people(by: User, *, today: date) -> Iterable[Mapping[str, Any]]:
    return PEOPLE.rows()


def _unit_names(source: str) -> dict[str, Sequence[str]]:
    return {source: list(Unit.objects.active().values_list("name", flat=True))}


_UNITS, _PEOPLE = RecordJudge(UNITS), RecordJudge(PEOPLE)
UNIT = Kind(
    code="unit",
    label="单位名单",
    noun="单位",
    about="单位名称、简称、类型和上级；上级可以在同一张表里。",
    identity="单位名称、简称或别名",
    permission=Can.MANAGE_UNITS,
    columns=tuple(UNITS.columns),
    understand=partial(own_columns, UNITS.columns),
    judge=_UNITS.judge,
    write=_UNITS.write,
    records=UNITS,
    filled=_units,
    options=partial(_unit_names, "parent"),
    home="accounts:unit_list",
    place="单位",
)
USER = Kind(
    code="user",
    label="人员名单",
    noun="人员",
    about="账号、姓名、所在单位和联系方式。文件里不写密码：建好账号后逐个发放初始密码，角色由安全管理员授予。",
    identity="账号",
    permission=Can.MANAGE_USERS,
    columns=tuple(PEOPLE.columns),
    understand=partial(own_columns, PEOPLE.columns),
    judge=_PEOPLE.judge,
    write=_PEOPLE.write,
    records=PEOPLE,
    filled=_people,
    units=("unit",),
    options=partial(_unit_names, "unit"),
    home="accounts:user_list",
    place="用户",
)
