"""Mail servers that misbehave, over real sockets (reliability B4, `make rig`): what passes is tried again, what is for
good is given up at once, one bad recipient hinders nobody, and everything arrives once in the end."""

import json
import socket
import threading
import time
from collections import Counter
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

import pytest
from aiosmtpd.controller import Controller

from alerts import ledger
from alerts.actions import scan, send_due
from alerts.choices import MailState
from alerts.models import Mail
from common import clock
from common.management.commands.smtp_sink import Keeper
from projects.actions import assign
from projects.choices import Duty
from tests.alerts.conftest import DUE, due_on
from tests.cast import make_user
from tests.factories import make_project
from tests.rig.world import free_port

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


@contextmanager
def sink(folder, port, *, refuse=(), greylist=0):
    """A mail sink in this process; gives address → mails taken."""
    folder.mkdir(exist_ok=True)
    keeper = Keeper(folder, refuse=set(refuse), greylist=greylist, reject_all="", delay=0)
    controller = Controller(keeper, hostname="127.0.0.1", port=port)
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


def test_without_the_watch_a_trickled_mail_would_outlive_its_lease(five, server, tmp_path, monkeypatch):
    """The twin: another process would hold the lease by now and send the mail as well."""
    monkeypatch.setattr("alerts.smtp._Timed._cut", lambda self: None)
    server.MAIL_LEASE_SECONDS = 1
    behind = free_port()
    with sink(tmp_path / "behind", behind), listener(server.EMAIL_PORT, trickle(behind, 0.05)):
        assert send_due(EIGHT, limit=1).sent == 1
    mail = Mail.objects.get(state=MailState.SENT)
    assert mail.sent_at > EIGHT + timedelta(seconds=2)
