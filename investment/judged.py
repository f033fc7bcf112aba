"""The lights of projects as they stand now, from what is kept. Boards and lists read them here; the rules themselves,
and any other day or month, are in investment.lights."""

import re
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from typing import TypeVar

from django.core.cache import caches
from django.core.exceptions import EmptyResultSet
from django.db.models import F, QuerySet

from common.db import keys_of
from investment.actions.judging import COLUMNS, basis, current, live, renew
from investment.dimensions import Judging
from investment.lights import judging_of
from investment.marking import SOURCES
from investment.models import Judgement

Answer = TypeVar("Answer")
KEPT = {name: F(f"judgement__{name}") for name in COLUMNS}
WATCHED = {*SOURCES, Judgement._meta.db_table}  # a change of their rows brings another mark
TABLE = re.compile(r'(?:FROM|JOIN) "(\w+)"')


class Standing:
    """How projects stand today: judged, and counted. What holds at this moment, never older.

    A first look after a change keeps what it judges, so it may write; who only counts leaves that to others
    (`renewing`). `mark` names what is kept (JudgedBy); "" when it is out of date, and all is read from the rows.
    """

    def __init__(self, today: date, judging: Judging | None = None, *, renewing: bool = True) -> None:
        self.judging = judging or judging_of(today)
        by = basis(self.judging)
        self.mark = current(by) or (renew(self.judging, by) if renewing else "")

    def judged(self, projects: QuerySet) -> QuerySet:
        """`with_lights` of today with every column of a Judgement: those of `with_next_node`, `with_first_overdue` and
        `with_pace` among them."""
        if not self.mark:
            return live(projects, self.judging)
        return projects.filter(judgement__isnull=False).annotate(**KEPT)  # an inner join: it may begin with either

    def recall(self, name: str, projects: QuerySet, count: Callable[[], Answer]) -> Answer:
        """What `count()` gives, counted once for as long as nothing changes (ADR 0008).

        It may read no rows but those of `WATCHED` tables, and depend on nothing but `projects`, `name`, today and
        what a Judgement depends on. Projects found by way of other tables (one's own, those of a unit) are always
        counted: they are few.
        """
        if not self.mark:
            return count()
        try:
            asked = keys_of(projects).query.sql_with_params()
        except EmptyResultSet:
            return count()
        if not WATCHED.issuperset(TABLE.findall(asked[0])):
            return count()
        key = sha256(repr((self.mark, name, asked)).encode()).hexdigest()
        return caches["recalled"].get_or_set(key, count)


def judged(projects: QuerySet, today: date, judging: Judging | None = None) -> QuerySet:
    """Projects as `Standing.judged` gives them."""
    return Standing(today, judging).judged(projects)
