"""What the demo's finished projects bring, and one project that reaches into the next district."""

from decimal import Decimal
from random import Random

from dashboard.demo import SEED
from dashboard.demo.cast import Cast
from dashboard.demo.timeline import Timeline
from investment.actions import report_output
from projects.actions import set_district_shares
from projects.choices import Category, Stage
from projects.models import Project


def tell_outputs(cast: Cast, timeline: Timeline) -> None:
    """This year's figures of most projects in 投产: output and tax of what produces, jobs of all."""
    year = timeline.today.year
    for project in Project.objects.filter(stage=Stage.PRODUCTION, status="normal").order_by("pk"):
        rng = Random(f"{SEED}-{project.pk}")  # noqa: S311 - invented data
        if rng.random() < 0.2 or project.production_date is None or project.production_date.year > year:
            continue
        total = int(project.total_investment)
        productive = project.category in (Category.INDUSTRY, Category.AGRICULTURE, Category.SERVICE)
        revenue = Decimal(round(total * rng.uniform(0.3, 0.9), -1)) if productive else None
        report_output(
            project=project,
            year=year,
            by=cast.people["admin"],
            revenue=revenue,
            tax=round(revenue * Decimal("0.045"), 0) if revenue else None,
            jobs=rng.randint(20, 60) + total // 400,
            capacity_percent=Decimal(rng.choice((62, 78, 85, 100, 104))) if productive else None,
        )
    shared = Project.objects.filter(name__contains="城乡供水一体化").first()
    if shared:
        set_district_shares(
            project=shared,
            shares=[("云岭区", Decimal(65)), ("东山区", Decimal(35))],
            by=cast.people["admin"],
            version=shared.version,
            reason="管网延伸至东山区两镇",
        )
