"""What a person decided about a list, kept in `ImportBatch.choices`. An absent decision leaves the reader's own."""

from dataclasses import asdict, dataclass, field
from typing import Any

from common.excel.model import Choices
from ingest.choices import Writes


@dataclass
class Decisions:
    """All decisions of a batch, JSON-serialisable.

    `reader` are the corrections of the reading itself (`common.excel.model.Choices`); `fixed` a value for a whole
    column the list does not have (责任单位: key of a unit). `units` answers spellings: "unit:12", "new", "as:另一写法",
    "blank", "skip"; `labels` by column and text: an option, "" for none, "skip"; `people` by the row's unit and name
    which of several accounts it is: "user:12", "name" for none of them. `rows` ("工作表!12") holds what was
    decided in the preview: match ("new", key of a project, "skip") and stage. What is to be remembered is learned
    when the batch is committed, not before.
    """

    reader: dict[str, Any] = field(default_factory=dict)
    fixed: dict[str, str] = field(default_factory=dict)
    year: int | None = None
    month: int | None = None
    stage: str = ""
    units: dict[str, str] = field(default_factory=dict)
    labels: dict[str, dict[str, str]] = field(default_factory=dict)
    people: dict[str, dict[str, str]] = field(default_factory=dict)
    writes: str = Writes.BOTH.value
    rows: dict[str, dict[str, str]] = field(default_factory=dict)
    remember_columns: bool = True
    remember_values: bool = True

    @classmethod
    def of(cls, batch: Any) -> "Decisions":
        """Those of a batch."""
        return cls(**batch.choices)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def choices(self) -> Choices:
        """For the reader."""
        return Choices.from_json(self.reader)

    @choices.setter
    def choices(self, choices: Choices) -> None:
        self.reader = choices.to_json()


def row_key(sheet: str, row: int) -> str:
    """How `Decisions.rows` names a row."""
    return f"{sheet}!{row}"
