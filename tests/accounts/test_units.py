"""The tree of units, and the spellings by which lists name them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions import add_alias, add_unit, deactivate_unit, deactivate_user, edit_unit, move_unit, remove_alias
from accounts.models import AuditEntry, Unit, UnitAlias
from common.errors import DomainError, StaleVersion

pytestmark = pytest.mark.django_db


def path_of(unit):
    return Unit.objects.get(pk=unit.pk).path


def test_a_move_takes_the_subtree_along_in_one_update(cast, django_assert_max_num_queries):
    desk = add_unit(name="产业科一组", parent=cast.sub_unit, by=cast.sysadmin)
    with django_assert_max_num_queries(12):
        move_unit(unit=cast.unit, parent=cast.bureau, version=cast.unit.version, by=cast.sysadmin)
    head = f"/{cast.root.pk}/{cast.bureau.pk}/{cast.unit.pk}/"
    assert path_of(cast.unit) == head
    assert path_of(cast.sub_unit) == f"{head}{cast.sub_unit.pk}/"
    assert path_of(desk) == f"{head}{cast.sub_unit.pk}/{desk.pk}/"
    assert path_of(cast.other_unit) == f"/{cast.root.pk}/{cast.other_unit.pk}/"
    assert AuditEntry.objects.filter(action="移动单位", object_id=cast.unit.pk).exists()


def test_paths_follow_to_the_top(cast):
    move_unit(unit=cast.unit, parent=None, version=cast.unit.version, by=cast.sysadmin)
    assert path_of(cast.sub_unit) == f"/{cast.unit.pk}/{cast.sub_unit.pk}/"


@pytest.mark.parametrize("beneath", ["unit", "sub_unit"])
def test_a_unit_cannot_hang_beneath_itself(cast, beneath):
    with pytest.raises(DomainError, match="不能作为上级单位"):
        move_unit(unit=cast.unit, parent=getattr(cast, beneath), version=cast.unit.version, by=cast.sysadmin)
    assert path_of(cast.unit) == f"/{cast.root.pk}/{cast.unit.pk}/"


def test_the_slower_of_two_savers_is_told(cast):
    edit_unit(unit=cast.unit, version=1, by=cast.sysadmin, short_name="工信")
    with pytest.raises(StaleVersion):
        edit_unit(unit=cast.unit, version=1, by=cast.sysadmin, short_name="工业")


def test_an_unchanged_unit_leaves_no_trace(cast):
    before = AuditEntry.objects.count()
    edit_unit(unit=cast.unit, version=cast.unit.version, by=cast.sysadmin, name=cast.unit.name)
    assert AuditEntry.objects.count() == before


def test_a_unit_in_use_is_not_switched_off(cast):
    with pytest.raises(DomainError, match="1 个启用的下级单位、3 名在用人员"):
        deactivate_unit(unit=cast.unit, version=cast.unit.version, by=cast.sysadmin)
    deactivate_user(user=cast.stranger, version=1, by=cast.sysadmin)
    deactivate_unit(unit=cast.other_unit, version=cast.other_unit.version, by=cast.sysadmin)
    assert not Unit.objects.get(pk=cast.other_unit.pk).is_active


def test_a_spelling_means_one_unit(cast):
    add_alias(unit=cast.unit, name="区工信局", by=cast.sysadmin)
    with pytest.raises(DomainError, match="工信局"):
        add_alias(unit=cast.other_unit, name=" 区工信局 ", by=cast.sysadmin)
    with pytest.raises(DomainError, match="住建局"):
        add_alias(unit=cast.unit, name="住建局", by=cast.sysadmin)
    with pytest.raises(DomainError, match="自己的名称"):
        add_alias(unit=cast.unit, name="工信局", by=cast.sysadmin)
    with pytest.raises(DomainError, match="区工信局"):
        add_unit(name="区工信局", by=cast.sysadmin)
    with pytest.raises(DomainError, match="已登记给"):
        add_alias(unit=cast.unit, name="区 工信局", by=cast.sysadmin)
    assert UnitAlias.objects.count() == 1


def test_aliases_come_and_go_on_the_page(cast, login):
    client = login(cast.sysadmin)
    client.post(f"/accounts/units/{cast.unit.pk}/aliases/", {"name": "经信局"})
    alias = UnitAlias.objects.get(key="经信局")
    refused = client.post(f"/accounts/units/{cast.other_unit.pk}/aliases/", {"name": "经信局"})
    assert refused.status_code == 422
    assert "已是“工信局”的名称、简称或别名" in refused.content.decode()
    client.post(f"/accounts/aliases/{alias.pk}/delete/")
    assert not UnitAlias.objects.exists()
    remaining = AuditEntry.objects.filter(object_id=cast.unit.pk).values_list("action", flat=True)
    assert set(remaining) == {"登记单位别名", "删除单位别名"}


def test_removing_is_recorded(cast):
    alias = add_alias(unit=cast.unit, name="经信局", by=cast.sysadmin)
    remove_alias(alias=alias, by=cast.sysadmin)
    assert AuditEntry.objects.first().changes == {"别名": ["经信局", ""]}


def test_the_tree_is_shown_in_order_and_a_unit_added_beneath(cast, login):
    client = login(cast.admin)
    answer = client.post(
        "/accounts/units/new/",
        {"name": "高新科", "kind": "government", "parent": cast.unit.pk, "order": 5},
    )
    assert answer.status_code == 302
    client.get("/accounts/units/")  # says that it was added
    page = client.get("/accounts/units/").content.decode()
    assert page.index("工信局") < page.index("高新科") < page.index("工信局产业科") < page.index("住建局")


def test_a_conflict_shows_both_sides_and_keeps_what_was_typed(cast, login):
    edit_unit(unit=cast.unit, version=1, by=cast.admin, short_name="工信（他人）")
    typed = {"name": "工信局", "short_name": "工信（我的）", "kind": "government", "order": 100, "version": 1}
    typed |= {"parent": cast.root.pk, "is_active": "on"}
    client = login(cast.sysadmin)
    answer = client.post(f"/accounts/units/{cast.unit.pk}/", typed)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "工信（他人）" in page
    assert 'value="工信（我的）"' in page
    again = client.post(f"/accounts/units/{cast.unit.pk}/", typed | {"version": 2})
    assert again.status_code == 302
    assert Unit.objects.get(pk=cast.unit.pk).short_name == "工信（我的）"


def test_number_of_queries_does_not_grow_with_the_tree(cast, login):
    client = login(cast.sysadmin)
    client.get("/accounts/units/")
    with CaptureQueriesContext(connection) as few:
        client.get("/accounts/units/")
    for n in range(30):
        add_alias(unit=add_unit(name=f"街道{n}", parent=cast.root, by=None), name=f"街办{n}", by=None)
    with CaptureQueriesContext(connection) as many:
        client.get("/accounts/units/")
    assert len(many) == len(few)
