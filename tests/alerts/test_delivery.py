"""Claim, send, mark: nothing is lost, nobody hinders anybody else."""

import smtplib
from datetime import datetime, timedelta

import pytest
from django.core import mail as outbox
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command

from accounts.models import User
from alerts import ledger
from alerts.actions import delivery, resend, scan, send_due, send_test
from alerts.choices import Channel, MailState, NoticeState
from alerts.models import Alert, AlertNotice, Mail
from common import clock
from common.errors import DomainError, StaleVersion
from projects.actions import complete_node
from tests.alerts.conftest import DUE, due_on
from tests.factories import make_project

EIGHT = datetime(2026, 11, 24, 8, tzinfo=clock.SHANGHAI)


class Server(EmailBackend):
    """The test outbox, failing as told: `trouble` maps an address to errors raised one by one; `closed` refuses."""

    trouble: dict = {}
    closed: Exception | None = None

    def open(self):
        if Server.closed:
            raise Server.closed
        return True

    def close(self):
        pass

    def send_messages(self, messages):
        for message in messages:
            if errors := Server.trouble.get(message.to[0]):
                raise errors.pop(0)
        return super().send_messages(messages)


@pytest.fixture(autouse=True)
def server(settings):
    """A mail server that behaves until told otherwise."""
    settings.EMAIL_BACKEND = "tests.alerts.test_delivery.Server"
    Server.trouble, Server.closed = {}, None
    return Server


@pytest.fixture
def people(cast, today):
    """Three people of three units are owed a word each."""
    for unit in (cast.unit, cast.other_unit, cast.sub_unit):
        due_on(make_project(unit), DUE)
    scan(today)
    return [cast.reporter, cast.stranger]


def refused(address, code):
    return smtplib.SMTPRecipientsRefused({address: (code, b"no such mailbox")})


def test_every_person_gets_one_mail_and_sending_again_sends_nothing(people):
    done = send_due(EIGHT)
    assert (done.composed, done.sent) == (2, 2)
    again = send_due(EIGHT + timedelta(minutes=1))
    assert (again.composed, again.sent) == (0, 0)
    assert sorted(message.to[0] for message in outbox.outbox) == sorted(person.email for person in people)
    assert set(AlertNotice.objects.values_list("state", flat=True)) == {NoticeState.SENT}
    assert ledger.balance().holds


def test_a_recipient_refused_for_good_is_given_up_at_once_and_hinders_nobody(people, server):
    bad, good = people
    server.trouble = {bad.email: [refused(bad.email, 550)]}
    done = send_due(EIGHT)
    assert (done.sent, done.dead, done.retry) == (1, 1, 0)
    dead = Mail.objects.get(recipient=bad)
    assert dead.state == MailState.DEAD
    assert "550 no such mailbox" in dead.last_error
    assert Mail.objects.get(recipient=good).state == MailState.SENT
    assert ledger.balance().dead == dead.notices.count()
    assert ledger.balance().holds


