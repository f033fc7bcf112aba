"""Floors of a big import: (a) calamine and bulk_create in one script, (b) django-import-export as it comes.

Both believe everything the list says; what they write is what its columns say, in the tables where that belongs.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from import_export import fields, resources, widgets
from import_export.formats.base_formats import XLSX
from python_calamine import CalamineWorkbook

from accounts.models import Unit
from common import clock
from investment.models import AnnualPlan, MonthlyEntry
from projects.choices import Category, ConstructionNature, Level, Stage
from projects.models import Assignment, Project

_STAGES = {stage.label: stage.value for stage in Stage}
_LEVELS = {level.label: level.value for level in Level}
_NATURES = {nature.label: nature.value for nature in ConstructionNature}
_CATEGORIES = {
    "工业项目": Category.INDUSTRY, "基础设施": Category.INFRASTRUCTURE, "民生项目": Category.LIVELIHOOD,
    "现代服务业": Category.SERVICE, "农业项目": Category.AGRICULTURE,
}  # fmt: skip


def load_wide_list(content: bytes) -> int:
    """(a): read the sheet, insert projects, plans, months and people. Returns how many projects."""
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()[1:]
    units = {unit.name: unit for unit in Unit.objects.all()}
    today = clock.today()
    projects = Project.objects.bulk_create(
        [_project(number, row, units, today) for number, row in enumerate(rows)], batch_size=500
    )
    pairs = list(zip(projects, rows, strict=True))
    AnnualPlan.objects.bulk_create(
        [AnnualPlan(project=project, year=today.year, target=Decimal(str(row[16]))) for project, row in pairs],
        batch_size=500,
    )
    MonthlyEntry.objects.bulk_create(
        [
            MonthlyEntry(
                project=project, year=today.year, month=today.month, completed=Decimal(str(row[17])),
                reported_at=clock.now(),
            )
            for project, row in pairs
        ],
        batch_size=500,
    )  # fmt: skip
    Assignment.objects.bulk_create(
        [
            Assignment(project=project, duty=duty, name=str(row[column]), starts_on=today)
            for project, row in pairs
            for duty, column in (("leader", 18), ("official", 19))
        ],
        batch_size=500,
    )
    joining = Project.co_units.through
    joining.objects.bulk_create(
        [joining(project=project, unit=units[str(row[4])]) for project, row in pairs], batch_size=500
    )
    return len(projects)


def _project(number: int, row: Sequence[Any], units: dict[str, Unit], today: date) -> Project:
    now = clock.now()
    return Project(
        number=f"F-{number:05d}", name=str(row[1]), name_key=str(row[1]), national_code=str(row[2]),
        lead_unit=units[str(row[3])], owner_name=str(row[5]), category=_CATEGORIES[str(row[6])],
        level=_LEVELS[str(row[7])], construction_nature=_NATURES[str(row[8])], stage=_STAGES[str(row[9])],
        stage_since=today, location=str(row[10]), content=str(row[11]), total_investment=Decimal(str(row[12])),
        fund_source=str(row[13]), planned_start_to=_day(row[14]), planned_completion_to=_day(row[15]),
        created_at=now, updated_at=now,
    )  # fmt: skip


def _day(text: Any) -> date:
    year, month = str(text).split("-")[:2]
    return date(int(year), int(month), 1)


class Labels(widgets.CharWidget):
    """A label as the value of its choice."""

    def __init__(self, values: dict[str, Any]) -> None:
        super().__init__()
        self.values = values

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return self.values[str(value)]


class Months(widgets.DateWidget):
    """A month as its first day."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return _day(value)


class StockResource(resources.ModelResource):
    """(b): a resource for the columns that are fields of ours, as the library's own documentation writes it."""

    number = fields.Field(column_name="序号", attribute="number")
    name = fields.Field(column_name="项目名称", attribute="name")
    code = fields.Field(column_name="项目代码", attribute="national_code")
    unit = fields.Field(
        column_name="责任单位", attribute="lead_unit", widget=widgets.ForeignKeyWidget(Unit, field="name")
    )
    owner = fields.Field(column_name="建设单位", attribute="owner_name")
    location = fields.Field(column_name="建设地点", attribute="location")
    content = fields.Field(column_name="建设内容及规模", attribute="content")
    total = fields.Field(column_name="总投资（万元）", attribute="total_investment", widget=widgets.DecimalWidget())
    funding = fields.Field(column_name="资金来源", attribute="fund_source")
    joining = fields.Field(
        column_name="协办单位", attribute="co_units", widget=widgets.ManyToManyWidget(Unit, field="name")
    )
    category = fields.Field(column_name="项目类别", attribute="category", widget=Labels(_CATEGORIES))
    level = fields.Field(column_name="项目级别", attribute="level", widget=Labels(_LEVELS))
    nature = fields.Field(column_name="建设性质", attribute="construction_nature", widget=Labels(_NATURES))
    start = fields.Field(column_name="计划开工时间", attribute="planned_start_to", widget=Months())
    end = fields.Field(column_name="计划竣工时间", attribute="planned_completion_to", widget=Months())

    class Meta:
        model = Project
        import_id_fields = ("number",)
        fields = (
            "number", "name", "code", "unit", "owner", "location", "content", "total", "funding", "joining", "category",
            "level", "nature", "start", "end",
        )  # fmt: skip

    def init_instance(self, row: dict[str, Any] | None = None) -> Project:
        return Project(stage=_STAGES[row["项目阶段"]] if row else "")

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        row["序号"] = f"S-{row['序号']}"

    def before_save_instance(self, instance: Project, row: dict[str, Any], **kwargs: Any) -> None:
        instance.name_key, instance.stage_since = instance.name, clock.today()
        instance.created_at = instance.updated_at = clock.now()

    def after_save_instance(self, instance: Project, row: dict[str, Any], **kwargs: Any) -> None:
        today = clock.today()
        target, done = (Decimal(str(row[name])) for name in ("年度计划投资（万元）", "累计完成投资（万元）"))
        AnnualPlan.objects.update_or_create(project=instance, year=today.year, defaults={"target": target})
        MonthlyEntry.objects.update_or_create(
            project=instance, year=today.year, month=today.month,
            defaults={"completed": done, "reported_at": clock.now()},
        )  # fmt: skip
        for duty, name in (("leader", row["包联领导"]), ("official", row["责任人"])):
            Assignment.objects.get_or_create(project=instance, duty=duty, name=name, defaults={"starts_on": today})


def stock_import(content: bytes) -> int:
    """(b): dry run for the preview, then the import, as its admin does. Returns how many rows were new."""
    for dry_run in (True, False):
        data = XLSX().create_dataset(content)
        result = StockResource().import_data(data, dry_run=dry_run, raise_errors=True)
    return int(result.totals["new"])
