"""The digest: one per person and working day, frozen, safe, and saying the same in both parts."""

import email.policy
from datetime import date, datetime, timedelta
from html.parser import HTMLParser

import pytest
from django.core import mail as outbox
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts import mailtext
from alerts.actions import acknowledge, compose_digests, scan, send_due
from alerts.choices import MailState, NoticeState, Severity
from alerts.models import Alert, AlertNotice, Mail
from common import clock
from projects.actions import complete_node
from tests.alerts.conftest import due_on
from tests.factories import make_project

EIGHT = datetime(2026, 11, 24, 8, tzinfo=clock.SHANGHAI)


@pytest.fixture
def owed(official, node, today):
    """The official is owed a word about the overdue node."""
    scan(today)
    return Alert.objects.get(subject=f"milestone:{node.pk}")


def test_a_person_gets_one_mail_a_day_whatever_comes_later(owed, cast, project, official):
    assert compose_digests(EIGHT).mails == 1
    due_on(project, date(2026, 11, 26), code="N02")  # nothing urgent
    scan(EIGHT.date())
    for hour in range(3):
        assert compose_digests(EIGHT + timedelta(hours=hour)).mails == 0
    assert Mail.objects.count() == 1
    assert AlertNotice.objects.unmailed().filter(recipient=official).count() == 1
    compose_digests(EIGHT + timedelta(days=1))
    assert Mail.objects.count() == 2


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 24, 7, 59, tzinfo=clock.SHANGHAI),
        datetime(2026, 11, 28, 9, tzinfo=clock.SHANGHAI),  # Saturday
        datetime(2026, 10, 1, 9, tzinfo=clock.SHANGHAI),  # 国庆
    ],
)
def test_nothing_leaves_at_night_or_on_a_day_of_rest(owed, moment):
    assert compose_digests(moment).mails == 0


def test_a_saturday_that_works_has_its_digest(owed):
    assert compose_digests(datetime(2026, 10, 10, 9, tzinfo=clock.SHANGHAI)).mails == 1


def test_by_hand_it_is_sent_at_any_hour(owed):
    assert compose_digests(EIGHT.replace(hour=3), respect_hours=False).mails == 1


def test_the_subject_counts_by_light(owed, project, official, today):
    due_on(project, date(2026, 11, 26), code="N02")
    due_on(project, date(2026, 11, 27), code="N09")
    scan(today)
    compose_digests(EIGHT)
    assert Mail.objects.get().subject == "【重大项目】今日需办 3 项（红1 黄2）- 11月24日"


def test_what_was_settled_since_the_scan_is_not_mailed(owed, node, official, today):
    complete_node(node=node, done_on=today, by=official, version=node.version, today=today)
    done = compose_digests(EIGHT)
    assert done.mails == 0
    owed.refresh_from_db()
    assert owed.closed_at
    assert owed.notices.get().state == NoticeState.SUPPRESSED


def test_what_the_person_has_taken_up_already_is_not_mailed(owed, official, today):
    acknowledge(alert=owed, by=official, measure="已催审批", promised_on=date(2026, 12, 1), today=today)
    assert compose_digests(EIGHT).mails == 0
    assert owed.notices.get().state == NoticeState.SUPPRESSED


def test_each_line_links_to_its_alert_and_to_nothing_else(owed, settings):
    settings.BASE_URL = "https://dongliang.example"
    compose_digests(EIGHT)
    mail = Mail.objects.get()
    link = f"https://dongliang.example/go/{owed.public_id}/"
    assert mail.text.count(link) == 1
    own = {"https://dongliang.example/alerts/", "https://dongliang.example/alerts/preferences/"}
    assert set(_read(mail.html).links) == {link, *own}


def test_both_parts_say_the_same(owed, project, today):
    due_on(project, date(2026, 11, 26), code="N02")
    scan(today)
    compose_digests(EIGHT)
    mail = Mail.objects.get()
    shown = _read(mail.html).text
    for alert in Alert.objects.open():
        for words in (alert.title, alert.detail, alert.unit.label):
            assert words in mail.text
            assert words in shown
    assert "因您是责任人" in mail.text
    assert "因您是责任人" in shown


def test_a_long_digest_is_capped_and_says_how_much_is_left(cast, official, today):
    from projects.actions import assign
    from projects.choices import Duty

    for _ in range(23):
        one = make_project(cast.unit)
        assign(project=one, duty=Duty.OFFICIAL, user=official, starts_on=date(2026, 1, 1), by=None)
        due_on(one, date(2026, 11, 20))
    scan(today)
    compose_digests(EIGHT)
    mail = Mail.objects.get()
    assert "今日需办 23 项" in mail.subject
    assert "还有 3 条" in mail.text
    assert "还有 3 条" in _read(mail.html).text
    assert mail.text.count("/go/") == 20


