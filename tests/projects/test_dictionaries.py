"""Dictionaries: who keeps them, what a change reaches, what is refused."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from projects.models import IndustryChain, MilestoneTemplate
from tests.factories import make_project

LIST = "/projects/dictionaries/"


def node(code: str, kind: str = "record") -> MilestoneTemplate:
    return MilestoneTemplate.objects.get(approval_type=kind, code=code)


def body(template: MilestoneTemplate, **changes) -> dict:
    columns = ("name", "duration", "day_type", "department", "legal_limit", "wall_column", "order")
    return {name: getattr(template, name) for name in columns} | {"deps": "、".join(template.deps)} | changes


def test_only_administrators_of_dictionaries_open_them(login, cast):
    for person in (cast.admin, cast.sysadmin):
        assert login(person).get(LIST).status_code == 200
    for person in (cast.reporter, cast.leader, cast.reviewer, cast.secadmin, cast.auditor):
        assert login(person).get(LIST).status_code == 403
        assert login(person).post(reverse("projects:chain_new"), {"name": "x", "order": 1}).status_code == 403
    assert not IndustryChain.objects.exists()


def test_chains_are_added_renamed_and_switched_off_but_keep_their_projects(login, cast):
    client = login(cast.admin)
    client.post(reverse("projects:chain_new"), {"name": " 新  材料 ", "order": 5, "is_active": "on"})
    chain = IndustryChain.objects.get()
    assert (chain.name, chain.order) == ("新 材料", 5)
    project = make_project(cast.unit, chain=chain)

    client.post(reverse("projects:chain_edit", args=[chain.pk]), {"name": "新材料", "order": 5})
    chain.refresh_from_db()
    assert (chain.name, chain.is_active) == ("新材料", False)
    page = client.get("/projects/new/").content.decode()
    assert "新材料" not in page.split('name="chain"')[1].split("</select>")[0]
    page = client.get(reverse("projects:project_edit", args=[project.pk])).content.decode()
    assert "新材料" in page.split('name="chain"')[1].split("</select>")[0]
    assert AuditEntry.objects.get(action="修改产业链").changes["启用"] == ["是", "否"]


def test_a_chain_that_exists_is_refused(login, cast):
    IndustryChain.objects.create(name="新材料")
    response = login(cast.admin).post(reverse("projects:chain_new"), {"name": "新材料", "order": 1, "is_active": "on"})
    assert response.status_code == 422 and "已有名为“新材料”的产业链" in response.content.decode()


def test_a_new_duration_reaches_new_projects_and_leaves_old_plans_alone(login, cast, project):
    template = node("N04")
    login(cast.admin).post(reverse("projects:template_edit", args=[template.pk]), body(template, duration=35))

    assert project.milestones.get(code="N04").duration == 20
    assert make_project(cast.unit).milestones.get(code="N04").duration == 35
    assert AuditEntry.objects.get(action="修改节点模板").changes == {"时长": ["20", "35"]}


@pytest.mark.parametrize(
    ("code", "deps", "says"),
    [("N02", "N99", "没有代码为“N99”的节点"), ("N01", "N02", "成环"), ("N01", "N01", "成环"), ("N02", "N12", "成环")],
)
def test_nodes_must_not_wait_for_each_other(login, cast, code, deps, says):
    template = node(code)
    response = login(cast.admin).post(reverse("projects:template_edit", args=[template.pk]), body(template, deps=deps))
    assert response.status_code == 422 and says in response.content.decode()
    assert node(code).deps == template.deps


@pytest.mark.parametrize(("field", "value"), [("duration", -1), ("duration", "x"), ("day_type", "XX"), ("name", "")])
def test_a_slip_in_a_node_is_refused(login, cast, field, value):
    template = node("N02")
    response = login(cast.admin).post(
        reverse("projects:template_edit", args=[template.pk]), body(template, **{field: value})
    )
    assert response.status_code == 422 and response.context["form"].errors[field]
