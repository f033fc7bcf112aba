"""The inbox and the operations page through HTTP."""

import re
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from alerts.actions import acknowledge, scan, send_due
from alerts.choices import MailState
from alerts.models import Alert, AlertNotice, JobRun, Mail
from common import clock
from common.workdays import using, work_calendar
from projects.actions import assign, complete_node
from projects.choices import Duty
from tests.alerts.conftest import DUE, due_on
from tests.factories import make_project

EIGHT = datetime(2026, 11, 24, 8, tzinfo=clock.SHANGHAI)
INBOX = "/alerts/"


@pytest.fixture
def alert(official, node, today):
    """The official's open alert."""
    scan(today)
    return Alert.objects.get(subject=f"milestone:{node.pk}")


def shown(response):
    return shown_in(response.content.decode())


def shown_in(page):
    return re.findall(r'id="alert-(\d+)"', page)


def test_the_inbox_says_what_why_and_how_far_it_has_climbed(alert, login, official):
    page = login(official).get(INBOX).content.decode()
    assert alert.title in page
    assert "项目备案逾期 2 个工作日（计划 2026-11-20 完成）" in page
    assert "因您是责任人" in page
    assert 'aria-current="step"><b>督办</b><span>丁经办 11-24</span>' in page
    assert "<b>约谈</b><span>11-30 起</span>" in page
    assert f'href="/projects/{alert.project_id}/nodes/#node-N01"' in page


def test_the_badge_counts_what_waits(alert, login, official):
    client = login(official)
    assert "预警，1 条待处理" in client.get(INBOX).content.decode()
    acknowledge(alert=alert, by=official, measure="已催", promised_on=datetime(2026, 12, 1).date(), today=clock.today())
    assert "预警，0 条待处理" in client.get(INBOX).content.decode()


def test_another_date_or_another_person_is_one_step_away_for_those_who_may(alert, login, official, cast):
    client = login(official)
    page = client.get(INBOX).content.decode()
    for path, text in (
        (f"/projects/nodes/{alert.subject.split(':')[1]}/?do=move", "调整"),
        (f"/projects/{alert.project_id}/people/new/", "指定责任人"),
    ):
        assert f'href="{path}"' in page
        assert text in client.get(path).content.decode()
    reading = login(cast.supervisor).get(f"{INBOX}?who=all").content.decode()
    assert shown_in(reading) == [str(alert.pk)]
    assert "调整日期" not in reading
    assert "指派他人" not in reading


def test_a_stranger_unit_sees_nothing_of_it(alert, login, cast):
    client = login(cast.stranger)
    assert shown(client.get(INBOX)) == []
    assert client.get(reverse("alerts:acknowledge", args=[alert.pk])).status_code == 404
    assert client.get(reverse("alerts:acknowledge_many"), {"pk": alert.pk}).status_code == 404


def test_whoever_may_only_look_may_not_take_it_up(alert, login, cast):
    """The reader of the unit sees the project; taking up is for those who were told or who report."""
    client = login(cast.reader)
    assert client.get(reverse("alerts:acknowledge", args=[alert.pk])).status_code == 403
    data = {"measure": "已催", "promised_on": "2026-12-01"}
    assert client.post(reverse("alerts:acknowledge", args=[alert.pk]), data).status_code == 403
    alert.refresh_from_db()
    assert alert.acknowledged_at is None


def test_a_told_person_who_lost_sight_of_the_project_sees_it_no_more(alert, login, official):
    client = login(official)
    assert shown(client.get(INBOX)) == [str(alert.pk)]
    official.memberships.update(ends_on=datetime(2026, 11, 1).date())
    assert client.get(INBOX).status_code == 403


def test_the_leader_may_switch_to_all_projects(alert, login, cast):
    client = login(cast.leader)
    assert shown(client.get(INBOX)) == []
    assert shown(client.get(INBOX, {"who": "all"})) == [str(alert.pk)]


def test_a_reporter_cannot_switch_to_all_projects(alert, login, cast, today):
    due_on(make_project(cast.other_unit), DUE)
    scan(today)
    assert shown(login(cast.reporter).get(INBOX, {"who": "all"})) == [str(alert.pk)]


