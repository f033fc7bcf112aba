"""Keeping the sums by month of the year, in the transaction that changes a figure."""

from collections.abc import Collection, Iterator
from decimal import Decimal
from itertools import groupby

from django.db.models import QuerySet

from investment.choices import EntryState
from investment.models import MonthlyEntry
from projects.models import Project


def lock_figures(projects: Collection[int]) -> None:
    """Figures of these projects change one transaction after the other; called before the first of them is touched,
    so that two months told at once see each other. SQLite writes one at a time anyway."""
    rows = Project.objects.filter(pk__in=projects).order_by("pk").select_for_update(no_key=True)
    list(rows.values_list("pk", flat=True))


def keep_to_date(projects: Collection[int], year: int | None = None) -> None:
    """Write year_to_date (万元) and until_month of these projects' figures of the year (of all years without one),
    after one of them changed."""
    entries = MonthlyEntry.objects.filter(project__in=projects)
    if year is not None:
        entries = entries.filter(year=year)
    changed = list(out_of_date(entries))
    MonthlyEntry.objects.bulk_update(changed, ["year_to_date", "until_month"], batch_size=500)


def out_of_date(entries: QuerySet[MonthlyEntry]) -> Iterator[MonthlyEntry]:
    """The figures whose sums do not say what the figures say, with the right sums in place. `entries` holds whole
    years of projects."""
    rows = entries.order_by("project", "year", "month").only(
        "project", "year", "month", "completed", "state", "year_to_date", "until_month"
    )
    for _, months in groupby(rows.iterator(chunk_size=2000), key=lambda entry: (entry.project_id, entry.year)):
        year, until, following = list(months), {}, 13
        for entry in reversed(year):
            counts = entry.state != EntryState.RETURNED
            until[entry.month] = following - 1 if counts else 0
            following = entry.month if counts else following
        total = Decimal(0)
        for entry in year:
            total += entry.completed if until[entry.month] else 0
            sums = (total, until[entry.month]) if until[entry.month] else (None, 0)
            if (entry.year_to_date, entry.until_month) != sums:
                entry.year_to_date, entry.until_month = sums
                yield entry
