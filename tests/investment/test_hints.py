"""Of every dimension: what the hint asks turns the light, and anything less does not (handbook §3.3)."""

from datetime import date
from decimal import Decimal
from random import Random

import pytest
from django.db.models import Value

from common import clock
from common.periods import Period
from common.rules import LightRules
from common.workdays import work_calendar
from investment import actions
from investment.actions import report_month, set_annual_plan
from investment.choices import AmountKind, FundState
from investment.dimensions import DIMENSIONS, Judging
from investment.lights import light_reason, overall_light, with_lights, with_progress
from investment.models import FundAmount, FundApplication, FundProgramme, MonthlyEntry
from investment.papers import ENROLMENT
from investment.querysets import unreported
from projects.choices import Stage, Status
from projects.models import Milestone, Project
from tests.factories import make_project, supply_all

TODAY = date(2026, 11, 24)
OCTOBER = Period(2026, 10)  # the last month that has closed
WARNING = ("red", "yellow")
OF = {one.code: one for one in DIMENSIONS}


@pytest.fixture
def built(cast):
    """Under construction, 1,200 planned for the year."""
    project = make_project(cast.unit, stage=Stage.CONSTRUCTION, since=date(2026, 1, 5))
    set_annual_plan(project=project, year=2026, target=Decimal(1200), by=None)
    return project


def row_of(project, code, rules=None, period=OCTOBER):
    """The project with what one dimension says of it."""
    judging = Judging(TODAY, period, rules or LightRules(), work_calendar())
    rows = Project.objects.filter(pk=project.pk).with_next_node()
    if code == "progress":  # comes with the year's money
        rows = with_progress(rows, period, judging.rules)
    return OF[code].judge(rows, judging).get(), judging


def light(project, code, rules=None, period=OCTOBER):
    return getattr(row_of(project, code, rules, period)[0], f"light_{code}")


def hint(project, code, rules=None):
    return OF[code].hint(*row_of(project, code, rules))


def says(project, code, rules=None):
    return OF[code].says(*row_of(project, code, rules))


def tell(project, amount, period=OCTOBER):
    entry = MonthlyEntry.objects.filter(project=project).of(period).first()
    return report_month(
        project=project, period=period, completed=Decimal(amount), by=None, version=entry.version if entry else None
    )


# --- 进度 -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("preset", "asked"),
    [
        ("ratio", "280"),  # 80 % of the 1,000 due
        ("pp", "360.0001"),  # less than 10 points behind 83⅓ %: more than 880
        ("shortfall", "480"),  # nothing may lack
        ("monthly80", "60"),  # 80 of October's 100
    ],
)
def test_progress(built, preset, asked):
    rules = LightRules().with_preset(preset)
    tell(built, 500, Period(2026, 9))
    tell(built, 20)
    assert light(built, "progress", rules) in WARNING
    what = "10月" if preset == "monthly80" else "年度投资"
    assert hint(built, "progress", rules) == f"{what}再完成 {asked} 万元"
    tell(built, 20 + Decimal(asked))
    assert light(built, "progress", rules) == "green"
    tell(built, 20 + Decimal(asked) - Decimal("0.0001"))
    assert light(built, "progress", rules) in WARNING


def test_progress_of_a_month_is_never_asked_for_more_than_the_year_still_lacks(built):
    rules = LightRules().with_preset("monthly80")
    months = [Decimal(n) for n in (600, 0, 0, 0, 0, 0, 0, 0, 0, 600, 0, 0)]
    set_annual_plan(
        project=built, year=2026, target=Decimal(1200), by=None, split="typed", months=months, effective_month=1
    )
    tell(built, 1100, Period(2026, 1))
    tell(built, 90)
    assert hint(built, "progress", rules) == "10月再完成 10 万元"  # of the 480 that October asks for, 390 lack
    tell(built, 100)
    assert light(built, "progress", rules) == "blue"


def test_a_month_without_a_plan_or_a_figure_of_its_own_is_not_judged_by_the_month(built, cast):
    rules = LightRules().with_preset("monthly80")
    months = [Decimal(n) for n in (0, 0, 0, 0, 0, 0, 0, 1000, 0, 100, 0, 100)]
    set_annual_plan(
        project=built, year=2026, target=Decimal(1200), by=None, split="typed", months=months, effective_month=1
    )
    tell(built, 1, Period(2026, 8))
    assert light(built, "progress", rules, period=Period(2026, 8)) == "red"
    assert light(built, "progress", rules, period=OCTOBER) == "gray"  # nothing told of October
    tell(built, 1, Period(2026, 9))
    assert light(built, "progress", rules, period=Period(2026, 9)) == "gray"  # nothing planned for September
    entry = tell(built, 80)
    assert light(built, "progress", rules) == "green"  # whatever the year lacks
    actions.decide_month(entry=entry, approve=False, by=cast.reviewer, version=entry.version, note="核对")
    assert light(built, "progress", rules) == "gray"


