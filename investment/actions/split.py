"""Splitting a project together with its money: plans and months go over to the parts, to the 元 (handbook §10.4)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import User
from common.fields import MoneyField
from investment.actions.to_date import keep_to_date
from investment.apportion import cumulate, months_of
from investment.models import AnnualPlan, MonthlyEntry, OpeningBalance, PlanVersion
from projects.actions import Part, split_project
from projects.models import Project
from projects.reconcile import allot

COSTS = ("works", "equipment", "other_costs")


@transaction.atomic
def split_with_money(
    *, project: Project, parts: Sequence[Part], reason: str, by: User, today: date, version: int
) -> list[Project]:
    """Split a project; every plan with its versions and every figure is shared among the parts in proportion to their
    totals.

    What the project had stays with it as history; only its parts are counted from now on. Raises as split_project.
    """
    children = split_project(project=project, parts=parts, reason=reason, by=by, today=today, version=version)
    weights = [part.total for part in parts]
    for plan in AnnualPlan.objects.filter(project=project).order_by("year"):
        plans = AnnualPlan.objects.bulk_create(_shared(plan, children, weights))
        versions = [row for one in plan.versions.order_by("number") for row in _versions(one, plans, children, weights)]
        PlanVersion.objects.bulk_create(versions, batch_size=500)
    entries = MonthlyEntry.objects.filter(project=project).order_by("pk")
    MonthlyEntry.objects.bulk_create(
        [copy for entry in entries for copy in _composed(_shared(entry, children, weights))], batch_size=500
    )
    keep_to_date([child.pk for child in children])
    for opening in OpeningBalance.objects.filter(project=project):
        OpeningBalance.objects.bulk_create(_shared(opening, children, weights))
    return children


def _shared(row: Any, children: list[Project], weights: list[Decimal]) -> list[Any]:
    """The row once per child, each amount allotted, everything else as it stands."""
    amounts = [field.attname for field in row._meta.concrete_fields if isinstance(field, MoneyField)]
    parts = {
        name: allot(getattr(row, name), weights) if getattr(row, name) is not None else [None] * len(children)
        for name in amounts
    }
    kept = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key and field.attname not in (*amounts, "project_id", "version")
    }
    return [
        type(row)(project=child, **kept, **{name: values[n] for name, values in parts.items()})
        for n, child in enumerate(children)
    ]


def _versions(
    version: PlanVersion, plans: list[AnnualPlan], children: list[Project], weights: list[Decimal]
) -> list[PlanVersion]:
    """A version of the plan for each child; its months weigh as they did, and sum to the child's own target."""
    copies = _shared(version, children, weights)
    for copy, plan in zip(copies, plans, strict=True):
        copy.plan = plan
        if version.cumulative:
            copy.cumulative = cumulate(copy.target, months_of(version.cumulative))
    return copies


def _composed(entries: list[MonthlyEntry]) -> list[MonthlyEntry]:
    """Where the composition is told, the month is its sum."""
    for entry in entries:
        if entry.works is not None:
            entry.completed = sum((getattr(entry, name) for name in COSTS), Decimal(0))
    return entries
