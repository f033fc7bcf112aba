"""Writing plans and months."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import User
from common import clock
from common.db import save_versioned
from common.errors import StaleVersion
from common.periods import Period
from investment.models import AnnualPlan, MonthlyEntry
from projects.models import Project


@transaction.atomic
def set_annual_plan(
    *,
    project: Project,
    year: int,
    target: Decimal | None,
    by: User | None,
    annual_kind: str = "",
    start_month: int = 1,
    end_month: int = 12,
    version: int | None = None,
    reason: str = "",
) -> AnnualPlan:
    """Set a year's planned investment (万元). `version` is the one the person saw; None when there was no plan yet.

    Raises StaleVersion when somebody else set it meanwhile.
    """
    values = {"target": target, "annual_kind": annual_kind, "start_month": start_month, "end_month": end_month}
    plan = AnnualPlan.objects.filter(project=project, year=year).first()
    before = plan.target if plan else None
    if plan is None:
        plan = _create(AnnualPlan, project=project, year=year, **values)
    else:
        save_versioned(plan, version=plan.version if version is None else version, **values)
    audit.record(
        by=by, action="年度计划", subject=project, changes={f"{year}年度计划": [before, target]}, reason=reason
    )
    return plan


@transaction.atomic
def report_month(
    *,
    project: Project,
    period: Period,
    completed: Decimal,
    by: User | None,
    version: int | None = None,
    covers_from: int | None = None,
) -> MonthlyEntry:
    """Set what was done in a month (万元; negative corrects earlier months, handbook §10.3).

    `version` is the one the person saw, None when there was no figure. Raises StaleVersion.
    """
    entry = MonthlyEntry.objects.filter(project=project, year=period.year, month=period.month).first()
    before = entry.completed if entry else None
    values = {"completed": completed, "covers_from": covers_from, "reported_by": by, "reported_at": clock.now()}
    if entry is None:
        if version:
            raise StaleVersion(project)
        entry = _create(MonthlyEntry, project=project, year=period.year, month=period.month, **values)
    else:
        if version is None:
            raise StaleVersion(entry, f"{period.label}的完成投资刚被他人填报，您的内容还没有保存。")
        save_versioned(entry, version=version, **values)
    if before != completed:
        audit.record(
            by=by, action="填报投资", subject=project, changes={f"{period.label}完成投资": [before, completed]}
        )
    return entry


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
            covers_from=row.covers_from,
            reported_by=by,
            reported_at=now,
        )
        for row in rows
        if row.period and row.completed is not None
    ]
    try:
        with transaction.atomic():
            AnnualPlan.objects.bulk_create(plans, batch_size=500)
            MonthlyEntry.objects.bulk_create(entries, batch_size=500)
    except IntegrityError as error:
        raise StaleVersion(rows[0].project) from error
    trail = [(plan.project, "年度计划", f"{plan.year}年度计划", plan.target) for plan in plans]
    trail += [
        (entry.project, "填报投资", f"{Period(entry.year, entry.month).label}完成投资", entry.completed)
        for entry in entries
    ]
    audit.record_all(
        [
            audit.draft(by=by, action=action, subject=project, changes={label: ["", value]})
            for project, action, label, value in trail
        ]
    )


def _create(model, **values):
    """Insert; the unique key decides when two come at once."""
    try:
        with transaction.atomic():
            return model.objects.create(**values)
    except IntegrityError as error:
        raise StaleVersion(values["project"]) from error
