"""Keeping the judgement of every project (ADR 0007): made anew for those whose rows were touched, for all when the day,
the rules, the calendar or a setting is another."""

import hashlib
from typing import Any
from uuid import uuid4

from django.db import OperationalError, connection, transaction
from django.db.models import BigIntegerField, CharField, Exists, F, QuerySet, Value

from common import settings
from common.db import alone
from common.lights import severity_of
from common.rules import Preset
from investment.dimensions import Judging
from investment.lights import with_lights
from investment.models import JudgedBy, Judgement, Unjudged
from investment.querysets.lag import with_pace
from projects.models import Project

COLUMNS = tuple(field.name for field in Judgement._meta.concrete_fields if not field.primary_key)
OF_THE_MONTH = ("month_done", "month_yuan", "month_scale")  # only one preset reads them
MANY = 1000  # from so many on, all are judged: cheaper than to name them


def basis(judging: Judging) -> str:
    """What judgements depend on besides the rows of the project, in few letters."""
    asked = (judging.today, judging.period, judging.rules, judging.calendar.fingerprint, settings.saved())
    return hashlib.sha256(repr(asked).encode()).hexdigest()


def live(projects: QuerySet, judging: Judging) -> QuerySet:
    """Projects with every column of a Judgement, judged from their rows."""
    rows = with_lights(projects, judging.today, period=judging.period, rules=judging.rules)
    rows = with_pace(rows.with_next_node().with_first_overdue(judging.today), judging.period)
    if judging.rules.preset != Preset.MONTHLY80:
        rows = rows.annotate(**dict.fromkeys(OF_THE_MONTH, Value(None, output_field=BigIntegerField())))
    if "fund" in judging.rules.off:
        rows = rows.annotate(fund_cause=Value(None, output_field=CharField()))
    return rows.annotate(plan_end_month=F("plan__end_month"), light_rank=severity_of("light"))


def current(by: str) -> str:
    """The mark of the judgements when all of them were made by `by` and nothing has changed since; else ""."""
    kept = JudgedBy.objects.filter(~Exists(Unjudged.objects.all()), by=by)
    return kept.values_list("mark", flat=True).first() or ""


def renew(judging: Judging, by: str) -> str:
    """Judge what is not judged by `by` (the `basis` of `judging`), and keep it. The mark of what is kept then; "" when
    somebody else is at it, or the database does not let us: nothing was changed, and the caller judges for himself.

    Notes are taken away before the rows are read: what is written meanwhile leaves a note of its own. One at a time,
    so that nobody puts an older judgement over a newer one.
    """
    try:
        with transaction.atomic():
            if not alone("judging"):
                return ""
            noted = _take_notes()
            mark = JudgedBy.objects.filter(by=by).values_list("mark", flat=True).first()
            if mark and not noted:
                return mark
            everything = not mark or len(noted) > MANY
            stale = Judgement.objects.all() if everything else Judgement.objects.filter(pk__in=noted)
            stale._raw_delete(using=stale.db)
            _keep(judging, by, None if everything else noted)
            mark = uuid4().hex
            JudgedBy.objects.update_or_create(pk=1, defaults={"by": by, "mark": mark})
    except OperationalError:
        return ""
    return mark


def _take_notes() -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {Unjudged._meta.db_table} RETURNING project_id")  # noqa: S608
        return {key for (key,) in cursor.fetchall()}


def _keep(judging: Judging, by: str, noted: set[int] | None) -> None:
    """Judge projects, None = all of them, and write down how they stand."""
    text, params = _statement(judging, by, everything=noted is None)
    filled: list[Any] = []
    places = []
    for param in params:
        given = sorted(noted or ()) if param == THOSE else [param]
        places.append(", ".join(["%s"] * len(given)))
        filled += given
    pieces = text.split("%s")
    text = "".join(piece + place for piece, place in zip(pieces, [*places, ""], strict=True))
    with connection.cursor() as cursor:
        cursor.execute(text, filled)


def _statement(judging: Judging, by: str, *, everything: bool) -> tuple[str, tuple]:
    """What judges every project, or THOSE, and writes it down. Kept for as long as `by` holds: Django takes a hundred
    milliseconds to write it, the database one to judge a project by it."""
    found = _statements.get((by, everything))
    if found is None:
        projects = Project.objects.all() if everything else Project.objects.filter(pk__in=[THOSE])
        query = live(projects.order_by(), judging).values_list("pk", *COLUMNS).query
        text, params = query.sql_with_params()
        into = ", ".join(field.column for field in Judgement._meta.concrete_fields)
        found = f"INSERT INTO {Judgement._meta.db_table} ({into}) {text}", params
        for old in [key for key in _statements if key[0] != by]:
            _statements.pop(old, None)  # another basis will not come back
        _statements[by, everything] = found
    return found


THOSE = -8_070_450_532_247_928_832  # stands for the keys of projects in a statement that is kept
_statements: dict[tuple[str, bool], tuple[str, tuple]] = {}


def wrongly_kept(judging: Judging) -> list[int]:
    """Projects whose kept judgement is not what their rows say, though nothing notes that it is out of date; empty when
    all were made by another basis, which nobody reads."""
    if not JudgedBy.objects.filter(by=basis(judging)).exists():
        return []
    kept = {line[0]: line for line in Judgement.objects.values_list("project", *COLUMNS)}
    lines = live(Project.objects.order_by("pk"), judging).values_list("pk", *COLUMNS)
    found = [line[0] for line in lines.iterator(chunk_size=2000) if kept.get(line[0]) != line]
    noted = set(Unjudged.objects.values_list("project", flat=True))
    return [key for key in found if key not in noted]
