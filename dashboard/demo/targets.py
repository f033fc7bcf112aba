"""年度目标 of the demo district: this year's, as its plans add up, and next year's, a tenth above."""

from collections import defaultdict
from decimal import Decimal

from dashboard.demo.cast import Cast
from dashboard.demo.timeline import Timeline
from investment.actions import carry_over, set_annual_target
from investment.models import AnnualPlan
from projects.models import Project

CARRIED = 6  # of the projects that go on are in next year's plan already


def set_targets(cast: Cast, timeline: Timeline) -> None:
    """Targets of the district, its categories and its units; next year's units wait for theirs."""
    year, admin = timeline.today.year, cast.people["admin"]
    units: dict = defaultdict(Decimal)
    categories: dict = defaultdict(Decimal)
    for plan in AnnualPlan.objects.filter(year=year, target__gt=0).select_related("project__lead_unit"):
        units[plan.project.lead_unit] += plan.target
        categories[plan.project.category] += plan.target
    if not units:
        return
    root = cast.people["leader"].roles[0].unit
    whole = sum(units.values(), Decimal(0))
    for of, factor in ((year, Decimal("1.02")), (year + 1, Decimal("1.12"))):
        set_annual_target(unit=root, year=of, amount=_round(whole * factor), by=admin)
        for code, amount in categories.items():
            part = _round(amount * factor * Decimal("0.98"))
            set_annual_target(unit=root, year=of, category=code, amount=part, by=admin)
    for unit, amount in units.items():
        if unit != root:
            set_annual_target(unit=unit, year=year, amount=_round(amount * Decimal("1.01")), by=admin)
    going = Project.objects.running().filter(annual_plans__year=year).order_by("pk").values_list("pk", flat=True)
    carry_over(projects=Project.objects.filter(pk__in=list(going[:CARRIED])), year=year + 1, by=admin)


def _round(amount: Decimal) -> Decimal:
    """To 500 万元, as targets are set."""
    return (amount / 500).quantize(Decimal(1)) * 500