def test_taking_up_needs_measure_and_day_and_keeps_what_was_typed(alert, login, official):
    client = login(official)
    url = reverse("alerts:acknowledge", args=[alert.pk])
    assert client.get(url).status_code == 200
    answer = client.post(url, {"measure": "", "promised_on": "2026-12-01"})
    assert answer.status_code == 422
    assert "请填写措施" in answer.content.decode()
    answer = client.post(url, {"measure": "本周召开协调会", "promised_on": "2026-11-01"})
    assert answer.status_code == 422
    assert "已经过去" in answer.content.decode()
    assert "本周召开协调会" in answer.content.decode()
    answer = client.post(url, {"measure": "本周召开协调会", "promised_on": "2026-12-01"})
    assert answer.status_code == 302
    alert.refresh_from_db()
    assert (alert.acknowledged_by, alert.measure) == (official, "本周召开协调会")
    assert shown(client.get(INBOX)) == []
    resting = client.get(INBOX, {"tab": "resting"})
    assert shown(resting) == [str(alert.pk)]
    assert "承诺 2026-12-01 完成" in resting.content.decode()


def test_a_get_never_takes_up(alert, login, official):
    """Link prefetchers and mail scanners only read."""
    login(official).get(reverse("alerts:acknowledge", args=[alert.pk]), {"measure": "x", "promised_on": "2026-12-01"})
    alert.refresh_from_db()
    assert alert.acknowledged_at is None


def test_several_are_taken_up_together_or_not_at_all(alert, login, official, project, today):
    due_on(project, DUE, code="N02")
    scan(today)
    keys = list(Alert.objects.open().values_list("pk", flat=True))
    client = login(official)
    url = f"{reverse('alerts:acknowledge_many')}?pk={keys[0]}&pk={keys[1]}"
    assert client.post(url, {"measure": "已催", "promised_on": "2026-12-01"}).status_code == 302
    assert Alert.objects.resting(today).count() == 2


def test_a_settled_alert_shows_the_fact(alert, login, official, node, today):
    complete_node(node=node, done_on=today, by=official, version=node.version, today=today)
    scan(today)
    page = login(official).get(INBOX, {"tab": "closed"})
    assert shown(page) == [str(alert.pk)]
    assert "节点已于 2026-11-24 完成" in page.content.decode()


def test_filters_live_in_the_address(alert, login, official, project, today):
    due_on(project, datetime(2026, 11, 26).date(), code="N02")
    scan(today)
    client = login(official)
    assert len(shown(client.get(INBOX))) == 2
    assert shown(client.get(INBOX, {"severity": "red"})) == [str(alert.pk)]
    assert shown(client.get(INBOX, {"rule": "node_overdue"})) == [str(alert.pk)]
    assert shown(client.get(INBOX, {"q": "没有这个名字"})) == []


def test_the_alert_leaves_the_inbox_with_the_duty(alert, login, cast, official, project):
    assign(project=project, duty=Duty.OFFICIAL, user=cast.steward, starts_on=datetime(2026, 11, 24).date(), by=None)
    AlertNotice.objects.filter(recipient=official).update(because="责任人")
    scan(datetime(2026, 11, 25).date())
    assert shown(login(cast.steward).get(INBOX)) == [str(alert.pk)]


def test_the_inbox_asks_the_same_number_of_queries_for_any_number_of_alerts(alert, cast, login, official, today):
    client = login(official)
    client.get(INBOX)

    def queries():
        with using(work_calendar()), CaptureQueriesContext(connection) as captured:
            client.get(INBOX)
        return len(captured)

    few = queries()
    for _ in range(8):
        one = make_project(cast.unit)
        assign(project=one, duty=Duty.OFFICIAL, user=official, starts_on=datetime(2026, 1, 1).date(), by=None)
        due_on(one, DUE)
    scan(today)
    assert queries() == few


# --- mails and operations -------------------------------------------------------------------------------------------
@pytest.fixture
def mail(alert):
    """The official's digest, sent."""
    send_due(EIGHT)
    return Mail.objects.get()


