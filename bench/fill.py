"""Fill a database up to N projects with plans, months, nodes and people, in bulk."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.actions import add_unit
from accounts.choices import Role
from accounts.models import Membership, Unit, User
from common import clock
from common.bulk import insert_all, insert_rows
from common.periods import Period
from common.text import name_key, pinyin_index
from investment.actions.plans import first_version
from investment.models import AnnualPlan, MonthlyEntry
from projects.choices import Category, Duty, Stage
from projects.models import Assignment, Milestone, Project

NODES = ("N01", "N02", "N09", "N10", "N12", "N13", "N15", "N16", "N17")
UNITS = 40
MONTHS = 36  # with a figure each, the last one before this month
CHUNK = 2000  # projects written at once


def people() -> User:
    """Units with an official each, and the administrator of the bureau; made once."""
    if admin := User.objects.filter(username="bench").first():
        return admin
    root = add_unit(name="测试区", by=None)
    for number in range(UNITS):
        unit = add_unit(name=f"单位{number}", parent=root, by=None)
        User.objects.create(username=f"official{number}", full_name=f"经办{number}", unit=unit, email="x@example.test")
    admin = User.objects.create(username="bench", full_name="测试", unit=root, must_change_password=False)
    Membership.objects.create(user=admin, unit=root, role=Role.ADMIN, starts_on=date(2020, 1, 1))
    return admin


def fill(total: int, today: date) -> None:
    """Add projects until there are `total`; every tenth has a late node, money spreads over all lights."""
    for first in range(Project.objects.count(), total, CHUNK):
        with transaction.atomic():
            _add(range(first, min(first + CHUNK, total)), today)


def _add(numbers: range, today: date) -> None:
    units = list(Unit.objects.filter(parent__isnull=False).order_by("pk"))
    officials = list(User.objects.filter(username__startswith="official").order_by("pk"))
    now = clock.now()
    stages = list(Stage.values)
    projects = []
    for number in numbers:
        name = f"第{number}号产业园建设项目"
        projects.append(
            Project(
                number=f"{today.year}-{number:05d}", name=name, name_key=name_key(name),
                name_search=" ".join(pinyin_index(name)), stage=stages[number % 5], stage_since=today,
                lead_unit=units[number % UNITS], category=Category.values[number % 7], content="建设厂房",
                total_investment=Decimal(5000 + number), reporting_since=date(today.year, 1, 1), target_on=today,
                planned_start_to=today, baseline_start_to=today, created_at=now, updated_at=now,
            )
        )  # fmt: skip
    projects = insert_all(projects)
    months = [Period.of(today).shift(back - MONTHS) for back in range(MONTHS)]
    years = sorted({today.year, *(month.year for month in months)})
    plans = insert_all([AnnualPlan(project=p, year=year, target=Decimal(1200)) for p in projects for year in years])
    insert_all([first_version(plan, None) for plan in plans])
    insert_rows(MonthlyEntry, (row for p in projects for row in _figures(p.pk, months, now)))
    insert_all(
        [
            Milestone(
                project=p, code=code, name=f"节点{code}", order=order * 10, wall_column="COMMENCEMENT", duration=10,
                due_on=today + timedelta(days=30 * order - (45 if p.pk % 10 == 0 else 5)),
                done_on=None if order or p.pk % 10 == 0 else today - timedelta(days=9),
            )
            for p in projects
            for order, code in enumerate(NODES)
        ]
    )  # fmt: skip
    insert_all(
        [
            Assignment(project=p, duty=Duty.OFFICIAL, user=officials[p.pk % UNITS], starts_on=date(2024, 1, 1))
            for p in projects
        ]
    )


def _figures(project: int, months: list[Period], now: datetime) -> Iterator[dict[str, Any]]:
    """A figure of every month with the sums that actions.to_date keeps beside it."""
    completed = Decimal(40 + project % 90)
    to_date = Decimal(0)
    for i, month in enumerate(months):
        goes_on = i > 0 and months[i - 1].year == month.year
        to_date = to_date + completed if goes_on else completed
        last = i + 1 == len(months)  # holds until the next figure of the year
        yield {
            "project_id": project, "year": month.year, "month": month.month, "completed": completed,
            "reported_at": now, "year_to_date": to_date, "until_month": 12 if last else month.month,
        }  # fmt: skip
