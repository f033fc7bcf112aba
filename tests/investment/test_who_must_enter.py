"""入库纳统: who must enter, the clock to the day, what counts in 纳统率, what must be said (handbook §3.4)."""

from datetime import date
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.urls import reverse

from common.errors import DomainError
from common.models import RuleSet
from common.periods import Period
from common.rules import CODE, LightRules
from investment import actions
from investment.models import MonthlyEntry, StatisticsEnrolment
from investment.papers import ENROLMENT
from investment.querysets import enrolment as rules
from investment.selectors.enrolment import list_page
from investment.statistics import Return, logic_faults, monthly_exempt
from projects.choices import Stage, Status
from projects.models import Project
from tests.factories import make_project, supply_all

TODAY = date(2026, 11, 24)
ALL = Project.objects.all()


def started(unit, on=date(2026, 9, 1), **fields):
    return make_project(unit, stage=Stage.CONSTRUCTION, since=on, actual_start_date=on, **fields)


@pytest.fixture
def running(cast):
    return started(cast.unit)


def standing(project, **fields):
    return StatisticsEnrolment.objects.create(project=project, **fields)


@pytest.mark.parametrize(
    ("start", "today", "light", "late", "due"),
    [
        (date(2026, 10, 24), date(2026, 11, 23), "green", False, False),
        (date(2026, 10, 24), TODAY, "green", False, True),  # a full month: due, and not yet late
        (date(2026, 10, 23), TODAY, "yellow", True, True),
        (date(2026, 9, 24), TODAY, "yellow", True, True),  # two months on the day (LT32)
        (date(2026, 9, 23), TODAY, "red", True, True),
        (date(2025, 1, 31), date(2025, 3, 1), "yellow", True, True),  # LT31
        (date(2025, 1, 31), date(2025, 3, 31), "yellow", True, True),  # LT32
        (date(2025, 1, 31), date(2025, 4, 1), "red", True, True),  # LT33
        (date(2026, 1, 31), date(2026, 2, 28), "green", False, True),  # the month ends with February
        (date(2026, 2, 28), date(2026, 3, 28), "green", False, True),
        (date(2026, 2, 28), date(2026, 3, 29), "yellow", True, True),
    ],
)
def test_the_clock_to_the_day(cast, start, today, light, late, due):
    started(cast.unit, on=start)
    row = rules.with_stat_light(ALL, today, LightRules()).get()
    found = (row.light_stat, rules.unenrolled(ALL, today).exists(), rules.due_to_enter(ALL, today).exists())
    assert found == (light, late, due)


@pytest.mark.parametrize(
    ("total", "fields", "kind", "tier"),
    [
        ("499.9999", {}, None, None),
        ("500", {}, None, "500-5000"),
        ("4999.9999", {}, "project", "500-5000"),
        ("5000", {}, None, "5000+"),
        ("300", {"industry_code": "K7010"}, None, "realestate"),  # EN04: no threshold
        ("300", {"industry_code": "K7010"}, "project", None),  # its enrolment says what it is
        ("300", {}, "realestate", "realestate"),
        ("9000", {}, "rural", None),
        ("9000", {"industry_code": "K7010"}, "rural", None),
        (None, {}, None, None),
    ],
)
def test_who_must_enter(cast, total, fields, kind, tier):
    project = started(cast.unit, total_investment=total and Decimal(total), **fields)
    if kind:
        standing(project, kind=kind)
    assert rules.with_enrolment(ALL).get().stat_tier == tier
    assert rules.due_to_enter(ALL, TODAY).exists() is (tier is not None)
    assert rules.with_stat_light(ALL, TODAY, LightRules()).get().light_stat == ("red" if tier else "gray")


@pytest.mark.parametrize(
    ("status", "enrolment", "due", "entered", "late", "silent"),
    [
        ("normal", {}, 1, 0, 1, 1),
        ("suspended", {}, 1, 0, 0, 0),
        ("terminated", {}, 0, 0, 0, 0),
        ("withdrawn", {}, 0, 0, 0, 0),
        ("normal", {"state": "submitted"}, 1, 0, 1, 0),
        ("normal", {"state": "returned"}, 1, 0, 1, 1),
        ("normal", {"state": "entered"}, 1, 1, 0, 0),
        ("normal", {"state": "exited", "exit_reason": "completed"}, 1, 1, 0, 0),
        ("normal", {"state": "exited", "exit_reason": "stopped"}, 1, 0, 1, 1),
        ("normal", {"excuse": "asked"}, 1, 0, 1, 0),
        ("normal", {"excuse": "refused"}, 1, 0, 1, 1),
        ("normal", {"excuse": "granted"}, 1, 0, 0, 0),
    ],
)
def test_how_each_counts(running, status, enrolment, due, entered, late, silent):
    ALL.update(status=status)
    if enrolment:
        standing(running, **enrolment)
    found = (rules.due_to_enter, rules.entered_of_due, rules.unenrolled, rules.unexplained)
    assert [one(ALL, TODAY).count() for one in found] == [due, entered, late, silent]


def test_the_rate_is_of_those_that_are_due(cast, running):
    """One entered of two due. What is entered early, is too small or began a week ago counts on neither side."""
    standing(running, state="entered")
    started(cast.unit)
    standing(started(cast.unit, on=date(2026, 11, 17)), state="entered")
    standing(started(cast.unit, total_investment=Decimal(499)), state="entered")
    started(cast.unit, on=date(2026, 11, 17))
    stats = {one["label"]: one["value"] for one in list_page(cast.leader, QueryDict(), TODAY)["stats"]}
    assert (stats["纳统率"], stats["已入库"], stats["应入库"]) == ("50.0%", 1, 2)


