"""Projects that descend from one another: sums agree to the 元, nothing is counted twice."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Sum
from django.http import QueryDict
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from common.errors import DomainError, NotAllowed, StaleVersion
from common.periods import Period
from investment.actions import report_month, set_annual_plan, split_with_money
from investment.models import AnnualPlan, MonthlyEntry
from investment.selectors.board import Board
from investment.selectors.overview import overview
from projects.actions import Part, rename_project, request_stage, restart_project, set_district_shares
from projects.choices import Stage, Status
from projects.models import Project, ProjectRelation
from projects.reconcile import allot, reconcile
from tests.factories import make_project

WAN = st.integers(-(10**12), 10**12).map(lambda yuan: Decimal(yuan) / 10_000)
WEIGHTS = st.lists(st.integers(0, 10**12).map(lambda yuan: Decimal(yuan) / 10_000), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(whole=WAN, weights=WEIGHTS)
def test_parts_always_make_the_whole(whole, weights):
    parts = allot(whole, weights)
    assert sum(parts) == whole
    assert reconcile(whole, parts).ok
    assert all(part * 10_000 % 1 == 0 and part * whole >= 0 for part in parts)


@pytest.fixture
def built(cast):
    """Under construction with a plan and three figures that do not divide evenly."""
    project = make_project(
        cast.unit,
        name="产业园",
        stage=Stage.CONSTRUCTION,
        since=date(2026, 1, 5),
        national_code="2107-320505-89-01-123456",
    )
    set_annual_plan(project=project, year=2026, target=Decimal("1000.0001"), by=None, split="curve")
    figures = {
        1: {"completed": Decimal("100.0001")},
        2: {"completed": Decimal("-33.3333"), "corrects": Period(2026, 1), "note": "一月多报"},
        3: {
            "completed": Decimal("7.0001"),
            "works": Decimal(4),
            "equipment": Decimal("3.0001"),
            "other_costs": Decimal(0),
        },
    }
    for month, figure in figures.items():
        report_month(project=project, period=Period(2026, month), by=None, **figure)
    return project


def parts(cast, *totals):
    return [Part(f"产业园{n}区", Decimal(total), cast.unit) for n, total in enumerate(totals, 1)]


def split(project, cast, today, *totals, by=None, version=None):
    return split_with_money(
        project=project,
        parts=parts(cast, *totals),
        reason="专题会议纪要〔2026〕8号",
        by=by or cast.admin,
        today=today,
        version=version or project.version,
    )


def test_a_split_keeps_every_total(cast, built, today):
    before = overview(Board(cast.leader, QueryDict(), today))["total"]
    children = split(built, cast, today, "7000", "3000.3333", "1999.6667")

    built.refresh_from_db()
    assert built.status == Status.TERMINATED
    assert [child.stage for child in children] == [Stage.CONSTRUCTION] * 3
    assert [(child.national_code, child.sub_no) for child in children] == [(built.national_code, n) for n in (1, 2, 3)]
    mine, theirs = (
        (
            AnnualPlan.objects.filter(project__in=group).aggregate(t=Sum("target"))["t"],
            *MonthlyEntry.objects.filter(project__in=group)
            .order_by("month")
            .values_list("month")
            .annotate(t=Sum("completed")),
        )
        for group in ([built], children)
    )
    assert mine == theirs
    after = overview(Board(cast.leader, QueryDict(), today))["total"]
    assert {k: after[k] for k in ("total", "target", "done", "rate", "lead")} == {
        k: before[k] for k in ("total", "target", "done", "rate", "lead")
    }
    assert ProjectRelation.objects.filter(source=built, kind="split").count() == 3


def test_a_split_that_does_not_add_up_is_refused(cast, built, today):
    with pytest.raises(DomainError, match=r"少 0.0001 万元"):
        split(built, cast, today, "7000", "4999.9999")
    with pytest.raises(NotAllowed):
        split(built, cast, today, "7000", "5000", by=cast.reporter)
    with pytest.raises(StaleVersion):
        split(built, cast, today, "7000", "5000", version=built.version + 1)
    assert Project.objects.count() == 1


def test_the_split_is_told_on_the_page(login, cast, built, today):
    client = login(cast.admin)
    url = reverse("investment:project_split", args=[built.pk])
    body = {
        "name1": "一区",
        "total1": "7000",
        "name2": "二区",
        "total2": "4000",
        "reason": "纪要",
        "version": built.version,
    }
    refused = client.post(url, body)
    assert refused.status_code == 422
    assert "少 1,000 万元" in refused.content.decode()
    assert client.post(url, body | {"total2": "5000"}).status_code == 302
    page = client.get(reverse("projects:project_relations", args=[built.pk])).content.decode()
    assert "拆分为" in page
    assert "子项合计 12,000 万元" in page
    assert reverse("projects:project_restart", args=[built.pk]) not in page, "its parts have taken it up"


def test_a_restart_is_a_new_project_that_names_its_origin(cast, today):
    ended = make_project(cast.unit, name="旧项目", status=Status.TERMINATED, stage=Stage.RESERVE)
    fresh = restart_project(project=ended, name="新项目", reason="土地已落实", by=cast.reporter, today=today)
    assert (fresh.stage, fresh.restarted_from, fresh.planned_start_to) == (Stage.PLANNING, ended, None)
    with pytest.raises(DomainError, match="已经拆分、合并或重启过"):
        restart_project(project=ended, name="再来", reason="土地", by=cast.reporter, today=today)
    with pytest.raises(DomainError, match="只有退库或终止"):
        restart_project(project=fresh, name="再来", reason="土地", by=cast.reporter, today=today)


def test_a_split_waits_for_pending_requests(cast, built, today):
    request_stage(
        project=built, edge="suspend", by=cast.reporter, today=today, note="资金", effective_on=date(2027, 1, 1)
    )
    with pytest.raises(DomainError, match="待审核"):
        split(built, cast, today, "7000", "5000")


def test_the_old_name_still_finds_the_project(cast, project):
    old = project.name
    rename_project(
        project=project, name="更名后的厂房", reason="批复〔2026〕2号", by=cast.reporter, version=project.version
    )
    assert Project.objects.search(old).get().name == "更名后的厂房"


def test_shares_of_districts_make_a_whole(login, cast, project):
    def share(*shares):
        project.refresh_from_db()
        set_district_shares(project=project, shares=shares, by=cast.reporter, version=project.version)

    with pytest.raises(DomainError, match=r"现为 99.99%"):
        share(("云岭区", Decimal("60")), ("东山区", Decimal("39.99")))
    share(("云岭区", Decimal("60")), ("东山区", Decimal("40")))
    page = login(cast.reader).get(reverse("projects:project_relations", args=[project.pk])).content.decode()
    assert "7,200" in page
    share()
    assert not project.district_shares.exists()


def test_a_line_of_shares_half_filled_is_not_left_out(login, cast, project):
    url = reverse("projects:project_shares", args=[project.pk])
    body = {"version": project.version, "district1": "云岭区", "percent1": "100"}
    client = login(cast.reporter)
    for half, said in (
        ({"district2": "东山区"}, "行政区2份额</a>：请填写东山区的份额，应大于 0。"),
        ({"district2": "东山区", "percent2": "0"}, "请填写东山区的份额，应大于 0。"),
        ({"percent1": "60", "percent2": "40"}, "请填写占 40% 的是哪个行政区。"),
    ):
        page = client.post(url, body | half)
        assert (page.status_code, said in page.content.decode()) == (422, True), half
    assert client.post(url, {"version": project.version, "district1": "云岭区"}).status_code == 302, "wholly here"


def test_a_part_without_a_name_is_not_left_out(login, cast, built):
    url = reverse("investment:project_split", args=[built.pk])
    body = {
        "reason": "批复",
        "version": built.version,
        "name1": "甲",
        "total1": "7000",
        "name2": "乙",
        "total2": "5000",
    }
    client = login(cast.admin)
    assert "---------" not in client.get(url).content.decode()
    for half in ({"total3": "0"}, {"unit3": cast.unit.pk}):
        page = client.post(url, body | half)
        assert page.status_code == 422
        assert "请填写这个子项的名称" in page.content.decode()


def test_what_was_typed_stays_when_somebody_was_faster(login, cast, project):
    client = login(cast.reporter)
    old = {"version": project.version - 1}
    rename = reverse("projects:project_rename", args=[project.pk])
    page = client.post(rename, old | {"name": "我的新名称", "reason": "我的依据"})
    text = page.content.decode()
    assert page.status_code == 409
    assert "我的新名称" in text and "我的依据" in text and project.name in text and "再次提交将以您的为准" in text
    again = {"name": "我的新名称", "reason": "我的依据", "version": page.context["form"]["version"].value()}
    assert client.post(rename, again).status_code == 302
    shares = {"district1": "云岭区", "percent1": "55.5", "district2": "东山区", "percent2": "44.5"}
    page = client.post(reverse("projects:project_shares", args=[project.pk]), old | shares)
    assert page.status_code == 409
    assert 'value="44.5"' in page.content.decode()
