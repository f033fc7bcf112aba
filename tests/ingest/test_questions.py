"""What the wizard asks before it believes: files, headers, columns, units, look-alikes, contradictions."""

import pytest

from accounts.choices import Role
from investment.models import AnnualPlan, MonthlyEntry
from projects.choices import Stage
from projects.models import Project
from tests.factories import make_project
from tests.ingest.lists import HEADER, opened, plain, row
from tests.ingest.wizard import Wizard, problems

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"<html><table><tr><td>x</td></tr></table></html>", "表.xls", "网页"),
        (b"PK\x03\x04broken", "表.xlsx", "损坏"),
        (b"%PDF-1.7 ...", "表.xlsx", "PDF"),
        (b"a" * (10 * 1024 * 1024 + 1), "表.csv", "10 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_one_sentence(wizard, content, name, sentence):
    answer = wizard.upload(content, name)
    assert answer.status_code == 422 and sentence in answer.content.decode()


def test_no_file_and_an_empty_file_are_told(wizard):
    assert wizard.client.post("/import/new/", {}).status_code == 422
    answer = wizard.upload(b"")
    assert answer.status_code == 422 and "空文件" in answer.content.decode()


def test_csv_is_a_list_too(wizard):
    wizard.upload(
        "项目名称,责任单位,总投资（万元）,项目阶段\n东河大桥,工信局,1200,储备\n".encode("gb18030"), "清单.csv"
    )
    wizard.through()
    wizard.commit()
    assert Project.objects.get().total_investment == 1200


def test_a_similar_column_must_be_confirmed(wizard):
    header = tuple("拟开工的时间" if name == "计划开工时间" else name for name in HEADER)
    wizard.upload(plain(row(1, "东河大桥"), header=header))
    wizard.post("sheets")
    answer = wizard.post("columns")
    assert answer.status_code == 422 and "就是它" in problems(answer)
    assert wizard.post("columns", {"f_0_9": ""}).status_code == 302


def test_a_unit_of_money_that_nobody_stated_is_asked(wizard):
    wizard.upload(plain(row(1, "东河大桥"), unit="填报单位：发改局"))
    wizard.post("sheets")
    answer = wizard.post("columns")
    assert answer.status_code == 422 and "没有写明金额单位" in problems(answer)
    units = {f"u_0_{index}": "亿元" for index in (6, 7, 8)}
    assert wizard.post("columns", units).status_code == 302
    wizard.post("values")
    wizard.get("preview")
    wizard.commit()
    assert Project.objects.get().total_investment == 120_000_000


def test_a_list_without_responsible_unit_takes_one_for_the_whole_column(wizard, cast):
    header = tuple("处理情况" if name == "责任单位" else name for name in HEADER)
    wizard.upload(plain(row(1, "东河大桥"), header=header))
    wizard.post("sheets")
    answer = wizard.post("columns")
    assert answer.status_code == 422 and "责任单位" in problems(answer)
    wizard.post("columns", {"fixed_unit": str(cast.other_unit.pk)})
    wizard.post("values")
    wizard.get("preview")
    wizard.commit()
    assert Project.objects.get().lead_unit == cast.other_unit


def test_one_field_is_one_column(wizard):
    wizard.upload(plain(row(1, "东河大桥")))
    wizard.post("sheets")
    answer = wizard.post("columns", {"f_0_2": "name"})
    assert answer.status_code == 422 and "只能对应一列" in problems(answer)


def test_header_rows_can_be_pointed_out(wizard):
    wizard.upload(plain(("说明", "以下为正文"), HEADER, row(1, "东河大桥"), header=("甲", "乙", "丙")))
    answer = wizard.post("sheets", {"use_0": "on", "from_0": "5", "to_0": "5"})
    assert answer.status_code == 302
    assert wizard.batch.reading["sheets"][0]["header_rows"] == [5]
    wizard.through()
    assert wizard.counts() == {"new": 1}


def test_rows_can_be_left_out(wizard):
    wizard.upload(plain(row(1, "东河大桥"), row(2, "西山水厂"), row(3, "南门广场"), row(4, "北塘灌区")))
    assert wizard.post("sheets", {"flip_0": "5:note", "skip_0": "6-7"}).status_code == 302
    assert [project["name"] for project in wizard.batch.reading["projects"]] == ["东河大桥"]
    answer = wizard.post("sheets", {"skip_0": "甲乙"})
    assert answer.status_code == 422 and "行号" in problems(answer)


def test_unknown_units_are_mapped_left_out_or_the_same_as_another(wizard, cast):
    rows = (
        row(1, "东河大桥", "工业和信息化委"),
        row(2, "西山水厂", "某某指挥部（办公室设在工业和信息化委）"),
        row(3, "南门广场", "待落实处"),
    )
    wizard.upload(plain(*rows))
    wizard.through_columns()
    assert wizard.post("values").status_code == 422
    answers = {"unit_0": f"unit:{cast.unit.pk}", "unit_1": "as:工业和信息化委", "unit_2": "skip"}
    assert wizard.post("values", answers).status_code == 302
    wizard.get("preview")
    assert wizard.counts() == {"new": 2, "skipped": 1}
    wizard.commit()
    assert set(Project.objects.values_list("name", "lead_unit")) == {
        ("东河大桥", cast.unit.pk),
        ("西山水厂", cast.unit.pk),
    }


def test_people_without_unit_rights_cannot_create_units(wizard, cast, monkeypatch):
    from accounts.roles import ROLES, Can, Grant

    mine = ROLES[Role.ADMIN]
    monkeypatch.setitem(ROLES, Role.ADMIN, Grant(mine.scope, mine.capabilities - {Can.MANAGE_UNITS}))
    wizard.upload(plain(row(1, "东河大桥", "水务中心")))
    wizard.through_columns()
    assert "新建单位" not in wizard.get("values").content.decode()
    assert wizard.post("values", {"unit_0": "new"}).status_code == 422


def test_projects_without_a_stage_are_asked_for_one(wizard):
    wizard.upload(plain(row(1, "东河大桥", 是否开工=None)))
    wizard.through_columns()
    answer = wizard.post("values")
    assert answer.status_code == 422 and "没有写明阶段" in problems(answer)
    wizard.post("values", {"stage": "planning"})
    wizard.get("preview")
    wizard.commit()
    assert Project.objects.get().stage == Stage.PLANNING


def test_a_contradiction_of_stage_is_reserve_unless_decided(wizard):
    rows = (row(1, "东河大桥", 建设性质="续建", 是否开工="否"), row(2, "西山水厂", 建设性质="续建", 是否开工="否"))
    wizard.upload(plain(*rows))
    page = wizard.through().content.decode()
    assert "续建但未开工" in page and wizard.counts() == {"new": 2}
    second = wizard.batch.rows.get(name="西山水厂")
    answer = wizard.post("preview", {f"stage_{second.pk}": "construction"}, to="decide")
    assert answer.status_code == 302
    wizard.get("preview")
    wizard.commit()
    assert dict(Project.objects.values_list("name", "stage")) == {"东河大桥": "reserve", "西山水厂": "construction"}


def test_a_look_alike_of_another_unit_is_decided_by_a_person(wizard, cast):
    known = make_project(cast.other_unit, name="东河大桥建设工程")
    twin = make_project(cast.other_unit, name="西山自来水厂扩建一期")
    wizard.upload(plain(row(1, "东河大桥"), row(2, "西山自来水厂扩建二期"), row(3, "南门文化广场")))
    page = wizard.through().content.decode()
    assert wizard.counts() == {"new": 2, "refused": 1}, "一期 and 二期 are two projects"
    assert "请您决定 1 行" in page and known.number in page and twin.number not in page
    asked = wizard.batch.rows.get(verdict="refused")
    wizard.post("preview", {f"match_{asked.pk}": str(known.pk)}, to="decide")
    wizard.get("preview")
    assert wizard.counts() == {"new": 2, "changed": 1}
    asked = wizard.batch.rows.get(name="东河大桥")
    wizard.post("preview", {f"match_{asked.pk}": "new"}, to="decide")
    wizard.get("preview")
    assert wizard.counts() == {"new": 3}
    asked = wizard.batch.rows.get(name="东河大桥")
    wizard.post("preview", {f"match_{asked.pk}": "skip"}, to="decide")
    wizard.get("preview")
    assert wizard.counts() == {"new": 2, "skipped": 1}
    skipped = wizard.batch.rows.get(name="东河大桥")
    wizard.post("preview", {f"match_{skipped.pk}": ""}, to="decide")
    assert wizard.counts() == {"new": 2, "refused": 1}, "a decision can be taken back"


def test_a_decision_just_chosen_is_judged_before_anything_is_written(wizard):
    wizard.upload(plain(row(1, "东河大桥", 建设性质="续建", 是否开工="否")))
    wizard.through()
    asked = wizard.batch.rows.get()
    answer = wizard.commit({f"stage_{asked.pk}": "construction"})
    assert answer["Location"].endswith("/preview/") and Project.objects.count() == 0
    assert "重新预检" in wizard.get("preview").content.decode()
    wizard.commit()
    assert Project.objects.get().stage == Stage.CONSTRUCTION


def test_a_decision_that_was_not_offered_is_not_taken(wizard, cast):
    make_project(cast.other_unit, name="东河大桥")
    stranger = make_project(cast.unit, name="毫不相干的项目")
    wizard.upload(plain(row(1, "东河大桥")))
    wizard.through()
    asked = wizard.batch.rows.get(verdict="refused")
    wizard.post("preview", {f"match_{asked.pk}": str(stranger.pk)}, to="decide")
    wizard.get("preview")
    assert wizard.counts() == {"refused": 1}


def test_the_same_project_in_two_rows_is_refused_until_decided(wizard):
    wizard.upload(plain(row(1, "东河大桥"), row(2, "东河大桥项目"), row(3, "西山水厂")))
    wizard.through()
    assert wizard.counts() == {"new": 1, "refused": 2}
    second = wizard.batch.rows.get(name="东河大桥项目")
    wizard.post("preview", {f"match_{second.pk}": "skip"}, to="decide")
    wizard.get("preview")
    assert wizard.counts() == {"new": 2, "skipped": 1}


def test_blank_cells_change_nothing_and_the_word_for_it_empties(imported, wizard, cast):
    imported(plain(row(1, "东河大桥", 包联领导="李某")))
    wizard.upload(
        plain(row(1, "东河大桥", 总投资=None, 年度计划投资=None, 累计完成投资=None, 计划开工时间="", 包联领导="清空"))
    )
    wizard.through()
    assert wizard.counts() == {"changed": 1}
    diff = wizard.batch.rows.get().diff
    assert [(item["label"], item["before"], item["after"]) for item in diff] == [("包联领导", "李某", "")]
    wizard.commit()
    project = Project.objects.get()
    assert project.total_investment == 12000 and AnnualPlan.objects.get().target == 6000
    assert not project.assignments.filter(duty="leader", ends_on__isnull=True).exists()
    again = Wizard(wizard.client)
    again.upload(plain(row(1, "东河大桥", 总投资="清空", 累计完成投资="清空")))
    again.through()
    assert again.counts() == {"refused": 1}, "完成投资 is a record, it cannot be emptied"


def test_moving_a_planned_date_needs_a_reason(imported, wizard):
    imported(plain(row(1, "东河大桥")))
    wizard.upload(plain(row(1, "东河大桥", 计划开工时间="2026年5月")))
    wizard.through()
    answer = wizard.commit()
    assert answer.status_code == 422 and "理由" in problems(answer)
    assert wizard.commit({"reason": "用地未落实"}).status_code == 302
    project = Project.objects.get()
    assert (project.planned_start_to.month, project.baseline_start_to.month) == (5, 3)


def test_a_list_never_moves_the_stage_of_a_known_project(wizard, cast):
    project = make_project(
        cast.unit, name="东河大桥", stage=Stage.RESERVE, planned_start_to=None, planned_start_from=None
    )
    wizard.upload(plain(row(1, "东河大桥", 建设性质="续建")))
    page = wizard.through().content.decode()
    assert "表中的阶段与平台不同" in page
    wizard.commit()
    project.refresh_from_db()
    assert project.stage == Stage.RESERVE


def test_the_years_total_adds_to_the_months_already_told(imported, wizard, clock_at):
    imported(plain(row(1, "东河大桥", 累计完成投资=3000)))
    wizard.upload(plain(row(1, "东河大桥", 累计完成投资=3600), title="云岭区2026年重点项目1-11月完成情况表"))
    wizard.through()
    assert wizard.counts() == {"changed": 1}
    wizard.commit()
    assert list(MonthlyEntry.objects.order_by("month").values_list("month", "completed", "covers_from")) == [
        (10, 3000, 1),
        (11, 600, None),
    ]


def test_codes_are_checked_and_find_the_project(imported, wizard, cast):
    code = "2602-990101-04-01-510327"
    imported(plain(row(1, "东河大桥", 项目代码=code)))
    wizard.upload(
        plain(
            row(1, "东河特大桥", "住建局", 项目代码=code),
            row(2, "西山水厂", 项目代码="2602-990101-04-01-51"),
            row(3, "南门广场", 项目代码="2602-990101-04-01-510328"),
            row(4, "北门广场", 项目代码="2602-990101-04-01-510328"),
        )
    )
    wizard.through()
    assert wizard.counts() == {"changed": 1, "refused": 3}
    wizard.commit({"agreed": "on"})
    project = Project.objects.get()
    assert (project.name, project.lead_unit) == ("东河特大桥", cast.other_unit)


def test_a_workbook_of_errors_never_holds_a_formula(wizard):
    wizard.upload(plain(row(1, "=cmd|' /C calc'!A0", 总投资="不详吧"), row(2, "西山水厂")))
    wizard.through()
    book = opened(wizard.get("refused").content)
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_look_alikes_stand_side_by_side_and_two_of_them_can_be_merged(wizard, cast):
    for name in ("东河大桥新建", "东河大桥改造"):
        make_project(cast.unit, name=name, total_investment=11000)
    wizard.upload(plain(row(1, "东河大桥")))
    page = wizard.through().content.decode()
    assert "并排对照" in page and "11,000" in page and "/merge/?other=" in page
