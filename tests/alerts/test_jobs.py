"""Daily jobs: once per business date, made up after an outage, never twice."""

from datetime import date, datetime, timedelta

import pytest
from django.core import mail as outbox

from accounts import audit
from alerts import bell, jobs, tasks
from alerts.actions import scan as scan_action
from alerts.models import Alert, JobRun, Mail
from common import clock
from projects.actions import complete_node

MORNING = datetime(2026, 11, 24, 6, 30, tzinfo=clock.SHANGHAI)


@pytest.fixture(autouse=True)
def silent_bell(monkeypatch):
    """Nobody is woken in these tests."""
    monkeypatch.setattr(bell, "ring", lambda: True)


def test_a_job_runs_once_on_its_business_date(official, node):
    assert len(jobs.run_due_jobs(MORNING)) == 1
    for minutes in (0, 1, 600):
        assert jobs.run_due_jobs(MORNING + timedelta(minutes=minutes)) == []
    run = JobRun.objects.get()
    assert (run.job, run.business_date, run.error) == ("scan", date(2026, 11, 24), "")
    assert run.result.startswith("新增 1")
    assert Alert.objects.count() == 1


def test_before_its_time_the_day_before_is_still_due():
    scan = jobs.BY_CODE["scan"]
    assert jobs.business_date(scan, MORNING - timedelta(minutes=1)) == date(2026, 11, 23)
    assert jobs.business_date(scan, MORNING) == date(2026, 11, 24)


def test_the_rival_that_inserted_the_row_has_the_job(db):
    JobRun.objects.create(
        job="scan", business_date=MORNING.date(), started_at=MORNING, lease_until=MORNING + timedelta(minutes=10)
    )
    assert jobs.run_due_jobs(MORNING + timedelta(minutes=1)) == []


def test_a_run_whose_process_died_is_taken_over_after_its_lease(official, node):
    JobRun.objects.create(
        job="scan", business_date=MORNING.date(), started_at=MORNING, lease_until=MORNING + timedelta(minutes=10)
    )
    assert len(jobs.run_due_jobs(MORNING + timedelta(minutes=11))) == 1
    assert JobRun.objects.get().finished_at


def test_a_failed_run_is_kept_on_record_and_tried_again(official, node, monkeypatch):
    def fail(today, rules=None):
        raise RuntimeError("数据库忙")

    monkeypatch.setattr(jobs, "scan", fail)
    (run,) = jobs.run_due_jobs(MORNING)
    assert run.finished_at is None
    assert "数据库忙" in run.error
    assert jobs.run_due_jobs(MORNING + timedelta(minutes=1)) == []
    monkeypatch.setattr(jobs, "scan", scan_action)
    (run,) = jobs.run_due_jobs(MORNING + timedelta(minutes=6))
    assert run.finished_at
    assert run.error == ""


def test_days_of_an_outage_are_made_up_by_one_run_and_stand_in_the_book(official, node):
    jobs.run_due_jobs(MORNING)
    jobs.run_due_jobs(MORNING + timedelta(days=4))
    assert {run.business_date.day: "补跑" in run.result for run in JobRun.objects.all()} == {
        24: False,
        25: True,
        26: True,
        27: True,
        28: False,
    }


def test_a_clock_that_jumps_a_day_brings_the_next_digest_and_no_more(official, node):
    """What beat rings every minute, compressed: Tuesday, Wednesday, and back again."""

    def ring(moment):
        jobs.run_due_jobs(moment)
        from alerts.actions import send_due

        send_due(moment)

    ten = MORNING.replace(hour=10)
    for moment in (ten, ten + timedelta(minutes=1), ten + timedelta(days=6), ten + timedelta(days=6, minutes=1), ten):
        ring(moment)
    assert [mail.business_date.day for mail in Mail.objects.order_by("pk")] == [24, 30]  # 督办, then 约谈
    assert len(outbox.outbox) == 2


