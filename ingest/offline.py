"""我的项目 as a workbook to take away: locked columns, drop-downs, and a signed token per row that says what was taken.

A token holds the project, who took it and when, the month, and a digest of every cell as it was; nobody can make one
up or carry it to another row unnoticed.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core import signing

from accounts.models import User
from accounts.roles import Can
from common.excel.aliases import Column
from common.excel.writer import write_template
from common.importing import ImportColumn
from common.money import wan_column
from common.periods import Period
from investment.models import MonthlyEntry
from projects.choices import Stage
from projects.import_columns import PART as PROJECTS
from projects.import_rows import project_rows
from projects.models import Project

SALT = "ingest.offline"
KEEPS = timedelta(days=60)
LOCKED = ("project_number", "name", "responsible", "stage")
FIELDS = {  # reader's field → ours: what may be changed away from the platform
    "total_investment": "total_investment",
    "start": "planned_start",
    "end": "planned_completion",
    "industry": "category",
    "level": "level",
    "nature": "construction_nature",
    "owner": "owner_name",
    "location": "location",
    "funding": "fund_source",
    "scale": "content",
}
MONTH, TOKEN = "month", "token"
_WORDS = {"name": "项目名称", "scale": "建设内容与规模"}


@dataclass(frozen=True)
class Taken:
    """What a token says: whose row this is, when it was taken, and how its cells stood."""

    project: int
    user: int
    on: date
    period: Period
    digests: Mapping[str, str]


def columns(period: Period) -> list[Column]:
    """The columns of the workbook; the month is the one that is being reported."""
    known = {column.source: column for column in PROJECTS.columns}
    found = [_column(known[source], required=source == "name") for source in LOCKED]
    found.append(
        Column(MONTH, f"{period.label}完成投资", (), "money", hint="当月完成投资，数字，单位万元；没有开工的不填")
    )
    return [*found, *(_column(known[source]) for source in FIELDS), Column(TOKEN, "识别码")]


def _column(column: ImportColumn, *, required: bool = False) -> Column:
    kind = {"name": "name", "unit": "unit", "label": "text"}.get(column.kind, column.kind)
    return Column(column.source, _WORDS.get(column.source, column.label), (), kind, required, column.hint)


def workbook(user: User, today: date) -> bytes:
    """The projects a person may change, with this month's figure."""
    period = Period.of(today)
    projects = Project.objects.editable_by(user, Can.EDIT_PROJECTS).active().order_by("number")
    options = {
        column.source: [label for _, label in column.options]
        for column in PROJECTS.columns
        if column.options and column.source in FIELDS
    }
    return write_template(
        columns(period),
        options,
        _rows(projects, user, today, period),
        sheet="我的项目",
        locked=(*LOCKED, TOKEN),
        hidden=(TOKEN,),
    )


def _rows(projects: Any, user: User, today: date, period: Period) -> Iterable[dict[str, Any]]:
    pks = list(projects.values_list("pk", flat=True))
    held = states(pks, period)
    for row in project_rows(projects):
        done = held[row["pk"]][MONTH]
        token = seal(Taken(row["pk"], user.pk, today, period, digests(held[row["pk"]])))
        yield {**row, MONTH: done, TOKEN: token}


def states(pks: Iterable[int], period: Period) -> dict[int, dict[str, Any]]:
    """What the platform holds now, by project and source."""
    pks = list(pks)
    done = dict(
        MonthlyEntry.objects.filter(project__in=pks, year=period.year, month=period.month).values_list(
            "project", "completed"
        )
    )
    found: dict[int, dict[str, Any]] = {}
    for start in range(0, len(pks), 500):
        for pk, held in PROJECTS.current(pks[start : start + 500], None).items():  # type: ignore[arg-type]
            found[pk] = {source: held[field] for source, field in FIELDS.items()} | {MONTH: done.get(pk)}
            found[pk]["stage"] = held["stage"]
    return found


def reports(stage: str) -> bool:
    """Whether a project of this stage tells a month's figure."""
    return stage not in (Stage.PLANNING, Stage.RESERVE)


def shown(source: str, value: Any) -> str:
    """A value as it is compared and shown: blanks and line breaks of a text do not count."""
    if value is None:
        return ""
    text = wan_column(value) if isinstance(value, Decimal) else PROJECTS.show(FIELDS[source], value)
    return " ".join(text.split())


def digests(state: Mapping[str, Any]) -> dict[str, str]:
    """Every cell in eight characters; "" for an empty one."""
    return {source: digest(shown(source, state[source])) for source in (*FIELDS, MONTH)}


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8] if text else ""


def seal(taken: Taken) -> str:
    """A token for the hidden column."""
    told = [taken.project, taken.user, taken.on.isoformat(), str(taken.period), list(taken.digests.values())]
    return signing.dumps(told, salt=SALT)


def unseal(token: str) -> Taken | None:
    """What a token says; None for one that is not ours or was altered."""
    try:
        project, user, on, period, cells = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    year, month = period.split("-")
    told = dict(zip((*FIELDS, MONTH), cells, strict=True))
    return Taken(project, user, date.fromisoformat(on), Period(int(year), int(month)), told)
