"""The demo district is believable, whatever day it is loaded on, and goes without a trace."""

from collections import Counter
from datetime import datetime

import pytest
from django.core.management import CommandError, call_command

from accounts.choices import Role, UnitKind
from accounts.models import AuditEntry, Membership, StoredFile, Unit, User
from alerts.models import Alert
from common import clock
from dashboard.demo import PASSWORD
from dashboard.demo.cast import BARE_NAMES
from investment.lights import with_lights
from investment.models import CatchUpPlan, LightSnapshot, MonthlyEntry
from projects.actions import register_project
from projects.choices import Duty, RequestState, Stage, Status
from projects.gates import read_gate
from projects.lifecycle import EDGE
from projects.models import Assignment, IndustryChain, Milestone, Project, StageRequest
from tests.cast import take_away

pytestmark = pytest.mark.wide


@pytest.fixture(scope="module")
def district(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demo, loaded once for the module on a Tuesday in November, and taken away at the end."""
    moment = datetime(2026, 11, 24, 10, tzinfo=clock.SHANGHAI)
    patch = pytest.MonkeyPatch()
    with django_db_blocker.unblock(), clock.standing_at(moment):
        from django.conf import settings

        patch.setattr(settings, "MEDIA_ROOT", tmp_path_factory.mktemp("files"))
        take_away()
        call_command("seed_demo", verbosity=0)
        yield moment.date()
        call_command("seed_demo", "--purge")
        assert not Project.objects.exists()
        assert not User.objects.exists()
        assert not Unit.objects.exists()
        assert not StoredFile.objects.exists()
        assert not AuditEntry.objects.filter(kind="project").exists()
        IndustryChain.objects.all().delete()  # reference data, which the purge leaves: other tests make their own
    patch.undo()


@pytest.fixture
def in_district(district, db):
    """The district inside a test's own transaction."""
    return district


def test_the_district_has_units_of_every_kind_and_people_of_every_role(in_district):
    assert Unit.objects.count() >= 15
    assert set(Unit.objects.values_list("kind", flat=True)) == set(UnitKind.values)
    assert set(Membership.objects.values_list("role", flat=True)) == set(Role.values)
    assert all(user.email.endswith("@example.test") for user in User.objects.all())
    assert User.objects.get(username="admin").check_password(PASSWORD)


def test_there_are_projects_in_every_stage_and_status(in_district):
    assert 55 <= Project.objects.count() <= 65
    states = Counter(project.state for project in Project.objects.all())
    assert set(states) == {*Stage.values, *(s for s in Status.values if s != "normal"), "completed", "closed"}
    assert min(states[stage] for stage in Stage.values) >= 5


def test_lights_are_mixed_but_mostly_green(in_district):
    lights = Counter(with_lights(Project.objects.all(), in_district).values_list("light", flat=True))
    total = sum(lights.values())
    assert 0.06 <= lights["red"] / total <= 0.16
    assert 0.10 <= lights["yellow"] / total <= 0.22
    assert lights["green"] > total / 2
    assert lights["gray"] >= 3


def test_lights_of_the_past_are_kept_and_some_catch_up(in_district):
    months = LightSnapshot.objects.values_list("year", "month").distinct()
    assert len(months) == 12
    assert 2 <= CatchUpPlan.objects.open().count() <= 3


def test_every_move_of_the_past_had_its_papers(in_district):
    pending = StageRequest.objects.filter(state=RequestState.PENDING)
    assert pending.count() >= 3
    for request in pending:
        assert read_gate(request.project, EDGE[request.edge].gate, in_district).ok
    assert StageRequest.objects.filter(state=RequestState.RETURNED).exists()


def test_some_nodes_are_late_and_alerts_say_so(in_district):
    late = Milestone.objects.overdue(in_district)
    assert late.count() >= 3
    assert Alert.objects.open().filter(rule="node_overdue").count() == late.count()
    assert Alert.objects.open().filter(acknowledged_at__isnull=False).exists()


def test_twelve_months_of_figures_with_gaps_and_nothing_from_the_future(in_district):
    months = set(MonthlyEntry.objects.values_list("year", "month"))
    assert len(months) >= 12
    assert max(months) <= (in_district.year, in_district.month)
    assert not AuditEntry.objects.filter(at__gt=clock.now()).exists()
    assert not Milestone.objects.filter(done_on__gt=in_district).exists()


def test_responsibility_was_handed_over_and_some_names_have_no_account(in_district):
    assert Assignment.objects.filter(duty=Duty.OFFICIAL, ends_on__isnull=False).exists()
    assert set(Assignment.objects.unreachable().values_list("name", flat=True)) <= set(BARE_NAMES)
    assert Assignment.objects.unreachable().count() >= 3


def test_every_demo_account_sees_the_banner_and_nobody_else(in_district, login):
    page = login(User.objects.get(username="sysadmin")).get("/accounts/units/").content.decode()
    assert "演示数据：" in page
    User.objects.filter(username="sysadmin").update(is_demo=False)
    page = login(User.objects.get(username="sysadmin")).get("/accounts/units/").content.decode()
    assert "演示数据：" not in page


def test_purging_refuses_when_something_real_hangs_on_the_demo(in_district):
    real = Unit.objects.create(name="真实单位", path="/999/")
    register_project(by=User.objects.get(username="admin"), lead_unit=real, name="真实项目")
    with pytest.raises(CommandError, match="没有删除任何内容"):
        call_command("seed_demo", "--purge")
    assert Project.objects.count() > 50


def test_production_does_not_take_invented_regions(db, settings):
    settings.ALLOW_DEMO_REGION = False
    with pytest.raises(CommandError, match="ALLOW_DEMO_REGION"):
        call_command("seed_demo")
