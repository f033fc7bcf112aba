"""Mail servers that misbehave, over real sockets (reliability B4, `make rig`): what passes is tried again, what is for
good is given up at once, one bad recipient hinders nobody, and everything arrives once in the end."""

import asyncio
import json
import socket
import threading
import time
from collections import Counter
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from alerts import ledger
from alerts.actions import scan, send_due, send_test
from alerts.choices import MailState
from alerts.models import Mail
from alerts.smtp import END_OF_MAIL
from common import clock
from common.management.commands.smtp_sink import Keeper
from projects.actions import assign
from projects.choices import Duty
from tests.alerts.conftest import DUE, due_on
from tests.cast import make_user
from tests.factories import make_project
from tests.rig.world import free_port, until

pytestmark = pytest.mark.rig

EIGHT = datetime(2026, 11, 24, 8, tzinfo=clock.SHANGHAI)
LATER = EIGHT + timedelta(hours=2)
PEOPLE = 5


@pytest.fixture(autouse=True)
def server(settings):
    """The product's own backend towards a port of this test."""
    settings.EMAIL_BACKEND = "alerts.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", free_port(), 1
    return settings


@pytest.fixture
def five(cast, today):
    """Five people who miss a node each."""
    people = [make_user(f"late{number}", f"经办{number}", cast.unit) for number in range(PEOPLE)]
    for person in people:
        project = make_project(cast.unit)
        assign(project=project, duty=Duty.OFFICIAL, user=person, starts_on=today - timedelta(days=300), by=None)
        due_on(project, DUE)
    scan(today)
    return people


