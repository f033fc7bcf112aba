"""What the pages of the offline workbook show."""

from collections.abc import Mapping
from typing import Any

from accounts.models import User
from accounts.roles import Can
from ingest import threeway
from ingest.actions.returning import lines_of
from ingest.models import OfflineReturn
from projects.models import Project

RECENT = 10


def offline_frame(user: User) -> dict[str, Any]:
    """How many projects the workbook holds, and what came back before."""
    return {
        "title": "离线填报",
        "count": Project.objects.editable_by(user, Can.EDIT_PROJECTS).active().count(),
        "returns": OfflineReturn.objects.filter(created_by=user).defer("reading").select_related("file")[:RECENT],
    }


def merge_page(back: OfflineReturn, user: User, chosen: Mapping[str, str]) -> dict[str, Any]:
    """The merge as it stands now, or the receipt when it is done."""
    frame = {"title": "核对后写入" if not back.applied_at else "写入结果", "back": back}
    if back.applied_at:
        rows = back.receipt
        return frame | {
            "rows": [row for row in rows if row["written"] or row["left"] or row["refusal"] or row["problems"]],
            "written": sum(len(row["written"]) for row in rows),
            "left": sum(len(row["left"]) for row in rows),
            "refused_rows": sum(bool(row["refusal"]) for row in rows),
        }
    lines = lines_of(back, user)
    conflicts = [
        {"line": line, "cells": [_asked(line, cell, chosen) for cell in line.conflicts], "row": _row(line, chosen)}
        for line in lines
        if line.conflicts
    ]
    return frame | {
        "conflicts": conflicts,
        "applied": [line for line in lines if line.applied],
        "refused_lines": [line for line in lines if line.refusal or line.problems],
        **_tally(lines),
        "seen": threeway.fingerprint(lines),
        "moves_a_date": any(line.moves_a_date({f"r_{line.row}": threeway.MINE}) for line in lines),
        "reason": chosen.get("reason", ""),
        "nothing": not any(line.cells for line in lines),
    }


def _tally(lines: list[threeway.Line]) -> dict[str, Any]:
    """Counts of the merge (components/_tally), each a link to its cells."""
    applied, conflicts = sum(len(line.applied) for line in lines), sum(len(line.conflicts) for line in lines)
    refused = sum(bool(line.refusal or line.problems) for line in lines)
    unchanged = sum(not line.cells and not line.refusal and not line.problems for line in lines)
    return {
        "applied_count": applied,
        "conflict_count": conflicts,
        "tally": [
            {"label": "请您选择", "count": conflicts, "url": "#conflicts" if conflicts else "", "tone": "warn"},
            {"label": "直接写入", "count": applied, "url": "#applied" if applied else ""},
            {"label": "不能写入的行", "count": refused, "url": "#refused" if refused else "", "tone": "bad"},
            {"label": "没有改动的行", "count": unchanged, "url": ""},
        ],
        "tally_total": f"{len(lines)} 行",
    }


def _asked(line: threeway.Line, cell: threeway.Cell, chosen: Mapping[str, str]) -> dict[str, Any]:
    name = f"c_{line.row}_{cell.source}"
    return {"cell": cell, "name": name, "chosen": chosen.get(name, "")}


def _row(line: threeway.Line, chosen: Mapping[str, str]) -> dict[str, str]:
    name = f"r_{line.row}"
    return {"name": name, "chosen": chosen.get(name, "")}
