"""Plans and opening figures of projects fresh from a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import User
from common import clock
from common.bulk import insert_all
from common.errors import StaleVersion
from common.periods import Period
from investment.actions.plans import first_version
from investment.actions.reporting import quote
from investment.models import AnnualPlan, MonthlyEntry
from projects.models import Project


@dataclass(frozen=True)
class FirstFigures:
    """What a list says of the money of a project that has none yet (万元)."""

    project: Project
    year: int
    target: Decimal | None = None
    annual_kind: str = ""
    start_month: int = 1
    period: Period | None = None
    completed: Decimal | None = None
    covers_from: int | None = None


@transaction.atomic
def load_figures(*, rows: Sequence[FirstFigures], by: User | None) -> None:
    """Plans and opening figures of projects fresh from a list, in a few statements.

    Raises StaleVersion when one of them has figures after all.
    """
    plans = [
        AnnualPlan(
            project=row.project,
            year=row.year,
            target=row.target,
            annual_kind=row.annual_kind,
            start_month=row.start_month,
        )
        for row in rows
        if row.target is not None
    ]
    now = clock.now()
    entries = [
        MonthlyEntry(
            project=row.project,
            year=row.period.year,
            month=row.period.month,
            completed=row.completed,
            year_to_date=row.completed,
            until_month=12,
            covers_from=row.covers_from,
            reported_by=by,
            reported_at=now,
            **quote(row.completed, row.period.previous(), "名单所列累计数为负"),
        )
        for row in rows
        if row.period and row.completed is not None
    ]
    try:
        with transaction.atomic():
            insert_all(plans)
            insert_all(first_version(plan, by) for plan in plans)
            insert_all(entries)
    except IntegrityError as error:
        raise StaleVersion(rows[0].project) from error
    trail = [(plan.project, "年度计划", f"{plan.year}年度计划", plan.target) for plan in plans]
    trail += [
        (entry.project, "填报投资", f"{Period(entry.year, entry.month).label}完成投资", entry.completed)
        for entry in entries
    ]
    audit.record_all(
        audit.draft(by=by, action=action, subject=project, changes={label: ["", value]})
        for project, action, label, value in trail
    )
