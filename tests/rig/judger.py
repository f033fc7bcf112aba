"""One of many processes that change their own projects and look at once how they stand: python -m tests.rig.judger
SECONDS NUMBER OF

After every write the judgement kept and the sums recalled must be those of the rows: nobody else writes these
projects. What happened is
printed as JSON at the end.
"""

import json
import sys
import time
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from functools import partial
from random import Random

import django
from django.db.models import Count, QuerySet, Sum

AT_LEAST = 40  # writes and looks, however slow the machine


def main(seconds: float, number: int, of: int) -> dict:
    """How often it wrote, how often the answer was kept, how often judged on the spot."""
    from common import clock
    from common.periods import Period
    from investment.actions import set_annual_plan
    from investment.actions.judging import COLUMNS, live
    from investment.actions.to_date import keep_to_date
    from investment.judged import Standing, judged
    from investment.lights import judging_of
    from investment.models import MonthlyEntry
    from projects.models import Milestone, Project

    dice, done, today = Random(number), Counter(), clock.today()
    period = Period.of(today).previous()
    own = [key for key in Project.objects.order_by("pk").values_list("pk", flat=True) if key % of == number]
    ends = time.monotonic() + seconds
    while time.monotonic() < ends or done.total() < AT_LEAST:
        project = Project.objects.filter(pk=dice.choice(own))
        kind = dice.choice(["month", "plan", "node", "project"])
        if kind == "month":
            MonthlyEntry.objects.update_or_create(
                project=project.get(), year=period.year, month=period.month,
                defaults={"completed": Decimal(dice.randint(0, 900)), "reported_at": clock.now()},
            )  # fmt: skip
            keep_to_date([project.get().pk], period.year)
        elif kind == "plan":
            set_annual_plan(project=project.get(), year=today.year, target=Decimal(dice.randint(100, 900)), by=None)
        elif kind == "node":
            due = today + timedelta(days=dice.randint(-30, 60))
            Milestone.objects.filter(project=project.get()).update(due_on=due)
        else:
            project.update(status=dice.choice(["normal", "suspended"]))
        done[kind] += 1
        rows = judged(project, today)
        done["kept" if "judgement" in str(rows.query) else "live"] += 1
        found, right = rows.values(*COLUMNS).get(), live(project, judging_of(today)).values(*COLUMNS).get()
        assert found == right, (kind, found, right)
        mine = Project.objects.filter(pk__in=own)
        recalled = Standing(today).recall("sums", mine, partial(by_status, mine))
        assert recalled == by_status(mine), (kind, recalled)
    return done


def by_status(projects: QuerySet) -> list[tuple]:
    """How many there are, and what was done in them."""
    told = Sum("monthly_entries__completed")
    return list(projects.order_by("status").values_list("status").annotate(n=Count("pk", distinct=True), told=told))


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(main(float(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
