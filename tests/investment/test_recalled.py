"""Sums are counted once for as long as nothing changes, and never older than the rows (ADR 0008)."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from accounts.models import Follow
from common.periods import Period
from investment.actions import report_month, set_annual_plan
from investment.judged import TABLE, WATCHED, Standing
from investment.models import JudgedBy
from projects.choices import Stage
from projects.models import Project
from projects.querysets import ProjectQuerySet
from tests.factories import make_project

PAGES = [
    "/projects/",
    "/projects/?light=red&year=2026&q=项目",
    "/projects/?reported=no&planned=yes&lag=no_start",
    "/investment/",
    "/investment/?by=kind&planned=yes",
    "/investment/?by=industry&period=2026-08",
    "/cockpit/",
    "/cockpit/?category=provincial",
]


@pytest.fixture
def district(cast):
    for number in range(3):
        project = make_project(
            cast.unit, name=f"项目{number}", stage=Stage.CONSTRUCTION, since=date(2025, 1, 5),
            total_investment=Decimal(1000),
        )  # fmt: skip
        set_annual_plan(project=project, year=2026, target=Decimal(1200), by=None)
        report_month(project=project, period=Period(2026, 9), completed=Decimal(400 * number), by=cast.reporter)
    return cast


def counter(projects: ProjectQuerySet):
    """Asks for the total investment of `projects` and says in `counted` how often it was counted."""
    counted: list[Decimal] = []

    def count() -> Decimal:
        counted.append(projects.aggregate(t=Sum("total_investment"))["t"])
        return counted[-1]

    return counted, count


def test_counted_once_until_something_changes(district, today):
    counted, count = counter(Project.objects.all())
    for _ in range(3):
        assert Standing(today).recall("total", Project.objects.all(), count) == 3000
    assert len(counted) == 1
    with connection.cursor() as cursor:
        cursor.execute("UPDATE projects_project SET total_investment = 50000000 WHERE name = '项目1'")  # 元
    assert Standing(today).recall("total", Project.objects.all(), count) == 7000
    assert len(counted) == 2


def test_other_projects_another_name_are_another_question(district, today):
    standing, base = Standing(today), Project.objects.all()
    assert standing.recall("n", base, base.count) == 3
    one = base.filter(name="项目1")
    assert standing.recall("n", one, one.count) == 1
    assert standing.recall("m", base, lambda: 7) == 7
    assert standing.recall("n", base.none(), base.none().count) == 0


def test_what_was_taken_back_is_not_recalled(district, today):
    base = Project.objects.all()
    before = Standing(today).mark

    def inside() -> None:
        make_project(district.unit, name="又没有了")
        standing = Standing(today)
        assert standing.mark not in ("", before) and standing.recall("n", base, base.count) == 4
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        inside()
    assert Standing(today).recall("n", base, base.count) == 3
    make_project(district.unit, name="真的来了")
    assert Standing(today).recall("n", base, base.count) == 4


def test_projects_found_by_way_of_unwatched_rows_are_always_counted(district, today):
    mine = Project.objects.visible_to(district.reporter)
    assert not WATCHED.issuperset(TABLE.findall(str(mine.query)))
    counted, count = counter(mine)
    for _ in range(2):
        Standing(today).recall("total", mine, count)
    assert len(counted) == 2


def test_nothing_is_recalled_where_nothing_can_be_kept(district, today, monkeypatch):
    Standing(today)
    Project.objects.update(total_investment=1)
    monkeypatch.setattr("investment.actions.judging.alone", lambda what: False)
    counted, count = counter(Project.objects.all())
    for _ in range(2):
        assert Standing(today).recall("total", Project.objects.all(), count) == 3
    assert len(counted) == 2


class Watched:
    """A cache that keeps nothing and remembers the tables of what it would have kept."""

    def __init__(self) -> None:
        self.read: list[set[str]] = []

    def get_or_set(self, key: str, count: Callable[[], Any]) -> Any:
        with CaptureQueriesContext(connection) as queries:
            answer = count()
        self.read.append({table for one in queries for table in TABLE.findall(one["sql"])})
        return answer


@pytest.mark.parametrize("page", PAGES)
def test_what_pages_recall_reads_watched_rows_only(district, client, page, monkeypatch, today):
    Standing(today)
    cache = Watched()
    monkeypatch.setattr("investment.judged.caches", {"recalled": cache})
    client.force_login(district.leader)
    assert client.get(page).status_code == 200
    assert cache.read and [tables - WATCHED for tables in cache.read if tables - WATCHED] == []


@pytest.mark.parametrize("page", PAGES)
def test_a_page_seen_before_is_the_page_of_today(district, client, page, today):
    """Seen, changed, seen again: the same as a process shows that never saw it."""
    client.force_login(district.leader)
    Standing(today)
    client.get(page)
    client.get(page)
    new = make_project(district.unit, name="项目9", stage=Stage.CONSTRUCTION, total_investment=Decimal(77))
    set_annual_plan(project=new, year=2026, target=Decimal(500), by=None)
    report_month(project=new, period=Period(2026, 8), completed=Decimal(33), by=None)
    Follow.objects.create(user=district.leader, kind="project", object_id=new.pk)
    Standing(today)
    seen = client.get(page).content
    JudgedBy.objects.all().delete()  # another mark: nothing is recalled
    assert without_tokens(client.get(page).content) == without_tokens(seen)


def without_tokens(page: bytes) -> str:
    """A page but for what differs each time."""
    return re.sub(r'"X-CSRFToken": "\w+"|name="csrfmiddlewaretoken" value="\w+"', "", page.decode())
