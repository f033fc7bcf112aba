"""One transaction, once, by the right person, on what was previewed."""

import pytest
from django.core.files.storage import default_storage

from accounts.choices import Role
from common.errors import DomainError
from ingest.actions import carry_out, commit
from ingest.models import ImportBatch
from investment.actions import set_annual_plan
from investment.models import AnnualPlan
from projects.actions import edit_project
from projects.models import Project
from tests.cast import make_user
from tests.ingest.lists import plain, row
from tests.ingest.wizard import Wizard, problems

pytestmark = pytest.mark.django_db
PEOPLE = (
    "leader", "reviewer", "reporter", "reader", "steward", "member", "supervisor", "stat", "stranger",
    "sysadmin", "secadmin", "auditor",
)  # fmt: skip


@pytest.mark.parametrize("who", PEOPLE)
def test_only_importers_get_in(client, cast, who):
    batch = Wizard(client)
    client.force_login(cast.admin)
    batch.upload(plain(row(1, "东河大桥")))
    client.force_login(getattr(cast, who))
    own_kinds = who == "sysadmin"  # units and people, not projects
    for path in ("", "new/", "template/"):
        assert client.get(f"/import/{path}").status_code == (200 if own_kinds else 403)
    answer = 404 if own_kinds else 403
    for step in ("", "sheets/", "preview/", "receipt/"):
        assert client.get(f"/import/{batch.pk}/{step}").status_code == answer
    assert client.post(f"/import/{batch.pk}/commit/", {}).status_code == answer
    assert batch.upload(plain(row(1, "东河大桥"))).status_code == (422 if own_kinds else 403)


def test_a_colleague_may_look_but_not_go_on(client, cast):
    mine = Wizard(client)
    client.force_login(cast.admin)
    mine.upload(plain(row(1, "东河大桥")))
    mine.through()
    client.force_login(make_user("admin2", "巳主任", cast.bureau, Role.ADMIN))
    assert "由乙主任上传" in mine.get("preview").content.decode()
    assert mine.commit().status_code == 403
    assert mine.post("columns").status_code == 403
    assert Project.objects.count() == 0


def test_what_was_edited_since_the_preview_is_named_not_overwritten(imported, wizard, cast):
    imported(plain(row(1, "东河大桥"), row(2, "西山水厂")))
    wizard.upload(plain(row(1, "东河大桥", 总投资=13000), row(2, "西山水厂", 总投资=14000), row(3, "南门广场")))
    wizard.through()
    bridge = Project.objects.get(name="东河大桥")
    edit_project(project=bridge, by=cast.reporter, version=bridge.version, location="东河两岸")
    page = wizard.commit().content.decode()
    (moved,) = wizard.batch.refusal["rows"]
    assert moved["name"] == "东河大桥" and "丁经办" in moved["what"][0] and "空 → 东河两岸" in moved["what"][0]
    assert moved["what"][0] in page and "整批没有写入" in page
    assert Project.objects.count() == 2 and Project.objects.get(name="西山水厂").total_investment == 12000
    assert wizard.batch.state == ImportBatch.State.PREVIEW
    assert wizard.commit().status_code == 302, "previewed again, it goes through"
    bridge.refresh_from_db()
    assert (bridge.total_investment, bridge.location) == (13000, "东河两岸")


def test_a_figure_changed_since_the_preview_is_noticed(imported, wizard, cast):
    imported(plain(row(1, "东河大桥")))
    wizard.upload(plain(row(1, "东河大桥", 年度计划投资=7000)))
    wizard.through()
    set_annual_plan(project=Project.objects.get(), year=2026, target=6500, by=cast.admin, version=1)
    wizard.commit()
    assert "预检时为 6000" in str(wizard.batch.refusal["rows"]) or "6,000" in str(wizard.batch.refusal["rows"])
    assert AnnualPlan.objects.get().target == 6500


def test_two_importers_of_the_same_list_make_one_set_of_projects(client, cast):
    other = make_user("admin2", "巳主任", cast.bureau, Role.ADMIN)
    content = plain(row(1, "东河大桥"), row(2, "西山水厂"))
    first, second = Wizard(client), Wizard(client)
    for person, one in ((cast.admin, first), (other, second)):
        client.force_login(person)
        one.upload(content)
        one.through()
    assert second.commit().status_code == 302
    client.force_login(cast.admin)
    assert "整批没有写入" in first.commit().content.decode()
    assert first.counts() == {"unchanged": 2}
    assert Project.objects.count() == 2


