"""What each rule finds, and who is told."""

from collections import Counter
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from alerts import tuning
from alerts.actions import scan
from alerts.actions.scan import findings_of
from alerts.choices import Level, NoticeState, Severity
from alerts.models import Alert, AlertNotice
from alerts.rules import BY_CODE, RULES
from common import clock
from common.periods import Period
from common.workdays import using, work_calendar
from investment.actions import report_month, set_annual_plan
from investment.models import CatchUpPlan, CatchUpStep, FundAmount, FundApplication, FundProgramme
from projects.actions import assign, complete_node, note_journal
from projects.choices import Duty, Stage
from projects.models import Project
from tests.alerts.conftest import due_on
from tests.factories import lag_cause, make_project

NOVEMBER = Period(2026, 11)
PLAN = {"light": "red", "opened_on": date(2026, 11, 2), "target_on": date(2026, 12, 31)}
FUTURE = date(2026, 12, 1)
JUNE = datetime(2026, 6, 1, 9, tzinfo=clock.SHANGHAI)


def findings(code, today):
    return list(findings_of(BY_CODE[code], today, tuning.in_force(today)).values())


@pytest.mark.parametrize(
    ("today", "holds"),
    [
        (date(2026, 11, 18), False),  # four working days before
        (date(2026, 11, 19), True),
        (date(2026, 11, 24), True),
        (date(2026, 11, 25), False),  # the day after is overdue, another rule's business
    ],
)
def test_a_node_is_announced_within_three_working_days(project, today, holds):
    due_on(project, date(2026, 11, 24))
    assert bool(findings("node_due", today)) is holds


def test_an_announced_node_says_how_many_working_days_are_left(project):
    due_on(project, date(2026, 11, 24))
    (finding,) = findings("node_due", date(2026, 11, 20))
    assert "剩 2 个工作日" in finding.detail
    assert (finding.severity, finding.level) == (Severity.YELLOW, Level.REMIND)


def test_an_overdue_node_is_red_from_the_first_day(project):
    due_on(project, date(2026, 11, 20))
    assert not findings("node_overdue", date(2026, 11, 20))
    (saturday,) = findings("node_overdue", date(2026, 11, 21))
    assert (saturday.severity, saturday.level) == (Severity.RED, Level.REMIND)
    (monday,) = findings("node_overdue", date(2026, 11, 23))
    assert monday.level == Level.SUPERVISE
    assert "逾期 1 个工作日" in monday.detail


@pytest.mark.parametrize(
    ("today", "overdue", "level"),
    [
        (date(2026, 10, 7), 0, Level.REMIND),  # due 30 September; 1–7 October rest
        (date(2026, 10, 8), 1, Level.SUPERVISE),
        (date(2026, 10, 13), 5, Level.SUPERVISE),  # Saturday the 10th works
        (date(2026, 10, 14), 6, Level.INTERVIEW),
        (date(2026, 10, 27), 15, Level.INTERVIEW),
        (date(2026, 10, 28), 16, Level.BULLETIN),
    ],
)
def test_an_overdue_node_climbs_across_the_national_holiday(project, today, overdue, level):
    due_on(project, date(2026, 9, 30))
    (finding,) = findings("node_overdue", today)
    assert (finding.facts["overdue_wd"], finding.level) == (overdue, level)


@pytest.fixture
def running(cast):
    """A project under construction with a plan, in its first month of reporting."""
    project = make_project(cast.unit, stage=Stage.CONSTRUCTION)
    Project.objects.filter(pk=project.pk).update(reporting_since=date(2026, 11, 1))
    set_annual_plan(project=project, year=2026, target=Decimal(1000), by=None)
    assign(project=project, duty=Duty.OFFICIAL, user=cast.reporter, starts_on=date(2026, 1, 1), by=None)
    return project


@pytest.mark.parametrize(
    ("today", "severity", "reminder"),
    [
        (date(2026, 11, 19), None, None),
        (date(2026, 11, 20), Severity.YELLOW, 0),
        (date(2026, 11, 25), Severity.YELLOW, 1),  # the closing day
        (date(2026, 11, 26), Severity.RED, 0),
    ],
)
def test_a_missing_report_is_asked_for_before_and_on_the_closing_day_and_red_after(running, today, severity, reminder):
    found = findings("report_missing", today)
    assert [(f.severity, f.reminder) for f in found] == ([(severity, reminder)] if severity else [])


def test_a_reported_month_is_not_asked_for(running):
    report_month(project=running, period=NOVEMBER, completed=Decimal(0), by=None)
    assert not findings("report_missing", date(2026, 11, 26))


def test_a_month_that_stays_missing_keeps_its_alert_when_the_next_one_closes(running):
    scan(date(2026, 11, 26), [BY_CODE["report_missing"]])
    scan(date(2026, 12, 26), [BY_CODE["report_missing"]])
    assert set(Alert.objects.open().values_list("subject", flat=True)) == {
        f"report:{running.pk}:2026-11",
        f"report:{running.pk}:2026-12",
    }


