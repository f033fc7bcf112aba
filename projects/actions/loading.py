"""Loading many projects from a list: the records that `register_project` makes, in a few statements."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import ProtectedError

from accounts import audit
from accounts.models import Unit, User
from common import clock
from common.bulk import insert_all, insert_rows
from common.db import holders
from common.errors import DomainError
from projects.actions.project import code_taken, next_number, prepare
from projects.choices import Duty, Stage
from projects.gates import CONDITIONS
from projects.models import Assignment, MilestoneTemplate, Project, StageChange
from projects.node_templates import lies_before

_BATCH = 400
_SOME = 2000  # projects per statement that lays out nodes


@dataclass(frozen=True)
class NewProject:
    """One project to load. `fields` as for `register_project`; `people` are (duty, account or None, name)."""

    lead_unit: Unit
    stage: str
    fields: dict[str, Any]
    number: str = ""
    note: str = ""
    co_units: tuple[Unit, ...] = ()
    people: tuple[tuple[str, User | None, str], ...] = field(default=())


@transaction.atomic
def load_projects(*, rows: Sequence[NewProject], by: User | None, since: date | None = None) -> list[Project]:
    """New projects, in the order of `rows`, each with its baseline stage, people, nodes and trail.

    Raises DomainError for a bad or taken project code or number: then nothing is loaded.
    """
    since = since or clock.today()
    prepared = [
        prepare(by=by, lead_unit=row.lead_unit, stage=row.stage, since=since, number=row.number, **row.fields)
        for row in rows
    ]
    _number(prepared, since.year)
    with code_taken():
        projects = insert_all(prepared)
    loaded = list(zip(projects, rows, strict=True))
    baseline = {"edge": "baseline", "on": since, "at": clock.now(), "by_id": by.pk if by else None}
    insert_rows(
        StageChange,
        (baseline | {"project_id": project.pk, "after": project.state, "note": row.note} for project, row in loaded),
    )
    insert_rows(Assignment, (term for project, row in loaded for term in _terms(project, row, since)))
    joining = ({"project_id": project.pk, "unit_id": unit.pk} for project, row in loaded for unit in row.co_units)
    insert_rows(Project.co_units.through, joining)
    lay_out_nodes(projects)
    audit.record_all(
        audit.draft(by=by, action="登记项目", subject=project, changes=_people_trail(project, row), reason=row.note)
        for project, row in loaded
    )
    return projects


@transaction.atomic
def unload_projects(*, projects: Sequence[Project], by: User | None, reason: str) -> None:
    """Take back what `load_projects` made, with everything that hangs on it; the trail stays and says so.

    The caller has made sure that nobody has done anything to them since. A project that has moved on is not removed:
    then DomainError and nothing is.
    """
    trail = [audit.draft(by=by, action="撤销登记", subject=project, reason=reason) for project in projects]
    for start in range(0, len(projects), _BATCH):
        pks = [project.pk for project in projects[start : start + _BATCH]]
        StageChange.objects.filter(project__in=pks, edge="baseline").delete()
        try:
            Project.objects.filter(pk__in=pks).delete()
        except ProtectedError as error:
            raise DomainError(f"有项目已有{holders(error)}，不能撤销登记。") from error
    audit.record_all(trail)


def lay_out_nodes(projects: Sequence[Project]) -> None:
    """The nodes of fresh projects, as `sync_nodes` lays them out for one: template × project, inside the database."""
    conditions = [name for name in CONDITIONS if name]
    behind = [f"{code}:{stage}" for code in _codes() for stage in Stage.values if lies_before(code, stage)]
    applies = " ".join(f"WHEN '{name}' THEN p.applies_{name}" for name in conditions)
    for start in range(0, len(projects), _SOME):
        pks = [project.pk for project in projects[start : start + _SOME]]
        facts = Project.objects.filter(pk__in=pks).with_conditions().order_by()
        told = facts.values("id", "approval_type", "first_stage", *(f"applies_{name}" for name in conditions))
        select, params = told.query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(_LAY_OUT.format(applies=applies, select=select, marks=_marks(behind)), [*behind, *params])


_LAY_OUT = """
INSERT INTO projects_milestone (project_id, code, name, "order", wall_column, duration, day_type, deps, department,
    evidence_code, is_applicable, is_tracked, is_critical, blocker, version)
SELECT p.id, t.code, t.name, t."order", t.wall_column, t.duration, t.day_type, t.deps, t.department, t.evidence_code,
    CASE t.applies_when WHEN '' THEN TRUE {applies} END, (t.code || ':' || p.first_stage) NOT IN ({marks}),
    FALSE, '', 1
FROM projects_milestonetemplate t JOIN ({select}) p ON p.approval_type = t.approval_type"""


def _codes() -> list[str]:
    return list(MilestoneTemplate.objects.order_by().values_list("code", flat=True).distinct())


def _marks(values: Sequence[str]) -> str:
    return ", ".join(["%s"] * len(values)) or "''"


def _number(projects: Sequence[Project], year: int) -> None:
    """Numbers for those that have none, counting on from the last one of the year."""
    prefix, first = next_number(year).split("-")
    serial = int(first)
    for project in projects:
        if not project.number:
            project.number = f"{prefix}-{serial:04d}"
            serial += 1


def _terms(project: Project, row: NewProject, since: date) -> Iterator[dict[str, Any]]:
    term = {"project_id": project.pk, "starts_on": since}
    yield term | {"duty": Duty.LEAD_UNIT, "unit_id": row.lead_unit.pk}
    for duty, user, name in row.people:
        yield term | {"duty": duty, "user_id": user.pk} if user else term | {"duty": duty, "name": name}


def _people_trail(project: Project, row: NewProject) -> dict[str, list]:
    trail: dict[str, list] = {"责任单位": ["", row.lead_unit.label]}
    for duty, user, name in row.people:
        label = Duty(duty).label
        before = trail.get(label, ["", ""])[1]
        trail[label] = ["", "、".join(filter(None, (before, user.full_name if user else name)))]
    return trail
