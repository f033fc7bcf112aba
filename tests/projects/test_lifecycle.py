"""The table of edges, and the machine beside it."""

from datetime import date

import pytest
from django.db import connection

from projects import lifecycle
from projects.choices import Stage, Status
from projects.models import Project
from tests.factories import make_project

# Written by hand from vectors.md §6, not from the table under test.
MAY_GO = {
    "planning": {"reserve", "suspended", "withdrawn", "terminated"},
    "reserve": {"commenced", "planning", "suspended", "withdrawn", "terminated"},
    "commenced": {"construction", "suspended", "terminated"},
    "construction": {"completed", "production", "suspended", "terminated"},
    "completed": {"production", "suspended", "terminated"},
    "production": {"closed", "suspended"},
    "closed": set(),
    "suspended": set(),
    "withdrawn": set(),
    "terminated": set(),
}


@pytest.mark.parametrize("source", MAY_GO)
@pytest.mark.parametrize("target", [*MAY_GO, "nonsense"])
def test_every_pair_of_states(source, target):
    assert lifecycle.allowed(source, target) is (target in MAY_GO[source])


@pytest.mark.parametrize("kept", [s for s in MAY_GO if s not in ("closed", "suspended", "withdrawn", "terminated")])
def test_a_suspended_project_resumes_where_it_was_or_leaves_for_good(kept):
    targets = {t for t in MAY_GO if lifecycle.allowed("suspended", t, resume_state=kept)}
    assert targets == {kept} | (MAY_GO[kept] & {"withdrawn", "terminated"})


@pytest.mark.parametrize(
    ("stage", "status", "completed_on", "closed_on", "state"),
    [
        (Stage.CONSTRUCTION, Status.NORMAL, None, None, "construction"),
        (Stage.CONSTRUCTION, Status.NORMAL, date(2026, 5, 1), None, "completed"),
        (Stage.PRODUCTION, Status.NORMAL, date(2026, 5, 1), None, "production"),
        (Stage.PRODUCTION, Status.NORMAL, date(2026, 5, 1), date(2026, 9, 1), "closed"),
        (Stage.RESERVE, Status.SUSPENDED, None, None, "suspended"),
        (Stage.RESERVE, Status.WITHDRAWN, None, None, "withdrawn"),
    ],
)
def test_the_state_is_read_from_status_dates_and_stage(stage, status, completed_on, closed_on, state):
    assert lifecycle.state_of(stage=stage, status=status, completed_on=completed_on, closed_on=closed_on) == state


def test_stage_and_status_cannot_be_assigned(project):
    for field, value in (("stage", Stage.PRODUCTION), ("status", Status.SUSPENDED)):
        with pytest.raises(AttributeError):
            setattr(project, field, value)


def test_the_database_refuses_an_unknown_stage(project):
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE projects_project SET stage = 'done' WHERE id = %s", [project.pk])


def test_the_machine_and_the_table_agree(cast):
    """Every stage or status edge of the table is an FSM method with that source and target, and no other exists."""
    machine = set()
    for field in ("stage", "status"):
        project = make_project(cast.unit)
        for transition in getattr(project, f"get_all_{field}_transitions")():
            machine.add((transition.name, str(transition.source), str(transition.target)))
    table = set()
    for edge in lifecycle.EDGES:
        if edge.code in ("complete", "close"):
            continue  # dated facts
        if edge.code in ("suspend", "resume", "withdraw", "terminate"):
            target = "normal" if edge.code == "resume" else edge.target
            sources = {"suspended"} if edge.code == "resume" else {"normal"}
            sources |= {"suspended"} if edge.code in ("withdraw", "terminate") else set()
            table |= {(edge.code, source, target) for source in sources}
        else:
            stages = [s for s in edge.sources if s in Stage.values]
            table |= {(edge.code, source, edge.target) for source in stages}
    assert machine == table


def test_a_project_is_what_was_loaded(cast):
    project = make_project(cast.unit, stage=Stage.CONSTRUCTION, since=date(2026, 3, 2))
    change = project.stage_changes.get()
    assert (change.edge, change.before, change.after, change.on) == ("baseline", "", "construction", date(2026, 3, 2))
    assert Project.objects.get(pk=project.pk).reporting_since == date(2026, 3, 1)
