"""One episode per rule and object, one word per window and person, whatever happens to the clock or the scan."""

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.db import IntegrityError, transaction

from alerts.actions import acknowledge, scan
from alerts.choices import Level, NoticeState
from alerts.models import Alert, AlertNotice
from alerts.rules import BY_CODE
from common.errors import DomainError, StaleVersion
from projects.actions import assign, complete_node, move_node
from projects.choices import Duty
from projects.models import Project

OVERDUE = [BY_CODE["node_overdue"]]
MONDAY = date(2026, 11, 23)


@pytest.fixture
def alert(official, node, today):
    """The open alert of the overdue node."""
    scan(today, OVERDUE)
    return Alert.objects.get()


def windows(alert, person=None):
    notices = alert.notices.order_by("pk")
    return [n.window for n in notices if person is None or n.recipient_id == person.pk]


def test_scanning_again_changes_nothing(alert, today):
    before = list(AlertNotice.objects.values_list("pk", flat=True))
    again = scan(today, OVERDUE)
    assert (again.opened, again.updated, again.closed, again.notices) == (0, 0, 0, 0)
    assert Alert.objects.count() == 1
    assert list(AlertNotice.objects.values_list("pk", flat=True)) == before


def test_an_episode_is_updated_in_place(alert):
    scan(date(2026, 11, 30), OVERDUE)
    alert.refresh_from_db()
    assert Alert.objects.count() == 1
    assert alert.level == Level.INTERVIEW
    assert alert.level_since == date(2026, 11, 30)
    assert alert.opened_on == date(2026, 11, 24)
    assert alert.checked_on == date(2026, 11, 30)
    assert "逾期 6 个工作日" in alert.detail


def test_the_database_refuses_a_second_open_episode(alert):
    """The twin of the guard: without the key this insert would succeed."""
    copy = Alert.objects.get(pk=alert.pk)
    copy.pk, copy.public_id = None, "11111111-1111-4111-8111-111111111111"
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save(force_insert=True)
    copy.closed_at = "2026-11-24T10:00+08:00"
    copy.save(force_insert=True)  # a closed one is no rival


def test_the_database_refuses_to_tell_the_same_window_twice(alert):
    notice = alert.notices.first()
    notice.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        notice.save(force_insert=True)


def test_two_scans_that_meet_make_one_episode(official, node, today, monkeypatch):
    """A rival opens the episode between our look and our insert: the unique key decides, nobody fails."""
    scan_module = import_module("alerts.actions.scan")  # the package's name `scan` is the action
    real = scan_module._episode

    def rival_first(rule, finding, day):
        ours = real(rule, finding, day)
        Alert.objects.bulk_create([real(rule, finding, day)])
        return ours

    monkeypatch.setattr(scan_module, "_episode", rival_first)
    scan(today, OVERDUE)
    assert Alert.objects.count() == 1
    assert AlertNotice.objects.count() == 1


def test_a_new_episode_opens_after_the_first_was_settled(alert, node, official, today):
    node = complete_node(node=node, done_on=today, by=official, version=node.version, today=today)
    scan(today, OVERDUE)
    from projects.actions import reopen_node

    reopen_node(node=node, reason="误填", by=None, version=node.version)
    scan(today, OVERDUE)
    assert Alert.objects.count() == 2
    assert Alert.objects.open().count() == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"is_applicable": False}, "节点已不适用于该项目"),
        ({"is_tracked": False}, "节点不再跟踪"),
        ({"due_on": None}, "节点的计划日期已取消"),
        ({"due_on": date(2027, 1, 8)}, "计划完成日期调整为 2027-01-08"),
    ],
)
def test_an_alert_closes_with_the_fact_that_ended_it(alert, node, today, change, reason):
    type(node).objects.filter(pk=node.pk).update(**change)
    scan(today, OVERDUE)
    alert.refresh_from_db()
    assert alert.closed_at
    assert alert.closed_reason == reason


def test_a_suspended_project_rests(alert, project, today):
    Project.objects.filter(pk=project.pk).update(status="suspended")
    scan(today, OVERDUE)
    alert.refresh_from_db()
    assert alert.closed_reason == "项目已暂停"


def test_what_is_settled_before_its_mail_is_suppressed(alert, node, official, today):
    complete_node(node=node, done_on=today, by=official, version=node.version, today=today)
    scan(today, OVERDUE)
    assert alert.notices.get().state == NoticeState.SUPPRESSED


def test_a_node_that_is_announced_turns_into_an_overdue_one(official, project):
    from tests.alerts.conftest import due_on

    due_on(project, date(2026, 11, 27))
    scan(date(2026, 11, 26))
    scan(date(2026, 11, 28))
    announced, overdue = Alert.objects.order_by("pk")
    assert announced.rule == "node_due"
    assert announced.closed_reason == "已过计划完成日期 2026-11-27，转为逾期预警"
    assert overdue.rule == "node_overdue"


