"""Taking back imports of plans, months, nodes, units and people: what was there returns, later edits stay."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.actions import edit_unit, edit_user, reset_password
from accounts.models import Unit, User
from common.periods import Period
from ingest.actions import undo_import
from ingest.models import ImportBatch
from ingest.selectors import undo_page
from investment.actions import decide_month, report_month, set_annual_plan
from investment.models import AnnualPlan, MonthlyEntry
from projects.actions import move_node
from projects.models import Evidence, Milestone
from tests.cast import TODAY
from tests.factories import make_project
from tests.ingest.test_kinds import keys, taken, template

pytestmark = pytest.mark.django_db


def undone(by) -> tuple[int, int, list[str]]:
    """The last import is taken back; rows taken back, rows kept, why."""
    batch = ImportBatch.objects.latest("pk")
    undo_import(batch=batch, by=by, version=batch.version)
    batch.refresh_from_db()
    why = [f"{c['label']} {c['wrote']} {c['now']} {c['who']}" for row in batch.rows.exclude(kept=[]) for c in row.kept]
    return batch.counts["undone"], batch.counts["kept"], why


def plan_of(project):
    return AnnualPlan.objects.filter(project=project).values_list("target", "annual_kind").first()


def test_plans_return_and_new_ones_go(cast, project):
    other, third = make_project(cast.unit, name="西山水厂"), make_project(cast.unit, name="南门小学")
    for one in (project, third):
        set_annual_plan(project=one, year=2026, target=Decimal(5000), annual_kind="continued", by=cast.admin)
    rows = [keys(one) | {"annual_plan": 7000, "annual_kind": "计划竣工"} for one in (project, other, third)]
    assert taken("plan", template("plan", *rows), cast.admin)[0] == {"new": 1, "changed": 2}
    plan = AnnualPlan.objects.get(project=third)
    set_annual_plan(project=third, year=2026, target=Decimal(8000), version=plan.version, by=cast.reviewer)
    page = undo_page(ImportBatch.objects.latest("pk"), TODAY)
    assert (page["removed"], page["restored"], len(page["kept"])) == (1, 1, 1)
    done, kept, why = undone(cast.admin)
    assert (done, kept) == (2, 1) and "7,000 8,000 丙科长" in why[0]
    assert plan_of(project) == (Decimal(5000), "continued")
    assert plan_of(other) is None and plan_of(third)[0] == 8000


def test_months_return_totals_as_totals_and_to_date_follows(cast, project):
    report_month(project=project, period=Period(2026, 10), completed=Decimal(900), by=cast.admin, covers_from=1)
    taken("month", template("month", keys(project) | {"month_5": 100, "month_10": 800}), cast.admin)
    assert undone(cast.admin)[:2] == (1, 0)
    entry = MonthlyEntry.objects.get(project=project)
    assert (entry.month, entry.completed, entry.covers_from, entry.year_to_date) == (10, 900, 1, 900)


@pytest.mark.wide
def test_months_that_were_reported_again_or_reviewed_stay(cast, project):
    other, third = make_project(cast.unit, name="西山水厂"), make_project(cast.unit, name="南门小学")
    august = report_month(project=project, period=Period(2026, 8), completed=Decimal(5), by=cast.admin)
    august.refresh_from_db()
    rows = (keys(p) | {"month_9": 1, "month_10": 2} for p in (project, other, third))
    taken("month", template("month", *rows), cast.admin)
    entry = MonthlyEntry.objects.get(project=third, month=10)
    decide_month(entry=entry, approve=True, by=cast.reviewer, version=entry.version)
    entry = MonthlyEntry.objects.get(project=other, month=9)
    report_month(project=other, period=Period(2026, 9), completed=Decimal(7), version=entry.version, by=cast.reporter)
    done, kept, why = undone(cast.admin)
    assert (done, kept) == (1, 2) and "9月" in why[0] and why[0].endswith("1 7 丁经办")
    assert "10月已经审核" in why[1]
    left = MonthlyEntry.objects.get(project=project)
    assert (left.month, left.until_month) == (8, august.until_month), "what was done to date holds to the end again"
    assert MonthlyEntry.objects.filter(project=other).count() == 2


def test_nodes_are_open_again_without_their_paper_and_with_their_dates(cast, project):
    first, second, third = Milestone.objects.filter(project=project, is_applicable=True).order_by("order")[:3]
    move_node(node=second, due_on=date(2026, 12, 1), reason="排期", by=cast.admin, version=second.version, today=TODAY)
    rows = (
        {"node": first.code, "done_on": date(2026, 11, 20), "document_no": "云发改〔2026〕9号"},
        {"node": second.code, "due_on": "2027-03-01", "blocker": "等待批复"},
        {"node": third.code, "due_on": "2027-05-01"},
    )
    assert taken("node", template("node", *(keys(project) | row for row in rows)), cast.admin)[1] == []
    assert undone(cast.admin) == (3, 0, [])
    for node in (first, second, third):
        node.refresh_from_db()
    assert (first.done_on, first.begun_on) == (None, None)
    assert not Evidence.objects.valid(TODAY).filter(milestone=first).exists()
    assert (second.due_on, second.blocker, second.baseline_due_on) == (date(2026, 12, 1), "", date(2026, 12, 1))
    assert (third.due_on, third.baseline_due_on) == (None, None)


def test_units_go_with_those_beneath_them_unless_something_hangs_on_them(cast):
    rows = (
        {"name": "云岭城建集团", "short_name": "城建集团", "unit_kind": "国企"},
        {"name": "城建集团工程部", "parent": "云岭城建集团"},
        {"name": "水务公司"},
        {"name": "工信局", "order": 7},
    )
    taken("unit", template("unit", *rows), cast.admin)
    User.objects.create(username="zhou", full_name="周某", unit=Unit.objects.get(name="水务公司"))
    done, kept, why = undone(cast.admin)
    assert (done, kept) == (3, 1) and "已有用户" in why[0] and "停用" in why[0]
    assert not Unit.objects.filter(name__contains="城建集团").exists() and Unit.objects.filter(name="水务公司").exists()
    assert Unit.objects.get(name="工信局").order == 100


@pytest.mark.wide
def test_units_that_were_renamed_since_stay(cast):
    taken("unit", template("unit", {"name": "水务公司"}, {"name": "工信局", "short_name": "工信"}), cast.admin)
    unit = Unit.objects.get(name="水务公司")
    edit_unit(unit=unit, version=unit.version, by=cast.sysadmin, name="水务集团")
    assert undone(cast.admin)[:2] == (1, 1) and Unit.objects.get(name="工信局").short_name == "工信局"


def test_people_go_until_somebody_has_used_their_account(cast):
    rows = [{"username": name, "name": "午某", "unit": "工信局"} for name in ("wu_1", "wu_2")]
    rows.append({"username": "reporter", "name": "丁经办", "phone": "13900000000", "title": "科员"})
    assert taken("user", template("user", *rows), cast.sysadmin)[1] == []
    reset_password(user=User.objects.get(username="wu_2"), by=cast.sysadmin)
    reporter = User.objects.get(username="reporter")
    edit_user(user=reporter, version=reporter.version, by=cast.sysadmin, title="科长")
    done, kept, why = undone(cast.sysadmin)
    assert (done, kept) == (1, 2) and any("已发放密码" in line for line in why) and any("科员 科长" in x for x in why)
    assert set(User.objects.filter(username__startswith="wu_").values_list("username", flat=True)) == {"wu_2"}
    reporter.refresh_from_db()
    assert reporter.phone == "13900000000", "a row with later edits is left alone as a whole"
