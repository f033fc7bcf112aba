"""Lists of figures of known projects: annual plans, and what was completed month by month."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from accounts.models import Unit, User
from accounts.roles import Can
from common.excel.aliases import FIELDS, Column
from common.excel.model import Choices, Understanding
from common.excel.records import understand_records
from common.importing import ImportColumn
from ingest.kind import Asked, Kind, Reading, as_column
from ingest.recording import RecordJudge
from investment.import_figures import MONTHLY, PLANS
from projects.import_rows import key_rows
from projects.models import Project


def about_projects(
    columns: Sequence[ImportColumn], grids: list[dict[str, Any]], name: str, choices: Choices
) -> Understanding:
    """Rows under a kind's own columns; what else a list of projects may carry is known and left alone."""
    own = [as_column(column) for column in columns]
    taken = {text for column in own for text in (column.label, *column.aliases)} | {column.field for column in own}
    others = [
        Column(field.field, field.label, tuple(alias for alias in field.aliases if alias not in taken), field.kind)
        for field in FIELDS.values()
        if field.field not in taken and field.label not in taken
    ]
    return understand_records(grids, name, choices, [*own, *others])


def _year_asked(rows: Sequence[Reading]) -> Asked:
    """The year, where rows do not say it; the month of 本月完成."""
    return Asked(
        year=any(not row.get("year") for row in rows),
        month=any(row.get("completed_month") is not None for row in rows),
    )


def editable(by: User) -> Iterable[Mapping[str, Any]]:
    """The projects whose records a person may change, as rows name them."""
    return key_rows(Project.objects.editable_by(by).active().order_by("number"))


def units_in_use() -> dict[str, Sequence[str]]:
    """The drop-down of 责任单位."""
    return {"responsible": list(Unit.objects.active().values_list("name", flat=True))}


def _plans(by: User, *, today: date) -> Iterable[Mapping[str, Any]]:
    return PLANS.rows(editable(by), today=today)


def _months(by: User, *, today: date) -> Iterable[Mapping[str, Any]]:
    return MONTHLY.rows(editable(by), today=today)


_PLANS, _MONTHS = RecordJudge(PLANS, of_projects=True), RecordJudge(MONTHLY, of_projects=True)
BY_PROJECT = "项目编号 → 项目代码 → 名称（同名的看责任单位）；平台上没有的项目不会新建"
PLAN = Kind(
    code="plan",
    label="年度计划",
    noun="计划",
    about="各项目的年度计划投资、年度类型和时序起始月，一行一个项目。",
    identity=f"{BY_PROJECT}；一个项目一年一份计划",
    permission=Can.IMPORT,
    columns=tuple(PLANS.columns),
    understand=partial(about_projects, PLANS.columns),
    judge=_PLANS.judge,
    write=_PLANS.write,
    records=PLANS,
    filled=_plans,
    asks=_year_asked,
    options=units_in_use,
)
MONTH = Kind(
    code="month",
    label="月度完成",
    noun="项目",
    about="各项目每月完成投资：一月一列，或只报一个月。",
    identity=f"{BY_PROJECT}；一个项目一月一个数",
    permission=Can.IMPORT,
    columns=tuple(MONTHLY.columns),
    understand=partial(about_projects, MONTHLY.columns),
    judge=_MONTHS.judge,
    write=_MONTHS.write,
    records=MONTHLY,
    filled=_months,
    asks=_year_asked,
    not_in_template=("completed_month",),
    options=units_in_use,
)
