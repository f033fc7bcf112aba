"""Lists of projects, with the money of one year: what districts keep in Excel."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from accounts.models import Unit, User
from accounts.roles import Can
from common.errors import StaleVersion
from common.excel.understand import understand
from common.failpoints import failpoint
from ingest.choices import Verdict
from ingest.judging import PARTS, judge
from ingest.kind import Asked, Kind, Reading
from ingest.plans import Judgement, RowPlan
from ingest.progress import JUDGED, LOADED, UPDATED, tell
from investment.actions import load_figures
from investment.import_columns import PART as MONEY
from projects.actions import load_projects
from projects.import_columns import PART as PROJECTS
from projects.import_columns import contradicts
from projects.import_rows import project_rows
from projects.models import Project

FIGURES = ("annual_plan", "completed_ytd", "completed_month")


def asks(rows: Sequence[Reading]) -> Asked:
    """Year and month of the figures, the stage where a row names none."""
    figures = {field for row in rows for field in FIGURES if field in row}
    return Asked(
        year=bool(figures),
        month=bool(figures - {"annual_plan"}),
        stageless=sum(_is_stageless(row) for row in rows),
        conflicts=sum(contradicts(row) for row in rows),
    )


def _is_stageless(row: Reading) -> bool:
    return not row.get("stage") and not row.get("stage_text") and not contradicts(row)


def write(found: Judgement, *, note: str, reason: str, by: User) -> dict[tuple[str, int], int]:
    """New projects in a few statements, known ones through the actions that people use. Raises StaleVersion."""
    made = _load_new([plan for plan in found.plans if plan.verdict == Verdict.NEW], found, note, by)
    failpoint("import.loaded")
    _update_changed([plan for plan in found.plans if plan.verdict == Verdict.CHANGED], found, reason or note, by)
    return made


def _load_new(plans: list[RowPlan], found: Judgement, note: str, by: User) -> dict[tuple[str, int], int]:
    """New projects with their figures; keys by (sheet, row)."""
    tell(JUDGED, "登记新项目")
    rows = [
        PROJECTS.new(plan.values[0], found.facts, number=plan.number, note=f"{note} 第 {plan.row} 行") for plan in plans
    ]
    projects = load_projects(rows=rows, by=by) if rows else []
    tell((JUDGED + LOADED) / 2, "登记投资")
    figures = [MONEY.first(project, plan.values[1], found.facts) for plan, project in zip(plans, projects, strict=True)]
    if first := [figure for figure in figures if figure]:
        load_figures(rows=first, by=by)
    return {(plan.sheet, plan.row): project.pk for plan, project in zip(plans, projects, strict=True)}


def _update_changed(plans: list[RowPlan], found: Judgement, reason: str, by: User) -> None:
    """Changed projects, through the actions that people use, each held to the version that was judged."""
    projects = Project.objects.select_related("lead_unit").in_bulk([plan.project.pk for plan in plans if plan.project])
    for number, plan in enumerate(plans):
        assert plan.project is not None
        if number % 50 == 0:
            tell(LOADED + (UPDATED - LOADED) * number / len(plans), "更新项目")
        project = projects[plan.project.pk]
        if project.version != plan.project.version:
            raise StaleVersion(project)
        for part, changes in zip(PARTS, plan.changes, strict=True):
            if changes:
                part.update(project, changes, found.facts, by=by, reason=reason)


def filled(by: User, *, today: date) -> Iterable[Mapping[str, Any]]:
    """The projects a person may change, as rows of the template."""
    projects = Project.objects.editable_by(by).active().order_by("number")
    return project_rows(projects)


def options() -> dict[str, Sequence[str]]:
    """The words of the reader, and the units in use."""
    return {
        "nature": ["新建", "续建", "扩建", "改建", "迁建"],
        "responsible": list(Unit.objects.active().values_list("name", flat=True)),
    }


PROJECT = Kind(
    code="project",
    label="项目清单",
    noun="项目",
    about="项目基本信息、当年计划和累计完成；各种版式的现成清单都能识别。",
    identity="项目代码 → 项目编号 → 名称加责任单位；像但不确定的，由您决定",
    permission=Can.IMPORT,
    columns=(*PROJECTS.columns, *MONEY.columns),
    understand=understand,
    judge=judge,
    write=write,
    filled=filled,
    asks=asks,
    units=("responsible", "co_responsible"),
    people=("lead_officials", "officials"),
    for_all_rows="responsible",
    not_in_template=("area", "duration", "completed_month"),
    options=options,
)
