"""Keeping the lights of a month that has closed. The run itself is on record in JobRun."""

from datetime import date
from fractions import Fraction
from typing import Any

from django.db import transaction

from common.lights import Light
from common.money import round_half_up
from investment.dimensions import DIMENSIONS, Judging, share
from investment.lights import judging_of, light_reason, with_lights
from investment.models import LightSnapshot
from projects.models import Project


@transaction.atomic
def take_snapshots(*, today: date) -> int:
    """Keep the lights of the last closed month for every project that has none for it. Returns how many were kept.

    Money is that month's, dates are judged on `today`; months nobody kept stay blank, they are not made up.
    """
    judging = judging_of(today)
    kept = LightSnapshot.objects.of(judging.period).values("project")
    rows = with_lights(Project.objects.active(), today, period=judging.period, rules=judging.rules)
    rows = rows.with_next_node().exclude(pk__in=kept)
    fresh = [_snapshot(row, judging) for row in rows]
    LightSnapshot.objects.bulk_create(fresh, batch_size=500, ignore_conflicts=True)
    return len(fresh)


def _snapshot(row: Any, judging: Judging) -> LightSnapshot:
    return LightSnapshot(
        project=row,
        year=judging.period.year,
        month=judging.period.month,
        light=row.light,
        lights={dimension.code: getattr(row, dimension.column) for dimension in DIMENSIONS},
        reason="" if row.light == Light.GRAY else light_reason(row, judging)[:300],
        target=row.target,
        completed_to_date=row.completed_to_date,
        scheduled=round_half_up(share(row) * Fraction(row.target), 4) if row.target else None,
        rules_version=judging.rules.version,
        lead_unit_id=row.lead_unit_id,
        taken_on=judging.today,
    )
