"""Who sees and who edits which projects."""

from datetime import date

import pytest

from accounts.models import Membership
from accounts.roles import Can
from projects.actions import assign
from projects.choices import Duty
from projects.models import Project
from tests.factories import make_project

SEES_ALL = ["leader", "admin", "reviewer", "supervisor", "stat"]
SEES_UNIT = ["reporter", "reader", "counter"]
SEES_ASSIGNED = ["steward", "member", "scout"]
SEES_NONE = ["sysadmin", "secadmin", "auditor"]


@pytest.fixture
def projects(cast):
    return {
        "own": make_project(cast.unit),
        "beneath": make_project(cast.sub_unit),
        "other": make_project(cast.other_unit),
    }


def seen(user):
    return set(Project.objects.visible_to(user).values_list("lead_unit__name", flat=True))


@pytest.mark.parametrize("who", SEES_ALL)
def test_district_roles_see_everything(cast, projects, who):
    assert seen(getattr(cast, who)) == {"工信局", "工信局产业科", "住建局"}


@pytest.mark.parametrize("who", SEES_UNIT)
def test_unit_roles_see_their_unit_and_what_is_beneath(cast, projects, who):
    assert seen(getattr(cast, who)) == {"工信局", "工信局产业科"}


@pytest.mark.parametrize("who", SEES_NONE)
def test_the_three_administrators_see_no_project(cast, projects, who):
    assert seen(getattr(cast, who)) == set()


@pytest.mark.parametrize("who", SEES_ASSIGNED)
def test_assigned_roles_see_what_they_hold_today(cast, projects, who):
    user = getattr(cast, who)
    assert seen(user) == set()
    assign(project=projects["other"], duty=Duty.TASK_FORCE, user=user, starts_on=date(2026, 1, 1), by=None)
    assert seen(user) == {"住建局"}


def test_a_joining_unit_sees_but_does_not_edit(cast, projects):
    projects["other"].co_units.add(cast.unit)
    assert "住建局" in seen(cast.reporter)
    editable = Project.objects.editable_by(cast.reporter).values_list("lead_unit__name", flat=True)
    assert set(editable) == {"工信局", "工信局产业科"}


def test_joins_do_not_multiply_rows(cast, projects):
    projects["own"].co_units.add(cast.unit, cast.sub_unit)
    Membership.objects.create(user=cast.reporter, unit=cast.sub_unit, role="reporter", starts_on=date(2025, 1, 1))
    assert Project.objects.visible_to(cast.reporter).count() == 2


def test_an_ended_role_ends_at_once(cast, projects, today):
    Membership.objects.filter(user=cast.reporter).update(ends_on=date(2026, 11, 23))
    user = type(cast.reporter).objects.get(pk=cast.reporter.pk)
    assert seen(user) == set()
    assert not user.may(Can.VIEW_PROJECTS)


def test_editing_follows_the_capability_not_the_sight(cast, projects):
    for who in ("leader", "supervisor", "reader", "reviewer"):
        assert not Project.objects.editable_by(getattr(cast, who)).exists()
    assert Project.objects.editable_by(cast.admin).count() == 3
