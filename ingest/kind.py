"""What a kind of list is: one declaration. The wizard asks the kind and never which one it is."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.roles import Can
from common.excel.aliases import FIELDS, Column
from common.excel.model import Choices, Understanding
from common.excel.records import understand_records
from common.importing import ImportColumn, RecordPart
from ingest.plans import Judgement

Reading = Mapping[str, Any]


@dataclass(frozen=True)
class Asked:
    """What a list must be told besides its cells: the year, the month, the stage of rows that name none."""

    year: bool = False
    month: bool = False
    stageless: int = 0
    conflicts: int = 0  # rows that contradict themselves and are decided in the preview


def nothing_asked(rows: Sequence[Reading]) -> Asked:
    """A list that says everything itself."""
    return Asked()


@dataclass(frozen=True)
class Kind:
    """One kind of list.

    `columns` are what it may carry; `understand` reads grids, `judge` says what would become of every row (pure
    reading), `write` does it in the caller's transaction and gives the project of each row by (sheet, row).
    `units` and `people` name the columns whose texts are units (the leading one first) and persons. A list without
    the column `for_all_rows` may take one unit for all its rows. `filled` gives a person's own records under the
    sources of `columns`; it sees no more than that person may change.
    """

    code: str
    label: str  # 项目清单
    noun: str  # what a row is: 项目
    about: str  # one sentence for the chooser
    identity: str  # how a row finds its record, in words
    permission: Can
    columns: tuple[ImportColumn, ...]
    understand: Callable[[list[dict[str, Any]], str, Choices], Understanding]
    judge: Callable[..., Judgement]  # (reading, decisions, kind, *, by, today)
    write: Callable[..., dict[tuple[str, int], int]]  # (judgement, *, note, reason, by)
    filled: Callable[..., Iterable[Mapping[str, Any]]]  # (by, *, today)
    asks: Callable[[Sequence[Reading]], Asked] = nothing_asked
    units: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    for_all_rows: str = ""
    not_in_template: tuple[str, ...] = ()
    options: Callable[[], Mapping[str, Sequence[str]]] = dict  # drop-downs that come from the database
    records: RecordPart | None = None  # of lists whose rows are records: how an import of them is taken back
    home: str = "projects:project_list"  # the URL name of the page where the records are seen
    place: str = "项目库"  # what that page is called

    def column(self, source: str) -> ImportColumn | None:
        """The column that takes a field of the reader."""
        return next((column for column in self.columns if column.source == source), None)

    @property
    def name_label(self) -> str:
        """What the name of a row is called."""
        column = self.column("name")
        return column.label if column else self.noun

    @property
    def template_name(self) -> str:
        return f"{self.label}模板.xlsx"

    def template_columns(self) -> list[Column]:
        """The columns of the template, under names that the reader knows."""
        return [as_column(column) for column in self.columns if column.source not in self.not_in_template]

    def drop_downs(self) -> dict[str, Sequence[str]]:
        """What the columns of the template offer."""
        fixed = {column.source: [label for _, label in column.options] for column in self.columns if column.options}
        return fixed | dict(self.options())


def as_column(column: ImportColumn) -> Column:
    """A column as the reader and the writer of workbooks know it."""
    known = FIELDS.get(column.source)
    if known is not None and not column.aliases:
        return Column(column.source, known.label, (), known.kind, column.required, column.hint)
    return Column(column.source, column.label, column.aliases, column.kind, column.required, column.hint)


def own_columns(
    columns: Sequence[ImportColumn], grids: list[dict[str, Any]], name: str, choices: Choices
) -> Understanding:
    """How a list with nothing but its kind's own columns is understood."""
    return understand_records(grids, name, choices, [as_column(column) for column in columns])
