"""The clock and the calendar as adversaries: beat rings every hour through outages, wrong clocks and holidays
(reliability B6–B8, `make rig`). In-process: the one clock function is moved, nothing is mocked."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from django.core import mail as outbox

from alerts import jobs, ledger
from alerts.actions import send_due
from alerts.choices import Level, NoticeState
from alerts.models import Alert, AlertNotice, JobRun, LadderStep, Mail
from common import clock
from common.workdays import OFFICIAL
from projects.actions import assign, complete_node
from projects.choices import Duty
from tests.alerts.conftest import due_on

pytestmark = pytest.mark.rig

TUESDAY = datetime(2026, 11, 24, 9, tzinfo=clock.SHANGHAI)


@pytest.fixture
def ring(clock_at):
    """`ring(moment)`: the clock stands at `moment` and beat rings."""

    def once(moment: datetime) -> None:
        clock_at(moment)
        jobs.run_due_jobs(clock.now())
        send_due(clock.now())

    return once


@pytest.fixture
def live(ring):
    """`live(start, days)`: twice a day for so many days."""

    def through(start: datetime, days: int) -> None:
        for step in range(days * 2):
            ring(start + timedelta(hours=12 * step))

    return through


@pytest.fixture
def late(cast, project):
    """`late(day, code)`: a node of the reporter's project that was due on `day`."""
    assign(project=project, duty=Duty.OFFICIAL, user=cast.reporter, starts_on=date(2026, 1, 1), by=None)
    return lambda day, code="N01": due_on(project, day, code)


def mails_per_day_and_kind() -> Counter:
    return Counter(Mail.objects.values_list("recipient", "business_date", "kind"))


def everything_told_once() -> None:
    """No key twice: episodes, notices, mails; every mail reached the server once; the books balance."""
    assert max(mails_per_day_and_kind().values()) == 1
    assert max(Counter(Alert.objects.values_list("rule", "subject", "opened_on")).values()) == 1
    ids = Counter(message.extra_headers["Message-ID"] for message in outbox.outbox)
    assert ids == Counter(Mail.objects.values_list("message_id", flat=True))
    assert ledger.balance().holds


def nodes_of(alerts) -> set[str]:
    return set(alerts.filter(rule="node_overdue").values_list("subject", flat=True))


@pytest.mark.parametrize("days", [3, 30])
def test_after_an_outage_what_still_holds_is_told_once(days, late, ring, live):
    """Down for three or thirty days: one digest on return, nothing about what was settled meanwhile."""
    first, second = late(date(2026, 11, 20), "N01"), late(date(2026, 11, 25), "N02")
    settled = late(date(2026, 11, 24), "N09")
    ring(TUESDAY)
    told = len(outbox.outbox)
    back = TUESDAY + timedelta(days=days + 1)
    back += timedelta(days=(OFFICIAL.roll_forward(back.date()) - back.date()).days)
    complete_node(node=settled, done_on=date(2026, 11, 24), by=None, version=settled.version, today=back.date())
    live(back, 1)
    assert nodes_of(Alert.objects.open()) == {f"milestone:{first.pk}", f"milestone:{second.pk}"}
    after = Mail.objects.filter(business_date__gte=back.date(), kind="digest")
    assert set(Counter(after.values_list("recipient", flat=True)).values()) == {1}
    assert len(outbox.outbox) > told
    assert not any(settled.name in message.body for message in outbox.outbox[told:])
    missed = JobRun.objects.filter(result__contains="补跑").values_list("business_date", flat=True)
    between = {TUESDAY.date() + timedelta(days=n) for n in range(1, (back.date() - TUESDAY.date()).days)}
    assert set(missed) == between
    everything_told_once()


@pytest.mark.parametrize("shift", [timedelta(days=2), timedelta(hours=2), -timedelta(hours=2), -timedelta(days=2)])
def test_a_clock_that_was_wrong_for_an_hour_loses_and_repeats_nothing(shift, late, ring, live, project):
    """What comes up on the days after it is found on its own day: the gap is one period at most."""
    first = late(date(2026, 11, 20), "N01")
    ring(TUESDAY)
    ring(TUESDAY + timedelta(hours=1) + shift)
    for days in range(4):
        morning = TUESDAY + timedelta(days=days)
        fresh = due_on(
            project, morning.date() - timedelta(days=4), ("N02", "N09", "N10", "N12")[days]
        )  # moved at 09:00
        live(morning + timedelta(hours=1), 1)
        next_day = morning + timedelta(days=1)
        ring(next_day.replace(hour=6, minute=31))
        subject = f"milestone:{fresh.pk}"
        assert subject in nodes_of(Alert.objects.open()), f"what came up on {morning.date()} was not found in a day"
    assert f"milestone:{first.pk}" in nodes_of(Alert.objects.open())
    ring(TUESDAY + timedelta(days=6, hours=2))  # the next Monday
    assert not AlertNotice.objects.filter(state=NoticeState.PENDING, recipient__email__gt="").exists()
    everything_told_once()


def test_the_year_ends(late, ring, live):
    """From 29 December to 6 January: a node due on 31 December is late from 4 January on (1–3 January rest)."""
    node = late(date(2026, 12, 31), "N01")
    live(datetime(2026, 12, 29, tzinfo=clock.SHANGHAI), 9)
    alert = Alert.objects.get(rule="node_overdue", subject=f"milestone:{node.pk}")
    assert alert.opened_on == date(2027, 1, 1)
    assert alert.level_since == OFFICIAL.add(date(2026, 12, 31), 1)
    days = set(Mail.objects.filter(kind="digest").values_list("business_date", flat=True))
    assert all(OFFICIAL.is_workday(day) for day in days)
    assert JobRun.objects.filter(finished_at__isnull=False, error="").count() >= 9
    everything_told_once()


def test_the_spring_festival_of_2027(late, live):
    """The ladder and the digests rest over the festival and go on with the first working day."""
    eve = OFFICIAL.roll_back(date(2027, 2, 5))
    node = late(eve, "N01")
    live(datetime.combine(eve, datetime.min.time(), tzinfo=clock.SHANGHAI), 32)
    steps = LadderStep.objects.filter(alert__rule="node_overdue", alert__subject=f"milestone:{node.pk}")
    climbed = dict(steps.values_list("level", "on"))
    assert climbed[Level.SUPERVISE] == OFFICIAL.add(eve, 1)
    assert climbed[Level.INTERVIEW] == OFFICIAL.add(eve, 6)
    assert climbed[Level.BULLETIN] == OFFICIAL.add(eve, 16)
    mailed = set(Mail.objects.values_list("business_date", flat=True))
    assert all(OFFICIAL.is_workday(day) for day in mailed)
    assert not any(OFFICIAL.is_workday(day) for day in (date(2027, 2, 6), date(2027, 2, 8), date(2027, 2, 10)))
    everything_told_once()
