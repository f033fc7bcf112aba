"""Projects as rows of a list: what a template is filled with, so that reading it again says what they hold."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from common import dates
from common.importing import ImportColumn
from projects.choices import Precision, Stage
from projects.import_columns import DATES, LABELLED, PEOPLE, TEXTS, Planned, planned_of
from projects.models import Project

KEYS: tuple[ImportColumn, ...] = (  # how a row of another list names its project
    ImportColumn(
        "project_number",
        "项目编号",
        clearable=False,
        aliases=("项目编码", "内部编号", "编号"),
        hint="平台上的编号，认得最准；没有的按名称和责任单位查找",
    ),
    ImportColumn(
        "name",
        "项目名称",
        "name",
        required=True,
        clearable=False,
        aliases=("项目名", "名称", "工程名称", "建设项目名称", "项目"),
    ),
    ImportColumn("national_code", "项目代码", "code", clearable=False, aliases=("国家统一代码", "项目统一代码")),
    ImportColumn(
        "responsible",
        "责任单位",
        "unit",
        clearable=False,
        aliases=("牵头单位", "主管单位", "主管部门", "牵头责任单位"),
    ),
)


def key_rows(projects: QuerySet[Project]) -> Iterable[dict[str, Any]]:
    """Projects as rows of other lists name them, with `pk`."""
    for project in projects.select_related("lead_unit"):
        yield {
            "pk": project.pk,
            "project_number": project.number,
            "name": project.name,
            "national_code": project.national_code,
            "responsible": project.lead_unit.name,
        }


def project_rows(projects: QuerySet[Project]) -> Iterable[dict[str, Any]]:
    """Projects under the sources of the columns of their own list."""
    for project in projects.select_related("lead_unit").prefetch_related("co_units", "assignments__user"):
        people = [term for term in project.assignments.all() if term.ends_on is None]
        yield {
            "pk": project.pk,
            "project_number": project.number,
            "name": project.name,
            "national_code": project.national_code,
            "responsible": project.lead_unit.name,
            "co_responsible": [unit.name for unit in project.co_units.all()],
            "industry": project.get_category_display(),
            "stage": Stage(project.stage).label,
            "total_investment": project.total_investment,
            **{source: getattr(project, field) for source, (field, _) in TEXTS.items()},
            **{source: getattr(project, f"get_{LABELLED[source]}_display")() for source in ("level", "nature")},
            **{
                source: [term.user.full_name if term.user else term.name for term in people if term.duty == duty]
                for source, (_, duty) in PEOPLE.items()
            },
            **{source: _told(planned_of(project, field)) for source, field in DATES.items()},
        }


def _told(value: Planned | None) -> str | None:
    """A planned date as a cell holds it; None for spans that one cell would not give back exactly (旬, 季度 …)."""
    exact = (Precision.DAY, Precision.MONTH, Precision.YEAR)
    return dates.label(*value) if value and value.precision in exact else None
