"""Step 2: the sheets of a list, their first rows, what is left out."""

from typing import Any

from ingest.decisions import Decisions
from ingest.models import ImportBatch


def tables(batch: ImportBatch, form: Any) -> list[dict[str, Any]]:
    """Sheets of step 2: verdict, first rows with what each is taken for, and what else is left out."""
    forced = Decisions.of(batch).choices.rows
    found = []
    for sheet in batch.reading["sheets"]:
        number = form.names.index(sheet["name"])
        first = sheet["table"] <= 1
        kinds = sheet["kinds"]
        rows = [_head_row(row, cells, sheet, forced.get(sheet["name"], {})) for row, cells in sheet["head"]]
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


def _head_row(row: int, cells: list[str], sheet: dict[str, Any], forced: dict[int, str]) -> dict[str, Any]:
    kind, why, _ = sheet["kinds"].get(str(row), ["project", "", ""])
    if row in sheet["header_rows"]:
        kind, why = "header", "表头"
    elif not any(cells):
        kind, why = "blank", "空行"
    elif not sheet["imported"]:
        kind, why = "other", ""
    below = bool(sheet["header_rows"]) and row > sheet["header_rows"][-1]
    text = " ".join(dict.fromkeys(cell for cell in cells if cell))
    flip = {"project": "note", "note": "project", "section": "project", "total": "project"}.get(kind) if below else None
    return {"row": row, "cells": cells, "kind": kind, "why": why, "text": text, "flip": flip, "forced": row in forced}
