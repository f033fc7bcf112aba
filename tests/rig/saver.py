"""One of many processes that save at the same time: python -m tests.rig.saver race|mixed …

race PROJECT FOLDER NUMBER: in every round, as soon as the file go.ROUND says which version everybody saw, save.
mixed SECONDS NUMBER: write whatever officials write, and look at the list, until the time is up.
What happened is printed as JSON at the end.
"""

import json
import sys
import time
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from uuid import uuid4

import django

PATIENCE = 120  # seconds until a round must begin


def race(project_pk: int, folder: Path, number: int) -> dict:
    """Rounds won, and how the others ended."""
    from common.errors import StaleVersion
    from projects.actions import edit_project
    from projects.models import Project

    outcome: Counter = Counter()
    won = []
    project = Project.objects.get(pk=project_pk)
    (folder / f"here.{number}").touch()
    for turn in range(10_000):
        version = wait_for(folder, turn)
        if version is None:
            return {"won": won, **outcome}
        try:
            edit_project(project=project, by=None, version=version, content=f"第{turn}轮 {number}")
            won.append(turn)
            outcome["saved"] += 1
        except StaleVersion:
            outcome["stale"] += 1
        (folder / f"done.{turn}.{number}").touch()
    raise AssertionError("no end in sight")


def wait_for(folder: Path, turn: int) -> int | None:
    """The version of the round; None when there are no more rounds."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if (folder / "stop").exists():
            return None
        if (go := folder / f"go.{turn}").exists():
            return int(go.read_text())
        time.sleep(0.001)
    raise AssertionError(f"round {turn} did not begin")


def mixed(seconds: float, number: int) -> dict:
    """What was acknowledged, by kind; any error ends the process."""
    from common.errors import StaleVersion
    from common.periods import Period
    from investment.actions import report_month
    from investment.lights import with_lights
    from investment.models import MonthlyEntry
    from projects.actions import edit_project, note_journal, report_progress
    from projects.models import Project
    from tests.rig.seed_small import DAY, writer

    rng = Random(number)
    person = writer()
    keys = list(Project.objects.values_list("pk", flat=True))
    done: Counter = Counter()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        project = Project.objects.get(pk=rng.choice(keys))
        kind = rng.choice(("edit", "report", "journal", "month", "list"))
        try:
            if kind == "edit":
                edit_project(project=project, by=person, version=project.version, content=f"{number} {done['edit']}")
            elif kind == "report":
                report_progress(project=project, period=Period.of(DAY), text="进展", by=person, key=uuid4())
            elif kind == "journal":
                note_journal(project=project, kind="note", text="记录", by=person)
            elif kind == "month":
                period = Period(2026, rng.randint(1, 11))
                entry = MonthlyEntry.objects.filter(project=project, year=period.year, month=period.month).first()
                report_month(
                    project=project, period=period, completed=Decimal(rng.randint(1, 999)), by=person,
                    version=entry.version if entry else None,
                )  # fmt: skip
            else:
                list(with_lights(Project.objects.all(), date(2026, 11, 24))[:50])
            done[kind] += 1
        except StaleVersion:
            done["stale"] += 1
    return dict(done)


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "race":
        result = race(int(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
    else:
        result = mixed(float(sys.argv[2]), int(sys.argv[3]))
    sys.stdout.write(json.dumps(result))