def test_a_told_month_closes_its_alert_with_the_fact(running):
    scan(date(2026, 11, 26), [BY_CODE["report_missing"]])
    report_month(project=running, period=NOVEMBER, completed=Decimal(5), by=None)
    scan(date(2026, 11, 27), [BY_CODE["report_missing"]])
    assert Alert.objects.get().closed_reason == "2026年11月完成投资已填报"


def told(alert):
    return {notice.recipient_key: notice.state for notice in alert.notices.all()}


def test_each_level_reaches_the_next_person_up(cast, project, official, node):
    assign(project=project, duty=Duty.LEADER, user=cast.leader, starts_on=date(2026, 1, 1), by=None)
    steps = [
        (date(2026, 11, 21), {cast.reporter}),
        (date(2026, 11, 23), {cast.reporter}),  # 督办: the unit's reporter is the official here
        (date(2026, 11, 30), {cast.reporter, cast.leader}),
        (date(2026, 12, 14), {cast.reporter, cast.leader, cast.supervisor}),
    ]
    for today, people in steps:
        scan(today, [BY_CODE["node_overdue"]])
        assert set(told(Alert.objects.get())) == {f"user:{person.pk}" for person in people}, today


def test_a_name_without_account_is_undeliverable_and_the_units_reporter_is_told_instead(cast, project, node, today):
    assign(project=project, duty=Duty.OFFICIAL, name="王某某", starts_on=date(2026, 1, 1), by=None)
    due_on(project, date(2026, 11, 26), code="N02")
    scan(today, [BY_CODE["node_due"]])
    assert told(Alert.objects.get()) == {
        "name:王某某": NoticeState.UNDELIVERABLE,
        f"user:{cast.reporter.pk}": NoticeState.PENDING,
    }


def test_the_nearest_unit_above_stands_in_for_a_unit_without_reporter(cast, today):
    project = make_project(cast.sub_unit)
    due_on(project, date(2026, 11, 26))
    scan(today, [BY_CODE["node_due"]])
    assert set(told(Alert.objects.get())) == {f"user:{cast.reporter.pk}"}


def test_nobody_at_all_is_on_record_as_undeliverable(cast, today):
    project = make_project(cast.bureau)
    due_on(project, date(2026, 11, 26))
    scan(today, [BY_CODE["node_due"]])
    assert told(Alert.objects.get()) == {"nobody": NoticeState.UNDELIVERABLE}


def test_a_person_without_address_is_undeliverable_until_it_is_there(cast, project, official, today):
    type(official).objects.filter(pk=official.pk).update(email="")
    due_on(project, date(2026, 11, 26))
    scan(today, [BY_CODE["node_due"]])
    notice = AlertNotice.objects.get(recipient=official)
    assert notice.state == NoticeState.UNDELIVERABLE
    type(official).objects.filter(pk=official.pk).update(email="d@example.test")
    scan(today, [BY_CODE["node_due"]])
    notice.refresh_from_db()
    assert notice.state == NoticeState.PENDING


def test_whoever_is_responsible_on_the_day_is_told(cast, project, official, today):
    due_on(project, date(2026, 11, 26))
    assign(project=project, duty=Duty.OFFICIAL, user=cast.steward, starts_on=date(2026, 11, 25), by=None)
    scan(today, [BY_CODE["node_due"]])
    assert set(told(Alert.objects.get())) == {f"user:{official.pk}"}
    scan(date(2026, 11, 25), [BY_CODE["node_due"]])
    assert set(told(Alert.objects.get())) == {f"user:{official.pk}", f"user:{cast.steward.pk}"}
    assert not AlertNotice.objects.get(recipient=official).is_current


def test_a_scan_asks_the_same_number_of_queries_for_any_number_of_rows(cast, today):
    def scanned_queries():
        counts = {}
        for rule in RULES:
            with using(work_calendar()), CaptureQueriesContext(connection) as queries:
                scan(today, [rule])
            counts[rule.code] = len(queries)
        del counts["overloaded"]  # one person, however many projects
        return counts

    def add(count):
        for number in range(count):
            in_trouble(cast, number)

    with transaction.atomic():  # first with few, then with many: each time from an empty book
        add(2)
        few = scanned_queries()
        Alert.objects.all().delete()
    add(4)
    assert scanned_queries() == few
    found = Counter(Alert.objects.values_list("rule", flat=True))
    per_project = {rule.code for rule in RULES} - {"calendar_missing", "overloaded"}
    assert {code for code in per_project if found[code] >= 4} == per_project
    (overload,) = BY_CODE["overloaded"].find(today, {"steward": 3, "leader": 20})
    assert "负责 6 个在管项目，超过上限 3 个" in overload.detail


