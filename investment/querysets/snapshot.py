"""Truths about the lights of closed months."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Q, QuerySet

from common.lights import WARNING, Light
from common.periods import Period


class LightSnapshotQuerySet(QuerySet):
    """Snapshots; nothing of them is ever updated."""

    def update(self, **kwargs: Any) -> int:
        """Refused: what was shown stays shown."""
        raise TypeError("a light snapshot is never changed")

    def of(self, period: Period) -> "LightSnapshotQuerySet":
        """Those of a month."""
        return self.filter(year=period.year, month=period.month)

    def between(self, first: Period, last: Period) -> "LightSnapshotQuerySet":
        """Those of the months from `first` through `last`."""
        since = Q(year__gt=first.year) | Q(year=first.year, month__gte=first.month)
        return self.filter(since, Q(year__lt=last.year) | Q(year=last.year, month__lte=last.month))

    def lagging(self, period: Period) -> "LightSnapshotQuerySet":
        """Red or yellow at the close of a month."""
        return self.of(period).filter(light__in=WARNING)

    def consecutive(self, period: Period, months: int, lights: Iterable[str] = (Light.RED,)) -> QuerySet:
        """Keys of the projects that showed one of `lights` at the close of each of `months` months up to `period`."""
        asked = reduce(or_, (Q(year=p.year, month=p.month) for p in (period.shift(-n) for n in range(months))))
        found = self.filter(asked, light__in=list(lights)).order_by().values("project")
        return found.annotate(times=Count("pk")).filter(times=months).values("project")

    def consecutive_red(self, period: Period, months: int) -> QuerySet:
        """Keys of the projects that were red that long (三亚: 连续两次 → 约谈, handbook §3.3)."""
        return self.consecutive(period, months)