@pytest.mark.parametrize(
    "error",
    [
        refused("reporter@example.test", 450),
        smtplib.SMTPServerDisconnected("gone"),
        smtplib.SMTPDataError(451, b"try later"),
        smtplib.SMTPSenderRefused(550, b"sender?", "x"),
        TimeoutError("timed out"),
        ConnectionResetError("reset"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_trouble_that_passes_is_tried_again_later(people, server, error):
    server.trouble = {people[0].email: [error]}
    done = send_due(EIGHT)
    assert (done.sent, done.retry) == (1, 1)
    mail = Mail.objects.get(recipient=people[0])
    assert mail.state == MailState.PENDING
    assert mail.lease_until is None
    assert timedelta(seconds=40) < mail.next_try_at - EIGHT < timedelta(seconds=80)
    assert send_due(EIGHT + timedelta(seconds=30)).sent == 0
    assert send_due(EIGHT + timedelta(seconds=90)).sent == 1


def test_the_wait_grows_up_to_the_cap_and_ends_after_three_days(people, server):
    address = people[0].email
    server.trouble = {address: [refused(address, 450) for _ in range(200)]}
    moment, waits = EIGHT, []
    for _ in range(200):
        send_due(moment)
        mail = Mail.objects.get(recipient=people[0], business_date=EIGHT.date())
        if mail.state == MailState.DEAD:
            break
        waits.append(mail.next_try_at - moment)
        moment = mail.next_try_at
    assert mail.state == MailState.DEAD
    assert moment - EIGHT > timedelta(hours=72)
    assert all(wait <= timedelta(minutes=75) for wait in waits)
    assert waits[0] < waits[2] < waits[5]


def test_without_a_server_every_mail_keeps_its_turn(people, server):
    server.closed = ConnectionRefusedError("refused")
    done = send_due(EIGHT)
    assert done.sent == 0
    assert "连不上邮件服务器" in done.error
    for mail in Mail.objects.all():
        assert (mail.state, mail.attempts, mail.lease_until) == (MailState.PENDING, 0, None)
        assert "连不上邮件服务器" in mail.last_error
    server.closed = None
    assert send_due(EIGHT + timedelta(minutes=1)).sent == 2
    assert not Mail.objects.exclude(last_error="").exists()


def test_a_server_that_dies_in_the_middle_releases_the_rest(people, server):
    address = people[0].email

    class Dying(smtplib.SMTPServerDisconnected):
        def __init__(self):
            super().__init__("gone")
            Server.closed = ConnectionRefusedError("refused")

    original = Server.send_messages

    def send(self, messages):
        if messages[0].to[0] == address:
            raise Dying
        return original(self, messages)

    Server.send_messages = send
    try:
        send_due(EIGHT)
    finally:
        Server.send_messages = original
    assert not Mail.objects.filter(lease_until__isnull=False).exists()
    server.closed = None
    assert send_due(EIGHT + timedelta(minutes=3)).sent == 2


# --- the lease ----------------------------------------------------------------------------------------------------
@pytest.fixture
def killed(people, monkeypatch):
    """A sender died with all mails leased."""
    delivery.compose_digests(EIGHT)
    delivery._claim(Channel.EMAIL, EIGHT, 20)
    return people


def test_a_leased_mail_is_left_to_its_sender(killed):
    assert send_due(EIGHT + timedelta(seconds=59)).sent == 0


def test_a_dead_senders_mails_go_out_when_the_lease_is_over(killed):
    assert send_due(EIGHT + timedelta(seconds=62)).sent == 2
    assert set(Mail.objects.values_list("attempts", flat=True)) == {2}


def test_a_lease_counts_from_when_it_is_taken_however_long_composing_took(people, monkeypatch):
    """Otherwise the mails of a run that composed for long lie open to others while it sends them (found by the rig)."""

    def slowly(*args, **kwargs):
        seconds[0] += 45
        return compose(*args, **kwargs)

    seconds, compose, leases = [0.0], delivery.compose_digests, []
    monkeypatch.setattr(delivery.time, "monotonic", lambda: seconds[0])
    monkeypatch.setattr(delivery, "compose_digests", slowly)
    monkeypatch.setattr(delivery.channels.Email, "send", lambda self, mail: leases.append(mail.lease_until))
    send_due(EIGHT)
    assert len(leases) == len(people)
    assert min(leases) >= EIGHT + timedelta(seconds=45 + 60)


def test_without_the_expiry_of_leases_they_would_be_lost(killed, monkeypatch):
    """The twin of the guard: with leases that never end, nothing goes out any more."""
    from alerts.querysets import MailQuerySet

    monkeypatch.setattr(
        MailQuerySet, "due", lambda self, moment: self.filter(state=MailState.PENDING, lease_until__isnull=True)
    )
    assert send_due(EIGHT + timedelta(days=2)).sent == 0


def test_a_clock_set_back_by_two_days_strands_nothing(people):
    ahead = EIGHT + timedelta(days=2)
    delivery.compose_digests(ahead)
    delivery._claim(Channel.EMAIL, ahead, 20)
    assert send_due(EIGHT).sent == 2


def test_whoever_marks_second_changes_nothing(people):
    delivery.compose_digests(EIGHT)
    (mail, _) = delivery._claim(Channel.EMAIL, EIGHT, 20)
    done = delivery.Delivered()
    delivery._sent(mail, EIGHT, done)
    delivery._failed(mail, refused(mail.address, 550), EIGHT, done)
    mail.refresh_from_db()
    assert (mail.state, done.sent, done.dead) == (MailState.SENT, 1, 0)


# --- the state is looked at again -----------------------------------------------------------------------------------
def test_a_mail_in_which_nothing_holds_any_more_is_cancelled(cast, official, node, today):
    scan(today)
    delivery.compose_digests(EIGHT)
    complete_node(node=node, done_on=today, by=official, version=node.version, today=today)
    scan(today)
    done = send_due(EIGHT)
    assert (done.sent, done.cancelled) == (0, 1)
    assert not outbox.outbox
    assert AlertNotice.objects.get().state == NoticeState.SUPPRESSED
    assert ledger.balance().holds


def test_a_mail_that_may_have_left_already_is_sent_again_rather_than_cancelled(cast, official, node, today):
    scan(today)
    delivery.compose_digests(EIGHT)
    delivery._claim(Channel.EMAIL, EIGHT, 20)  # and killed, perhaps after the server took it
    Alert.objects.update(closed_at=EIGHT)
    assert send_due(EIGHT + timedelta(seconds=62)).sent == 1


# --- the books ----------------------------------------------------------------------------------------------------
def test_the_books_notice_a_notice_that_went_astray(people):
    send_due(EIGHT)
    assert ledger.balance().holds
    AlertNotice.objects.filter(pk=AlertNotice.objects.first().pk).update(state=NoticeState.PENDING)
    assert not ledger.balance().holds


# --- what administrators do -----------------------------------------------------------------------------------------
def test_a_dead_mail_is_sent_again_to_the_corrected_address(people, server, cast):
    bad = people[0]
    server.trouble = {bad.email: [refused(bad.email, 550)]}
    send_due(EIGHT)
    mail = Mail.objects.get(recipient=bad)
    User.objects.filter(pk=bad.pk).update(email="right@example.test")
    mail = Mail.objects.select_related("recipient").get(pk=mail.pk)
    resend(mail=mail, by=cast.admin)
    send_due(clock.now())
    mail.refresh_from_db()
    assert (mail.state, mail.address) == (MailState.SENT, "right@example.test")
    assert "right@example.test" in [message.to[0] for message in outbox.outbox]
    assert ledger.balance().holds
    with pytest.raises(StaleVersion):
        resend(mail=mail, by=cast.admin)


def test_a_test_mail_goes_through_the_outbox(cast):
    mail = send_test(to=cast.admin)
    assert mail.state == MailState.PENDING
    assert send_due(clock.now()).sent == 1
    cast.admin.email = ""
    with pytest.raises(DomainError):
        send_test(to=cast.admin)


# --- commands -------------------------------------------------------------------------------------------------------
def test_the_commands_end_with_a_count_line(official, node, capsys):
    call_command("scan_alerts", "--as-of", "2026-11-24")
    assert capsys.readouterr().out.strip().splitlines()[-1].startswith("2026-11-24 预警扫描：新增 1")
    call_command("send_deliveries", "--now", "2026-11-24T07:00", "--respect-hours")
    assert "生成 0 封，发出 0 封" in capsys.readouterr().out
    call_command("send_deliveries", "--now", "2026-11-24T07:00")
    assert "生成 1 封，发出 1 封" in capsys.readouterr().out
    call_command("send_deliveries", "--now", "2026-11-24T07:00")
    assert "生成 0 封，发出 0 封" in capsys.readouterr().out


def test_a_scan_for_a_later_day_is_not_undone_by_sending_today(official, node):
    call_command("scan_alerts", "--as-of", "2026-12-20")
    call_command("send_deliveries", "--now", "2026-11-24T09:00")
    (mine,) = (mail for mail in outbox.outbox if mail.to == [official.email])
    assert "逾期 20 个工作日" in mine.body