def test_a_due_date_is_announced_once_and_a_new_one_again(official, project, today):
    from tests.alerts.conftest import due_on

    node = due_on(project, date(2026, 11, 26))
    for back in (2, 1, 0):
        scan(today - timedelta(days=back), [BY_CODE["node_due"]])
    assert AlertNotice.objects.count() == 1
    move_node(node=node, due_on=date(2026, 11, 27), reason="顺延", by=None, version=node.version, today=today)
    scan(today, [BY_CODE["node_due"]])
    assert set(AlertNotice.objects.values_list("window", flat=True)) == {"due:2026-11-26", "due:2026-11-27"}


# --- repetition ---------------------------------------------------------------------------------------------------
def test_an_overdue_node_is_told_once_per_level_and_then_weekly(official, node):
    day = date(2026, 11, 21)
    while day <= date(2026, 12, 31):
        scan(day, OVERDUE)
        day += timedelta(days=1)
    assert windows(Alert.objects.get(), official) == [
        "level:1",  # Saturday 21 November
        "level:2",  # Monday 23
        "level:3",  # Monday 30: 6 working days
        "level:3+1",
        "level:4",  # Monday 14 December: 16
        "level:4+1",
        "level:4+2",
    ]


def test_a_long_outage_is_made_up_by_one_word(official, node):
    scan(MONDAY, OVERDUE)
    scan(MONDAY + timedelta(days=30), OVERDUE)
    assert windows(Alert.objects.get(), official) == ["level:2", "level:4"]


def test_a_clock_set_back_repeats_nothing(alert, official, today):
    scan(today + timedelta(days=2), OVERDUE)
    scan(today, OVERDUE)
    assert windows(alert, official) == ["level:2"]


# --- acknowledging ------------------------------------------------------------------------------------------------
def test_an_acknowledged_alert_rests_until_the_promised_day(alert, official, today):
    acknowledge(alert=alert, by=official, measure="已催审批", promised_on=date(2026, 12, 31), today=today)
    assert not Alert.objects.waiting(today).exists()
    assert Alert.objects.resting(today).get() == alert
    assert Alert.objects.resting(date(2026, 12, 31)).exists()
    assert Alert.objects.waiting(date(2027, 1, 1)).get() == alert


def test_resting_mutes_the_reminders_but_never_the_ladder(alert, cast, project, official, today):
    assign(project=project, duty=Duty.LEADER, user=cast.leader, starts_on=date(2026, 1, 1), by=None)
    acknowledge(alert=alert, by=official, measure="已催审批", promised_on=date(2026, 12, 31), today=today)
    day = today
    while day <= date(2026, 12, 31):
        scan(day, OVERDUE)
        day += timedelta(days=1)
    assert windows(alert, official) == ["level:2", "level:3", "level:4"]
    assert windows(alert, cast.leader) == ["level:3", "level:4"]


def test_a_broken_promise_is_told_the_day_after(alert, official, today):
    acknowledge(alert=alert, by=official, measure="已催审批", promised_on=date(2026, 11, 26), today=today)
    for ahead in range(1, 5):
        scan(today + timedelta(days=ahead), OVERDUE)
    assert windows(alert, official) == ["level:2", "level:2/261126"]


@pytest.mark.parametrize(
    ("measure", "promised_on", "complaint"),
    [("  ", date(2026, 12, 1), "措施"), ("已催", date(2026, 11, 23), "已经过去")],
)
def test_acknowledging_needs_a_measure_and_a_day_to_come(alert, official, today, measure, promised_on, complaint):
    with pytest.raises(DomainError, match=complaint):
        acknowledge(alert=alert, by=official, measure=measure, promised_on=promised_on, today=today)
    alert.refresh_from_db()
    assert alert.acknowledged_at is None


def test_the_second_of_two_who_acknowledge_is_told_so(alert, cast, official, today):
    stale = Alert.objects.get(pk=alert.pk)
    acknowledge(alert=alert, by=official, measure="已催审批", promised_on=date(2026, 12, 1), today=today)
    with pytest.raises(StaleVersion):
        acknowledge(alert=stale, by=cast.admin, measure="另一措施", promised_on=date(2026, 12, 2), today=today)
    alert.refresh_from_db()
    assert alert.measure == "已催审批"


def test_a_settled_alert_cannot_be_acknowledged(alert, node, official, today):
    complete_node(node=node, done_on=today, by=official, version=node.version, today=today)
    scan(today, OVERDUE)
    with pytest.raises(StaleVersion):
        acknowledge(alert=alert, by=official, measure="已催审批", promised_on=date(2026, 12, 1), today=today)