def test_a_plan_of_nothing_is_not_judged(built):
    """LT09."""
    set_annual_plan(project=built, year=2026, target=Decimal(0), by=None, effective_month=1)
    tell(built, 5)
    assert light(built, "progress") == "gray"


# --- 开工 -------------------------------------------------------------------------------------------------------------
def test_start(cast):
    project = make_project(cast.unit, stage=Stage.RESERVE, planned_start_to=date(2026, 3, 31))
    rows = Project.objects.filter(pk=project.pk)
    assert light(project, "start") == "red"
    assert hint(project, "start") == "完成开工认定，或登记经批准的延期理由"
    for done in ({"start_excuse": "用地指标"}, {"actual_start_date": date(2026, 11, 20)}, {"stage": Stage.COMMENCED}):
        before = rows.values(*done).get()
        rows.update(**done)
        assert light(project, "start") == "green", done
        rows.update(**before)
    rows.update(planned_start_to=date(2027, 9, 30))  # less: put off
    assert light(project, "start") == "red"
    rows.update(baseline_start_to=None)
    assert light(project, "start") == "gray"


def test_start_by_other_months(cast):
    project = make_project(cast.unit, stage=Stage.RESERVE, planned_start_to=date(2026, 7, 31))
    lights = {
        rules: light(project, "start", LightRules(start_yellow=rules[0], start_red=rules[1]))
        for rules in ((1, 4), (1, 5), (4, 6), (5, 6))
    }  # the ends of July, August, September and October have passed
    assert lights == {(1, 4): "red", (1, 5): "yellow", (4, 6): "yellow", (5, 6): "green"}


# --- 节点 -------------------------------------------------------------------------------------------------------------
def node(project, name, **fields):
    kept = {"due_on": None, "duration": 5, "wall_column": "COMMENCEMENT", "order": 900, **fields}
    return Milestone.objects.create(project=project, code=name, name=name, **kept)


@pytest.mark.parametrize("seed", range(4))
def test_node(project, seed):
    dice = Random(seed)
    project.milestones.all().delete()
    days = [date(2026, 11, 2), date(2026, 11, 23), TODAY, date(2026, 12, 8), date(2026, 12, 9), None]
    for number in range(6):
        node(project, f"X{number}", due_on=dice.choice(days), is_applicable=dice.random() < 0.8)
    node(project, "急", due_on=date(2026, 12, 8))  # the tenth working day
    pressing = list(project.milestones.pressing(TODAY, work_calendar(), 10).order_by("due_on", "order"))
    told = hint(project, "node")
    assert all(f"“{one.name}”" in told for one in pressing[:3])
    assert (f"等 {len(pressing)} 个节点" in told) == (len(pressing) > 3)
    keys = Milestone.objects.filter(pk__in=[one.pk for one in pressing])
    keys.update(done_on=TODAY)
    assert light(project, "node") not in WARNING
    for one in pressing:
        keys.filter(pk=one.pk).update(done_on=None)
        assert light(project, "node") in WARNING, one.name
        keys.filter(pk=one.pk).update(done_on=TODAY)


@pytest.mark.parametrize(
    ("fields", "colour"),
    [
        ({"due_on": date(2026, 11, 23)}, "red"),
        ({"due_on": TODAY}, "yellow"),  # LT42: not overdue on the day itself
        ({"due_on": date(2026, 12, 9)}, "green"),
        ({"due_on": date(2026, 11, 23), "done_on": TODAY}, "blue"),
        ({"due_on": None}, "gray"),  # LT45
        ({"due_on": date(2026, 11, 23), "is_applicable": False}, "gray"),
        ({"due_on": date(2026, 11, 23), "is_tracked": False}, "gray"),  # decisions §8
        ({"due_on": None, "done_on": TODAY}, "gray"),
    ],
)
def test_a_node_alone(project, fields, colour):
    project.milestones.all().delete()
    node(project, "甲", **fields)
    assert light(project, "node") == colour


def test_nodes_by_other_rules_and_the_next_of_them(project):
    project.milestones.all().delete()
    node(project, "后", due_on=date(2026, 12, 1), order=1)
    node(project, "先", due_on=date(2026, 11, 30), order=2)
    found = {days: light(project, "node", LightRules(node_workdays=days)) for days in (3, 4)}
    assert found == {3: "green", 4: "yellow"}  # Monday is the fourth working day
    assert row_of(project, "node")[0].next_node_name == "先"