def test_a_message_id_follows_from_the_keys_alone(owed):
    compose_digests(EIGHT)
    first = Mail.objects.get().message_id
    AlertNotice.objects.update(mail=None)
    Mail.objects.all().delete()
    compose_digests(EIGHT + timedelta(hours=1))
    assert Mail.objects.get().message_id == first
    AlertNotice.objects.update(mail=None)
    compose_digests(EIGHT + timedelta(days=1))
    assert Mail.objects.exclude(message_id=first).count() == 1


def test_an_address_that_is_none_is_undeliverable(owed, official):
    type(official).objects.filter(pk=official.pk).update(email="not an address")
    assert compose_digests(EIGHT).mails == 0
    assert owed.notices.get().state == NoticeState.UNDELIVERABLE


def test_two_composers_make_one_mail(owed, official, monkeypatch):
    """A rival's digest lies there already: the unique key decides, the notices stay owed for the next day."""
    from alerts.actions import digest

    real = digest._people_waiting

    def rival_first(today, hour):
        people = real(today, hour)
        Mail.objects.create(
            recipient=official,
            address=official.email,
            business_date=today,
            kind="digest",
            subject="先到",
            text="",
            html="",
            message_id="<rival@x>",
            next_try_at=EIGHT,
            created_at=EIGHT,
        )
        return people

    monkeypatch.setattr(digest, "_people_waiting", rival_first)
    assert compose_digests(EIGHT).mails == 0
    assert Mail.objects.get().subject == "先到"
    assert AlertNotice.objects.unmailed().count() == 1


# --- hostile content ----------------------------------------------------------------------------------------------
NASTY = [
    "<script>alert(1)</script>",
    "项目\r\nBcc: everyone@example.test",
    "行\u2028分\u2029隔\x85",
    "\x0b\x0c\x1f",
    "\u202e倒写\u202c",
    "{{ settings.SECRET_KEY }}{% load x %}",
    '"><img src=x onerror=alert(1)>',
    "👷‍♀️" * 60,
    "长" * 10_000,
    "\ud800",
]


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.links, self.pieces, self.skip = [], [], [], False

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.skip = tag == "style"
        self.links += [value for name, value in attrs if name in ("href", "src")]

    def handle_endtag(self, tag):
        self.skip = False

    def handle_data(self, data):
        if not self.skip:
            self.pieces.append(data)

    @property
    def text(self):
        return "".join(self.pieces)


def _read(html):
    reader = _Reader()
    reader.feed(html)
    return reader


KNOWN_TAGS = {"html", "head", "meta", "title", "style", "body", "div", "table", "tr", "td", "h1", "h2", "p", "a"}
KNOWN_TAGS |= {"br", "span"}


def _alert(title, detail):
    return Alert(
        pk=1, rule="node_overdue", subject="milestone:1", severity=Severity.RED, level=2, title=title, detail=detail
    )


texts = st.one_of(
    st.sampled_from(NASTY), st.text(max_size=400), st.lists(st.sampled_from(NASTY), max_size=4).map("".join)
)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(name=texts, title=texts, detail=texts)
def test_hostile_names_stay_words(name, title, detail):
    from accounts.models import User
    from alerts.channels import message

    person = User(pk=1, username="u", full_name=name or "某")
    rendered = mailtext.digest(person, [AlertNotice(alert=_alert(title, detail), because="责任人")], EIGHT)
    row = Mail(
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        address="to@example.test",
        message_id=mailtext.message_id("digest", 1, "u", EIGHT.date()),
    )
    raw = message(row).message().as_bytes(linesep="\r\n")
    parsed = email.message_from_bytes(raw, policy=email.policy.SMTP)
    assert [key for key in parsed if key.lower() in ("to", "cc", "bcc", "subject", "from")] == ["Subject", "From", "To"]
    assert parsed["To"] == "to@example.test"
    assert parsed["Subject"].strip() == rendered.subject  # a folded header begins with the fold's blank
    plain = parsed.get_body(("plain",)).get_content()
    assert plain.split() == rendered.text.split()
    shown = _read(parsed.get_body(("html",)).get_content())
    assert set(shown.tags) <= KNOWN_TAGS
    assert all(link.startswith("http://127.0.0.1:8000/") for link in shown.links)
    for words in (mailtext.one_line(title, 200), mailtext.one_line(detail)):
        assert words in rendered.text
        assert " ".join(words.split()) in " ".join(shown.text.split())


@given(st.text(max_size=500))
def test_one_line_is_one_line(text):
    line = mailtext.one_line(text, 100)
    assert len(line.splitlines()) <= 1
    assert len(line) <= 100
    assert not set(line) & mailtext.DIRECTION
    line.encode("utf-8")


def test_a_hostile_project_travels_the_whole_way(cast, today):
    """Through database, digest and the real mail backend of the tests."""
    one = make_project(cast.unit, name='坏<b>名</b>"\u2028\u202e项目')
    due_on(one, date(2026, 11, 20))
    scan(today)
    send_due(EIGHT)
    (message,) = outbox.outbox
    assert "<b>" not in message.alternatives[0][0]
    assert "&lt;b&gt;" in message.alternatives[0][0]
    assert Mail.objects.get().state == MailState.SENT
