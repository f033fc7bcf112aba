"""Fixtures of the alert tests."""

from datetime import date

import pytest

from projects.actions import assign, move_node
from projects.choices import Duty
from projects.models import Milestone

DUE = date(2026, 11, 20)  # a Friday, two working days before the tests' today (Tuesday 24th)


@pytest.fixture
def official(cast, project):
    """The cast's reporter answers for the project."""
    assign(project=project, duty=Duty.OFFICIAL, user=cast.reporter, starts_on=date(2026, 1, 1), by=None)
    return cast.reporter


@pytest.fixture
def node(project):
    """A node of the project that was due on DUE."""
    return due_on(project, DUE)


def due_on(project, day, code="N01"):
    """Give one node of the project a due date."""
    node = Milestone.objects.get(project=project, code=code)
    return move_node(node=node, due_on=day, reason="测试", by=None, version=node.version, today=day)
