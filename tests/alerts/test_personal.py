"""What people are told about themselves, what they want by mail, and who stands in for them."""

from datetime import date, datetime, timedelta

import pytest
from django.core import mail as outbox
from django.urls import reverse

from accounts.actions import delegate, end_delegation
from accounts.models import Unit
from alerts.actions import scan, send_due, set_preference
from alerts.choices import NoticeState
from alerts.models import Alert, AlertNotice, Preference
from alerts.rules import BY_CODE
from common import clock
from common.errors import DomainError
from projects.actions import assign, note_journal
from projects.choices import Duty
from projects.models import Project
from tests.alerts.conftest import due_on

TEN = datetime(2026, 11, 24, 10, tzinfo=clock.SHANGHAI)
NIGHT = TEN.replace(hour=21)


def give(cast, project, *, by, today):
    return assign(project=project, duty=Duty.STEWARD, user=cast.steward, starts_on=today, by=by)


def test_a_new_duty_is_told_at_once_but_not_to_whoever_took_it(cast, project, today):
    give(cast, project, by=cast.admin, today=today)
    assign(project=project, duty=Duty.LEADER, user=cast.leader, starts_on=today, by=cast.leader)
    send_due(TEN)
    (mail,) = outbox.outbox
    assert mail.to == [cast.steward.email]
    assert "您自 2026-11-24 起担任该项目的项目管家" in mail.body


def test_a_mention_reaches_those_who_have_to_do_with_the_project(cast, project, today):
    text = "@丁经办请核对用地面积，@乙主任 知悉，@丑外单位 不相干，@戊观察"
    note_journal(project=project, kind="note", text=text, by=cast.reader)
    send_due(TEN)
    assert {mail.to[0] for mail in outbox.outbox} == {cast.reporter.email, cast.admin.email}
    assert "戊观察在工作日志中提到您" in outbox.outbox[0].body
    scan(today + timedelta(days=8), [BY_CODE["mention"]])
    assert not Alert.objects.open().exists()


def test_nothing_is_told_at_night(cast, project, today):
    give(cast, project, by=cast.admin, today=today)
    send_due(NIGHT)
    assert outbox.outbox == []
    send_due(TEN + timedelta(days=1))
    assert len(outbox.outbox) == 1


def test_urgent_news_after_the_digest_come_at_once_and_once_an_hour(cast, project, official, node, today):
    scan(today)
    send_due(TEN)
    due_on(project, date(2026, 11, 19), code="N02")
    scan(today)
    send_due(TEN + timedelta(minutes=5))
    due_on(project, date(2026, 11, 19), code="N09")
    scan(today)
    send_due(TEN + timedelta(minutes=10))
    assert len(outbox.outbox) == 2
    send_due(TEN + timedelta(hours=1))
    assert [mail.subject[6:10] for mail in outbox.outbox] == ["今日需办", "新增急办", "新增急办"]


def test_who_does_not_want_instant_mails_reads_of_a_new_red_the_next_day(project, official, node, today):
    set_preference(user=official, mail_hour=9, wants_instant=False, muted=[], version=1)
    due_on(project, date(2026, 11, 24), code="N02")
    scan(today)
    send_due(TEN.replace(hour=8))
    assert outbox.outbox == []
    send_due(TEN.replace(hour=9))
    assert len(outbox.outbox) == 1


def test_what_is_switched_off_stays_in_the_inbox_only(project, official, today, login):
    set_preference(user=official, mail_hour=None, wants_instant=True, muted=["start_due"], version=1)
    Project.objects.filter(pk=project.pk).update(planned_start_to=date(2026, 11, 30))
    scan(today)
    notice = AlertNotice.objects.get()
    assert (notice.state, notice.why_not) == (NoticeState.SUPPRESSED, "本人设置不发邮件")
    assert project.name in login(official).get(reverse("alerts:inbox")).content.decode()
    with pytest.raises(DomainError, match="岗位职责"):
        set_preference(user=official, mail_hour=None, wants_instant=True, muted=["node_overdue"], version=1)


def test_the_page_of_preferences(login, official):
    client, url = login(official), reverse("alerts:preferences")
    assert "岗位职责提醒" in client.get(url).content.decode()
    wanted = {"mail_hour": "10", "wants_instant": "on", "wanted": ["start_due"], "version": "1"}
    assert client.post(url, wanted).status_code == 302
    row = Preference.objects.get(user=official)
    assert (row.mail_hour, "start_due" in row.muted, "production_due" in row.muted) == (10, False, True)
    assert client.post(url, wanted | {"mail_hour": "11"}).status_code == 409


# --- stand-ins --------------------------------------------------------------------------------------------------------
@pytest.fixture
def colleague(cast):
    from accounts.choices import Role
    from tests.cast import make_user

    return make_user("colleague", "未同事", cast.unit, Role.REPORTER)


def test_a_stand_in_is_told_instead_while_the_person_is_away(colleague, official, node):
    today = date(2026, 11, 21)  # a Saturday: still 提醒, only the official is told
    row = delegate(user=official, delegate=colleague, starts_on=today, ends_on=today, reason="培训", today=today)
    scan(today)
    assert AlertNotice.objects.get().because == "责任人（代丁经办）"
    assert AlertNotice.objects.get().recipient == colleague
    tomorrow = today + timedelta(days=1)
    scan(tomorrow)
    assert AlertNotice.objects.get(recipient=official).is_current
    assert not AlertNotice.objects.get(recipient=colleague).is_current
    with pytest.raises(DomainError, match="已经结束"):
        end_delegation(delegation=row, by=official, today=tomorrow)


def test_only_somebody_who_may_see_the_same_stands_in(cast, official, colleague, today):
    for other in (cast.stranger, cast.reader, official):
        with pytest.raises(DomainError, match="不能代理"):
            delegate(user=official, delegate=other, starts_on=today, ends_on=today, reason="", today=today)
    delegate(user=official, delegate=colleague, starts_on=today, ends_on=today, reason="", today=today)
    with pytest.raises(DomainError, match="这段时间已由"):
        delegate(user=official, delegate=colleague, starts_on=today, ends_on=today, reason="", today=today)


def test_a_steward_who_stands_in_sees_the_projects_of_both(cast, project, today):
    from accounts.choices import Role
    from tests.cast import make_user

    other = make_user("steward2", "申管家", cast.bureau, Role.STEWARD)
    give(cast, project, by=None, today=today)
    assert not Project.objects.visible_to(other).exists()
    row = delegate(user=cast.steward, delegate=other, starts_on=today, ends_on=today, reason="", today=today)
    assert Project.objects.visible_to(other).get() == project
    end_delegation(delegation=row, by=cast.steward, today=today)
    assert not Project.objects.visible_to(other).exists()


def test_the_page_of_stand_ins(login, official, colleague):
    client, url = login(official), reverse("accounts:delegation")
    data = {"delegate": colleague.pk, "starts_on": "2026-11-25", "ends_on": "2026-11-24", "reason": ""}
    assert client.post(url, data).status_code == 422
    assert client.post(url, data | {"ends_on": "2026-11-27"}).status_code == 302
    assert "未同事" in client.get(url).content.decode()


def test_the_head_of_the_unit_is_told_from_the_second_rung_on(cast, official, node, today):
    Unit.objects.filter(pk=cast.unit.pk).update(head=cast.reader)
    scan(date(2026, 11, 21))
    assert not AlertNotice.objects.filter(recipient=cast.reader).exists()
    scan(today)
    assert AlertNotice.objects.get(recipient=cast.reader).because == "责任单位负责人"
