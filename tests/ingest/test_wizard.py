"""A messy list from upload to receipt, over HTTP."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from accounts.models import AuditEntry, Unit, UnitAlias
from ingest.models import ColumnMapping, ImportBatch
from investment.choices import AnnualKind
from investment.models import AnnualPlan, MonthlyEntry
from projects.choices import ConstructionNature, Duty, Stage
from projects.models import Assignment, Project, StageChange
from tests.ingest.lists import HEADER, TITLE, messy, opened, plain, row
from tests.ingest.wizard import Wizard, problems

pytestmark = pytest.mark.django_db
CONFIRMED = {"k_0_8": "on"}  # 拟开工的时间 is only similar to a name we know
UNITS = {"unit_0": "new", "rest": "skip"}


def to_preview(wizard, cast):
    """The messy list, with 区工信局 mapped to a unit and 水务中心 to be created."""
    wizard.upload(messy(), "月报.xlsx")
    wizard.through_columns(CONFIRMED)
    asked = wizard.get("values").content.decode()
    assert "区工信局" in asked and "水务中心" in asked and "住建局</b>" not in asked
    answer = wizard.post("values", {"unit_0": f"unit:{cast.unit.pk}", "unit_1": "new"})
    assert answer.status_code == 302, problems(answer)
    return wizard.get("preview")


def test_a_messy_list_becomes_projects(wizard, cast):
    page = to_preview(wizard, cast).content.decode()
    assert wizard.counts() == {"new": 3, "refused": 2}
    assert Project.objects.count() == 0 and not Unit.objects.filter(name="水务中心").exists()
    assert "六千上下" in page and "春节后" in page and "没有项目名称" in page
    assert "累计完成超过年度计划" in page
    assert wizard.commit({"agreed": "on"}).status_code == 302
    assert Project.objects.count() == 3
    plant = Project.objects.get(name__startswith="东河")
    assert plant.lead_unit == cast.unit
    assert plant.total_investment == Decimal(12000)
    assert plant.stage == Stage.COMMENCED and plant.construction_nature == ConstructionNature.NEW
    assert (plant.planned_start_from, plant.planned_start_to) == (date(2026, 3, 1), date(2026, 3, 31))
    assert plant.baseline_start_to == date(2026, 3, 31)
    assert StageChange.objects.get(project=plant).edge == "baseline"
    assert plant.milestones.filter(is_tracked=False).exists()
    leaders = Assignment.objects.filter(project=plant, duty=Duty.LEADER).values_list("name", flat=True)
    assert set(leaders) == {"李某", "陈某"}
    plan = AnnualPlan.objects.get(project=plant)
    assert (plan.year, plan.target, plan.annual_kind, plan.start_month) == (2026, 6000, AnnualKind.NEW_START, 3)
    entry = MonthlyEntry.objects.get(project=plant)
    assert (entry.year, entry.month, entry.completed, entry.covers_from) == (2026, 10, 3000, 1)
    school = Project.objects.get(name="第三中学迁建")
    assert school.stage == Stage.RESERVE and school.construction_nature == ConstructionNature.RELOCATION
    assert Project.objects.get(name__startswith="城西").stage == Stage.CONSTRUCTION
    assert AuditEntry.objects.filter(action="登记项目").count() == 3
    assert AuditEntry.objects.filter(action="导入清单", object_id=wizard.pk).count() == 1


def test_what_was_confirmed_is_known_the_next_time(wizard, cast):
    to_preview(wizard, cast)
    wizard.commit({"agreed": "on"})
    assert UnitAlias.objects.get(name="区工信局").unit == cast.unit
    assert ColumnMapping.objects.get(header="拟开工的时间").field == "start"
    again = Wizard(wizard.client)
    again.upload(messy(), "月报.xlsx")
    again.through_columns()
    page = again.get("values").content.decode()
    assert "<b>区工信局</b>" not in page and "<b>水务中心</b>" in page
    assert again.post("values", {"unit_0": "new"}).status_code == 302
    again.get("preview")
    assert again.counts() == {"unchanged": 3, "refused": 2}


def test_a_unit_that_no_good_row_uses_is_not_created(wizard, cast):
    to_preview(wizard, cast)
    wizard.commit({"agreed": "on"})
    assert not Unit.objects.filter(name="水务中心").exists()


def test_a_unit_to_be_created_comes_with_its_project(imported, cast):
    imported(plain(row(1, "水库除险加固", "水务中心")), {"unit_0": "new"})
    unit = Unit.objects.get(name="水务中心")
    assert unit.parent == cast.root and Project.objects.get().lead_unit == unit


def test_the_same_list_twice_changes_nothing(imported, wizard):
    content = plain(row(1, "东河大桥"), row(2, "西山水厂", 建设性质="续建"))
    imported(content)
    before = list(Project.objects.values()), AuditEntry.objects.filter(kind="project").count()
    again = Wizard(wizard.client)
    again.upload(content)
    assert "该文件已于" in again.get("columns").content.decode() or "导入过" in again.get("sheets").content.decode()
    again.through()
    assert again.counts() == {"unchanged": 2}
    assert "没有要写入的" in again.get("preview").content.decode()
    assert again.commit().status_code == 302
    assert (list(Project.objects.values()), AuditEntry.objects.filter(kind="project").count()) == before


def test_refused_rows_come_back_in_the_own_workbook(wizard, cast):
    to_preview(wizard, cast)
    answer = wizard.get("refused")
    book = opened(answer.content)
    sheet = book["汇总"]
    reasons = {line[0].row: line[-1].value for line in sheet.iter_rows(min_row=5) if line[-1].value}
    assert len(reasons) == wizard.counts()["refused"] == 2
    assert set(reasons) == {8, 11}
    assert "六千上下" in reasons[8] and "春节后" in reasons[8] and "项目名称" in reasons[11]
    assert sheet["G8"].fill.start_color.rgb.endswith("FDECEC") and sheet["I8"].fill.start_color.rgb.endswith("FDECEC")
    assert sheet["B6"].value.startswith("东河<script>")
    assert book.sheetnames[0] == "修改说明" and "2 行" in book["修改说明"]["A1"].value


def test_the_corrected_workbook_goes_on_where_the_batch_stood(wizard, cast):
    from django.core.files.uploadedfile import SimpleUploadedFile

    to_preview(wizard, cast)
    book = opened(wizard.get("refused").content)
    sheet = book["汇总"]
    sheet["G8"], sheet["I8"], sheet["B11"] = 6000, "2026年12月", "老旧小区改造"
    from tests.ingest.lists import content_of

    upload = SimpleUploadedFile("月报改.xlsx", content_of(book))
    answer = wizard.client.post(f"/import/{wizard.pk}/replace/", {"file": upload})
    assert answer.status_code == 302
    assert wizard.batch.state == ImportBatch.State.PREVIEW
    wizard.get("preview")
    assert wizard.counts() == {"new": 5}
    assert wizard.commit().status_code == 302
    assert Project.objects.count() == 5 and Unit.objects.filter(name="水务中心").exists()


def test_hostile_names_are_shown_as_text(wizard, cast):
    page = to_preview(wizard, cast).content.decode()
    assert "<script>alert(1)" not in page and "&lt;script&gt;alert(1)" in page
    for step in ("sheets", "columns"):
        assert "<script>alert(1)" not in wizard.get(step).content.decode()
    wizard.commit({"agreed": "on"})
    assert "<script>alert(1)" not in wizard.get("receipt").content.decode()


def test_a_batch_is_resumed_another_day(wizard, cast, clock_at):
    wizard.upload(plain(row(1, "东河大桥")))
    wizard.post("sheets")
    clock_at(datetime(2026, 11, 26, 9))
    assert wizard.client.get(f"/import/{wizard.pk}/")["Location"] == f"/import/{wizard.pk}/columns/"
    assert wizard.get("preview").status_code == 302
    wizard.post("columns")
    wizard.post("values")
    wizard.get("preview")
    clock_at(datetime(2026, 11, 27, 9, 30))
    answer = wizard.commit()
    assert answer.status_code == 410 and "24 小时" in answer.content.decode()
    assert Project.objects.count() == 0
    assert wizard.commit().status_code == 302
    assert Project.objects.count() == 1


def test_earlier_steps_can_be_opened_again(wizard, cast):
    wizard.upload(plain(row(1, "东河大桥"), row(2, "西山水厂")))
    wizard.through()
    assert wizard.post("columns", {"f_0_6": ""}).status_code == 302
    assert wizard.batch.state == ImportBatch.State.VALUES and not wizard.batch.rows.exists()
    wizard.post("values")
    wizard.get("preview")
    wizard.commit()
    assert Project.objects.get(name="东河大桥").total_investment is None


def test_a_discarded_batch_leaves_nothing(wizard):
    wizard.upload(plain(row(1, "东河大桥")))
    wizard.through()
    answer = wizard.client.post(f"/import/{wizard.pk}/discard/", {"version": wizard.batch.version})
    assert answer.status_code == 302 and wizard.batch.state == ImportBatch.State.DISCARDED
    assert Project.objects.count() == 0 and not wizard.batch.rows.exists()
    assert wizard.client.post(f"/import/{wizard.pk}/commit/", {}).status_code == 302
    assert Project.objects.count() == 0


def test_the_template_is_read_back(wizard, cast):
    content = wizard.client.get("/import/template/").content
    book = opened(content)
    sheet = book.worksheets[0]
    header = [cell.value for cell in sheet[1]]
    told = {
        "项目名称": "模板项目",
        "责任单位": "工信局",
        "总投资（万元）": 500,
        "建设性质": "新建",
        "是否开工": "否",
        "项目级别": "市级",
    }
    for name, value in told.items():
        sheet.cell(2, header.index(name) + 1).value = value
    from tests.ingest.lists import content_of

    wizard.upload(content_of(book), "模板.xlsx")
    wizard.through()
    assert wizard.counts() == {"new": 1}
    wizard.commit()
    project = Project.objects.get()
    assert (project.name, project.total_investment, project.level) == ("模板项目", 500, "municipal")


def test_a_number_of_ours_finds_the_project(imported, wizard, cast):
    imported(plain(row(1, "东河大桥")))
    number = Project.objects.get().number
    header = ("项目编号", *HEADER[1:])
    wizard.upload(plain((number, *row(1, "东河特大桥")[1:]), header=header))
    wizard.through()
    assert wizard.counts() == {"changed": 1}
    wizard.commit()
    project = Project.objects.get()
    assert project.name == "东河特大桥" and project.former_names == "东河大桥"


def test_year_and_month_are_proposed_from_title_and_header(wizard):
    wizard.upload(plain(row(1, "东河大桥"), title=TITLE))
    wizard.through_columns()
    fields = wizard.form("values")["fields"]
    assert (fields["year"], fields["month"]) == ("2026", "10")
    answer = wizard.post("values", {"month": "12"})
    assert answer.status_code == 422 and "还没有到" in answer.content.decode()


def test_a_count_under_the_header_of_a_number_is_no_number(imported):
    header = ("项目编号", *HEADER[1:])
    imported(plain(row(1, "东河大桥"), row(2, "西山水厂"), header=header))
    assert not Project.objects.filter(number__in=("1", "2")).exists()


def test_a_number_of_the_list_itself_is_kept_and_found_again(imported, wizard):
    header = ("项目编号", *HEADER[1:])
    imported(plain(row("YL-A07", "东河大桥"), header=header))
    assert Project.objects.get().number == "YL-A07"
    wizard.upload(plain(row("YL-A07", "东河特大桥"), row("2026-0999", "西山水厂"), header=header))
    wizard.through()
    assert wizard.counts() == {"changed": 1, "refused": 1}, "a number of ours that does not exist is a slip"
