"""Plans in versions: which one judges a month, how a change is decided, how a year falls into months."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from common.errors import DomainError, NotAllowed, StaleVersion
from common.periods import Period
from common.rules import LightRules
from investment.actions import (
    cancel_plan_change,
    carry_over,
    decide_month,
    decide_plan_change,
    report_month,
    request_plan_change,
    retract_plan,
    set_annual_plan,
    set_annual_target,
    set_opening_balance,
)
from investment.apportion import cumulate, months_of, weights_of
from investment.lights import with_lights
from investment.models import AnnualPlan, PlanVersion
from investment.quality import FAULTS
from investment.querysets import going_on, with_since_start, with_year_left
from investment.selectors.next_year import asked_year, of_state
from investment.selectors.plans import change_page, money_tab, since_start
from investment.totals import scheduled_by_month
from projects.choices import RequestState, Stage
from projects.models import Project
from tests.factories import make_project
from tests.totals import broken_promises

SEASON = [0, 0, 6, 9, 11, 11, 11, 11, 11, 11, 10, 9]


@pytest.fixture
def built(cast):
    """A project under construction with a plan of 12,000 万元 for 2026."""
    project = make_project(cast.unit, stage=Stage.CONSTRUCTION, since=date(2026, 1, 5))
    set_annual_plan(project=project, year=2026, target=Decimal(12000), by=None)
    return project


def ask(project, cast, today, target=9000, **kw):
    plan = AnnualPlan.objects.get(project=project, year=2026)
    return request_plan_change(
        project=project, year=2026, target=Decimal(target), by=cast.reporter, reason="市场变化", today=today,
        version=kw.pop("version", plan.version), **kw,
    )  # fmt: skip


def judged(project, month):
    row = PlanVersion.objects.filter(project=project).with_progress(Period(2026, month), LightRules()).get()
    return row.target, row.light


# --- versions ---------------------------------------------------------------------------------------------------------
def test_a_month_is_judged_by_the_plan_then_in_force(built, cast, today):
    for month in range(1, 12):
        report_month(project=built, period=Period(2026, month), completed=Decimal(600), by=None)
    before = with_lights(Project.objects.filter(pk=built.pk), today).get()
    asked = ask(built, cast, today)
    assert judged(built, 11) == (Decimal(12000), "yellow")  # nothing changes before the decision

    decide_plan_change(request=asked, approve=True, by=cast.reviewer, today=today)

    assert judged(built, 10) == (Decimal(12000), "yellow")  # 6,000 of 10,000
    assert judged(built, 11) == (Decimal(9000), "green")  # 6,600 of 8,250 is exactly 80 %
    assert AnnualPlan.objects.get().target == Decimal(9000)
    after = with_lights(Project.objects.filter(pk=built.pk), today).get()
    assert (before.target, before.light_progress) == (after.target, after.light_progress)  # through October
    ranges = PlanVersion.objects.order_by("number").values_list("effective_month", "until_month")
    assert list(ranges) == [(1, 10), (11, 12)]
    assert [round(due) for due in scheduled_by_month(Project.objects.all(), 2026)][8:] == [9000, 10000, 8250, 9000]


def test_a_change_never_reaches_back_into_a_closed_month(built, cast, today):
    with pytest.raises(DomainError, match="最早从11月起"):
        ask(built, cast, today, effective_month=10)
    asked = ask(built, cast, today)
    decide_plan_change(request=asked, approve=True, by=cast.reviewer, today=date(2026, 11, 27))  # November closed
    assert asked.effective_month == 12
    assert judged(built, 11)[0] == Decimal(12000)


def test_a_year_that_is_over_is_not_planned_anew(built, cast, today):
    asked = ask(built, cast, today)
    with pytest.raises(DomainError, match="已经结束"):
        decide_plan_change(request=asked, approve=True, by=cast.reviewer, today=date(2027, 1, 5))
    assert PlanVersion.objects.pending().count() == 1


def test_two_people_decide_on_a_change(built, cast, today):
    with pytest.raises(DomainError, match="理由"):
        request_plan_change(
            project=built, year=2026, target=Decimal(1), by=cast.reporter, reason=" ", today=today, version=1
        )
    asked = ask(built, cast, today)
    with pytest.raises(DomainError, match="已有一份"):
        ask(built, cast, today, target=8000)
    with pytest.raises(NotAllowed):
        decide_plan_change(request=asked, approve=True, by=cast.reporter, today=today)
    with pytest.raises(DomainError, match="退回须"):
        decide_plan_change(request=asked, approve=False, by=cast.reviewer, today=today)
    decide_plan_change(request=asked, approve=False, by=cast.reviewer, today=today, note="依据不足")
    with pytest.raises(DomainError, match="已经处理过"):
        decide_plan_change(request=asked, approve=True, by=cast.admin, today=today)
    assert AnnualPlan.objects.get().target == Decimal(12000)
    own = request_plan_change(
        project=built, year=2026, target=Decimal(1), by=cast.admin, reason="调整", today=today, version=1
    )
    with pytest.raises(NotAllowed, match="自己"):
        decide_plan_change(request=own, approve=True, by=cast.admin, today=today)
    cancel_plan_change(request=own, by=cast.admin)
    assert own.state == RequestState.CANCELLED


def test_a_request_is_held_to_the_plan_that_was_seen(built, cast, today):
    with pytest.raises(StaleVersion):
        ask(built, cast, today, version=7)
    asked = ask(built, cast, today)
    set_annual_plan(project=built, year=2026, target=Decimal(11000), by=cast.admin, reason="区政府文件")
    with pytest.raises(DomainError, match="计划已经变过"):
        decide_plan_change(request=asked, approve=True, by=cast.reviewer, today=today)
    assert AnnualPlan.objects.get().target == Decimal(11000)


def test_later_decisions_replace_earlier_ones_from_their_month_on(built, cast, today):
    for month, target in ((3, 10000), (7, 9000), (5, 8000)):
        set_annual_plan(project=built, year=2026, target=Decimal(target), by=None, effective_month=month)
    targets = {month: judged(built, month)[0] for month in (2, 4, 6, 12)}
    assert targets == {2: 12000, 4: 10000, 6: 8000, 12: 8000}
    for month in range(1, 13):
        assert PlanVersion.objects.in_force(Period(2026, month)).count() == 1
    clash = PlanVersion.objects.in_force(Period(2026, 12)).get()
    clash.pk, clash.number = None, 99
    with pytest.raises(IntegrityError), transaction.atomic():
        clash.save(force_insert=True)


def ranges(project):
    """Target → the months in which it was in force."""
    rows = PlanVersion.objects.filter(project=project, until_month__gt=0).order_by("effective_month")
    return {row.target: (row.effective_month, row.until_month) for row in rows}


def test_a_decision_takes_the_whole_of_what_it_covers(built):
    for month, target in ((3, 10000), (2, 9000)):
        set_annual_plan(project=built, year=2026, target=Decimal(target), by=None, effective_month=month)
    assert ranges(built) == {12000: (1, 1), 9000: (2, 12)}


def test_a_change_holds_from_the_month_asked_for_and_brings_all_its_terms(built, cast, today):
    asked = ask(built, cast, today, effective_month=12, annual_kind="to_complete", start_month=2, end_month=11)
    decide_plan_change(request=asked, approve=True, by=cast.reviewer, today=today)
    assert ranges(built) == {12000: (1, 11), 9000: (12, 12)}
    plan = AnnualPlan.objects.get()
    assert (plan.target, plan.annual_kind, plan.start_month, plan.end_month) == (9000, "to_complete", 2, 11)


@pytest.mark.parametrize(("month", "found"), [(None, (11, 12)), (11, (11, 12)), (12, (12, 12))])
def test_a_change_may_hold_from_the_first_month_still_open(built, cast, today, month, found):
    asked = ask(built, cast, today, effective_month=month)
    decide_plan_change(request=asked, approve=True, by=cast.reviewer, today=today)
    assert ranges(built)[9000] == found


def test_next_years_plan_changes_from_january(built, cast, today):
    plan = set_annual_plan(project=built, year=2027, target=Decimal(5000), by=None)
    asked = request_plan_change(
        project=built, year=2027, target=Decimal(4000), by=cast.reporter, reason="缓建", today=today,
        version=plan.version,
    )  # fmt: skip
    assert asked.effective_month == 1


def test_a_plan_set_anew_leaves_closed_months_alone_even_after_it_was_cleared(built, login, cast):
    """A list clears the target in November; what the unit then fills in is no new plan for January (§10.2)."""
    set_annual_plan(project=built, year=2026, target=None, by=cast.admin)
    seen = AnnualPlan.objects.get().version
    body = {"target": "100", "start_month": "1", "end_month": "12", "version": seen}
    edit = reverse("investment:plan_edit", args=[built.pk])
    assert login(cast.reporter).post(edit, body).status_code == 302
    assert ranges(built) == {12000: (1, 10), 100: (11, 12)}


def test_the_first_target_of_a_plan_holds_for_the_whole_year(built, cast):
    set_annual_plan(project=built, year=2025, target=None, by=cast.admin)  # 计划待下达
    set_annual_plan(project=built, year=2025, target=Decimal(700), by=cast.admin)
    assert PlanVersion.objects.in_force(Period(2025, 1)).get().target == 700
    set_annual_plan(project=built, year=2027, target=Decimal(5), by=cast.admin, effective_month=4)
    assert [PlanVersion.objects.in_force(Period(2027, month)).count() for month in (3, 4)] == [0, 1]


def test_a_plan_of_a_year_that_is_over_is_not_set_anew(built, cast):
    set_annual_plan(project=built, year=2025, target=Decimal(700), by=cast.admin)
    with pytest.raises(DomainError, match="2025年已经结束"):
        set_annual_plan(project=built, year=2025, target=Decimal(1), by=cast.admin)
    assert PlanVersion.objects.in_force(Period(2025, 6)).get().target == 700


def test_a_plan_that_was_changed_is_not_retracted(built, cast):
    retract_plan(plan=set_annual_plan(project=built, year=2027, target=Decimal(5), by=None), by=cast.admin, reason="误")
    assert not AnnualPlan.objects.filter(year=2027).exists()
    set_annual_plan(project=built, year=2026, target=Decimal(1), by=None)
    with pytest.raises(DomainError, match="不能撤回"):
        retract_plan(plan=AnnualPlan.objects.get(), by=cast.admin, reason="误")


@pytest.mark.parametrize(("target", "is_cut"), [(7999, True), (8000, False), (8001, False)])
def test_the_reviewer_sees_what_is_in_force_before_the_change(built, cast, today, target, is_cut):
    set_annual_plan(project=built, year=2026, target=Decimal(8000), by=None, effective_month=7)
    page = change_page(ask(built, cast, today, target=target))
    assert (page["before"].target, page["is_cut"]) == (8000, is_cut)


def test_the_months_of_the_tab_stand_beside_the_plan_of_their_time(built, cast, today):
    set_annual_plan(project=built, year=2026, target=Decimal(6000), by=None, effective_month=7)
    for month, amount in ((2, 500), (3, 70), (5, 30)):
        entry = report_month(project=built, period=Period(2026, month), completed=Decimal(amount), by=None)
        if month == 3:
            decide_month(entry=entry, approve=False, by=cast.reviewer, version=entry.version, note="核对")

    lines = {line["month"]: line for line in money_tab(built, "2026", today)["months"]}

    assert [lines[month]["planned"] for month in (6, 7)] == [1000, 500]
    assert [lines[month]["due"] for month in (6, 7)] == [6000, 3500]
    assert [lines[month]["done"] for month in (1, 2, 3, 5)] == [None, 500, 500, 530]  # a returned figure does not count
    assert [month for month in lines if lines[month]["missed"]] == [3, 4]


# --- the split --------------------------------------------------------------------------------------------------------
@given(
    yuan=st.integers(1, 10**14),
    start=st.integers(1, 12),
    length=st.integers(0, 11),
    split=st.sampled_from(["linear", "curve", "season"]),
)
def test_months_sum_to_the_year_to_the_yuan(yuan, start, length, split):
    end = min(12, start + length)
    target = Decimal(yuan) / 10000
    cumulative = cumulate(target, weights_of(split, start, end, SEASON))
    months = months_of(cumulative)
    assert sum(months) == target and min(months) >= 0
    assert not any(months[: start - 1]) and not any(months[end:])
    assert cumulative == sorted(cumulative)


def test_a_typed_split_must_add_up(built):
    months = [Decimal(0)] * 2 + [Decimal("0.0001")] * 10
    with pytest.raises(DomainError, match=r"少 0\.999 万元"):
        set_annual_plan(project=built, year=2026, target=Decimal(1), by=None, split="typed", months=months)
    months[11] += Decimal("0.999")
    set_annual_plan(
        project=built, year=2026, target=Decimal(1), by=None, split="typed", months=months, effective_month=1
    )
    version = PlanVersion.objects.in_force(Period(2026, 12)).get()
    assert version.months == months and (version.start_month, version.end_month) == (3, 12)


@pytest.mark.parametrize(
    ("done", "light"), [("599.9999", "red"), ("600", "yellow"), ("799.9999", "yellow"), ("800", "green")]
)
def test_a_typed_split_is_judged_to_the_yuan(built, done, light):
    months = [Decimal(n) for n in (0, 0, 0, 0, 0, 1000, 0, 0, 0, 0, 0, 9_999_000)]  # large: nothing may overflow
    set_annual_plan(
        project=built, year=2026, target=Decimal(10_000_000), by=None, split="typed", months=months, effective_month=1
    )
    report_month(project=built, period=Period(2026, 6), completed=Decimal(done), by=None)
    assert judged(built, 6)[1] == light


# --- across years -----------------------------------------------------------------------------------------------------
def test_the_new_year_begins_without_a_plan(built, cast, today):
    report_month(project=built, period=Period(2026, 10), completed=Decimal(5000), by=None)
    (plan,) = carry_over(projects=Project.objects.all(), year=2027, by=cast.admin)
    assert (plan.target, plan.annual_kind, plan.carried_over) == (None, "continued", Decimal(7000))
    assert carry_over(projects=Project.objects.all(), year=2027, by=cast.admin) == []
    row = PlanVersion.objects.filter(project=built).with_progress(Period(2027, 1), LightRules()).get()
    assert row.light == "gray"


def test_what_a_year_leaves_undone(cast):
    """Of its own plan, December included; nothing when more was done, all when nothing was told."""
    made = {}
    for name, year, target, told in (
        ("部分", 2026, 1200, 100), ("超额", 2026, 1200, 1300), ("未报", 2026, 1200, None), ("无计划", 2025, 700, 9),
    ):  # fmt: skip
        project = make_project(cast.unit, name=name, stage=Stage.CONSTRUCTION, since=date(2025, 1, 5))
        set_annual_plan(project=project, year=year, target=Decimal(target), by=None)
        if told is not None:
            report_month(project=project, period=Period(2026, 12), completed=Decimal(told), by=None)
        made[name] = project
    set_annual_plan(project=made["部分"], year=2025, target=Decimal(500), by=None)
    left = dict(with_year_left(Project.objects.all(), 2026).values_list("name", "year_left"))
    assert left == {"部分": 1100, "超额": 0, "未报": 1200, "无计划": None}


@pytest.mark.parametrize(
    ("change", "goes"),
    [
        ({}, True),
        ({"stage": Stage.COMMENCED}, True),
        ({"stage": Stage.RESERVE}, False),
        ({"status": "suspended"}, False),
        ({"status": "terminated"}, False),
        ({"completed_on": date(2026, 12, 1)}, False),
    ],
)
def test_who_goes_on_into_the_next_year(built, change, goes):
    Project.objects.filter(pk=built.pk).update(**change)
    assert going_on(Project.objects.all(), 2027).exists() is goes
    set_annual_plan(project=built, year=2027, target=None, by=None)  # 待下达 is a plan already
    assert not going_on(Project.objects.all(), 2027).exists()


def test_plans_of_what_ended_are_not_in_the_making(built):
    set_annual_plan(project=built, year=2027, target=Decimal(5), by=None)
    found = [of_state(Project.objects.all(), state, 2027).exists() for state in ("going", "unset", "set")]
    assert found == [False, False, True]
    Project.objects.filter(pk=built.pk).update(status="terminated")
    assert not of_state(Project.objects.all(), "set", 2027).exists()


@pytest.mark.parametrize(
    ("asked", "today", "year"),
    [
        (None, date(2026, 6, 30), 2026),
        (None, date(2026, 7, 1), 2027),
        ("2026", date(2026, 12, 1), 2026),
        ("2028", date(2026, 12, 1), 2027),
    ],
)
def test_the_year_in_the_making(asked, today, year):
    assert asked_year(asked, today) == year


def test_many_projects_are_carried_over_at_once(login, cast, built, today):
    other = make_project(cast.other_unit, stage=Stage.CONSTRUCTION, since=date(2026, 1, 5))
    mine = make_project(cast.unit, stage=Stage.CONSTRUCTION, since=date(2026, 1, 5))
    make_project(cast.unit, stage=Stage.RESERVE)  # not under way
    report_month(project=built, period=Period(2026, 10), completed=Decimal("5000.5"), by=None)
    page, carry = reverse("investment:next_year"), reverse("investment:carry")
    unit = login(cast.reporter)
    html = unit.get(page).content.decode()
    assert "6,999.5" in html and mine.name in html and other.name not in html
    assert "没有可以结转的项目" in unit.post(carry, {"year": 2027, "project": [other.pk]}, follow=True).content.decode()
    asked = unit.post(carry, {"year": 2027, "project": [built.pk]})
    assert "6,999.5" in asked.content.decode() and not AnnualPlan.objects.filter(year=2027).exists()
    unit.post(carry, {"year": 2027, "project": [built.pk, other.pk], "confirm": 1})
    assert AnnualPlan.objects.get(year=2027).carried_over == Decimal("6999.5")
    assert "填写计划" in unit.get(f"{page}?state=unset").content.decode()
    assert login(cast.reader).post(carry, {"year": 2027, "all": 1, "confirm": 1}).status_code == 403
    login(cast.admin).post(carry, {"year": 2027, "all": 1, "confirm": 1})
    assert set(AnnualPlan.objects.filter(year=2027).values_list("project", flat=True)) == {built.pk, mine.pk, other.pk}
    assert PlanVersion.objects.filter(year=2027, number=1, until_month=12).count() == 3
    set_annual_plan(project=built, year=2027, target=Decimal("4321.0001"), by=None)
    set_annual_target(unit=cast.root, year=2027, amount=Decimal(9000), by=None)
    set_annual_target(unit=cast.unit, year=2027, amount=Decimal(5000), by=None)
    for who in (cast.reporter, cast.admin):
        assert broken_promises(login(who), f"{reverse('investment:targets')}?year=2027") == []
    assert "4,321.0001" in login(cast.leader).get(f"{reverse('investment:targets')}?year=2027").content.decode()


def test_what_was_invested_since_the_start(built, cast):
    def since(period):
        row = with_since_start(Project.objects.filter(pk=built.pk), period).get()
        return row.before_year, row.this_year

    assert since(Period(2026, 6)) == (None, None)
    report_month(project=built, period=Period(2025, 12), completed=Decimal(8200), by=None)
    report_month(project=built, period=Period(2026, 5), completed=Decimal(3100), by=None)
    assert since(Period(2026, 6)) == (Decimal(8200), Decimal(3100))
    back = report_month(project=built, period=Period(2025, 11), completed=Decimal(77), by=None)
    decide_month(entry=back, approve=False, by=cast.reviewer, version=back.version, note="核对")
    assert since(Period(2026, 6)) == (Decimal(8200), Decimal(3100))  # a returned figure does not count
    set_opening_balance(project=built, year=2026, amount=Decimal(9000), by=None)
    assert since(Period(2026, 6)) == (Decimal(9000), Decimal(3100))  # the balance stands for all that came before
    assert since(Period(2027, 1)) == (Decimal(12100), None)
    assert since(Period(2025, 12))[0] is None  # it says nothing of the years before its own


@pytest.mark.parametrize(
    ("total", "over"), [(None, False), ("0", True), ("11299.9999", True), ("11300", False), ("11300.0001", False)]
)
def test_more_than_the_total_is_told_alike_on_the_page_and_by_the_alert(built, total, over):
    """A total of 0 is a total; what was invested before the year counts."""
    set_opening_balance(project=built, year=2026, amount=Decimal(8200), by=None)
    report_month(project=built, period=Period(2026, 5), completed=Decimal(3100), by=None)
    Project.objects.filter(pk=built.pk).update(total_investment=total and Decimal(total))
    fault = next(one for one in FAULTS if one.code == "over_total")

    assert since_start(Project.objects.get(pk=built.pk), Period(2026, 10))["over"] is over
    assert fault.find(Project.objects.all(), date(2026, 11, 24)).filter(pk=built.pk).exists() is over


def test_negative_plans_and_balances_are_refused_in_words(built):
    for act in (
        lambda: set_annual_plan(project=built, year=2028, target=Decimal(-1), by=None),
        lambda: set_opening_balance(project=built, year=2026, amount=Decimal(-1), by=None),
    ):
        with pytest.raises(DomainError, match="不能是负数"):
            act()