def test_days_that_a_clock_ahead_has_used_up_are_run_again(official, node):
    ahead = MORNING + timedelta(days=2, hours=3)
    jobs.run_due_jobs(ahead)
    for days in range(3):
        assert len(jobs.run_due_jobs(MORNING + timedelta(days=days))) == 1, days
    assert jobs.run_due_jobs(ahead) == []


def test_the_tasks_are_doorbells(official, node, clock_at):
    clock_at(MORNING.replace(hour=9))
    assert tasks.run_due_jobs() == 1
    assert tasks.send_deliveries() == 1
    assert tasks.run_due_jobs() == 0
    assert tasks.send_deliveries() == 0


# --- the watchdog -----------------------------------------------------------------------------------------------------
def test_the_watchdog_barks_after_26_hours(official, node):
    assert any("还没有成功运行过" in text for text in jobs.problems(MORNING))
    jobs.run_due_jobs(MORNING)
    assert jobs.problems(MORNING + timedelta(hours=1)) == []
    assert any("最后成功运行于 2026-11-24 06:30" in text for text in jobs.problems(MORNING + timedelta(hours=27)))


def test_the_watchdog_barks_when_mails_do_not_leave(official, node):
    eight = MORNING.replace(hour=8)
    jobs.run_due_jobs(eight)
    assert Mail.objects.count() == 1
    assert not jobs.problems(eight + timedelta(minutes=10))
    assert any("1 封邮件" in text for text in jobs.problems(eight + timedelta(minutes=16)))


# --- within the day ---------------------------------------------------------------------------------------------------
def test_what_is_settled_closes_within_a_minute(official, node, today, monkeypatch):
    now = clock.now()
    assert jobs.look_again(now) is None  # the day's scan comes first
    jobs.run_due_jobs(now)
    alert = Alert.objects.get()
    node.refresh_from_db()
    complete_node(node=node, by=official, done_on=today, version=node.version, today=today, document_no="2611-1")
    later = clock.now() + timedelta(seconds=1)
    assert jobs.look_again(later).result.startswith("新增 0，更新 0，销号 1")
    alert.refresh_from_db()
    assert alert.closed_reason == "节点已于 2026-11-24 完成"
    monkeypatch.setattr(jobs, "scan", lambda day: pytest.fail("nobody changed anything since"))
    assert jobs.look_again(later + timedelta(minutes=1)) is None


def test_two_processes_do_not_look_at_once(official, node):
    now = clock.now()
    jobs.run_due_jobs(now)
    JobRun.objects.create(
        job=jobs.LOOK, business_date=now.date(), started_at=now, lease_until=now + timedelta(minutes=9)
    )
    audit.record(by=official, action="更新", subject=node)
    assert jobs.look_again(now + timedelta(minutes=1)) is None
    assert jobs.look_again(now + timedelta(minutes=9)) is not None  # the other one died


# --- the bell -----------------------------------------------------------------------------------------------------
def test_a_dead_broker_never_fails_the_caller(settings, monkeypatch):
    from kombu.exceptions import OperationalError

    monkeypatch.undo()

    def refuse(*args, **kwargs):
        raise OperationalError("connection refused")

    monkeypatch.setattr("common.bell.current_app.send_task", refuse)
    assert bell.ring() is False


def test_a_broker_that_did_not_answer_is_left_alone_for_a_while(settings, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr("common.bell._rests_until", 0.0)  # put back in the end
    settings.BELL_REST_SECONDS = 60
    tries = []

    def answer(*args, **kwargs):
        tries.append(args)
        if len(tries) == 1:
            raise OSError("nobody there")

    monkeypatch.setattr("common.bell.current_app.send_task", answer)
    assert (bell.ring(), bell.ring(), len(tries)) == (False, False, 1)
    monkeypatch.setattr("common.bell._rests_until", 0.0)  # a minute later
    assert (bell.ring(), len(tries)) == (True, 2)


def test_the_bell_rings_after_the_commit_only(db, django_capture_on_commit_callbacks, monkeypatch):
    rung = []
    monkeypatch.setattr(bell, "ring", lambda: rung.append(1))
    with django_capture_on_commit_callbacks(execute=True):
        bell.wake()
        assert not rung
    assert rung
