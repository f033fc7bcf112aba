"""What a person answers, step by step. Every answer sends the batch on, and what came after it is forgotten."""

from dataclasses import replace
from typing import Any

from django.db import transaction

from accounts.models import User
from common.db import save_versioned
from common.errors import DomainError
from common.excel.model import Choices
from ingest import files, reading
from ingest.actions.batch import must_be_open
from ingest.decisions import Decisions
from ingest.models import ImportBatch

State = ImportBatch.State


def choose_sheets(
    *,
    batch: ImportBatch,
    sheets: list[str],
    header_rows: dict[str, list[int]],
    rows: dict[str, dict[int, str]],
    by: User,
    version: int,
) -> bool:
    """Which sheets, where their headers are, and rows that are projects or not, against the reader's own opinion.

    Returns whether the reading is settled: False when headers or sheets changed, so that the person looks again.
    """
    must_be_open(batch, by)
    old = Decisions.of(batch)
    choices = old.choices
    told = {sheet["name"]: sheet for sheet in reversed(batch.reading["sheets"])}
    now = {sheet["name"] for sheet in reading.mappable_sheets(batch.reading)}
    headers = {
        name: wanted for name, wanted in header_rows.items() if name in told and wanted != told[name]["header_rows"]
    }
    changed = set(sheets) != now or bool(headers)
    if changed:
        choices = replace(choices, sheets=sorted(sheets) if set(sheets) != now else choices.sheets)
        choices.header_rows |= headers
        for name in headers:
            choices.columns.pop(name, None)
            choices.units.pop(name, None)
            choices.rows.pop(name, None)
    fresh = {name: wanted for name, wanted in rows.items() if name not in headers}
    choices.rows = {name: wanted for name, wanted in (choices.rows | fresh).items() if wanted}
    understood = _read(batch, choices)
    if not understood["projects"] and not reading.mappable_sheets(understood):
        raise DomainError("这样设置没有读到项目：请至少选一张有项目的工作表，并核对表头行。")
    old.choices = choices
    _save(batch, version, old, understood, State.SHEETS if changed else State.COLUMNS)
    return not changed


def map_columns(
    *,
    batch: ImportBatch,
    columns: dict[str, dict[int, str | None]],
    units: dict[str, dict[int, str]],
    fixed: dict[str, str],
    remember: bool,
    by: User,
    version: int,
) -> None:
    """Which field each column is, in which unit its money stands; values for the whole of a column that is missing.

    Raises DomainError when no project is left, StaleVersion.
    """
    must_be_open(batch, by)
    decisions = Decisions.of(batch)
    choices = decisions.choices
    choices.columns, choices.units = dict(choices.columns), units
    for name, chosen in columns.items():
        tables = [sheet for sheet in reading.mappable_sheets(batch.reading) if sheet["name"] == name]
        told = {column["index"]: column["field"] for sheet in tables for column in sheet["columns"]}
        changed = {index: field for index, field in chosen.items() if field != told.get(index)}
        if changed:  # of stacked tables with their own headers only what was changed
            choices.columns[name] = chosen if len(tables) == 1 else choices.columns.get(name, {}) | changed
    understood = _read(batch, choices)
    if not understood["projects"]:
        raise DomainError("这样对应没有读到项目：请核对“项目名称”是哪一列。")
    decisions.choices, decisions.fixed, decisions.remember_columns = choices, fixed, remember
    _save(batch, version, decisions, understood, State.VALUES)


def map_values(
    *,
    batch: ImportBatch,
    year: int | None,
    month: int | None,
    stage: str,
    units: dict[str, str],
    labels: dict[str, dict[str, str]],
    dates: dict[str, dict[str, str]],
    remember: bool,
    by: User,
    version: int,
    people: dict[str, dict[str, str]] | None = None,
) -> None:
    """Year and month of the figures, the stage where the list names none, units, labels, months in doubt, and which
    of several accounts a name is."""
    must_be_open(batch, by)
    decisions = Decisions.of(batch)
    decisions.year, decisions.month, decisions.stage = year, month, stage
    decisions.units, decisions.labels, decisions.remember_values = units, labels, remember
    decisions.people = people or {}
    choices = replace(decisions.choices, values=dates)
    settled = choices.values == decisions.choices.values
    decisions.choices = choices
    _save(batch, version, decisions, None if settled else _read(batch, choices), State.PREVIEW)


def decide_rows(
    *, batch: ImportBatch, rows: dict[str, dict[str, str]], by: User, version: int, writes: str = ""
) -> None:
    """What the preview asks: of single rows the same project or a new one, the stage of a contradiction; of all rows
    whether new ones, changed ones or both are to be written (ingest.choices.Writes, "" as before)."""
    must_be_open(batch, by)
    decisions = Decisions.of(batch)
    decisions.writes = writes or decisions.writes
    for key, answers in rows.items():
        kept = decisions.rows.get(key, {}) | answers
        decisions.rows[key] = {what: answer for what, answer in kept.items() if answer}
    _save(batch, version, decisions, None, State.PREVIEW)


def _read(batch: ImportBatch, choices: Choices) -> dict[str, Any]:
    return reading.read(files.content_of(batch.file), batch.file.name, batch.kind, choices)


@transaction.atomic
def _save(
    batch: ImportBatch, version: int, decisions: Decisions, understood: dict[str, Any] | None, state: str
) -> None:
    """Keep the answers, and the reading where they changed it; a preview made before them no longer holds."""
    changed = {"reading": understood} if understood is not None else {}
    save_versioned(batch, version=version, choices=decisions.to_json(), state=state, staged_hash="", **changed)
    batch.rows.all().delete()
