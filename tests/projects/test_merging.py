"""Two records of one project become one, with a trail."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.models import AuditEntry
from common.errors import DomainError, NotAllowed
from common.periods import Period
from investment.actions import apply_for_fund, report_month, set_annual_plan
from investment.models import AnnualPlan, FundProgramme, MonthlyEntry, StatisticsEnrolment
from projects.actions import assign, merge_projects, note_journal
from projects.choices import Duty, Status
from projects.models import Milestone, Project, ProjectRelation, StageChange
from tests.factories import make_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(cast):
    """The project that stays, and its double with a plan, a month, a done node, an official and a note."""
    kept, double = make_project(cast.unit, name="东河大桥"), make_project(cast.unit, name="东河特大桥")
    set_annual_plan(project=kept, year=2026, target=Decimal(100), by=cast.admin)
    for year in (2025, 2026):
        set_annual_plan(project=double, year=year, target=Decimal(200), by=cast.admin)
    report_month(project=double, period=Period(2026, 9), completed=Decimal(30), by=cast.admin)
    Milestone.objects.filter(project=double, code="N01").update(done_on=date(2026, 5, 6))
    assign(project=double, duty=Duty.OFFICIAL, name="李某", starts_on=date(2026, 1, 1), by=cast.admin)
    note_journal(project=double, kind="note", text="已约谈", by=cast.admin)
    StatisticsEnrolment.objects.create(project=double, code="A1")
    for n, asking in enumerate(((double,), (kept, double))):
        programme = FundProgramme.objects.create(kind="provincial", name=f"专项{n}", year=2026)
        for project in asking:
            apply_for_fund(project=project, programme=programme, by=None, applied=Decimal(10), usage="主体工程")
    kept.refresh_from_db()
    double.refresh_from_db()
    return kept, double


def test_what_only_the_double_has_moves_and_it_is_withdrawn_with_a_link(pair, cast, today, login):
    kept, double = pair
    page = login(cast.admin).get(f"/projects/{kept.pk}/merge/?other={double.number}").content.decode()
    assert "并排对照" in page and "东河特大桥" in page
    answer = login(cast.admin).post(
        f"/projects/{kept.pk}/merge/",
        {"other": double.number, "reason": "重复登记", "version": kept.version, "merged_version": double.version},
    )
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    double.refresh_from_db()
    assert (double.status, double.withdraw_reason) == (Status.WITHDRAWN, "merged")
    assert double.status_reason.startswith("已并入“东河大桥”")
    assert ProjectRelation.objects.filter(source=double, target=kept, kind="merge").exists()
    assert StageChange.objects.filter(project=double, edge="withdraw").exists()
    plans = dict(AnnualPlan.objects.filter(project=kept).values_list("year", "target"))
    assert plans == {2025: Decimal(200), 2026: Decimal(100)}, "what both have stays as the kept one has it"
    assert MonthlyEntry.objects.get(project=kept).completed == 30
    assert kept.enrolments.get().code == "A1"
    assert kept.fund_applications.count() == 2 and double.fund_applications.count() == 1, (
        "one programme, one application"
    )
    assert kept.milestones.get(code="N01").done_on == date(2026, 5, 6)
    assert kept.assignments.get(duty=Duty.OFFICIAL, ends_on=None).name == "李某"
    assert kept.journal.count() == 1 and double.journal.count() == 0
    trail = AuditEntry.objects.filter(action="合并项目").order_by("object_id")
    assert [entry.object_id for entry in trail] == sorted([kept.pk, double.pk])
    assert "年度计划 1 年" in str(trail[0].changes) and trail[0].reason == "重复登记"


@pytest.mark.parametrize("who", ["reviewer", "leader", "reporter"])
def test_only_the_bureaus_administrator_merges(pair, cast, today, who):
    kept, double = pair
    with pytest.raises(NotAllowed):
        merge_projects(
            kept=kept, merged=double, reason="重复", by=getattr(cast, who), today=today, version=kept.version,
            merged_version=double.version,
        )  # fmt: skip


def test_without_a_reason_or_with_one_that_is_over_nothing_moves(pair, cast, today):
    kept, double = pair
    how = {"by": cast.admin, "today": today, "version": kept.version, "merged_version": double.version}
    with pytest.raises(DomainError, match="理由"):
        merge_projects(kept=kept, merged=double, reason=" ", **how)
    merge_projects(kept=kept, merged=double, reason="重复登记", **how)
    kept.refresh_from_db()
    double.refresh_from_db()
    with pytest.raises(DomainError, match="已退库"):
        merge_projects(
            kept=kept, merged=double, reason="再来", by=cast.admin, today=today, version=kept.version,
            merged_version=double.version,
        )  # fmt: skip
    assert Project.objects.count() == 2
