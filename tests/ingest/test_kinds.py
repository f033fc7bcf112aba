"""Every kind of list through the same wizard: its template is filled in, imported, and next time says nothing new."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Unit, User
from common.excel.writer import write_template
from common.periods import Period
from ingest.actions import commit, map_columns, map_values, preview, stage_file
from ingest.registry import KINDS, kinds_for
from ingest.selectors import column_cards
from investment.actions import report_month, set_annual_plan
from investment.models import AnnualPlan, MonthlyEntry
from projects.models import Milestone
from tests.factories import make_project
from tests.ingest.lists import opened

pytestmark = pytest.mark.django_db


def taken(kind: str, content: bytes, by, *, name: str = "清单.xlsx", month: int | None = None, reason: str = "核对"):
    """A list of a kind through all steps without a browser; the committed batch and the judgement."""
    batch = stage_file(upload=SimpleUploadedFile(name, content), by=by, kind=kind)
    units: dict[str, dict[int, str]] = {}
    columns: dict[str, dict[int, str | None]] = {}
    for card in column_cards(batch):
        columns.setdefault(card["sheet"], {})[card["index"]] = card["field"] or card["own"]
        units.setdefault(card["sheet"], {})[card["index"]] = card["unit"]
    version = batch.version
    map_columns(batch=batch, columns=columns, units=units, fixed={}, remember=False, by=by, version=version)
    map_values(
        batch=batch,
        year=2026,
        month=month,
        stage="",
        units={},
        labels={},
        dates={},
        remember=False,
        by=by,
        version=batch.version,
    )
    found = preview(batch=batch, by=by, version=batch.version)
    told = {name: count for name, count in found.counts().items() if name in VERDICTS and count}
    errors = [error["message"] for plan in found.plans for error in plan.errors]
    if not errors:
        commit(batch=batch, mode="partial", by=by, version=batch.version, reason=reason)
    return told, errors


VERDICTS = ("new", "changed", "unchanged", "skipped", "refused")


def template(kind: str, *rows) -> bytes:
    """A template with rows given by source."""
    one = KINDS[kind]
    return write_template(one.template_columns(), one.drop_downs(), rows, sheet=one.label, noun=one.noun)


def filled(kind: str, by) -> bytes:
    return template(kind, *KINDS[kind].filled(by, today=date(2026, 11, 24)))


def keys(project) -> dict:
    return {"project_number": project.number, "name": project.name}


def test_plans_are_set_and_found_again(cast, project):
    told, errors = taken(
        "plan",
        template("plan", keys(project) | {"annual_plan": Decimal("6000.0001"), "annual_kind": "续建"}),
        cast.admin,
    )
    assert (told, errors) == ({"new": 1}, [])
    plan = AnnualPlan.objects.get(project=project)
    assert (plan.year, plan.target, plan.annual_kind) == (2026, Decimal("6000.0001"), "continued")
    assert taken("plan", filled("plan", cast.admin), cast.admin) == ({"unchanged": 1}, [])
    assert taken("plan", template("plan", keys(project) | {"annual_plan": 7000}), cast.admin)[0] == {"changed": 1}
    plan.refresh_from_db()
    assert (plan.target, plan.annual_kind) == (7000, "continued"), "a blank cell leaves the kind as it is"


def test_months_come_one_column_each_or_one_month_per_file(cast, project):
    told, errors = taken("month", template("month", keys(project) | {"month_9": 100, "month_10": "0.0001"}), cast.admin)
    assert (told, errors) == ({"new": 1}, [])
    months = dict(MonthlyEntry.objects.filter(project=project).values_list("month", "completed"))
    assert months == {9: 100, 10: Decimal("0.0001")}
    assert taken("month", filled("month", cast.admin), cast.admin) == ({"unchanged": 1}, [])
    book = opened(template("month"))
    page = book.worksheets[0]
    page.delete_rows(1, 5)
    page.append(["项目名称", "本月完成投资（万元）"])
    page.append([project.name, 55])
    from tests.ingest.lists import content_of

    assert taken("month", content_of(book), cast.admin, month=11) == ({"changed": 1}, [])
    assert MonthlyEntry.objects.get(project=project, month=11).completed == 55


def test_a_month_inside_a_reported_total_is_not_counted_twice(cast, project):
    report_month(project=project, period=Period(2026, 10), completed=Decimal(900), by=cast.admin, covers_from=1)
    _, errors = taken("month", template("month", keys(project) | {"month_5": 100}), cast.admin)
    assert "1—10 月合计" in errors[0]
    told, errors = taken("month", template("month", keys(project) | {"month_5": 100, "month_10": 800}), cast.admin)
    assert (told, errors) == ({"changed": 1}, [])
    assert MonthlyEntry.objects.get(project=project, month=10).covers_from is None


def test_nodes_are_planned_and_completed(cast, project):
    node = Milestone.objects.filter(project=project, is_applicable=True).order_by("order").first()
    row = keys(project) | {"node": node.name, "due_on": "2026年12月", "blocker": "等待批复"}
    assert taken("node", template("node", row), cast.admin) == ({"changed": 1}, [])
    node.refresh_from_db()
    assert (node.due_on, node.blocker) == (date(2026, 12, 31), "等待批复")
    told, errors = taken("node", filled("node", cast.admin), cast.admin)
    assert set(told) == {"unchanged"} and errors == []
    row = keys(project) | {"node": node.code, "done_on": date(2026, 11, 20), "document_no": "云发改〔2026〕9号"}
    assert taken("node", template("node", row), cast.admin) == ({"changed": 1}, [])
    node.refresh_from_db()
    assert node.done_on == date(2026, 11, 20)
    row["done_on"] = date(2026, 11, 1)
    assert "已于 2026-11-20 完成" in taken("node", template("node", row), cast.admin)[1][0]


def test_units_come_with_their_parents_in_any_order(cast):
    rows = (
        {"name": "城建集团工程部", "parent": "云岭城建集团"},
        {"name": "云岭城建集团", "short_name": "城建集团", "unit_kind": "国企", "order": 40},
    )
    assert taken("unit", template("unit", *rows), cast.admin) == ({"new": 2}, [])
    group = Unit.objects.get(name="云岭城建集团")
    assert (group.parent, group.kind, group.order) == (cast.root, "soe", 40)
    assert Unit.objects.get(name="城建集团工程部").path == f"{group.path}{Unit.objects.get(name='城建集团工程部').pk}/"
    told, errors = taken("unit", filled("unit", cast.admin), cast.admin)
    assert errors == [] and set(told) == {"unchanged"}
    assert (
        "没有用过的简称"
        in taken("unit", template("unit", {"name": "甲局", "short_name": "城建集团"}), cast.admin)[1][0]
    )


def test_people_get_no_password_from_a_file(cast):
    row = {"username": "wu_jingban", "name": "午经办", "unit": "工信局", "phone": "13900000000"}
    assert taken("user", template("user", row), cast.sysadmin) == ({"new": 1}, [])
    user = User.objects.get(username="wu_jingban")
    assert not user.has_usable_password() and user.unit == cast.unit and not user.memberships.exists()
    told, errors = taken("user", filled("user", cast.sysadmin), cast.sysadmin)
    assert errors == [] and set(told) == {"unchanged"}
    assert all("密码" not in column.label for column in KINDS["user"].columns)


def test_each_kind_says_who_may_import_it(cast):
    assert [kind.code for kind in kinds_for(cast.admin)] == ["project", "plan", "month", "node", "unit"]
    assert [kind.code for kind in kinds_for(cast.sysadmin)] == ["unit", "user"]
    assert kinds_for(cast.reporter) == []


def test_an_unknown_project_is_refused_and_never_made(cast, project):
    row = {"name": project.name + "二期", "annual_plan": 10}
    told, errors = taken("plan", template("plan", row), cast.admin)
    assert told == {"refused": 1} and "平台上已有的项目名称" in errors[0]
    set_annual_plan(project=project, year=2026, target=Decimal(5), by=None)
    row = keys(make_project(cast.other_unit)) | {"name": project.name, "annual_plan": 10}
    assert "编号" in taken("plan", template("plan", row), cast.admin)[1][0]


@pytest.mark.parametrize("kind", ["project", "plan", "month", "node", "unit"])
def test_the_template_has_drop_downs_notes_and_the_own_records(wizard, kind, project):
    answer = wizard.client.get(f"/import/template/?kind={kind}&filled=1")
    book = opened(answer.content)
    page, guide, options = book.worksheets
    assert page.title == KINDS[kind].label and guide.title == "填写说明" and options.sheet_state == "hidden"
    assert page.data_validations.dataValidation
    assert len(list(page.iter_rows(min_row=2))) >= 1
    header = [cell.value for cell in page[1]]
    assert f"一行一个{KINDS[kind].noun}" in guide["A1"].value and set(header) <= {cell.value for cell in guide["A"]}