# --- 填报 -------------------------------------------------------------------------------------------------------------
def test_report(built):
    assert light(built, "report") == "red"
    assert hint(built, "report") == "补报2026年10月的完成投资"
    tell(built, 1, Period(2026, 9))  # less
    assert light(built, "report") == "yellow"
    assert hint(built, "report") == "补报2026年10月的完成投资"
    tell(built, 0)
    assert light(built, "report") == "gray"


def test_silence_by_other_rules(built):
    tell(built, 1, Period(2026, 6))  # silent from July through October
    lights = {
        rules: light(built, "report", LightRules(report_yellow=rules[0], report_red=rules[1]))
        for rules in ((1, 4), (1, 5), (4, 6), (5, 6), (2, 3))
    }
    assert lights == {(1, 4): "red", (1, 5): "yellow", (4, 6): "yellow", (5, 6): "gray", (2, 3): "red"}
    tell(built, 1, Period(2026, 8))
    assert light(built, "report", LightRules(report_yellow=1, report_red=3)) == "yellow"


@pytest.mark.parametrize(
    ("change", "owes"),
    [
        ({}, True),
        ({"stage": Stage.COMMENCED}, True),
        ({"stage": Stage.RESERVE}, False),
        ({"stage": Stage.PRODUCTION}, False),
        ({"status": Status.SUSPENDED}, False),
        ({"completed_on": date(2026, 10, 9)}, False),
        ({"reporting_since": date(2026, 10, 1)}, True),
        ({"reporting_since": date(2026, 11, 1)}, False),
    ],
)
def test_who_owes_a_figure(built, change, owes):
    Project.objects.filter(pk=built.pk).update(**change)
    assert unreported(Project.objects.all(), OCTOBER).exists() is owes


def test_only_a_plan_of_the_year_asks_for_figures(built):
    assert not unreported(Project.objects.all(), Period(2027, 1)).exists()
    set_annual_plan(project=built, year=2026, target=Decimal(0), by=None)
    assert not unreported(Project.objects.all(), OCTOBER).exists()


# --- 纳统 -------------------------------------------------------------------------------------------------------------
def test_stat(cast):
    project = make_project(cast.unit, stage=Stage.CONSTRUCTION, actual_start_date=date(2026, 9, 1))
    move = {"project": project, "by": None, "today": TODAY}
    assert light(project, "stat") == "red"
    assert hint(project, "stat") == "申报并入库纳统，或说明原因并经统计审核认可"
    supply_all(project, ENROLMENT)
    actions.explain_unenrolled(**move, reason="part", note="并入一期")
    assert light(project, "stat") == "red"  # told, not granted
    actions.decide_excuse(**move, grant=True)
    assert light(project, "stat") == "green"
    project.enrolments.all().delete()
    actions.submit_enrolment(**move)
    assert light(project, "stat") == "red"  # handed in, not entered
    actions.enter_statistics(**move, on=TODAY)
    assert light(project, "stat") == "green"


# --- 资金 -------------------------------------------------------------------------------------------------------------
def fund(project, name, received, on, spent=None, state=FundState.RECEIVED):
    programme = FundProgramme.objects.create(kind="provincial", name=name, year=2026)
    application = FundApplication.objects.create(
        project=project,
        programme=programme,
        applied=Decimal(received),
        usage="主体",
        created_at=clock.now(),
        state=state,
    )
    spend(application, AmountKind.RECEIVED, received, on)
    if spent:
        spend(application, AmountKind.SPENT, spent, TODAY)
    return application


def spend(application, kind, amount, on=TODAY):
    return FundAmount.objects.create(
        application=application, kind=kind, amount=Decimal(amount), on=on, at=clock.now(), document_no="1号"
    )


def test_fund_names_every_application_that_lags(project):
    """To the 元 for one application by chance, in test_money_whole; here two of them and what does not lag."""
    half = fund(project, "甲", "100.0001", date(2026, 8, 24), "50")  # three months on the day: half is asked for
    most = fund(project, "乙", 200, date(2026, 5, 24))  # six months: 80 %
    fund(project, "丙", 300, date(2026, 8, 25))  # not yet three months
    fund(project, "丁", 400, date(2026, 1, 1), state=FundState.CLAWED_BACK)
    assert light(project, "fund") == "red"
    assert hint(project, "fund") == "“甲”再支出 0.0001 万元并登记凭证，“乙”再支出 160 万元并登记凭证"
    assert says(project, "fund") == "资金到位满 6 个月，支出不足 80%"
    spend(most, AmountKind.SPENT, 160)
    assert light(project, "fund") == "yellow"
    assert says(project, "fund") == "资金到位满 3 个月，支出不足 50%"
    spend(half, AmountKind.SPENT, "0.0001")
    assert light(project, "fund") == "green"


