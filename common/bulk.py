"""Many fresh records at once: COPY on PostgreSQL, one prepared statement on SQLite.

`bulk_create` builds an expression for every single value, which takes longer than the database does; here each value
is prepared by its field and written.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from io import StringIO
from json import JSONEncoder
from operator import attrgetter
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models import Field, JSONField, Model

MANY = 1000  # rows from which the statistics of a table are worth renewing
Fresh = TypeVar("Fresh", bound=Model)
_PLAIN: dict[type[Field], type] = {  # values of this very type are written as they are
    models.CharField: str,
    models.TextField: str,
    models.BooleanField: bool,
    models.IntegerField: int,
    models.PositiveIntegerField: int,
    models.BigIntegerField: int,
    models.BigAutoField: int,
    models.ForeignKey: int,
}
_SPECIAL = re.compile(r"[\\\t\n\r]")
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def insert_all(records: Iterable[Fresh]) -> list[Fresh]:
    """Insert records of one model and give them their keys, in their order; like `bulk_create` without save() and
    signals. What they refer to is saved already. Raises IntegrityError."""
    fresh = list(records)
    if not fresh:
        return fresh
    model = type(fresh[0])
    for record, key in zip(fresh, _next_keys(model, len(fresh)), strict=True):
        record.pk = key
    _insert(model, lambda field: _values(field, fresh))
    for record in fresh:
        record._state.adding, record._state.db = False, connection.alias
    return fresh


def insert_rows(model: type[Model], rows: Iterable[Mapping[str, Any]]) -> list[int]:
    """Insert rows that nobody needs as records: column (`project_id`) → value; what a row leaves out is the default of
    its field. Returns their keys. Raises IntegrityError, TypeError for a column that the model has not."""
    new = list(rows)
    known = {field.attname for field in model._meta.concrete_fields}
    if unknown := {name for row in new for name in row} - known:
        raise TypeError(f"{model.__name__} has no {', '.join(sorted(unknown))}")
    if not new:
        return []
    keys = list(_next_keys(model, len(new)))
    _insert(model, lambda field: keys if field.primary_key else _told(field, new))
    return keys


def _insert(model: type[Model], values: Callable[[Field], Iterable[Any]]) -> None:
    fields = model._meta.concrete_fields
    copies = connection.vendor == "postgresql"
    columns = [_prepared(field, values(field), _as_text if copies else _as_is) for field in fields]
    (_copy if copies else _execute)(_target(model, fields), zip(*columns, strict=True), len(fields))
    if copies and len(columns[0]) >= MANY:
        _look_at(model, len(columns[0]))


def _look_at(model: type[Model], count: int) -> None:
    """Tell the planner of a table that has grown by a tenth, at the moment its rows can be seen. Until autovacuum came
    by, pages would be planned for the small table (measured: the project list over its time limit after 10,000 rows).
    """
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [connection.ops.quote_name(table)])
        if count * 10 >= cursor.fetchone()[0]:
            cursor.execute("SET LOCAL default_statistics_target = 25")  # a rough look; autovacuum takes the exact one
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")
            cursor.execute("SET LOCAL default_statistics_target = DEFAULT")


def _values(field: Field, records: list[Any]) -> Iterable[Any]:
    """One column of records."""
    if type(field).pre_save is Field.pre_save:
        return map(attrgetter(field.attname), records)
    return (field.pre_save(record, True) for record in records)


def _told(field: Field, rows: list[Mapping[str, Any]]) -> Iterable[Any]:
    """One column of rows."""
    name = field.attname
    return (row[name] if name in row else field.get_default() for row in rows)


def _next_keys(model: type[Model], count: int) -> Iterator[int]:
    """Keys that nobody else gets. On SQLite this transaction is the only one that writes, or it fails."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            key = model._meta.pk.column
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [table, key, count]
            )
            return iter([row[0] for row in cursor.fetchall()])
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = (cursor.fetchone() or (0,))[0]
    return iter(range(last + 1, last + count + 1))


def _prepared(field: Field, values: Iterable[Any], written: Callable[[Any], Any]) -> list[Any]:
    """One column as it is written; values that repeat are prepared once."""
    if isinstance(field, JSONField):
        said = (field.encoder or JSONEncoder)(ensure_ascii=False).encode
        return [written(None if value is None else said(value)) for value in values]
    plain = _PLAIN.get(type(field))
    known: dict[Any, Any] = {}
    column = []
    for value in values:
        if value not in known:
            is_ready = plain is not None and (value is None or type(value) is plain)
            known[value] = written(value if is_ready else field.get_db_prep_save(value, connection))
        column.append(known[value])
    return column


def _execute(target: str, rows: Iterable[tuple], width: int) -> None:
    marks = ", ".join(["%s"] * width)
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {target} VALUES ({marks})", rows)  # noqa: S608


def _copy(target: str, rows: Iterable[tuple], width: int) -> None:
    lines = StringIO("".join("\t".join(row) + "\n" for row in rows))
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(f"COPY {target} FROM STDIN", lines)


def _target(model: type[Model], fields: Iterable[Field]) -> str:
    quote = connection.ops.quote_name
    return f"{quote(model._meta.db_table)} ({', '.join(quote(field.column) for field in fields)})"


def _as_text(value: Any) -> str:
    """A value in the text format of COPY."""
    if value is None:
        return "\\N"
    text = str(value)
    return text.translate(_ESCAPES) if _SPECIAL.search(text) else text


def _as_is(value: Any) -> Any:
    return value
