"""Step 2: the sheets of a list, their first rows, what is left out."""

from typing import Any

from ingest.decisions import Decisions
from ingest.models import ImportBatch
from ingest.reading import mappable_sheets, taken_for


def tables(batch: ImportBatch, form: Any) -> list[dict[str, Any]]:
    """Sheets of step 2: verdict, first rows with what each is taken for, and what else is left out."""
    forced = Decisions.of(batch).choices.rows
    found = []
    mappable = mappable_sheets(batch.reading)
    for sheet in batch.reading["sheets"]:
        number = form.names.index(sheet["name"])
        first = sheet["table"] <= 1
        kinds = sheet["kinds"]
        settable = f"from_{number}" in form.fields
        rows = [_head_row(row, cells, sheet, forced.get(sheet["name"], {}), settable) for row, cells in sheet["head"]]
        seen = {row["row"] for row in rows}
        ignored = [
            {"row": int(row), "why": why, "text": text}
            for row, (kind, why, text) in kinds.items()
            if int(row) not in seen and kind != "continuation" and int(row) not in sheet["header_rows"]
        ]
        found.append(
            {
                **sheet,
                "number": number,
                "first": first,
                "use": form[f"use_{number}"] if first else None,
                "from": form[f"from_{number}"] if f"from_{number}" in form.fields else None,
                "to": form[f"to_{number}"] if f"to_{number}" in form.fields else None,
                "skip": form[f"skip_{number}"] if first and sheet["imported"] else None,
                "nameless": not sheet["imported"] and sheet in mappable,
                "rows": rows if sheet["imported"] or not sheet["hidden"] else [],
                "ignored": ignored if sheet["imported"] else [],
                "header_label": "—".join(
                    dict.fromkeys(
                        str(row) for row in (sheet["header_rows"] or [0])[:: max(1, len(sheet["header_rows"]) - 1)]
                    )
                ),
            }
        )
    return found


def _head_row(
    row: int, cells: list[str], sheet: dict[str, Any], forced: dict[int, str], settable: bool
) -> dict[str, Any]:
    """A first row with what it is taken for and what else it may be; above the header only 表头 or 忽略."""
    kind, why, _ = sheet["kinds"].get(str(row), ["project", "", ""])
    if row in sheet["header_rows"]:
        kind, why = "header", "表头"
    elif not any(cells):
        kind, why = "blank", "空行"
    elif not sheet["imported"]:
        kind, why = "other", ""
    below = bool(sheet["header_rows"]) and row > sheet["header_rows"][-1]
    text = " ".join(dict.fromkeys(cell for cell in cells if cell))
    words = {"header": "表头", "project": "数据", "note": "忽略"}
    if not settable:
        del words["header"]
    if not below and sheet["header_rows"]:
        words.pop("project", None) if row < sheet["header_rows"][0] else None
    now = taken_for(sheet, row)
    options = [(value, word, value == now) for value, word in words.items()]
    may = kind != "blank" and now in words and len(options) > 1
    return {
        "row": row,
        "cells": cells,
        "kind": kind,
        "why": why,
        "text": text,
        "options": options if may else [],
        "forced": row in forced,
    }