def test_money_that_does_not_come_and_a_start_that_does_not_come_are_red(project):
    """下达满1个月未分解、开工期限到期未开工红 (§4.3)."""
    programme = FundProgramme.objects.create(kind="provincial", name="甲", year=2026, start_by=date(2026, 11, 23))
    one = FundApplication.objects.create(
        project=project, programme=programme, applied=9, usage="主体", created_at=clock.now(), state=FundState.ISSUED
    )
    spend(one, AmountKind.ISSUED, 9, date(2026, 10, 24))
    rows, projects = FundApplication.objects.filter(pk=one.pk), Project.objects.filter(pk=project.pk)
    assert hint(project, "fund") == "“甲”的项目完成开工认定，“甲”登记到位"
    fund(project, "乙", 200, date(2026, 5, 24))  # slow: said when nothing worse is there
    for started, state, why in (
        (None, FundState.ISSUED, "已过资金批次的开工期限，尚未开工"),
        (TODAY, FundState.ISSUED, "资金下达满一个月，尚未到位"),
        (None, FundState.RECEIVED, "已过资金批次的开工期限，尚未开工"),
        (TODAY, FundState.RECEIVED, "资金到位满 6 个月，支出不足 80%"),
    ):
        one.amounts.filter(kind=AmountKind.RECEIVED).delete()
        if state == FundState.RECEIVED:
            spend(one, AmountKind.RECEIVED, 9)
        rows.update(state=state)
        projects.update(actual_start_date=started)
        assert light(project, "fund") == "red", (started, state)
        assert says(project, "fund") == why, (started, state)
    FundApplication.objects.exclude(pk=one.pk).delete()
    assert light(project, "fund") == "green"
    projects.update(actual_start_date=None)
    for state, colour in (("spent", "red"), ("evaluated", "green"), ("adjusted", "gray"), ("clawed_back", "gray")):
        rows.update(state=state)
        assert light(project, "fund") == colour, state
    rows.update(state=FundState.RECEIVED)
    FundProgramme.objects.update(start_by=TODAY)  # the last day is in time
    assert light(project, "fund") == "green"


def test_money_issued_waits_a_month(project):
    programme = FundProgramme.objects.create(kind="provincial", name="甲", year=2026)
    one = FundApplication.objects.create(
        project=project, programme=programme, applied=9, usage="主体", created_at=clock.now(), state=FundState.ISSUED
    )
    spend(one, AmountKind.ISSUED, 9, date(2026, 10, 25))
    assert light(project, "fund") == "gray"
    one.amounts.update(on=date(2026, 10, 24))
    assert light(project, "fund") == "red"
    FundApplication.objects.update(state=FundState.ADJUSTED)  # given to another project meanwhile
    assert light(project, "fund") == "gray"


def test_money_taken_back_is_not_judged(project):
    fund(project, "甲", 400, date(2026, 1, 1), state=FundState.CLAWED_BACK)
    assert light(project, "fund") == "gray"


# --- together ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("lights", "worst"),
    [
        (("green", "yellow", "blue"), "yellow"),  # LT50
        (("gray", "blue"), "blue"),  # LT51
        (("blue", "green"), "green"),
        (("yellow", "red"), "red"),
        (("gray", "gray"), "gray"),
    ],
)
def test_the_worst_of_what_is_judged(project, lights, worst):
    columns = {f"l{n}": Value(one) for n, one in enumerate(lights)}
    rows = Project.objects.filter(pk=project.pk).annotate(**columns)
    assert rows.annotate(light=overall_light(*columns)).get().light == worst


def test_the_short_reason_is_that_of_the_worst_alone(built):
    """Silent for two months, which is red; a node is due soon, which is yellow."""
    built.milestones.all().delete()
    node(built, "竣工验收", due_on=date(2026, 12, 1))
    judging = Judging(TODAY, OCTOBER, LightRules(), work_calendar())
    row = with_lights(Project.objects.all(), TODAY, period=OCTOBER, rules=LightRules()).with_next_node().get()
    assert (row.light_report, row.light_node) == ("red", "yellow")
    assert light_reason(row, judging) == "连续 2 个月未填报完成投资"


def test_a_dimension_that_is_off_is_not_judged(built):
    tell(built, 1000)
    built.monthly_entries.filter(month=10).update(month=9)
    off = LightRules(off=("report", "start", "node", "stat", "fund"))
    row = with_lights(Project.objects.all(), TODAY, period=OCTOBER, rules=off).get()
    assert (row.light_report, row.light) == ("gray", row.light_progress)
    assert light(built, "report") == "yellow"
