"""Measure one database at growing sizes; prints rows of the contract as JSON (design: Commands, Benchmarks).

Ratios are medians of repeated runs in one process; query counts are exact. Pages run as they do in the server: without
setup_test_environment, which copies every context that is rendered.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from statistics import median
from typing import Any

import django

REPEATS = 7
# name → at most so many times the floor. A missed target stays in the file with holds: false.
TARGETS = {
    "list page": 2.0,
    "cockpit": 3.0,
    "overview": 1.5,
    "lag": 1.5,
    "alert scan, nothing new": 20.0,
    "import": 8.0,
    "delivery": 3.0,
    "delivery by two senders": round(1 / 0.7, 2),
    "alert scan, all new": 30.0,
}
ROWS, MAILS = 1000, 300  # of the imported list, of the delivery
FULL = os.environ.get("SIZE") == "full"
WITHOUT_TARGET = 100_000  # projects from which figures are reported and nothing is asked
MANY, FINDINGS = (5_000, 20_000) if FULL else (1_000, 5_000)  # mails drained by two senders, nodes found late at once
WIDE = 10_000 if FULL else 2_000  # rows of the list with 25 columns


def seconds(work: Callable[[], object], first: Callable[[], object] = lambda: None) -> float:
    """Median of several runs after one to warm up; `first` comes before each and is not counted."""
    work()
    times = []
    for _ in range(REPEATS):
        first()
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return median(times)


def row(name: str, unit: str, n: int, ours: float, floor: float, target: float | None) -> dict:
    """One line of bench.json, told at once: a long run that is broken off has said what it knew. Without a target
    nothing is said to hold or not."""
    from django.db import connection

    ratio = round(ours / floor, 2)
    db = "sqlite" if connection.vendor == "sqlite" else "postgresql"
    told = {
        "name": name, "unit": unit, "db": db, "n": n, "ours": round(ours, 2), "floor": round(floor, 2), "ratio": ratio,
        "op": "<=", "target": target, "holds": None if target is None else ratio <= target,
    }  # fmt: skip
    sys.stderr.write(json.dumps(told, ensure_ascii=False) + "\n")
    return told


def queries_of(client: Any, address: str) -> int:
    """How many queries a page needs."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return len(queries)


def main(sizes: list[int]) -> list[dict]:
    from django.db import connection
    from django.db.models import F
    from django.test import Client

    import config.wsgi  # noqa: F401 (the collector is set as in the server)
    from alerts.actions import scan
    from alerts.rules import BY_CODE
    from bench.alerts import measure_drain, measure_scan
    from bench.fill import fill, people
    from bench.floors import pages
    from bench.lag import lag
    from bench.pipes import measure_delivery, measure_import
    from common import clock
    from common.periods import Period
    from projects.models import Project

    today: date = clock.today()
    client = Client()
    client.force_login(people())
    results, counts, before = [], {}, {}

    def change() -> None:
        """Somebody writes one project: what was counted and judged of it is out of date."""
        Project.objects.filter(pk=Project.objects.order_by("pk").values("pk")[:1]).update(version=F("version") + 1)

    for n in sizes:
        fill(n, today)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # what autovacuum has done in a database that lives
        addresses = {
            "list page": "/projects/",
            "page with nothing on it": "/accounts/password/",  # what the frame alone costs, beside the list's floor
            "project page": f"/projects/{Project.objects.order_by('-pk').values_list('pk', flat=True)[0]}/",
            "cockpit": "/cockpit/",
            "overview": "/investment/",
            "lag": "/investment/lag/",
        }
        for name, address in addresses.items():
            client.get(address)
            counts[name, n] = min(queries_of(client, address) for _ in range(3))  # the calendar is re-read every 3 s
            if n != sizes[0]:
                few = counts[name, sizes[0]]
                results.append(row(f"queries of the {name}", "queries", n, counts[name, n], few, 1.0))
        if n == sizes[0]:
            continue
        floors = {
            "list page": pages.list_page,
            "page with nothing on it": pages.list_page,
            "cockpit": lambda: pages.cockpit(today),
            "overview": lambda: pages.overview(today),
            "lag": lambda: lag(Period.last_closed(today)),
        }
        for name, floor in floors.items():
            ours = seconds(partial(client.get, addresses[name])) * 1000
            target = TARGETS.get(name) if n < WITHOUT_TARGET else None
            bare = seconds(floor) * 1000
            results.append(row(name, "ms", n, ours, bare, target))
            if name in TARGETS:
                changed = seconds(partial(client.get, addresses[name]), change) * 1000
                results.append(row(f"{name}, just after a change", "ms", n, changed, bare, target))
            if name in before:
                results.append(
                    row(f"growth of the {name} since {before[name][0]}", "ms", n, ours, before[name][1], None)
                )
            before[name] = n, ours
        name = "alert scan, nothing new"
        rules = [BY_CODE[code] for code in ("node_overdue", "report_missing", "node_due")]  # what the floor stands for
        ours, floor_ms = seconds(partial(scan, today, rules)) * 1000, seconds(partial(pages.late_nodes, today)) * 1000
        results.append(row(name, "ms", n, ours, floor_ms, TARGETS[name]))
    n = sizes[-1]
    ours, floor_s = measure_import(ROWS, people())
    results.append(row("import", f"ms for {ROWS} rows", n, ours * 1000, floor_s * 1000, TARGETS["import"]))
    results += wide_import(client)
    ours, floor_s = measure_delivery(MAILS, people())
    results.append(row("delivery", f"ms for {MAILS} mails", n, ours * 1000, floor_s * 1000, TARGETS["delivery"]))
    name = "delivery by two senders"
    ours, floor_s = measure_drain(MANY, people())
    results.append(row(name, f"ms for {MANY} mails", n, ours * 1000, floor_s * 1000, TARGETS[name]))
    told = measure_scan(FINDINGS, today)
    name = "alert scan, all new"
    unit = f"ms for {told['opened']} findings"
    results.append(row(name, unit, n, told["ours"] * 1000, told["floor"] * 1000, TARGETS[name]))
    results.append(row(f"queries that read in the {name}", "queries", n, told["reads"], told["few reads"], 1.0))
    return results


def wide_import(client: Any) -> list[dict]:
    """The list of 25 columns: against the floor, against the stock library, in memory, for the others meanwhile."""
    from bench.fill import people
    from bench.imports import measure_wide

    told = measure_wide(WIDE, people(), stock=FULL, others=lambda: client.get("/projects/"))
    total = told["read"] + told["preview"] + told["commit"]
    steps = "、".join(f"{name} {told[name]:.1f}" for name in ("read", "preview", "commit"))
    name = f"import of {WIDE} × 25"
    found = [
        row(f"{name} / floor", f"s ({steps})", WIDE, total, told["floor"], 3.0),
        row(f"{name}, memory / 300 MB", "MB", WIDE, told["growth_mb"], 300, 1.0),
        row(f"{name}, p95 of the list meanwhile", "ms", WIDE, told["busy_p95"] * 1000, told["idle_p95"] * 1000, 1.5),
    ]
    if FULL:
        found.append(row(f"{name} / stock", "s", WIDE, total, told["stock"], 0.1))
    return found


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(main([int(size) for size in sys.argv[1:]]), ensure_ascii=False))
