"""Loading many projects from a list: the records that `register_project` makes, in a few statements."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.models import Unit, User
from common import clock
from projects.actions.nodes import node_from
from projects.actions.project import code_taken, next_number, prepare
from projects.choices import Duty
from projects.models import Assignment, Milestone, MilestoneTemplate, Project, StageChange

_BATCH = 400


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
        projects = Project.objects.bulk_create(prepared, batch_size=_BATCH)
    now = clock.now()
    StageChange.objects.bulk_create(
        (
            StageChange(project=project, edge="baseline", after=project.state, on=since, at=now, by=by, note=row.note)
            for project, row in zip(projects, rows, strict=True)
        ),
        batch_size=_BATCH,
    )
    terms = [term for project, row in zip(projects, rows, strict=True) for term in _terms(project, row, since)]
    Assignment.objects.bulk_create(terms, batch_size=_BATCH)
    through = Project.co_units.through
    through.objects.bulk_create(
        (
            through(project_id=project.pk, unit_id=unit.pk)
            for project, row in zip(projects, rows, strict=True)
            for unit in row.co_units
        ),
        batch_size=_BATCH,
    )
    lay_out_nodes(projects)
    audit.record_all(
        [
            audit.draft(by=by, action="登记项目", subject=project, changes=_people_trail(project, row), reason=row.note)
            for project, row in zip(projects, rows, strict=True)
        ]
    )
    return projects


def lay_out_nodes(projects: Sequence[Project]) -> None:
    """The nodes of fresh projects, as `sync_nodes` lays them out for one."""
    templates: dict[str, list[MilestoneTemplate]] = {}
    for template in MilestoneTemplate.objects.all():
        templates.setdefault(template.approval_type, []).append(template)
    pks = [project.pk for project in projects]
    nodes = []
    for start in range(0, len(pks), _BATCH):
        for facts in Project.objects.filter(pk__in=pks[start : start + _BATCH]).with_conditions():
            for template in templates.get(facts.approval_type, ()):
                applies = not template.applies_when or getattr(facts, f"applies_{template.applies_when}")
                nodes.append(node_from(template, facts, applies=applies))
    Milestone.objects.bulk_create(nodes, batch_size=1000)


def _number(projects: Sequence[Project], year: int) -> None:
    """Numbers for those that have none, counting on from the last one of the year."""
    prefix, first = next_number(year).split("-")
    serial = int(first)
    for project in projects:
        if not project.number:
            project.number = f"{prefix}-{serial:04d}"
            serial += 1


def _terms(project: Project, row: NewProject, since: date) -> list[Assignment]:
    lead = Assignment(project=project, duty=Duty.LEAD_UNIT, unit=row.lead_unit, starts_on=since)
    return [
        lead,
        *(
            Assignment(project=project, duty=duty, user=user, name="" if user else name, starts_on=since)
            for duty, user, name in row.people
        ),
    ]


def _people_trail(project: Project, row: NewProject) -> dict[str, list]:
    trail: dict[str, list] = {"责任单位": ["", row.lead_unit.label]}
    for duty, user, name in row.people:
        label = Duty(duty).label
        before = trail.get(label, ["", ""])[1]
        trail[label] = ["", "、".join(filter(None, (before, user.full_name if user else name)))]
    return trail