class Fussy(Keeper):
    """Takes no mail of one address, after having read it, and has its own words for that."""

    def __init__(self, folder, *, address: str, answer: str, pause: float = 0) -> None:
        super().__init__(folder, refuse=set(), greylist=0, reject_all="", delay=0)
        self.address, self.answer, self.pause = address, answer, pause

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 (aiosmtpd's name)
        if self.address in envelope.rcpt_tos:
            await asyncio.sleep(self.pause)
            return self.answer
        return await super().handle_DATA(server, session, envelope)


@contextmanager
def sink(folder, port, *, refuse=(), greylist=0, keeper=None, **server):
    """A mail sink in this process; gives address → mails taken. `server` is what aiosmtpd's SMTP takes."""
    folder.mkdir(exist_ok=True)
    keeper = keeper or Keeper(folder, refuse=set(refuse), greylist=greylist, reject_all="", delay=0)
    controller = Controller(keeper, hostname="127.0.0.1", port=port, **server)
    controller.start()

    def arrived() -> Counter:
        lines = (folder / "mails.jsonl").read_text().splitlines() if (folder / "mails.jsonl").exists() else []
        return Counter(json.loads(line)["to"][0] for line in lines)

    try:
        yield arrived
    finally:
        controller.stop()


@contextmanager
def listener(port, handle):
    """A socket that lets `handle(connection)` deal with whoever connects."""
    with socket.create_server(("127.0.0.1", port)) as door:
        kept = []

        def accept() -> None:
            with suppress(OSError):
                while True:
                    kept.append(door.accept()[0])
                    threading.Thread(target=handle, args=(kept[-1],), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield
        door.shutdown(socket.SHUT_RDWR)
        for connection in kept:
            connection.close()


def trickle(port, pause):
    """A proxy that hands every byte of the server's over after a pause."""

    def handle(client) -> None:
        with socket.create_connection(("127.0.0.1", port)) as behind, suppress(OSError):
            threading.Thread(target=forward, args=(client, behind), daemon=True).start()
            while byte := behind.recv(1):
                time.sleep(pause)
                client.sendall(byte)

    def forward(source, target) -> None:
        with suppress(OSError):
            while data := source.recv(4096):
                target.sendall(data)

    return handle


def cut_after_the_mail(port):
    """A proxy that loses the line after a mail went through and before the server's answer comes back."""

    def handle(client) -> None:
        with socket.create_connection(("127.0.0.1", port)) as behind, suppress(OSError):
            threading.Thread(target=back, args=(behind, client), daemon=True).start()
            while data := client.recv(65536):
                if data.endswith(END_OF_MAIL):
                    deaf.add(behind)
                behind.sendall(data)

    def back(behind, client) -> None:
        with suppress(OSError):
            while data := behind.recv(4096):
                if behind in deaf:
                    client.shutdown(socket.SHUT_RDWR)
                    return
                client.sendall(data)

    deaf: set = set()
    return handle


def all_arrive_once(five, server, tmp_path):
    """With a server that behaves again every mail leaves, none twice."""
    with sink(tmp_path / "mails", server.EMAIL_PORT) as arrived:
        assert send_due(LATER).error == ""
        send_due(LATER + timedelta(hours=2))
        assert arrived() >= Counter(person.email for person in five)
        assert set(arrived().values()) == {1}
    assert set(Mail.objects.values_list("state", flat=True)) == {MailState.SENT}
    assert ledger.balance().holds


def test_refused(five, server, tmp_path):
    done = send_due(EIGHT)
    assert done.sent == 0
    assert "连不上邮件服务器" in done.error
    assert set(Mail.objects.values_list("state", "attempts")) == {(MailState.PENDING, 0)}  # nobody lost a turn
    all_arrive_once(five, server, tmp_path)


def test_black_hole(five, server, tmp_path):
    """Connections are taken and never answered."""
    with listener(server.EMAIL_PORT, lambda connection: None):
        started = time.monotonic()
        assert "连不上邮件服务器" in send_due(EIGHT).error
        assert time.monotonic() - started < 5
    all_arrive_once(five, server, tmp_path)


def test_a_server_that_trickles_does_not_keep_a_mail_beyond_its_lease(five, server, tmp_path):
    """A byte every 50 ms: no read ever times out, and no mail is done before the lease would be over."""
    server.MAIL_LEASE_SECONDS = 1
    behind = free_port()
    with sink(tmp_path / "behind", behind) as arrived, listener(server.EMAIL_PORT, trickle(behind, 0.05)):
        started = time.monotonic()
        done = send_due(EIGHT, limit=1)
        took = time.monotonic() - started
        assert (done.sent, done.retry) == (0, 1)
        assert not arrived()
        assert Mail.objects.filter(lease_until__isnull=False).count() == 0
    assert took < 30
    server.MAIL_LEASE_SECONDS = 60
    all_arrive_once(five, server, tmp_path)


def test_a_slow_server_gets_every_mail_once(five, server, tmp_path):
    """A byte every 2 ms is slow, and well within the lease."""
    behind = free_port()
    with sink(tmp_path / "behind", behind) as arrived, listener(server.EMAIL_PORT, trickle(behind, 0.002)):
        assert send_due(EIGHT).error == ""
        assert arrived() >= Counter(person.email for person in five)
        assert set(arrived().values()) == {1}
    assert ledger.balance().holds


def test_greylisting_three_times(five, server, tmp_path):
    with sink(tmp_path / "mails", server.EMAIL_PORT, greylist=3) as arrived:
        for minutes in (0, 2, 6):
            done = send_due(EIGHT + timedelta(minutes=minutes))
            assert (done.sent, done.dead) == (0, 0), minutes
            assert done.retry >= PEOPLE
        done = send_due(EIGHT + timedelta(minutes=20))
        assert done.sent >= PEOPLE
        assert set(arrived().values()) == {1}
    assert set(Mail.objects.values_list("state", "attempts")) == {(MailState.SENT, 4)}
    assert ledger.balance().holds


def test_one_of_five_refused_for_good_hinders_nobody(five, server, tmp_path):
    bad, *good = [person.email for person in five]
    with sink(tmp_path / "mails", server.EMAIL_PORT, refuse=[bad]) as arrived:
        done = send_due(EIGHT)
        assert done.dead == 1
        assert arrived() >= Counter(good)
        assert bad not in arrived()
        assert send_due(LATER).tried == 0
    dead = Mail.objects.get(state=MailState.DEAD)
    assert (dead.address, dead.refused) == (bad, True)
    assert "550" in dead.last_error
    books = ledger.balance()
    assert books.dead == dead.notices.count()
    assert books.holds


@pytest.mark.parametrize(
    ("answer", "dead", "refused"),
    [
        ("552 5.3.4 message too big", 1, False),  # the message, not the address
        ("554 5.7.1 content rejected", 1, False),
        ("451 4.3.0 try later", 0, False),
        ("421 4.7.0 too many messages", 0, False),
    ],
)
def test_one_mail_that_is_not_taken_after_it_was_read_hinders_nobody(five, server, tmp_path, answer, dead, refused):
    bad, *good = [person.email for person in five]
    folder = tmp_path / "mails"
    with sink(folder, server.EMAIL_PORT, keeper=Fussy(folder, address=bad, answer=answer)) as arrived:
        done = send_due(EIGHT)
        assert (done.dead, done.retry) == (dead, 1 - dead)
        assert arrived() >= Counter(good)
        assert bad not in arrived()
    kept = Mail.objects.get(address=bad)
    assert (kept.state, kept.refused) == (MailState.DEAD if dead else MailState.PENDING, refused)
    assert answer[:3] in kept.last_error
    assert ledger.balance().holds
    if not dead:
        all_arrive_once(five, server, tmp_path)


def test_a_login_that_fails_is_the_installations_trouble(five, server, tmp_path):
    """535: nobody's mail is given up, and the reason is told."""
    server.EMAIL_HOST_USER, server.EMAIL_HOST_PASSWORD = "dongliang", "wrong"
    refuse = {"auth_require_tls": False, "authenticator": lambda *_: AuthResult(success=False, handled=False)}
    with sink(tmp_path / "mails", server.EMAIL_PORT, **refuse) as arrived:
        assert "535" in send_due(EIGHT).error
        assert not arrived()
    assert set(Mail.objects.values_list("state", "attempts")) == {(MailState.PENDING, 0)}
    server.EMAIL_HOST_USER = server.EMAIL_HOST_PASSWORD = ""
    all_arrive_once(five, server, tmp_path)


def test_nothing_leaves_in_the_open_where_tls_is_wanted(five, server, tmp_path):
    """A server, or somebody between, that offers no STARTTLS gets no mail."""
    server.EMAIL_USE_TLS = True
    with sink(tmp_path / "mails", server.EMAIL_PORT) as arrived:
        assert "STARTTLS" in send_due(EIGHT).error
        assert not arrived()
    server.EMAIL_USE_TLS = False
    all_arrive_once(five, server, tmp_path)


@pytest.mark.parametrize("banner", [b"421 4.3.2 shutting down\r\n", b"554 5.7.1 you are blocked\r\n", b"220 slow"])
def test_a_server_that_greets_badly(five, server, tmp_path, banner):
    """Busy, hostile, or with a banner that never ends."""
    with listener(server.EMAIL_PORT, lambda connection: connection.sendall(banner)):
        assert "连不上邮件服务器" in send_due(EIGHT).error
    assert set(Mail.objects.values_list("state", flat=True)) == {MailState.PENDING}
    all_arrive_once(five, server, tmp_path)


def test_an_answer_that_is_lost_means_a_second_copy_with_the_same_name(five, server, tmp_path):
    """The server has every mail and the sender cannot know: each goes out again under its own Message-ID."""
    behind = free_port()
    with (
        sink(tmp_path / "mails", behind) as arrived,
        listener(server.EMAIL_PORT, cut_after_the_mail(behind)),
    ):
        done = send_due(EIGHT)
        assert (done.sent, done.dead) == (0, 0)
        until(lambda: sum(arrived().values()) == done.tried, seconds=5, what="what the server took")
    with sink(tmp_path / "mails", server.EMAIL_PORT) as arrived:
        send_due(LATER)
        assert set(arrived().values()) == {2}
    lines = (tmp_path / "mails" / "mails.jsonl").read_text().splitlines()
    names = {json.loads(line)["message_id"] for line in lines}
    assert names == set(Mail.objects.values_list("message_id", flat=True))
    assert set(Mail.objects.values_list("state", flat=True)) == {MailState.SENT}
    assert ledger.balance().holds


def test_one_that_is_slow_and_fails_does_not_stand_in_everybodys_way(five, server, tmp_path):
    """Head of line: after its first failure it waits apart; the next round of the others is as fast as without it."""
    bad = five[0].email
    folder = tmp_path / "mails"
    fussy = Fussy(folder, address=bad, answer="451 4.3.0 try later", pause=0.5)
    with sink(folder, server.EMAIL_PORT, keeper=fussy) as arrived:
        send_due(EIGHT)
        for person in five[1:]:
            send_test(to=person)
        Mail.objects.exclude(address=bad).filter(state=MailState.PENDING).update(next_try_at=EIGHT)
        started = time.monotonic()
        done = send_due(EIGHT + timedelta(seconds=10))
        assert (done.sent, done.retry) == (PEOPLE - 1, 0)
        assert time.monotonic() - started < fussy.pause
        assert bad not in arrived()


def test_without_the_watch_a_trickled_mail_would_outlive_its_lease(five, server, tmp_path, monkeypatch):
    """The twin: another process would hold the lease by now and send the mail as well."""
    monkeypatch.setattr("alerts.smtp._Timed._cut", lambda self: None)
    server.MAIL_LEASE_SECONDS = 1
    behind = free_port()
    with sink(tmp_path / "behind", behind), listener(server.EMAIL_PORT, trickle(behind, 0.05)):
        assert send_due(EIGHT, limit=1).sent == 1
    mail = Mail.objects.get(state=MailState.SENT)
    assert mail.sent_at > EIGHT + timedelta(seconds=2)
