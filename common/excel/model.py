"""What the reader says about a workbook, and what a person may decide otherwise. All JSON-serialisable.

Rows are Excel rows (from 1); column `index` counts from 0. Amounts are decimal strings in 万元.
"""

from dataclasses import asdict, dataclass
from dataclasses import field as default
from typing import Any


@dataclass
class Choices:
    """Decisions of the wizard; an absent key leaves the reader's own understanding. Sheets are keyed by name."""

    sheets: list[str] | None = None
    header_rows: dict[str, list[int]] = default(default_factory=dict)
    columns: dict[str, dict[int, str | None]] = default(default_factory=dict)
    units: dict[str, dict[int, str]] = default(default_factory=dict)
    default_unit: str | None = None
    rows: dict[str, dict[int, str]] = default(default_factory=dict)
    values: dict[str, dict[str, str]] = default(default_factory=dict)
    aliases: dict[str, str] = default(default_factory=dict)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Choices":
        """Back from JSON, where the keys of columns, units and rows have become text. Unknown keys are a TypeError."""
        choices = cls(**data)
        for name in ("columns", "units", "rows"):
            by_sheet = getattr(choices, name)
            setattr(
                choices, name, {sheet: {int(k): v for k, v in chosen.items()} for sheet, chosen in by_sheet.items()}
            )
        return choices

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class ColumnReading:
    """One column: its header path, what it means (`field`), how sure that is, and three examples.

    `confidence` is exact, suggested (then `field` is None and `suggestion` waits for a person), chosen or none.
    """

    index: int
    letter: str
    header: str
    path: list[str]
    field: str | None = None
    confidence: str = "none"
    suggestion: str | None = None
    unit: str | None = None
    hidden: bool = False
    samples: list[str] = default(default_factory=list)
    year: int | None = None
    rank: int = 0
    why: str = ""


@dataclass
class RowReading:
    """One row below the header. `kind`: project, section, total, note, continuation or blank."""

    row: int
    kind: str
    why: str = ""
    cells: list[str] = default(default_factory=list)
    section: list[str] = default(default_factory=list)
    hidden: bool = False
    parent: int | None = None


@dataclass
class SheetReading:
    """One table: a sheet with two tables side by side or stacked appears twice (`table` 1, 2, …)."""

    name: str
    table: int = 1
    hidden: bool = False
    imported: bool = False
    why: str = ""
    title: str = ""
    unit: str | None = None
    header_rows: list[int] = default(default_factory=list)
    columns: list[ColumnReading] = default(default_factory=list)
    rows: list[RowReading] = default(default_factory=list)


@dataclass
class Understanding:
    """A workbook as understood; `projects` are dicts of the fields of `aliases.FIELDS` plus sheet, row and last_row."""

    filename: str = ""
    sheets: list[SheetReading] = default(default_factory=list)
    projects: list[dict[str, Any]] = default(default_factory=list)
    ignored: list[dict[str, Any]] = default(default_factory=list)
    warnings: list[dict[str, Any]] = default(default_factory=list)
    errors: list[dict[str, Any]] = default(default_factory=list)
    needs_mapping: bool = False

    def to_json(self) -> dict[str, Any]:
        return asdict(self)
