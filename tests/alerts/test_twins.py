"""Each guard has a twin without it that fails: a guard whose absence nobody notices guards nothing (reliability §3)."""

from datetime import datetime, timedelta
from importlib import import_module

import pytest
from django.core import mail as outbox
from django.db import connection
from django.db.models import Q
from django.utils.module_loading import import_string

from alerts import bell
from alerts.actions import delivery, scan
from alerts.choices import Channel, MailState
from alerts.models import Alert, Mail
from alerts.querysets import MailQuerySet
from alerts.rules import BY_CODE
from common import clock
from config.beat import BEAT_SCHEDULE

TEN = datetime(2026, 11, 24, 10, tzinfo=clock.SHANGHAI)
OVERDUE = [BY_CODE["node_overdue"]]
guarded = pytest.mark.parametrize("guard", [True, False], ids=["guard", "twin"])


@guarded
def test_the_unique_key_keeps_two_scans_from_two_episodes(official, node, today, monkeypatch, guard):
    if not guard:
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX alert_one_open_episode")
    module = import_module("alerts.actions.scan")
    real = module._episode

    def rival_first(rule, finding, day):
        Alert.objects.bulk_create([real(rule, finding, day)])
        return real(rule, finding, day)

    monkeypatch.setattr(module, "_episode", rival_first)
    scan(today, OVERDUE)
    assert Alert.objects.count() == (1 if guard else 2)


@guarded
def test_the_lease_that_ends_brings_the_mails_of_a_killed_sender(official, node, today, monkeypatch, guard):
    scan(today, OVERDUE)
    delivery.compose_digests(TEN)
    assert delivery._claim(Channel.EMAIL, TEN, 20)  # and here it was killed
    if not guard:
        for_ever = Q(lease_until__isnull=True)
        monkeypatch.setattr(MailQuerySet, "due", lambda rows, moment: rows.filter(for_ever, state=MailState.PENDING))
    delivery.send_due(TEN + timedelta(minutes=5))
    assert len(outbox.outbox) == (1 if guard else 0)
    assert Mail.objects.get().state == (MailState.SENT if guard else MailState.PENDING)


@guarded
def test_the_sweep_sends_what_a_lost_wake_up_call_would_have(official, node, clock_at, monkeypatch, guard):
    """The broker is down: nobody hears the bell. Beat's table is all there is."""
    monkeypatch.setattr(bell, "ring", lambda: False)
    schedule = BEAT_SCHEDULE if guard else {"run due jobs": BEAT_SCHEDULE["run due jobs"]}
    for minute in range(2):
        clock_at(TEN + timedelta(minutes=minute))
        for entry in schedule.values():
            import_string(entry["task"])()
    assert Mail.objects.count() == 1
    assert len(outbox.outbox) == (1 if guard else 0)
