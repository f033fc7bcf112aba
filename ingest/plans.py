"""What is to become of the rows of a list: one plan per row, and the judgement of them all."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Unit
from common.importing import Facts, Record
from ingest.choices import Verdict
from ingest.matching import Known


@dataclass
class RowPlan:
    """One row with all that is known of it. `values`, `changes` and what was there `before` are by floor:
    (projects, money)."""

    sheet: str
    row: int
    name: str
    verdict: str = Verdict.REFUSED
    project: Known | None = None
    number: str = ""
    values: tuple[dict[str, Any], dict[str, Any]] = field(default_factory=lambda: ({}, {}))
    changes: tuple[dict[str, Any], dict[str, Any]] = field(default_factory=lambda: ({}, {}))
    before: tuple[dict[str, Any], dict[str, Any]] = field(default_factory=lambda: ({}, {}))
    diff: list[dict[str, str]] = field(default_factory=list)
    errors: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)
    asks: dict[str, Any] = field(default_factory=dict)
    moves_date: bool = False
    tells_stage: bool = False
    record: Record | None = None  # of kinds whose rows are no projects

    def skip(self, why: str) -> "RowPlan":
        """The row stays out because a person said so."""
        self.verdict, self.errors = Verdict.SKIPPED, []
        self.warnings = [{"code": "skipped", "column": "", "message": why, "found": "", "expected": ""}]
        return self

    @property
    def fingerprint(self) -> list[Any]:
        """What a preview promised: when it differs at the commit, somebody was faster."""
        version: Any = self.project.version if self.project and self.verdict == Verdict.CHANGED else None
        if self.record is not None:
            version = self.record.seen
        known = self.project.pk if self.project else None
        told = [[item["label"], item["before"], item["after"]] for item in self.diff]
        return [self.sheet, self.row, self.verdict, known, version, told]


@dataclass
class Judgement:
    """All rows, with what the batch needs to know of them together."""

    plans: list[RowPlan]
    facts: Facts
    bare_names: list[str]
    pending_units: list[Unit]

    @property
    def fingerprint(self) -> str:
        """Of the whole preview."""
        rows = json.dumps([plan.fingerprint for plan in self.plans], ensure_ascii=False, default=str)
        return hashlib.sha256(rows.encode()).hexdigest()

    def counts(self) -> dict[str, int]:
        """Rows by verdict, and what else the preview tells."""
        found = {verdict.value: 0 for verdict in Verdict}
        for plan in self.plans:
            found[plan.verdict] += 1
        return found | {
            "rows": len(self.plans),
            "moved": sum(plan.moves_date for plan in self.plans),
            "bare_names": len(self.bare_names),
            "new_units": len(self.pending_units),
            "warned": sum(bool(plan.warnings) for plan in self.plans),
            "asked": sum(bool(plan.asks) for plan in self.plans),
        }
