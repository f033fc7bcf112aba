"""SQL pieces used by every floor. None of them imports a domain model."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, F, Model, OuterRef, ProtectedError, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from common.errors import StaleVersion

Key = TypeVar("Key", bound=Hashable)


def rows_of(relation: Any, **where: Any) -> QuerySet:
    """Rows of the reverse `relation` (`Project.milestones`) that belong to the outer row and meet `where`.

    A correlated subquery: it never multiplies rows, and the child model needs no import.
    """
    rows = relation.rel.related_model._default_manager
    return rows.filter(**{relation.field.name: OuterRef("pk")}, **where)


def rows_among(rows: QuerySet, projects: QuerySet, path: str) -> QuerySet:
    """`rows` whose `path` is one of `projects`. Where these are all there are, no list of keys is asked for."""
    return rows.filter(**{f"{path}__in": keys_of(projects)}) if projects.query.where else rows


def keys_of(rows: QuerySet, column: str = "pk") -> QuerySet:
    """`column` of `rows`, for `…__in`. The SQL is that of `rows.order_by().values(column)`; the columns computed for
    the rows are left behind, which Django would resolve anew in every query around it, asked for or not."""
    keys = rows.order_by().values(column)
    keys.query.annotations = {}
    return keys


def exists_in(relation: Any, **where: Any) -> Exists:
    """Whether the outer row has a child in `relation` that meets `where`."""
    return Exists(rows_of(relation, **where))


def total_of(relation: Any, column: str, **where: Any) -> Coalesce:
    """Σ column over the outer row's children that meet `where`; 0 when there are none."""
    field = relation.rel.related_model._meta.get_field(column)
    sums = rows_of(relation, **where).order_by().values(relation.field.name).annotate(total=Sum(column))
    return Coalesce(Subquery(sums.values("total")), Value(0, output_field=field), output_field=field)


def count_each(sets: Mapping[Key, QuerySet], *, within: QuerySet | None = None) -> dict[Key, int]:
    """How many rows each set has, of those in `within` if that is given; all of one model. One query, in which every
    set is compiled once: `Count(filter=Q(pk__in=…))` per set would resolve and relabel each of them several times."""
    counts = dict.fromkeys(sets, 0)
    with_: list[str] = []
    asked: list[tuple[Key, str]] = []
    params: list[Any] = []

    def name(rows: QuerySet, label: str) -> bool:
        try:
            text, values = rows.order_by().values_list("pk").query.sql_with_params()
        except EmptyResultSet:
            return False
        with_.append(f"{label}(k) AS ({text})")
        params.extend(values)
        return True

    if within is not None and not name(within, "shown"):
        return counts
    for i, (key, rows) in enumerate(sets.items()):
        if name(rows, f"s{i}"):
            source = f"s{i}" if within is None else f"shown WHERE k IN (SELECT k FROM s{i})"  # noqa: S608
            asked.append((key, f"(SELECT COUNT(*) FROM {source})"))  # noqa: S608
    if asked:
        with connection.cursor() as cursor:
            cursor.execute(f"WITH {', '.join(with_)} SELECT {', '.join(count for _, count in asked)}", params)
            counts |= zip((key for key, _ in asked), cursor.fetchone(), strict=True)
    return counts


def alone(what: str) -> bool:
    """Whether this transaction is now the only one that does `what`, until it ends. SQLite has one writer anyway."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [what])
        return bool(cursor.fetchone()[0])


def set_each(model: type[Model], column: str, pairs: Sequence[tuple[int, int]]) -> None:
    """Set a whole-number `column` of many rows, each to its own: (key, value). One statement per 5,000 rows."""
    table = connection.ops.quote_name(model._meta.db_table)
    named = connection.ops.quote_name(column)
    for start in range(0, len(pairs), 5000):
        some = pairs[start : start + 5000]
        values = ", ".join(["(%s, %s)"] * len(some))
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET {named} = v.column2 FROM (VALUES {values}) AS v WHERE id = v.column1",  # noqa: S608
                [number for pair in some for number in pair],
            )


def save_versioned(record: Any, *, version: int, **changes: Any) -> Any:
    """Write `changes` to `record` if it still has `version`; the only way an edited record is saved.

    Compare-and-swap: `UPDATE … WHERE pk AND version` must touch exactly one row, on every database.
    Returns the record, refreshed but for the unchanged columns that its model names HEAVY. Raises StaleVersion when
    somebody was faster.
    """
    model = type(record)
    if any(field.name == "updated_at" for field in model._meta.fields):
        from common.clock import now

        changes.setdefault("updated_at", now())
    touched = model._base_manager.filter(pk=record.pk, version=version).update(version=F("version") + 1, **changes)
    if touched != 1:
        raise StaleVersion(record)
    unread = set(getattr(model, "HEAVY", ())) - changes.keys()
    light = [field.name for field in model._meta.concrete_fields if field.name not in unread] if unread else None
    record.refresh_from_db(fields=light)
    return record


def holders(error: ProtectedError) -> str:
    """What keeps a record from being deleted, in Chinese: the kinds of what refers to it."""
    return "、".join(sorted({str(record._meta.verbose_name) for record in error.protected_objects}))
