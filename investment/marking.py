"""Triggers by which the database itself notes whose judgement is out of date (ADR 0007).

They stand on every table that `with_lights` reads, so that no way of writing (an action, a bulk import, a statement by
hand) can forget it. They are put in place after every `migrate`; on SQLite, which copies tables to change them and
would trip over their triggers, they are taken down before.
"""

import zlib
from dataclasses import dataclass
from typing import Any

from django.db import connections, transaction

LOG = "investment_unjudged"
SOURCES = {  # table: the projects that a row of it belongs to
    "projects_project": "SELECT {row}.id AS project",
    "projects_milestone": "SELECT {row}.project_id AS project",
    "investment_annualplan": "SELECT {row}.project_id AS project",
    "investment_planversion": "SELECT {row}.project_id AS project",
    "investment_monthlyentry": "SELECT {row}.project_id AS project",
    "investment_statisticsenrolment": "SELECT {row}.project_id AS project",
    "investment_fundprogramme": (
        "SELECT project_id AS project FROM investment_fundapplication WHERE programme_id = {row}.id"
    ),
    "investment_fundapplication": "SELECT {row}.project_id AS project",
    "investment_fundamount": (
        "SELECT project_id AS project FROM investment_fundapplication WHERE id = {row}.application_id"
    ),
}
EVENTS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}
PREFIX = "unjudged_"


@dataclass(frozen=True, slots=True)
class Trigger:
    """The name says the text, so that a changed one is put in place anew."""

    name: str
    create: tuple[str, ...]


def put_in_place(using: str) -> bool:
    """Create what is missing and drop what is no longer meant. False, and nothing done, while one of the tables is
    missing: a database migrated half-way."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if not {LOG, *SOURCES} <= set(connection.introspection.table_names(cursor)):
            return False
        there = _there(connection)
        meant = {one.name: one for one in _triggers(connection.vendor)}
        if there.keys() == meant.keys():
            return True
        with transaction.atomic(using):
            for name in there.keys() - meant.keys():
                cursor.execute(there[name])
            for name in meant.keys() - there.keys():
                for statement in meant[name].create:
                    cursor.execute(statement)
    return True


def in_place(using: str) -> bool:
    """Whether all of them are there."""
    connection = connections[using]
    return _there(connection).keys() == {one.name for one in _triggers(connection.vendor)}


def take_down(using: str) -> None:
    """Drop all of them."""
    connection = connections[using]
    with connection.cursor() as cursor, transaction.atomic(using):
        for drop in _there(connection).values():
            cursor.execute(drop)


def _there(connection: Any) -> dict[str, str]:
    """Name → statement that drops it, of those in the database."""
    postgres = connection.vendor == "postgresql"
    catalogue = "SELECT tgname FROM pg_trigger" if postgres else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(catalogue)
        names = [name for (name,) in cursor.fetchall() if name.startswith(PREFIX)]
    drop = "DROP FUNCTION IF EXISTS {} CASCADE" if postgres else "DROP TRIGGER IF EXISTS {}"
    return {name: drop.format(name) for name in names}


def _triggers(vendor: str) -> list[Trigger]:
    make = _postgresql if vendor == "postgresql" else _sqlite
    return [make(table, event) for table in SOURCES for event in EVENTS]


def _postgresql(table: str, event: str) -> Trigger:
    """One for each statement. Always noted anew: whoever judges may at this moment be taking away an earlier note."""
    rows = {"NEW": "new_rows", "OLD": "old_rows"}
    of_row = f"CROSS JOIN LATERAL ({SOURCES[table].format(row='r')}) p"
    noted = " ".join(
        f"INSERT INTO {LOG} (project_id) SELECT DISTINCT p.project FROM {rows[of]} r {of_row};"  # noqa: S608
        for of in EVENTS[event]
    )
    name = _name(table, event, noted)
    seen = " ".join(f"{of} TABLE AS {rows[of]}" for of in EVENTS[event])
    return Trigger(
        name,
        (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {noted} RETURN NULL; END $$",
            f"CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {seen}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
        ),
    )


def _sqlite(table: str, event: str) -> Trigger:
    """One for each row. There is one writer only, so what is noted need not be noted again."""
    noted = ""
    for of in EVENTS[event]:
        of_row = f"({SOURCES[table].format(row=of)}) p"
        missing = f"NOT EXISTS (SELECT 1 FROM {LOG} u WHERE u.project_id = p.project)"  # noqa: S608
        noted += f"INSERT INTO {LOG} (project_id) SELECT p.project FROM {of_row} WHERE {missing}; "  # noqa: S608
    name = _name(table, event, noted)
    return Trigger(name, (f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW BEGIN {noted}END",))


def _name(table: str, event: str, text: str) -> str:
    return f"{PREFIX}{table}_{event.lower()}_{zlib.crc32(text.encode()):08x}"
