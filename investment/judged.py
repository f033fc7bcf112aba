"""The lights of projects as they stand now, from what is kept. Boards and lists read them here; the rules themselves,
and any other day or month, are in investment.lights."""

from datetime import date

from django.db.models import F, QuerySet
from django.db.models.expressions import Exists

from investment.actions.judging import COLUMNS, basis, live, renew
from investment.dimensions import Judging
from investment.lights import judging_of
from investment.models import JudgedBy, Unjudged

KEPT = {name: F(f"judgement__{name}") for name in COLUMNS}


def judged(projects: QuerySet, today: date, judging: Judging | None = None) -> QuerySet:
    """`with_lights` of today (`judging` default: that of the day) with every column of a Judgement: those of
    `with_next_node`, `with_first_overdue` and `with_pace` among them. What holds at this moment, never older; a first
    look after a change keeps it, so it may write."""
    judging = judging or judging_of(today)
    by = basis(judging)
    if not is_current(by) and not renew(judging, by):
        return live(projects, judging)
    return projects.filter(judgement__isnull=False).annotate(**KEPT)  # an inner join: it may begin with either


def is_current(by: str) -> bool:
    """Whether every kept judgement was made by `by` and nothing has changed since."""
    return JudgedBy.objects.filter(~Exists(Unjudged.objects.all()), by=by).exists()