def test_the_list_says_how_long_it_was_by_the_rules_in_force(cast, login, running):
    """September to November: more than two months by the rules of the house, one step earlier by milder ones."""
    page, tab = reverse("investment:enrolment_list"), reverse("investment:project_enrolment", args=[running.pk])
    client = login(cast.stat)
    assert all("开工，超过 2 个月未入库" in client.get(one).content.decode() for one in (page, tab))
    values = {"stat_yellow": 2, "stat_red": 4}
    RuleSet.objects.create(code=CODE, version=1, effective_from=date(2026, 11, 1), values=values)
    assert rules.with_stat_light(ALL, TODAY).get().light_stat == "yellow"
    values = {"stat_yellow": 1, "stat_red": 4}
    RuleSet.objects.filter(code=CODE).update(values=values)
    assert all("开工，超过 1 个月未入库" in client.get(one).content.decode() for one in (page, tab))


# --- what must be said ------------------------------------------------------------------------------------------------
EXPLAIN = {"reason": "papers", "note": "可研在批"}
LEAVE = {"on": TODAY, "exit_reason": "stopped", "note": "停建"}


@pytest.mark.parametrize(
    ("change", "state", "act", "said", "words"),
    [
        ({}, {}, "explain_unenrolled", EXPLAIN | {"note": " "}, "请说明未纳统的具体情况"),
        ({"status": Status.SUSPENDED}, {}, "explain_unenrolled", EXPLAIN, "没有在建"),
        ({"actual_start_date": None}, {}, "explain_unenrolled", EXPLAIN, "没有在建"),
        ({}, {"state": "entered"}, "explain_unenrolled", EXPLAIN, "已经入库"),
        ({}, {"excuse": "asked"}, "decide_excuse", {"grant": False, "note": ""}, "不予认可须写明理由"),
        ({}, {}, "decide_excuse", {"grant": True}, "没有待审核"),
        ({}, {"excuse": "granted"}, "decide_excuse", {"grant": False, "note": "晚了"}, "没有待审核"),
        ({}, {"state": "entered"}, "leave_statistics", LEAVE | {"note": ""}, "退库须写明情况"),
        ({}, {"state": "entered"}, "leave_statistics", LEAVE | {"on": date(2026, 11, 25)}, "与今天之间"),
        ({}, {"state": "entered", "entered_on": TODAY}, "leave_statistics", LEAVE | {"on": date(2026, 11, 23)},
         "与今天之间"),
        ({}, {"state": "entered"}, "leave_statistics", LEAVE | {"exit_reason": "completed"}, "还没有竣工日期"),
        ({}, {"state": "submitted"}, "enter_statistics", {"on": date(2026, 11, 25)}, "晚于今天"),
        ({"total_investment": Decimal(499)}, {}, "submit_enrolment", {}, "不足统计起点"),
        ({}, {}, "submit_enrolment", {"kind": "rural"}, "农户"),
    ],
)  # fmt: skip
def test_what_is_refused_in_words(running, change, state, act, said, words):
    supply_all(running, ENROLMENT)
    ALL.update(**change)
    running.refresh_from_db()
    if state:
        standing(running, **state)
    with pytest.raises(DomainError, match=words):
        getattr(actions, act)(project=running, by=None, today=TODAY, **said)


def test_the_same_day_is_early_enough_and_the_statistics_count_their_own_total(running):
    supply_all(running, ENROLMENT)
    ALL.update(completed_on=TODAY)
    running.refresh_from_db()
    move = {"project": running, "by": None, "today": TODAY}
    assert actions.submit_enrolment(**move, total=Decimal(9000)).total == 9000
    assert actions.enter_statistics(**move, on=TODAY).entered_on == TODAY
    left = actions.leave_statistics(**move, on=TODAY, exit_reason="completed", note="已竣工")
    assert left.exited_on == TODAY
    assert rules.entered_of_due(ALL, TODAY).exists()


@pytest.mark.parametrize(("statistics", "differs"), [(101, True), (99, True), (100, False)])
def test_statistics_and_dispatch_differ_either_way(running, statistics, differs):
    MonthlyEntry.objects.create(
        project=running, year=2026, month=10, completed=100, statistics=statistics, reported_at="2026-11-01T00:00+08:00"
    )
    assert rules.differing(ALL, Period(2026, 10)).exists() is differs


def test_a_return_that_is_just_whole_and_the_month_nobody_asks_for():
    """EN10 with the least that is allowed: 其他费用 = 建设用地费 + 旧建筑物购置费, 设备 = 购置旧设备."""
    names = ("build", "install", "equip", "other", "ytd", "prev_ytd", "month", "since_start", "prior_year_end")
    amounts = (500, 100, 300, 100, 1000, 850, 150, 3000, 2000)
    figures = dict(zip(names, map(Decimal, amounts), strict=True))
    limits = {"land": Decimal(80), "old_building": Decimal(20), "old_equip": Decimal(300)}
    assert logic_faults(Return(**figures, **limits)) == []
    over = {name: amount + Decimal("0.0001") for name, amount in limits.items()}
    assert logic_faults(Return(**figures, **over)) == ["other_lt_land", "equip_lt_old"]
    assert [month for month in range(1, 13) if monthly_exempt(month)] == [1]  # EN06