def test_a_mail_is_shown_to_its_reader_and_to_the_bureau_only(mail, login, cast, official):
    url, html = reverse("alerts:mail_detail", args=[mail.pk]), reverse("alerts:mail_html", args=[mail.pk])
    for person, page, body in (
        (official, 200, 200),
        (cast.admin, 200, 200),
        (cast.sysadmin, 200, 403),  # runs the machine, sees no business
        (cast.reader, 404, 404),
        (cast.stranger, 404, 404),
    ):
        client = login(person)
        assert client.get(url).status_code == page, person
        assert client.get(html).status_code == body, person
    ledger = login(cast.sysadmin).get(url).content.decode()
    assert mail.message_id.strip("<>") in ledger
    assert mail.notices.get().alert.title not in ledger


def test_the_frame_of_a_mail_may_do_nothing(mail, login, cast):
    answer = login(cast.admin).get(reverse("alerts:mail_html", args=[mail.pk]))
    policy = answer["Content-Security-Policy"]
    assert "script-src 'none'" in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    outside = login(cast.admin).get(INBOX)["Content-Security-Policy"]
    assert "unsafe-inline" not in outside


def test_operations_show_jobs_mails_and_whom_nobody_reaches(mail, login, cast, project):
    assign(project=project, duty=Duty.STEWARD, name="王某某", starts_on=datetime(2026, 1, 1).date(), by=None)
    page = login(cast.admin).get(reverse("alerts:operations")).content.decode()
    assert "预警扫描还没有成功运行过" in page
    assert mail.subject in page
    assert "alerts.tasks.send_deliveries" in page
    assert "王某某" in page
    assert "只有姓名，没有账号" in page


def test_operations_are_for_those_who_run_the_machine(login, cast, mail):
    for person, status in ((cast.admin, 200), (cast.sysadmin, 200), (cast.leader, 403), (cast.reporter, 403)):
        client = login(person)
        assert client.get(reverse("alerts:operations")).status_code == status, person
    client = login(cast.reporter)
    for name, args in (("job_run", ["scan"]), ("mails_send", []), ("mail_test", []), ("mail_resend", [mail.pk])):
        assert client.post(reverse(f"alerts:{name}", args=args)).status_code == 403


def test_a_job_is_run_by_hand(login, cast, official, node):
    client = login(cast.admin)
    assert client.post(reverse("alerts:job_run", args=["scan"])).status_code == 302
    assert Alert.objects.count() == 1
    assert not JobRun.objects.exists()
    assert client.post(reverse("alerts:job_run", args=["nothing"])).status_code == 404


def test_due_mails_and_test_mails_are_sent_by_hand(login, cast):
    client = login(cast.admin)
    client.post(reverse("alerts:mail_test"))
    assert Mail.objects.get().state == MailState.PENDING
    client.post(reverse("alerts:mails_send"))
    assert Mail.objects.get().state == MailState.SENT


def test_a_dead_mail_is_resent_by_hand_once(login, cast, mail):
    url = reverse("alerts:mail_resend", args=[mail.pk])
    client = login(cast.admin)
    assert client.post(url).status_code == 409
    Mail.objects.update(state=MailState.DEAD)
    assert client.post(url).status_code == 302
    mail.refresh_from_db()
    assert mail.state == MailState.PENDING


def test_nothing_on_the_pages_of_a_person_without_address_breaks(login, cast):
    User.objects.filter(pk=cast.admin.pk).update(email="")
    answer = login(cast.admin).post(reverse("alerts:mail_test"))
    assert answer.status_code == 422
    assert "没有邮箱" in answer.content.decode()


def test_alerts_and_notices_leave_as_they_are_filtered(alert, login, official, cast):
    from io import BytesIO

    from openpyxl import load_workbook

    def cells(client, url):
        answer = client.get(url)
        assert answer.status_code == 200
        sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
        return {cell for line in sheet.iter_rows(values_only=True) for cell in line}

    client = login(official)
    assert alert.title in cells(client, "/alerts/export/")
    assert alert.title not in cells(client, "/alerts/export/?tab=closed")
    client = login(cast.admin)
    assert alert.title in cells(client, "/alerts/ledger/export/")
    assert alert.title not in cells(client, "/alerts/ledger/export/?state=sent")
