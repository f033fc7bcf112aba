"""Fill a database up to N projects with plans, months, nodes and people, in bulk."""

from datetime import date, timedelta
from decimal import Decimal

from accounts.actions import add_unit
from accounts.choices import Role
from accounts.models import Membership, Unit, User
from common import clock
from common.text import name_key, pinyin_index
from investment.actions.plans import first_version
from investment.actions.to_date import keep_to_date
from investment.models import AnnualPlan, MonthlyEntry, PlanVersion
from projects.choices import Category, Duty, Stage
from projects.models import Assignment, Milestone, Project

NODES = ("N01", "N02", "N09", "N10", "N12", "N13", "N15", "N16", "N17")
UNITS = 40


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
    units = list(Unit.objects.filter(parent__isnull=False).order_by("pk"))
    officials = list(User.objects.filter(username__startswith="official").order_by("pk"))
    now = clock.now()
    stages = list(Stage.values)
    first = Project.objects.count()
    projects = []
    for number in range(first, total):
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
    projects = Project.objects.bulk_create(projects, batch_size=500)
    plans = AnnualPlan.objects.bulk_create(
        [AnnualPlan(project=p, year=today.year, target=Decimal(1200)) for p in projects], batch_size=1000
    )
    PlanVersion.objects.bulk_create([first_version(plan, None) for plan in plans], batch_size=1000)
    MonthlyEntry.objects.bulk_create(
        [
            MonthlyEntry(project=p, year=today.year, month=m, completed=Decimal(40 + p.pk % 90), reported_at=now)
            for p in projects
            for m in range(1, today.month)
        ],
        batch_size=2000,
    )
    keep_to_date([p.pk for p in projects], today.year)
    Milestone.objects.bulk_create(
        [
            Milestone(
                project=p, code=code, name=f"节点{code}", order=order * 10, wall_column="COMMENCEMENT", duration=10,
                due_on=today + timedelta(days=30 * order - (45 if p.pk % 10 == 0 else 5)),
                done_on=None if order or p.pk % 10 == 0 else today - timedelta(days=9),
            )
            for p in projects
            for order, code in enumerate(NODES)
        ],
        batch_size=2000,
    )  # fmt: skip
    Assignment.objects.bulk_create(
        [
            Assignment(project=p, duty=Duty.OFFICIAL, user=officials[p.pk % UNITS], starts_on=date(2024, 1, 1))
            for p in projects
        ],
        batch_size=2000,
    )