def test_sending_twice_imports_once(wizard, cast):
    wizard.upload(plain(row(1, "东河大桥")))
    wizard.through()
    fields = wizard.form("preview")["fields"]
    for _ in range(2):
        assert wizard.client.post(f"/import/{wizard.pk}/commit/", fields).status_code == 302
        carry_out(wizard.pk)
    assert Project.objects.count() == 1
    commit(batch=wizard.batch, mode="partial", by=cast.admin, version=int(fields["version"]))  # of a batch that is done
    assert Project.objects.count() == 1


def test_a_failure_in_the_middle_leaves_nothing(wizard, monkeypatch):
    wizard.upload(plain(row(1, "东河大桥"), row(2, "西山水厂")))
    wizard.through()

    def fail(**_):
        assert Project.objects.count() == 2, "the projects were there already"
        raise DomainError("磁盘已满。")

    monkeypatch.setattr("ingest.kinds.projects.load_figures", fail)
    assert "磁盘已满" in wizard.commit().content.decode()
    assert Project.objects.count() == 0 and wizard.batch.state == ImportBatch.State.PREVIEW
    monkeypatch.undo()


def test_all_or_nothing_waits_for_every_row(wizard):
    wizard.upload(plain(row(1, "东河大桥"), row(2, "西山水厂", 总投资="不清楚")))
    wizard.through()
    answer = wizard.commit({"mode": "all"})
    assert answer.status_code == 422 and "1 行需改正" in problems(answer)
    answer = wizard.commit({"mode": "partial"})
    assert answer.status_code == 422 and "勾选确认" in problems(answer)
    assert Project.objects.count() == 0
    assert wizard.commit({"mode": "partial", "agreed": "on"}).status_code == 302
    assert Project.objects.count() == 1
    page = wizard.get("receipt", "?show=refused").content.decode()
    assert "不清楚" in page and "西山水厂" in page


def test_a_file_changed_on_disk_is_not_imported(wizard):
    wizard.upload(plain(row(1, "东河大桥")))
    wizard.through()
    with default_storage.open(wizard.batch.file.file.name, "wb") as handle:
        handle.write(plain(row(1, "别的项目")))
    answer = wizard.commit()
    assert answer.status_code == 422 and "不一致" in problems(answer)
    assert Project.objects.count() == 0


def test_a_second_window_is_told(wizard):
    wizard.upload(plain(row(1, "东河大桥")))
    wizard.post("sheets")
    stale = wizard.form("columns")["fields"]
    wizard.post("columns", {"f_0_10": ""})
    answer = wizard.client.post(f"/import/{wizard.pk}/columns/", stale)
    assert answer.status_code == 409 and "另一个窗口" in problems(answer)


def test_the_preview_writes_nothing_but_the_batch(wizard, django_assert_max_num_queries):
    wizard.upload(plain(*(row(number, f"第{number}号大桥") for number in range(1, 61))))
    wizard.through_columns()
    wizard.post("values")
    with django_assert_max_num_queries(40):
        wizard.get("preview")
    assert wizard.counts() == {"new": 60} and Project.objects.count() == 0


def test_the_cost_of_new_rows_does_not_grow_with_their_number(wizard, django_assert_max_num_queries):
    wizard.upload(plain(*(row(number, f"第{number}号大桥") for number in range(1, 151))))
    wizard.through()
    with django_assert_max_num_queries(150):
        assert wizard.commit().status_code == 302
    assert Project.objects.count() == 150


def test_rows_outside_the_own_area_are_refused_in_neutral_words(cast, client, monkeypatch):
    from accounts.roles import ROLES, Can, Grant, Scope
    from tests.factories import make_project

    grants = ROLES[Role.REPORTER]
    monkeypatch.setitem(ROLES, Role.REPORTER, Grant(Scope.UNIT, grants.capabilities | {Can.IMPORT}))
    make_project(cast.other_unit, name="东河大桥", total_investment=999)
    client.force_login(cast.reporter)
    wizard = Wizard(client)
    wizard.upload(plain(row(1, "东河大桥", "住建局"), row(2, "西山水厂", "工信局")))
    page = wizard.through().content.decode()
    assert wizard.counts() == {"new": 1, "refused": 1}
    assert "不在您的管理范围内" in page and "999" not in page
