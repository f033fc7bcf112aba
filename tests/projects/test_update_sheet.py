"""更新进展: one sheet, one transaction, one report however often it is sent."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from common.periods import Period
from investment.actions import report_month, set_annual_plan
from investment.models import MonthlyEntry
from projects.actions import assign, set_target
from projects.choices import Duty, Stage
from projects.models import Attachment, Milestone, ProgressReport, Project, ReportDraft
from tests.factories import make_project
from tests.projects.files_for_tests import disguised_html, png


@pytest.fixture
def site(cast, today):
    """A project under construction with a plan of 1,200 and a schedule; 主体封顶 is the node at hand."""
    project = make_project(cast.unit, stage=Stage.CONSTRUCTION)
    set_annual_plan(project=project, year=2026, target=Decimal(1200), by=None)
    set_target(project=project, kind="production", target=date(2028, 6, 30), by=None, version=1, today=today)
    return Project.objects.get(pk=project.pk)


@pytest.fixture
def node(site):
    return Milestone.objects.get(project=site, code="N15")


def sheet_url(project) -> str:
    return reverse("projects:project_update", args=[project.pk])


def said(project, **changes) -> dict:
    """The sheet as the browser sends it: everything as it stands, with `changes`."""
    body = {"text": "主体施工至三层", "month-completed": "80", "month-version": "", "key": str(uuid4())}
    for node in Milestone.objects.filter(project=project, code__in=["N15", "N16"]):
        body[f"node{node.pk}-state"] = "todo"
        body[f"node{node.pk}-version"] = node.version
    return {name: value for name, value in (body | changes).items() if value is not None}


def test_the_whole_sheet_is_written_at_once(login, cast, site, node):
    page = login(cast.reporter).post(
        sheet_url(site),
        said(
            site,
            problem="缺少吊车",
            files=[png("一.png"), png("二.png")],
            physical_percent="35",
            **{f"node{node.pk}-state": "doing", f"node{node.pk}-forecast_on": "2027-06-30"},
        ),
    )

    assert page.status_code == 302
    report = ProgressReport.objects.get()
    assert (report.text, report.problem, report.physical_percent) == ("主体施工至三层", "缺少吊车", Decimal(35))
    assert (report.year, report.month, report.submitted_by) == (2026, 11, cast.reporter)
    assert report.attachments.count() == 2
    assert MonthlyEntry.objects.get().completed == Decimal(80)
    node.refresh_from_db()
    assert (node.begun_on, node.forecast_on) == (date(2026, 11, 24), date(2027, 6, 30))


def test_sending_twice_with_one_key_is_one_report(login, cast, site):
    client, body = login(cast.reporter), said(site)

    first, second = client.post(sheet_url(site), body), client.post(sheet_url(site), body)

    assert (first.status_code, second.status_code) == (302, 302)
    assert ProgressReport.objects.count() == MonthlyEntry.objects.count() == 1
    assert "没有重复登记" in client.get(site.get_absolute_url()).content.decode()


def test_the_last_report_is_shown_as_reference_and_never_copied(login, cast, site):
    client = login(cast.reporter)
    client.post(sheet_url(site), said(site, text="上次说的话"))

    page = client.get(sheet_url(site))

    assert "上次说的话" in page.content.decode()
    assert not page.context["form"]["text"].value()


def test_a_figure_and_a_text_are_demanded_together(login, cast, site):
    page = login(cast.reporter).post(sheet_url(site), said(site, text=" ", **{"month-completed": ""}))

    text = page.content.decode()
    assert page.status_code == 422
    assert "请填写当前进展。" in text and "请填写本月完成投资；确实没有完成的填 0。" in text
    assert not ProgressReport.objects.exists()


def test_zero_is_an_answer(login, cast, site):
    assert login(cast.reporter).post(sheet_url(site), said(site, **{"month-completed": "0"})).status_code == 302
    assert MonthlyEntry.objects.get().completed == 0


@pytest.mark.parametrize(
    ("figure", "warning"),
    [("-20", "负数"), ("900", "超过计划月均"), ("1.3亿", "超过总投资"), ("12001", "超过总投资")],
)
def test_an_odd_figure_needs_a_tick_and_is_not_blocked(login, cast, site, figure, warning):
    client = login(cast.reporter)
    body = said(site, **{"month-completed": figure, "month-corrects": "2026-10", "month-note": "冲减多报"})

    refused = client.post(sheet_url(site), body)
    assert refused.status_code == 422
    assert warning in refused.content.decode()
    assert not MonthlyEntry.objects.exists()

    ticked = client.post(sheet_url(site), body | {"month-confirm": "on"})
    assert ticked.status_code == 302
    assert MonthlyEntry.objects.exists()


def test_three_times_the_monthly_average_is_not_odd_yet(login, cast, site):
    assert login(cast.reporter).post(sheet_url(site), said(site, **{"month-completed": "300"})).status_code == 302


@pytest.mark.parametrize("figure", ["很多", "100-200", "5万美元", "9" * 25])
def test_a_figure_that_must_not_be_guessed_is_refused(login, cast, site, figure):
    assert login(cast.reporter).post(sheet_url(site), said(site, **{"month-completed": figure})).status_code == 422


def test_the_year_is_added_up_while_one_types(login, cast, site):
    report_month(project=site, period=Period(2026, 10), completed=Decimal(500), by=None)
    live = reverse("investment:month_calc", args=[site.pk])
    client = login(cast.reporter)

    text = client.get(live, {"month-completed": "80", "period": "2026-11"}).content.decode()

    assert "<b>580</b> / 1,200 万元（48.3%），时序 91.7%" in text
    assert "红灯" in text  # 580 of the 1,100 due
    assert "请核对" in client.get(live, {"month-completed": "8000", "period": "2026-11"}).content.decode()
    assert client.get(live, {"month-completed": "很多", "period": "2026-11"}).content.decode().strip() == ""
    assert login(cast.stranger).get(live).status_code == 404
    assert login(cast.reader).get(live).status_code == 403


def test_a_forecast_after_the_plan_needs_a_reason(login, cast, site, node):
    late = {f"node{node.pk}-state": "doing", f"node{node.pk}-forecast_on": "2028-12-31"}
    client = login(cast.reporter)

    assert client.post(sheet_url(site), said(site, **late)).status_code == 422
    assert not ProgressReport.objects.exists()
    assert client.post(sheet_url(site), said(site, **late, **{f"node{node.pk}-blocker": "降雨"})).status_code == 302


def test_a_node_is_completed_in_the_sheet(login, cast, site, node):
    done = {f"node{node.pk}-state": "done", f"node{node.pk}-done_on": "2026-11-20"}

    login(cast.reporter).post(sheet_url(site), said(site, **done))

    node.refresh_from_db()
    assert node.done_on == date(2026, 11, 20)


def test_a_false_photo_refuses_the_whole_sheet(login, cast, site):
    page = login(cast.reporter).post(sheet_url(site), said(site, files=[png(), disguised_html()]))

    assert page.status_code == 422
    assert "不是可接受的格式" in page.content.decode()
    assert not ProgressReport.objects.exists() and not Attachment.objects.exists()
    assert not MonthlyEntry.objects.exists()


def test_a_figure_changed_by_another_is_a_conflict_that_keeps_every_word(login, cast, site):
    client, body = login(cast.reporter), said(site, text="我写了很久的进展", next_plan="下月封顶")
    report_month(project=site, period=Period(2026, 11), completed=Decimal(66), by=cast.admin)

    page = client.post(sheet_url(site), body)

    text = page.content.decode()
    assert page.status_code == 409
    assert "我写了很久的进展" in text and "下月封顶" in text and body["key"] in text
    assert "66" in text and 'value="80"' in text
    assert not ProgressReport.objects.exists()
    assert MonthlyEntry.objects.get().completed == Decimal(66)

    again = client.post(sheet_url(site), body | {"month-version": page.context["sheet"].parts[0][1]["version"].value()})
    assert again.status_code == 302
    assert MonthlyEntry.objects.get().completed == Decimal(80)


def test_a_node_changed_by_another_is_a_conflict(login, cast, site, node):
    client = login(cast.reporter)
    body = said(site, **{f"node{node.pk}-state": "doing"})
    Milestone.objects.filter(pk=node.pk).update(version=node.version + 1, blocker="他人写的")

    page = client.post(sheet_url(site), body)

    assert page.status_code == 409
    assert "他人写的" in page.content.decode()
    assert not ProgressReport.objects.exists()


def test_a_draft_is_kept_restored_and_removed_by_sending(login, cast, site):
    client = login(cast.reporter)
    draft = reverse("projects:project_draft", args=[site.pk])

    kept = client.post(draft, said(site, text="写到一半", period="2026-11", **{"month-completed": "77"}))
    assert kept.status_code == 200
    assert "key" not in ReportDraft.objects.get().data

    page = client.get(sheet_url(site))
    text = page.content.decode()
    assert "写到一半" in text and 'value="77"' in text and "已恢复您" in text
    client.post(sheet_url(site), said(site))
    assert not ReportDraft.objects.exists()


def test_a_draft_is_private_and_can_be_thrown_away(login, cast, site):
    draft = reverse("projects:project_draft", args=[site.pk])
    login(cast.reporter).post(draft, said(site, text="只给自己看", period="2026-11"))

    assert "只给自己看" not in login(cast.admin).get(sheet_url(site)).content.decode()
    assert login(cast.reporter).post(draft, {"discard": "1"}).status_code == 302
    assert not ReportDraft.objects.exists()


def test_a_draft_of_one_month_does_not_appear_in_another(login, cast, site):
    login(cast.reporter).post(
        reverse("projects:project_draft", args=[site.pk]), said(site, text="十月的话", period="2026-10")
    )

    assert "十月的话" not in login(cast.reporter).get(sheet_url(site)).content.decode()
    assert "十月的话" in login(cast.reporter).get(sheet_url(site), {"period": "2026-10"}).content.decode()


def test_a_missed_month_is_reported_later(login, cast, site):
    client, october = login(cast.reporter), sheet_url(site) + "?period=2026-10"
    refused = client.post(october, said(site))
    assert refused.status_code == 422 and "补报须说明原因" in refused.content.decode()

    page = client.post(october, said(site, **{"month-note": "施工单位结算迟"}))

    assert page.status_code == 302
    entry = MonthlyEntry.objects.get()
    assert (entry.year, entry.month) == (2026, 10)


@pytest.mark.parametrize("period", ["2027-01", "2025-11", "十月", "2026-13"])
def test_a_month_that_is_not_open_falls_back_to_this_one(login, cast, site, period):
    assert login(cast.reporter).get(sheet_url(site), {"period": period}).context["period"] == Period(2026, 11)


def test_before_commencement_no_figure_is_asked_for(login, cast, project):
    page = login(cast.reporter).get(sheet_url(project))
    assert "month-completed" not in page.content.decode()

    sent = {"text": "完成选址比选", "key": str(uuid4())}
    for form in page.context["sheet"].nodes:
        sent |= {f"{form.prefix}-state": "todo", f"{form.prefix}-version": form.node.version}
    assert login(cast.reporter).post(sheet_url(project), sent).status_code == 302


def test_a_task_force_member_reports_but_does_not_touch_nodes(login, cast, site, node):
    assign(project=site, duty=Duty.TASK_FORCE, user=cast.member, starts_on=date(2026, 1, 1), by=None)

    page = login(cast.member).post(sheet_url(site), said(site, **{f"node{node.pk}-state": "doing"}))

    node.refresh_from_db()
    assert page.status_code == 302
    assert node.begun_on is None


@pytest.mark.parametrize(("who", "status"), [("stranger", 404), ("reader", 403), ("leader", 403)])
def test_others_do_not_report(login, cast, site, who, status):
    client = login(getattr(cast, who))

    assert client.get(sheet_url(site)).status_code == status
    assert client.post(sheet_url(site), said(site)).status_code == status
    assert client.post(reverse("projects:project_draft", args=[site.pk]), {"text": "x"}).status_code == status
    assert not ProgressReport.objects.exists()
