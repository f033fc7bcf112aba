"""Steps up the ladder are records, stand in the project's timeline, and may be taken early by a person."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from django.core import mail as outbox
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import AuditEntry
from alerts.actions import acknowledge, scan, send_due, urge
from alerts.choices import Level, NoticeState
from alerts.models import Alert, AlertNotice, LadderStep
from alerts.selectors.alert import hands, shares_of
from common import clock
from common.errors import DomainError
from common.workdays import OFFICIAL, using
from projects.actions import assign, complete_node
from projects.choices import Duty
from projects.models import Assignment

EIGHT = datetime(2026, 11, 24, 8, tzinfo=clock.SHANGHAI)


@pytest.fixture
def alert(official, node, today):
    scan(today)
    return Alert.objects.get()


@pytest.fixture
def led(cast, project):
    """The project has a leader."""
    assign(project=project, duty=Duty.LEADER, user=cast.leader, starts_on=date(2026, 1, 1), by=None)


def test_each_step_is_on_record_once(alert, today):
    for day in (today, today, date(2026, 11, 30), date(2026, 12, 14), date(2026, 12, 15)):
        scan(day)
    steps = LadderStep.objects.order_by("pk").values_list("level", "on")
    assert list(steps) == [
        (Level.SUPERVISE, today),
        (Level.INTERVIEW, date(2026, 11, 30)),
        (Level.BULLETIN, date(2026, 12, 14)),
    ]


def test_the_timeline_tells_step_promise_and_settlement(alert, official, node, today, login):
    acknowledge(alert=alert, by=official, measure="每周调度", promised_on=date(2026, 12, 1), today=today)
    complete_node(node=node, done_on=today, by=official, version=node.version, today=today)
    scan(today)
    page = login(official).get(reverse("projects:project_trail", args=[alert.project_id]), {"kind": "alert"})
    text = page.content.decode()
    for words in ("节点逾期进入“督办”：项目备案逾期 2 个工作日", "每周调度", "销号：节点已于 2026-11-24 完成"):
        assert words in text


def test_an_urgent_matter_is_raised_by_hand_and_told_at_once(alert, cast, led, official, today):
    send_due(EIGHT)
    assert [mail.to for mail in outbox.outbox] == [[official.email]]
    urge(alert=alert, level=Level.INTERVIEW, note="区长批示", by=cast.supervisor, today=today)
    step = LadderStep.objects.get(level=Level.INTERVIEW)
    assert (step.by, step.note) == (cast.supervisor, "区长批示")
    assert AuditEntry.objects.filter(action="提级督办", actor=cast.supervisor).exists()
    send_due(EIGHT + timedelta(hours=1))
    assert {mail.to[0] for mail in outbox.outbox[1:]} == {official.email, cast.leader.email}
    (instant,) = (mail for mail in outbox.outbox[1:] if mail.to == [official.email])
    assert instant.subject.startswith("【重大项目】新增急办 1 项")
    scan(date(2026, 11, 25))
    alert.refresh_from_db()
    assert alert.level == Level.INTERVIEW  # the calendar alone says 督办


def test_raising_needs_a_reason_and_a_higher_rung_and_tells_not_the_one_who_raised(alert, cast, today):
    with pytest.raises(DomainError, match="理由"):
        urge(alert=alert, level=Level.BULLETIN, note=" ", by=cast.supervisor, today=today)
    with pytest.raises(DomainError, match="更高"):
        urge(alert=alert, level=Level.SUPERVISE, note="急", by=cast.supervisor, today=today)
    urge(alert=alert, level=Level.BULLETIN, note="急", by=cast.supervisor, today=today)
    own = AlertNotice.objects.get(recipient=cast.supervisor)  # 通报 reaches the supervisors
    assert (own.state, own.why_not) == (NoticeState.SUPPRESSED, "本人的操作")


def test_what_i_sent_is_followed_in_the_inbox(alert, cast, login, today):
    client = login(cast.supervisor)
    data = {"level": Level.BULLETIN.value, "note": "请限期办结"}
    assert client.post(reverse("alerts:urge", args=[alert.pk]), {**data, "note": ""}).status_code == 422
    assert client.post(reverse("alerts:urge", args=[alert.pk]), data).status_code == 302
    page = client.get(reverse("alerts:inbox"), {"tab": "sent"}).content.decode()
    assert "我发出的" in page
    assert alert.title in page
    assert "壬督查 提级至通报" in page
    assert "我发出的" not in login(cast.reporter).get(reverse("alerts:inbox")).content.decode()


def test_the_days_of_a_delay_go_to_whoever_held_the_matter_on_them(alert, cast, project, login):
    """Due on Friday the 20th; handed over from Thursday the 26th on; looked at on Monday 30th: six working days."""
    assign(project=project, duty=Duty.OFFICIAL, user=cast.reader, starts_on=date(2026, 11, 26), by=None)
    shares = hands(alert, date(2026, 11, 30))
    assert [(hand.person, hand.days) for hand in shares] == [("丁经办", 3), ("戊观察", 3)]
    page = login(cast.supervisor).get(reverse("alerts:alert", args=[alert.pk])).content.decode()
    for words in ("逾期经过谁手", "丁经办", "督办过程", "通知记录"):
        assert words in page


terms = st.lists(
    st.tuples(st.integers(-20, 60), st.integers(0, 30)), max_size=4
)  # (start and length in days after the due date)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(terms=terms, late=st.integers(1, 60))
def test_the_shares_add_up_to_the_delay_for_any_history(terms, late):
    due = date(2026, 9, 25)
    day, rows = due - timedelta(days=30), []
    for start, length in sorted(terms):
        first = max(day, due + timedelta(days=start))
        rows.append(Assignment(duty=Duty.OFFICIAL, name="某", starts_on=first, ends_on=first + timedelta(days=length)))
        day = first + timedelta(days=length + 1)
    end = due + timedelta(days=late)
    with using(OFFICIAL):
        shares = shares_of(rows, due, end)
    assert sum(hand.days for hand in shares) == OFFICIAL.between(due, end)
    assert all(a.until < b.since for a, b in pairwise(shares))
