"""Ways out of the house besides e-mail, off by default; the ledger of what was told."""

import sys
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core import mail as outbox
from django.urls import reverse

from alerts import ledger
from alerts.actions import scan, send_due, set_preference
from alerts.choices import Channel, MailState
from alerts.models import Mail
from common import clock
from common.errors import DomainError

TEN = datetime(2026, 11, 24, 10, tzinfo=clock.SHANGHAI)
ADDRESS = "wecombot://0123456789"


class Service:
    """What Apprise does, with an outcome that tests choose."""

    said: list = []
    takes = True

    def add(self, address):
        self.address = address
        return True

    def notify(self, title, body):
        Service.said.append((self.address, title))
        return Service.takes


@pytest.fixture
def service(monkeypatch, settings):
    settings.PUSH_SCHEMES = ["wecombot"]
    monkeypatch.setitem(sys.modules, "apprise", SimpleNamespace(Apprise=Service))
    Service.said, Service.takes = [], True
    return Service


@pytest.fixture
def owed(official, node, today):
    scan(today)
    return official


def want(person, address=ADDRESS):
    set_preference(user=person, mail_hour=None, wants_instant=True, muted=[], version=1, push_address=address)


def test_push_messages_are_off_until_the_site_names_a_service(owed):
    with pytest.raises(DomainError, match="推送地址"):
        want(owed)
    send_due(TEN)
    assert [mail.channel for mail in Mail.objects.all()] == [Channel.EMAIL]


def test_the_same_words_go_to_the_persons_own_address(owed, service):
    want(owed)
    assert send_due(TEN).sent == 2
    assert service.said == [(ADDRESS, outbox.outbox[0].subject)]
    assert ledger.balance().holds
    with pytest.raises(DomainError, match="wecombot://"):
        set_preference(
            user=owed, mail_hour=None, wants_instant=True, muted=[], version=2, push_address="http://10.0.0.1/"
        )


def test_a_service_that_is_down_hinders_no_mail_and_is_tried_again(owed, service):
    want(owed)
    service.takes = False
    done = send_due(TEN)
    assert (done.sent, done.retry) == (1, 1)
    service.takes = True
    assert send_due(TEN + timedelta(minutes=2)).sent == 1


def test_a_missing_library_is_said_and_costs_nothing(owed, service, monkeypatch):
    want(owed)
    monkeypatch.setitem(sys.modules, "apprise", None)
    done = send_due(TEN)
    assert done.sent == 1
    assert "requirements-push.txt" in done.error
    assert Mail.objects.get(channel=Channel.PUSH).state == MailState.PENDING


def test_the_ledger_tells_why_to_whom_when_and_with_which_result(owed, cast, login):
    send_due(TEN)
    url = reverse("alerts:ledger")
    page = login(cast.admin).get(url).content.decode()
    for words in ("丁经办", "责任人", "节点逾期", "项目备案逾期 2 个工作日", "已发送"):
        assert words in page
    assert login(cast.admin).get(url, {"state": "dead"}).context["total"] == 0
    assert login(cast.admin).get(url, {"state": "sent", "rule": "node_overdue", "q": "丁"}).context["total"] == 1
    machine = login(cast.sysadmin).get(url).content.decode()
    assert "丁经办" in machine
    assert "项目备案" not in machine
