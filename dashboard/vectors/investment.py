"""Vectors of the investment floor, through the expressions the pages use, on rows in a rolled-back transaction."""

from decimal import Decimal

from django.db.models import Value

from accounts.models import Unit
from common.money import plain, to_decimal
from common.periods import Period
from dashboard.vectors.arguments import money
from dashboard.vectors.lifecycle import blank_project
from investment.lights import overall_light, with_money
from investment.selectors.board import DIMENSIONS
from investment.selectors.overview import grouped
from projects.choices import Status
from projects.models import Project
from projects.reconcile import reconcile


def light_overall(given: dict) -> str:
    status = Status.SUSPENDED if given.get("suspended") else Status.NORMAL
    project = blank_project(status=status)
    lights = {f"light_{n}": Value(light) for n, light in enumerate(given["lights"])}
    rows = Project.objects.filter(pk=project.pk).annotate(**lights)
    return rows.annotate(light=overall_light(*lights)).get().light


def aggregate_joint(given: dict) -> dict:
    """On rows: lead units by name, joining ones beside them."""
    names = dict.fromkeys(name for row in given["projects"] for name in (row["lead"], *(row.get("co") or ())))
    units = {name: Unit.objects.create(name=f"vector{n}", path=f"/v{n}/") for n, name in enumerate(names)}
    called = {unit.pk: name for name, unit in units.items()}  # a district may have units of these names already
    made = []
    for n, row in enumerate(given["projects"]):
        project = blank_project(unit=units[row["lead"]], number=f"vector{n}", total_investment=money(row, "inv"))
        project.co_units.set(units[name] for name in row.get("co") or ())
        made.append(project.pk)
    rows = with_money(Project.objects.filter(pk__in=made), Period(2026, 1))
    sums = {called[key]: group.total for key, group in grouped(rows, DIMENSIONS["unit"].key()).items()}
    return {"total": plain(sum(sums.values(), Decimal(0))), **{name: plain(wan) for name, wan in sums.items()}}


def split_reconcile(given: dict) -> dict:
    result = reconcile(money(given, "parent_total"), (to_decimal(child) for child in given["children"]))
    return {"ok": result.ok, "diff": plain(result.diff)}


RULES = {"aggregate.joint": aggregate_joint, "split.reconcile": split_reconcile, "light.overall": light_overall}
