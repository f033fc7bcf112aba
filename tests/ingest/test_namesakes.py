"""A name that several accounts have is asked about, never picked; what was chosen beside a unit is known next time."""

import pytest

from accounts.choices import Role
from ingest.models import ValueMapping
from projects.models import Assignment
from tests.cast import make_user
from tests.ingest.lists import plain, row
from tests.ingest.wizard import Wizard, problems

pytestmark = pytest.mark.django_db


@pytest.fixture
def namesakes(cast):
    """Two people called 王某: one in 工信局, one elsewhere."""
    ours = make_user("wang_gx", "王某", cast.unit, Role.REPORTER)
    return ours, make_user("wang_zj", "王某", cast.other_unit, Role.REPORTER, title="副局长")


def at_values(wizard, *rows) -> Wizard:
    one = Wizard(wizard.client)
    if not one.upload(plain(*rows))["Location"].endswith(("/values/", "/preview/")):
        one.post("sheets")
        one.post("columns")
    return one


def leaders():
    terms = Assignment.objects.filter(duty="leader", ends_on=None).select_related("user").order_by("project__name")
    return [(term.project.name, term.user.username if term.user else term.name) for term in terms]


@pytest.mark.wide
def test_each_unit_s_namesake_is_asked_with_unit_and_post_and_the_unit_suggests(wizard, namesakes):
    ours, _ = namesakes
    one = at_values(
        wizard,
        row(1, "东河大桥", 包联领导="王某"),
        row(2, "西山水厂", 包联领导="王 某"),
        row(3, "南门小学", unit="住建局", 包联领导="王某、李某"),
    )
    page = one.get("values").content.decode()
    assert "王某，住建局，副局长" in page and "王某，工信局（建议）" in page
    fields = one.form("values")["fields"]
    assert sorted(fields[name] for name in fields if name.startswith("person_"))[:1] == [f"user:{ours.pk}"]
    assert one.post("values", {"month": "10"}).status_code == 302
    assert one.commit().status_code == 302
    found = [("东河大桥", "wang_gx"), ("南门小学", "wang_zj"), ("南门小学", "李某"), ("西山水厂", "wang_gx")]
    assert sorted(leaders()) == sorted(found)


def test_nobody_is_picked_where_the_unit_says_nothing(wizard, namesakes, cast):
    make_user("wang_gx2", "王某", cast.unit, Role.REPORTER)
    one = at_values(wizard, row(1, "东河大桥", 包联领导="王某"))
    answer = one.post("values", {"month": "10"})
    assert answer.status_code == 422 and "有 3 个账号叫“王某”" in problems(answer)
    assert one.post("values", {"month": "10", "person_0": "name"}).status_code == 302
    assert one.commit().status_code == 302
    assert leaders() == [("东河大桥", "王某")]


@pytest.mark.wide
def test_what_was_chosen_is_known_beside_the_same_unit_only(wizard, namesakes):
    _, theirs = namesakes
    one = at_values(wizard, row(1, "东河大桥", 包联领导="王某"))
    one.post("values", {"month": "10", "person_0": f"user:{theirs.pk}"})
    assert one.commit().status_code == 302
    again = Wizard(wizard.client)
    assert again.upload(plain(row(1, "西山水厂", 包联领导="王某")))["Location"].endswith("/preview/")
    assert again.commit().status_code == 302
    assert leaders() == [("东河大桥", "wang_zj"), ("西山水厂", "wang_zj")]
    third = at_values(wizard, row(1, "南门小学", unit="住建局", 包联领导="王某"))
    assert "上次确认过" not in third.get("values").content.decode()


@pytest.mark.wide
def test_two_of_a_name_in_one_unit_are_never_remembered(wizard, namesakes, cast):
    ours, _ = namesakes
    make_user("wang_gx2", "王某", cast.unit, Role.REPORTER)
    one = at_values(wizard, row(1, "东河大桥", 包联领导="王某"))
    one.post("values", {"month": "10", "person_0": f"user:{ours.pk}"})
    assert one.commit().status_code == 302 and leaders() == [("东河大桥", "wang_gx")]
    assert not ValueMapping.objects.filter(field="person").exists()
