"""The work calendar is kept by people: a notice pasted in, a day changed, a day given back."""

from datetime import date

import pytest

from accounts.actions import clear_day, load_notice, set_day
from accounts.models import AuditEntry
from common import workdays
from common.errors import DomainError
from common.models import CalendarDay

pytestmark = pytest.mark.django_db

NOTICE = """
2027-02-05 至 2027-02-11 休 春节
2027-02-14 班 春节调休上班

2027年10月1日 放假 国庆节
2027/1/1~2027/1/3 休 元旦
"""


@pytest.fixture(autouse=True)
def forget_calendar():
    workdays.reset()
    yield
    workdays.reset()


def test_a_notice_is_read_line_by_line(cast):
    assert load_notice(text=NOTICE, by=cast.sysadmin) == 12
    rows = dict(CalendarDay.objects.values_list("date", "is_workday"))
    assert rows[date(2027, 2, 5)] is False
    assert rows[date(2027, 2, 11)] is False
    assert rows[date(2027, 2, 14)] is True
    assert rows[date(2027, 10, 1)] is False
    assert CalendarDay.objects.get(date=date(2027, 2, 8)).name == "春节"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("2027-02-30 休 春节", "没有 2027-02-30 这一天"),
        ("2027-02-05 春节", "应为"),
        ("休 2027-02-05", "应为"),
        ("2027-02-11 至 2027-02-05 休 春节", "截止日期早于起始日期"),
        ("2027-02-05 至 2027-12-05 休 春节", "超过 15 天"),
    ],
)
def test_one_unreadable_line_keeps_everything_out_and_is_named(cast, line, says):
    with pytest.raises(DomainError) as refused:
        load_notice(text=f"2027-01-01 休 元旦\n{line}", by=cast.sysadmin)
    assert "第 2 行" in refused.value.message
    assert says in refused.value.message
    assert not CalendarDay.objects.exists()


def test_a_day_cannot_work_and_rest(cast):
    with pytest.raises(DomainError, match="相反"):
        load_notice(text="2027-02-05 休 春节\n2027-02-05 班 春节", by=cast.sysadmin)


def test_an_empty_notice_is_refused(cast):
    with pytest.raises(DomainError, match="没有读到"):
        load_notice(text="  \n ", by=cast.sysadmin)


def test_working_days_follow_at_once(cast, login, django_capture_on_commit_callbacks):
    tuesday = date(2026, 12, 1)
    assert workdays.work_calendar().is_workday(tuesday)
    client = login(cast.admin)
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/calendar/2026/12/1/", {"kind": "rest", "name": "演练放假"})
    assert not workdays.work_calendar().is_workday(tuesday)
    page = client.get("/accounts/calendar/?year=2026").content.decode()
    assert "12月1日 休息 演练放假" in page
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/calendar/2026/12/1/", {"kind": "default", "name": ""})
    assert workdays.work_calendar().is_workday(tuesday)
    assert AuditEntry.objects.filter(action="修改工作日历").count() == 2


def test_every_change_is_recorded(cast):
    set_day(day=date(2027, 5, 1), is_workday=False, name="劳动节", by=cast.admin)
    set_day(day=date(2027, 5, 1), is_workday=True, name="", by=cast.admin)
    clear_day(day=date(2027, 5, 1), by=cast.admin)
    changes = [entry.changes["2027-05-01"] for entry in AuditEntry.objects.order_by("pk")]
    assert changes == [["", "休 劳动节"], ["休 劳动节", "班"], ["班", ""]]


def test_the_page_says_what_is_announced_and_what_is_derived(cast, login):
    client = login(cast.sysadmin)
    assert "按国务院放假安排计算" in client.get("/accounts/calendar/?year=2026").content.decode()
    assert "工作日是推算的" in client.get("/accounts/calendar/?year=2028").content.decode()
    for year in ("", "abc", "99999", "-1", "²"):
        assert client.get(f"/accounts/calendar/?year={year}").status_code == 200
    assert client.get("/accounts/calendar/2026/2/30/").status_code == 404
    refused = client.post("/accounts/calendar/notice/", {"text": "明天放假"})
    assert refused.status_code == 422
    assert "第 1 行“明天放假”" in refused.content.decode()
