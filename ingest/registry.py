"""What can be imported, and which floors take part in it."""

from dataclasses import dataclass

from common.excel.aliases import FIELDS, Column
from common.importing import ImportColumn, ImportPart
from investment import import_columns as money
from projects import import_columns as projects

PARTS: tuple[ImportPart, ImportPart] = (projects.PART, money.PART)
ORDER = [  # in which the fields of a row are told
    "name",
    "national_code",
    "lead_unit",
    "co_units",
    "stage",
    "total_investment",
    "annual_plan",
    "annual_kind",
    "completed_ytd",
    "completed_month",
    "planned_start",
    "planned_completion",
    "leaders",
    "officials",
    "category",
    "level",
    "construction_nature",
    "owner_name",
    "location",
    "fund_source",
    "industry_label",
    "content",
]


@dataclass(frozen=True)
class Kind:
    """One kind of list."""

    code: str
    label: str
    template_name: str

    @property
    def columns(self) -> tuple[ImportColumn, ...]:
        """Every column of every floor, in the order people read a list."""
        return (*projects.PART.columns, *money.PART.columns)

    def column(self, source: str) -> ImportColumn | None:
        """The column that takes a field of the reader."""
        return next((column for column in self.columns if column.source == source), None)

    def template_columns(self) -> list[Column]:
        """The columns of the template, under names that the reader knows."""
        left_out = {"area", "duration", "completed_month"}
        return [
            Column(
                column.source,
                FIELDS[column.source].label if column.source in FIELDS else column.label,
                (),
                FIELDS[column.source].kind if column.source in FIELDS else "text",
                column.required,
            )
            for column in self.columns
            if column.source not in left_out
        ]


PROJECT = Kind("project", "项目清单", "项目导入模板.xlsx")
KINDS = {PROJECT.code: PROJECT}
