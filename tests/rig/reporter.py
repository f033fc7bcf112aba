"""One of many clients that report the same month at once: python -m tests.rig.reporter PROJECT FOLDER NUMBER TIMES.

What was taken and what was refused is printed as JSON at the end.
"""

import json
import sys
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path

import django


def report(project_pk: int, folder: Path, number: int, times: int) -> dict:
    """Submit the month `times` times, each time with the version that was seen; half the time a reviewer's word."""
    from common.errors import DomainError, StaleVersion
    from common.periods import Period
    from investment.actions import decide_month, report_month
    from investment.models import MonthlyEntry
    from projects.models import Project
    from tests.rig.seed_small import DAY, reviewer, writer

    project, period = Project.objects.get(pk=project_pk), Period.of(DAY)
    person, judge = writer(), reviewer()
    done: Counter = Counter()
    (folder / f"here.{number}").touch()
    while not (folder / "go").exists():
        time.sleep(0.001)
    for turn in range(times):
        seen = MonthlyEntry.objects.filter(project=project).of(period).first()
        try:
            report_month(
                project=project, period=period, completed=Decimal(number * 1000 + turn), by=person,
                version=seen.version if seen else None,
            )  # fmt: skip
            done["taken"] += 1
            if turn % 4 == number % 4:
                entry = MonthlyEntry.objects.filter(project=project).of(period).get()
                decide_month(entry=entry, approve=turn % 8 < 4, by=judge, version=entry.version, note="请核对")
                done["decided"] += 1
        except StaleVersion:
            done["stale"] += 1
        except DomainError:
            done["refused"] += 1
    return dict(done)


if __name__ == "__main__":
    django.setup()
    pk, where, own, many = sys.argv[1:]
    sys.stdout.write(json.dumps(report(int(pk), Path(where), int(own), int(many))))
