"""Taking an import back: created projects go, changed fields return, later edits stay and are told."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import AuditEntry
from common import clock
from investment.models import AnnualPlan, MonthlyEntry
from projects.actions import edit_project
from projects.models import Milestone, Project, StageChange
from tests.ingest.lists import plain, row
from tests.ingest.wizard import Wizard

pytestmark = pytest.mark.django_db


def undo(wizard):
    return wizard.client.post(f"/import/{wizard.pk}/undo/", {"version": wizard.batch.version})


def take(wizard, content, reason=""):
    one = Wizard(wizard.client)
    one.upload(content)
    one.through()
    assert one.commit({"reason": reason} if reason else None).status_code == 302
    return one


def test_everything_returns_to_what_it_was(imported, wizard):
    imported(plain(row(1, "东河大桥", 累计完成投资=None, 包联领导="李某"), row(2, "西山水厂")))
    before = Project.objects.order_by("pk").values("pk", "name", "total_investment", "planned_start_to", "location")
    before = list(before)
    changed = row(
        1, "东河大桥", 总投资=13000, 年度计划投资=7000, 累计完成投资=3500, 计划开工时间="2026年4月", 包联领导="陈某"
    )
    again = take(wizard, plain(changed, row(2, "西山水厂"), row(3, "南门广场")), reason="调整计划")
    fresh = Project.objects.get(name="南门广场")
    page = again.get("undo").content.decode()
    assert "新增的 1 个项目" in page and "把 1 个项目改回" in page
    assert undo(again).status_code == 302
    assert list(Project.objects.order_by("pk").values(*before[0])) == before
    bridge = Project.objects.get(name="东河大桥")
    assert AnnualPlan.objects.get(project=bridge).target == Decimal(6000)
    assert not MonthlyEntry.objects.filter(project=bridge).exists()
    leaders = bridge.assignments.filter(duty="leader", ends_on=None).values_list("name", flat=True)
    assert list(leaders) == ["李某"]
    for model in (Milestone, StageChange, AnnualPlan, MonthlyEntry):
        assert not model.objects.filter(project_id=fresh.pk).exists()
    assert AuditEntry.objects.filter(kind="project", object_id=fresh.pk, action="撤销登记").count() == 1
    assert AuditEntry.objects.filter(action="撤销导入", object_id=again.pk).count() == 1
    page = again.get("receipt").content.decode()
    assert "撤销：2 行已改回" in page and "撤销本次导入" not in page
    assert again.client.get(f"/import/{again.pk}/undo/").status_code == 302


def test_rows_with_later_edits_are_left_alone_and_told_field_by_field(imported, wizard, cast):
    imported(plain(row(1, "东河大桥"), row(2, "西山水厂")))
    again = take(
        wizard,
        plain(row(1, "东河大桥", 总投资=13000), row(2, "西山水厂", 总投资=14000), row(3, "南门广场"), row(4, "北塘路")),
    )
    for name, changes in (("东河大桥", {"total_investment": Decimal(15000)}), ("南门广场", {"location": "南门"})):
        project = Project.objects.get(name=name)
        edit_project(project=project, by=cast.reporter, version=project.version, **changes)
    other = Project.objects.get(name="西山水厂")
    edit_project(project=other, by=cast.reporter, version=other.version, location="西山脚下")
    page = again.get("undo").content.decode()
    assert "2 行在导入后又有人改过" in page and "15,000" in page and "南门" in page and "丁经办" in page
    assert undo(again).status_code == 302
    assert Project.objects.get(name="东河大桥").total_investment == 15000
    assert Project.objects.filter(name="南门广场").exists() and not Project.objects.filter(name="北塘路").exists()
    other.refresh_from_db()
    assert (other.total_investment, other.location) == (12000, "西山脚下"), "another field was edited: no conflict"
    assert again.batch.counts["undone"] == 2 and again.batch.counts["kept"] == 2
    page = again.get("receipt").content.decode()
    assert "2 行导入后又有人改过" in page and "丁经办" in page


def test_after_seven_days_it_is_too_late(imported, clock_at):
    done = imported(plain(row(1, "东河大桥")))
    clock_at(clock.now() + timedelta(days=8))
    done.client.force_login(done.batch.created_by)
    assert "已超过 7 天" in done.get("undo").content.decode()
    assert undo(done).status_code == 422
    assert Project.objects.count() == 1
