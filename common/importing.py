"""How a floor says what it takes from a list: its columns, what they mean, and how they are written.

The floor owns the rules (`<app>/import_columns.py`); `ingest` asks the questions, judges the rows and calls back.
A reading is a project as `common.excel.understand` gives it; amounts are decimal texts in 万元.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

CLEAR = "清空"  # what a cell says when its field is to be emptied; a blank cell leaves it as it is
SKIP = "skip"  # the answer of a person that leaves out the rows with this value


@dataclass(frozen=True)
class ImportColumn:
    """One column a list may have. `source` is the reader's name of it (`common.excel.aliases`).

    A column with `options` holds labels: `meaning(text)` gives the option a label surely means, None when a person
    must be asked; `guess(text)` the one to suggest then.
    """

    source: str
    label: str
    kind: str = "text"
    required: bool = False
    clearable: bool = True
    options: tuple[tuple[str, str], ...] = ()
    meaning: Callable[[str], str | None] | None = None
    guess: Callable[[str], str | None] | None = None
    hint: str = ""
    aliases: tuple[str, ...] = ()  # other headers it goes by; those of projects stand in `common.excel.aliases`


@dataclass(frozen=True)
class Fault:
    """Why a row cannot be written (or what is odd about it). `source` names the column; `found` what stands there."""

    source: str
    code: str
    expected: str
    found: str = ""


@dataclass
class Cleaned:
    """A row in the terms of a floor: values by field, faults that refuse it, oddities that do not."""

    values: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    oddities: list[Fault] = field(default_factory=list)


class RowSkipped(Exception):
    """A person has decided that rows with this value stay out. The text says which."""


@dataclass(frozen=True)
class Facts:
    """What holds for the whole list. `unit(text)` and `option(source, text)` answer by the decisions of a person:
    a value, None for "leave empty"; they raise RowSkipped."""

    today: date
    year: int | None
    month: int | None  # the completed figures reach to the end of this month of `year`
    stage: str | None  # of projects for which the list names none
    unit: Callable[[str], Any]
    option: Callable[[str, str], str | None]
    person: Callable[[str, Any], Any]  # the account a name means beside a unit; None: only the name is kept


class ImportPart(Protocol):
    """One floor's share of a list."""

    columns: Sequence[ImportColumn]

    def clean(self, reading: Mapping[str, Any], facts: Facts) -> Cleaned:
        """The row in this floor's terms; blank cells give no value."""

    def current(self, pks: Iterable[int], facts: Facts) -> dict[int, dict[str, Any]]:
        """What the projects hold now, in the same terms."""

    def label(self, name: str, facts: Facts) -> str:
        """A field in Chinese."""

    def show(self, name: str, value: Any) -> str:
        """A value in words; "" for none."""

    def update(self, project: Any, values: Mapping[str, Any], facts: Facts, *, by: Any, reason: str) -> None:
        """Write what changed on an existing project."""


@dataclass(frozen=True)
class Record:
    """What a row speaks of. Two rows with one `key` are one record; `held` is what it says now in the terms of
    `clean` (None: there is none yet); `seen` are the versions judged; `subject` is what `write` needs.
    A change of a field named in `needs_reason` must be explained, when it held something before. `aside` is what a
    write changes besides, as JSON, to be known when it is taken back."""

    key: Hashable
    held: Mapping[str, Any] | None
    seen: tuple[int, ...] = ()
    subject: Any = None
    needs_reason: tuple[str, ...] = ()
    aside: Mapping[str, Any] = field(default_factory=dict)


class RecordPart(Protocol):
    """A floor's say on one kind of list whose rows are records of its own."""

    columns: Sequence[ImportColumn]

    def clean(self, reading: Mapping[str, Any], facts: Facts) -> Cleaned:
        """The row in this floor's terms; blank cells give no value."""

    def records(self, rows: Sequence[tuple[Any, dict[str, Any]]], facts: Facts, *, by: Any) -> Sequence[Record | Fault]:
        """The record of every (project key or None, values), or why there is none. Identity is taken out of values."""

    def label(self, name: str, record: Record) -> str:
        """A field in Chinese."""

    def show(self, name: str, value: Any) -> str:
        """A value in words; "" for none."""

    def write(self, changes: Sequence[tuple[Record, Mapping[str, Any]]], facts: Facts, *, by: Any, reason: str) -> None:
        """Write what is new or changed, through the actions that people use. Raises StaleVersion, DomainError."""

    def again(self, keys: Iterable[Any]) -> Mapping[Any, Record]:
        """The records of an import as they stand now, by their keys; those that are gone are missing."""

    def used_since(self, record: Record, names: Iterable[str], at: datetime) -> str:
        """Why what an import wrote must stay though it still stands there; "" when it may go."""

    def take_back(
        self,
        record: Record,
        before: Mapping[str, Any],
        aside: Mapping[str, Any],
        *,
        is_new: bool,
        facts: Facts,
        by: Any,
        reason: str,
    ) -> None:
        """Write back what stood there; a record that the import made (`is_new`) goes. Raises DomainError."""