def in_trouble(cast, number):
    """Projects about which every rule has something to say on the tests' day."""
    late = {"stage": Stage.CONSTRUCTION, "planned_production_to": date(2026, 10, 31), "actual_start_date": FUTURE}
    project = make_project(cast.unit, **late, since=date(2026, 6, 1))
    Project.objects.filter(pk=project.pk).update(
        reporting_since=date(2026, 9, 1), stage_since=date(2026, 6, 1), created_at=JUNE
    )
    set_annual_plan(project=project, year=2026, target=Decimal(1000), by=None)
    report_month(project=project, period=Period(2026, 10), completed=Decimal(10), by=None)
    assign(project=project, duty=Duty.OFFICIAL, name=f"王某{project.pk}", starts_on=date(2026, 1, 1), by=None)
    assign(project=project, duty=Duty.STEWARD, user=cast.steward, starts_on=date(2026, 1, 1), by=None)
    assign(project=project, duty=Duty.TASK_FORCE, user=cast.member, starts_on=date(2026, 11, 24), by=cast.admin)
    note_journal(project=project, kind="note", text="请@庚专班到现场核实", by=cast.admin)
    plan = CatchUpPlan.objects.create(project=project, cause=lag_cause(), **PLAN)
    CatchUpStep.objects.create(plan=plan, due_on=date(2026, 11, 20), text="主体封顶")
    due_on(project, date(2026, 11, 20), code="N15")
    due_on(project, date(2026, 11, 26), code="N16")
    make_project(cast.unit, planned_start_to=date(2026, 7, 31))  # 应开未开
    kept = make_project(cast.unit, stage=Stage.RESERVE)
    Project.objects.filter(pk=kept.pk).update(reserved_at=date(2025, 10, 1))
    make_project(cast.unit, planned_start_to=date(2026, 11, 30))
    started = {"planned_production_to": date(2026, 11, 30), "actual_start_date": date(2026, 8, 3)}  # and not enrolled
    funded = make_project(cast.unit, stage=Stage.CONSTRUCTION, **started)
    about = {"kind": "special_bond", "name": "专项债第一批", "year": 2026, "deadline": date(2026, 11, 27)}
    programme, _ = FundProgramme.objects.get_or_create(**about)
    asked = {"programme": programme, "applied": Decimal(100), "usage": "土建", "created_at": JUNE}
    FundApplication.objects.create(project=project, **asked)  # a draft
    slow = FundApplication.objects.create(project=funded, state="received", **asked)
    FundAmount.objects.create(application=slow, kind="received", amount=Decimal(100), on=date(2026, 1, 5), at=JUNE)


@pytest.mark.parametrize(
    ("state", "kind", "start_by", "why"),
    [
        ("received", "received", None, "资金到位满 6 个月，支出不足 80%"),
        ("issued", "issued", None, "资金下达满一个月，尚未到位"),
        ("issued", "issued", date(2026, 10, 31), "已过资金批次的开工期限，尚未开工"),
    ],
)
def test_slow_funds_are_told_with_what_makes_them_slow(project, today, state, kind, start_by, why):
    programme = FundProgramme.objects.create(kind="provincial", name="省级专项", year=2026, start_by=start_by)
    asked = {"applied": Decimal(100), "usage": "土建", "created_at": JUNE, "state": state}
    one = FundApplication.objects.create(project=project, programme=programme, **asked)
    FundAmount.objects.create(application=one, kind=kind, amount=Decimal(100), on=date(2026, 1, 5), at=JUNE)
    (finding,) = findings("fund_slow", today)
    assert finding.detail.endswith(f"省级专项：{why}")


def test_the_calendar_is_asked_for_before_the_year_begins(cast):
    assert not findings("calendar_missing", date(2026, 11, 24))
    (finding,) = findings("calendar_missing", date(2026, 12, 2))
    assert finding.title == "2027年工作日历"
    scan(date(2026, 12, 2), [BY_CODE["calendar_missing"]])
    assert set(told(Alert.objects.get())) == {f"user:{cast.admin.pk}"}


@pytest.mark.parametrize(
    ("months", "level"),
    [
        ({9: 700}, None),  # on time
        ({9: 590}, Level.REMIND),  # yellow: 79 % of what was due
        ({8: 500, 9: 90}, Level.SUPERVISE),  # yellow twice
        ({8: 410, 9: 0}, Level.SUPERVISE),  # red after yellow
        ({8: 300, 9: 0}, Level.INTERVIEW),  # red twice
        ({7: 300, 8: 0, 9: 0}, Level.BULLETIN),
    ],
)
def test_lights_on_end_climb_the_ladder(cast, months, level):
    project = make_project(cast.unit, stage=Stage.CONSTRUCTION)
    set_annual_plan(project=project, year=2026, target=Decimal(1000), by=None)
    for month, done in months.items():
        report_month(project=project, period=Period(2026, month), completed=Decimal(done), by=None)
    found = [finding.level for finding in findings("money_lag", date(2026, 9, 30))]
    assert found == ([level] if level else [])


def test_completing_the_node_settles_the_alert_with_the_fact(cast, project, official, node, today):
    scan(today)
    complete_node(node=node, done_on=today, by=official, version=node.version, today=today)
    scan(today)
    alert = Alert.objects.get(subject=f"milestone:{node.pk}")
    assert alert.closed_at
    assert alert.closed_reason == "节点已于 2026-11-24 完成"


def test_every_rule_stands_in_the_docs(settings):
    text = (settings.BASE_DIR / "docs" / "rules.md").read_text(encoding="utf-8")
    for rule in RULES:
        assert f"`{rule.code}`" in text
        assert rule.name in text
