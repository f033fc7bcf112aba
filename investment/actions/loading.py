"""Plans and opening figures of projects fresh from a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import User
from common import clock
from common.bulk import insert_rows
from common.errors import StaleVersion
from common.periods import Period
from investment.actions.plans import first_columns, first_terms
from investment.actions.reporting import quote
from investment.models import AnnualPlan, MonthlyEntry, PlanVersion
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
    planned = [row for row in rows if row.target is not None]
    told = [(row.project, row.period, row.completed, row) for row in rows if row.period and row.completed is not None]
    now, who = clock.now(), by.pk if by else None
    try:
        with transaction.atomic():
            plans = insert_rows(
                AnnualPlan,
                (
                    {
                        "project_id": row.project.pk,
                        "year": row.year,
                        "target": row.target,
                        "annual_kind": row.annual_kind,
                        "start_month": row.start_month,
                    }
                    for row in planned
                ),
            )
            insert_rows(
                PlanVersion,
                (
                    first_columns(row.project.pk, row.year, by, _terms(row)) | {"plan_id": plan}
                    for plan, row in zip(plans, planned, strict=True)
                ),
            )
            insert_rows(
                MonthlyEntry,
                (
                    {
                        "project_id": project.pk,
                        "year": period.year,
                        "month": period.month,
                        "completed": completed,
                        "year_to_date": completed,
                        "until_month": 12,
                        "covers_from": row.covers_from,
                        "reported_by_id": who,
                        "reported_at": now,
                        **quote(completed, period.previous(), "名单所列累计数为负"),
                    }
                    for project, period, completed, row in told
                ),
            )
    except IntegrityError as error:
        raise StaleVersion(rows[0].project) from error
    trail = [(row.project, "年度计划", f"{row.year}年度计划", row.target) for row in planned]
    trail += [(project, "填报投资", f"{period.label}完成投资", completed) for project, period, completed, _ in told]
    audit.record_all(
        audit.draft(by=by, action=action, subject=project, changes={label: ["", value]})
        for project, action, label, value in trail
    )


def _terms(row: FirstFigures) -> dict[str, Any]:
    return first_terms(row.target, row.annual_kind, row.start_month)
