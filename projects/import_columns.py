"""What projects take from a list: their columns, the rules of their fields, and how they are written.

A stage comes with the first load only; afterwards it moves through requests (architecture §2.8). Blank cells change
nothing, 清空 empties. Values: Decimal 万元, Unit, tuples of names, and `Planned` for planned dates.
"""

import calendar
import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings

from accounts.models import Unit, User
from common import dates
from common.codes import validate_project_code
from common.errors import DomainError
from common.importing import Cleaned, Facts, Fault, ImportColumn
from common.money import wan_column
from common.text import name_key
from projects import import_labels as labels
from projects.actions import NewProject, assign, edit_project, end_assignment
from projects.choices import Category, ConstructionNature, Duty, Level, Precision, Stage
from projects.models import Assignment, Project

MAX_WAN = Decimal(10) ** 10  # 100 万亿元: more is a slip of the unit
_MULTI = re.compile(r"[、,，;；/\n]+")
TEXTS = {  # reader's field → our field, longest
    "owner": ("owner_name", 120),
    "location": ("location", 200),
    "scale": ("content", 4000),
    "funding": ("fund_source", 200),
}
LABELLED = {  # reader's field → our field; the options are in the columns
    "level": "level",
    "nature": "construction_nature",
    "industry": "category",
}
_OPTIONS = {"category": Category, "level": Level, "construction_nature": ConstructionNature, "stage": Stage}
PEOPLE = {"lead_officials": ("leaders", Duty.LEADER), "officials": ("officials", Duty.OFFICIAL)}
DATES = {"start": "planned_start", "end": "planned_completion"}
_OWN = {  # our fields that are not one model field of the same name
    "co_units": "协办单位",
    "leaders": "包联领导",
    "officials": "责任人",
    "planned_start": "计划开工",
    "planned_completion": "计划竣工",
    "industry_label": "行业",
}
_EMPTY: dict[str, Any] = {
    "co_units": (),
    "leaders": (),
    "officials": (),
    "planned_start": None,
    "planned_completion": None,
    "total_investment": None,
}


_CODE_EXPECTED = {
    "format": "“2107-320505-89-01-123456”这样的 20 位数字（可不写横线）",
    "region": "第二段前两位是省级行政区划代码的项目代码",
    "time": "第一段是 2020 年 10 月以来的年月（或 2013–2020 的年份）的项目代码",
    "industry": "第三段是行业大类 01–97 的项目代码",
}


class Planned(NamedTuple):
    """A planned date as projects keep it."""

    first: date
    last: date
    precision: str


def _column(source: str, label: str, kind: str = "text", **more: Any) -> ImportColumn:
    return ImportColumn(source, label, kind, **more)


COLUMNS: tuple[ImportColumn, ...] = (
    _column("project_number", "项目编号", clearable=False, hint="平台已有项目的编号，用来认出同一个项目；新项目可不填"),
    _column("name", "项目名称", "name", required=True, clearable=False),
    _column("national_code", "项目代码", "code"),
    _column("responsible", "责任单位", "unit", required=True, clearable=False),
    _column("co_responsible", "协办单位", "unit"),
    _column("owner", "建设单位"),
    _column("lead_officials", "包联领导", "people"),
    _column("officials", "责任人", "people"),
    _column(
        "industry", "项目类别（行业）", "label",
        options=tuple(Category.choices), meaning=labels.category, guess=labels.guess_category,
    ),
    _column("level", "项目级别", "label", options=tuple(Level.choices), meaning=labels.level, guess=labels.guess_level),
    _column(
        "nature", "建设性质", "label",
        options=tuple(ConstructionNature.choices), meaning=labels.nature, guess=labels.guess_nature,
    ),
    _column("stage", "项目阶段", "label", clearable=False, options=tuple(Stage.choices), meaning=labels.stage),
    _column("started", "是否开工", "flag", clearable=False),
    _column("location", "建设地点"),
    _column("area", "所在县区（并入建设地点）", clearable=False),
    _column("scale", "建设内容与规模", "long_text"),
    _column("total_investment", "总投资", "money"),
    _column("funding", "资金来源"),
    _column("duration", "建设起止年限", "range"),
    _column("start", "计划开工", "date"),
    _column("end", "计划竣工", "date"),
)  # fmt: skip


class ProjectPart:
    """The projects' share of a list (common.importing.ImportPart)."""

    columns = COLUMNS

    def clean(self, reading: Mapping[str, Any], facts: Facts) -> Cleaned:
        """A row in the terms of projects. Raises RowSkipped where a person said so."""
        row = Cleaned()
        row.values["name"] = reading["name"]
        if len(reading["name"]) > 200:
            row.faults.append(Fault("name", "too_long", "不超过 200 字的名称", reading["name"][:20] + "…"))
        for source, (field, longest) in TEXTS.items():
            if text := reading.get(source):
                row.values[field] = text
                if len(text) > longest:
                    row.faults.append(
                        Fault(source, "too_long", f"不超过 {longest} 字（现有 {len(text)} 字）", text[:20] + "…")
                    )
        _code(row, reading, facts)
        _units(row, reading, facts)
        _people(row, reading)
        _total(row, reading)
        _planned(row, reading)
        _labelled(row, reading, facts)
        _stage(row, reading, facts)
        for source in reading.get("clear", ()):
            _clear(row, source)
        return row

    def current(self, pks: Iterable[int], facts: Facts) -> dict[int, dict[str, Any]]:
        """What the projects hold now."""
        pks = list(pks)
        people: dict[tuple[int, str], list[str]] = {}
        for term in Assignment.objects.filter(project__in=pks, ends_on__isnull=True).select_related("user"):
            people.setdefault((term.project_id, term.duty), []).append(term.user.full_name if term.user else term.name)
        held = {}
        rows = Project.objects.filter(pk__in=pks).select_related("lead_unit").prefetch_related("co_units")
        for project in rows:
            held[project.pk] = {
                **{field: getattr(project, field) for field in _MODEL_FIELDS},
                "co_units": in_order(project.co_units.all()),
                **{field: tuple(sorted(people.get((project.pk, duty), ()))) for field, duty in PEOPLE.values()},
                **{field: planned_of(project, field) for field in DATES.values()},
            }
        return held

    def label(self, name: str, facts: Facts) -> str:
        """A field in Chinese."""
        return _OWN.get(name) or str(Project._meta.get_field(name).verbose_name)

    def show(self, name: str, value: Any) -> str:
        """A value in words."""
        if value in (None, "", ()):
            return ""
        if name in _OPTIONS:
            return str(_OPTIONS[name](value).label)
        if name == "total_investment":
            return wan_column(value)
        if isinstance(value, Planned):
            return dates.label(*value)
        if isinstance(value, tuple):
            return "、".join(part.label if isinstance(part, Unit) else part for part in value)
        return value.label if isinstance(value, Unit) else str(value)

    def moves_a_date(self, before: Mapping[str, Any], changes: Mapping[str, Any]) -> bool:
        """Whether a planned date that had a value changes: that needs a reason (ux P3)."""
        return any(before.get(field) and field in changes for field in DATES.values())

    def new(self, values: Mapping[str, Any], facts: Facts, *, number: str, note: str) -> NewProject:
        """What `load_projects` needs for a row."""
        values = dict(values)
        lead_unit, stage = values.pop("lead_unit"), values.pop("stage")
        people = tuple(
            (duty, facts.person(name, lead_unit), name)
            for field, duty in PEOPLE.values()
            for name in values.pop(field, ())
        )
        co_units = tuple(values.pop("co_units", ()))
        fields = {name: value for name, value in model_values(values).items() if value not in (None, "")}
        return NewProject(lead_unit, stage, fields, number, note, co_units, people)

    def update(self, project: Project, values: Mapping[str, Any], facts: Facts, *, by: User, reason: str) -> None:
        """Write what changed; `project.version` is the one that was judged. Raises StaleVersion, DomainError."""
        values = dict(values)
        unit = values.get("lead_unit", project.lead_unit)
        for field, duty in PEOPLE.values():
            if field in values:
                users = {name: facts.person(name, unit) for name in values.pop(field)}
                _replace_people(project, duty, users, facts.today, by)
        if values:
            edit_project(project=project, by=by, version=project.version, reason=reason, **model_values(values))

    def take_back(self, project: Project, values: Mapping[str, Any], facts: Facts, *, by: User, reason: str) -> None:
        """Write back what stood there before an import."""
        self.update(project, values, facts, by=by, reason=reason)


_MODEL_FIELDS = (
    "name",
    "national_code",
    "lead_unit",
    "owner_name",
    "industry_label",
    "category",
    "level",
    "construction_nature",
    "stage",
    "location",
    "content",
    "total_investment",
    "fund_source",
)


def same_name(one: str, other: str) -> bool:
    """Whether two spellings are the same name to us; then the one we have stays."""
    return name_key(one) == name_key(other)


def planned(text: str) -> Planned:
    """A planned date of a reading: "2024", "2024-03" or "2024-03-15"."""
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 1:
        return Planned(date(parts[0], 1, 1), date(parts[0], 12, 31), Precision.YEAR)
    if len(parts) == 2:
        last = calendar.monthrange(*parts)[1]
        return Planned(date(*parts, 1), date(*parts, last), Precision.MONTH)
    return Planned(date(*parts), date(*parts), Precision.DAY)


def planned_of(project: Project, field: str) -> Planned | None:
    """A planned date of a project."""
    last = getattr(project, f"{field}_to")
    if last is None:
        return None
    return Planned(
        getattr(project, f"{field}_from") or last, last, getattr(project, f"{field}_precision") or Precision.DAY
    )


def model_values(values: dict[str, Any]) -> dict[str, Any]:
    """Planned dates as their three columns, everything else as it is."""
    fields = dict(values)
    for field in DATES.values():
        if field in fields:
            value = fields.pop(field)
            first, last, precision = value or (None, None, "")
            fields |= {f"{field}_from": first, f"{field}_to": last, f"{field}_precision": precision}
    return fields


def _code(row: Cleaned, reading: Mapping[str, Any], facts: Facts) -> None:
    code = reading.get("national_code")
    if not code:
        return
    try:
        checked = validate_project_code(code, facts.today, allow_demo_region=settings.ALLOW_DEMO_REGION)
        row.values["national_code"] = checked.normalized
    except DomainError as error:
        expected = _CODE_EXPECTED.get(error.code, error.message)
        row.faults.append(Fault("national_code", f"code_{error.code}", expected, code))


def _units(row: Cleaned, reading: Mapping[str, Any], facts: Facts) -> None:
    """The first unit leads, others of the same cell join (主办 1、协办 N, handbook §10.14)."""
    joining: list[Unit] = []
    if names := split_units(reading.get("responsible") or ""):
        first, *others = names
        if unit := facts.unit(first):
            row.values["lead_unit"] = unit
        joining += filter(None, (facts.unit(name) for name in others))
    names = split_units(reading.get("co_responsible") or "")
    joining += filter(None, (facts.unit(name) for name in names))
    if joining:
        lead = row.values.get("lead_unit")
        row.values["co_units"] = in_order(unit for unit in joining if unit != lead)


def in_order(units: Iterable[Unit]) -> tuple[Unit, ...]:
    """Units, each once, in the order in which two lists of them compare."""
    return tuple({unit.name: unit for unit in sorted(units, key=lambda unit: unit.name)}.values())


def split_units(text: str) -> list[str]:
    """The units named in one cell, each once. Brackets belong to their unit."""
    parts, depth, current = [], 0, ""
    for char in text:
        depth += (char in "（(") - (char in "）)")
        if depth == 0 and _MULTI.match(char):
            parts.append(current.strip())
            current = ""
        else:
            current += char
    return list(dict.fromkeys(part for part in (*parts, current.strip()) if part))


def _people(row: Cleaned, reading: Mapping[str, Any]) -> None:
    for source, (field, _) in PEOPLE.items():
        names = [name for name in reading.get(source) or () if name]
        if not names:
            continue
        for name in names:
            if len(name) > 40:
                row.faults.append(Fault(source, "too_long", "人名（多人之间用顿号分隔）", name[:20] + "…"))
        if field == "officials" and len(names) > 1:
            row.oddities.append(
                Fault(source, "one_official", f"一位责任人，只登记第一位“{names[0]}”", "、".join(names))
            )
            names = names[:1]
        row.values[field] = tuple(sorted(dict.fromkeys(names)))


def _total(row: Cleaned, reading: Mapping[str, Any]) -> None:
    if (text := reading.get("total_investment")) is not None:
        amount = Decimal(text)
        row.values["total_investment"] = amount
        if not 0 <= amount < MAX_WAN:
            row.faults.append(Fault("total_investment", "amount_range", "不小于 0、不超过 100 万亿元的金额", text))


def _planned(row: Cleaned, reading: Mapping[str, Any]) -> None:
    for source, field in DATES.items():
        if text := reading.get(source):
            row.values[field] = planned(text)
    start, end = row.values.get("planned_start"), row.values.get("planned_completion")
    if start and end and start.first > end.last:
        found = f"{reading['start']} 至 {reading['end']}"
        row.faults.append(Fault("end", "dates_reversed", "先开工、后竣工的起止时间", found))


def _labelled(row: Cleaned, reading: Mapping[str, Any], facts: Facts) -> None:
    if (text := reading.get("industry")) and text not in labels.CATEGORY_OF:  # else the category says it all
        row.values["industry_label"] = text[:100]
    for source, field in LABELLED.items():
        if (text := reading.get(source)) and (option := facts.option(source, text)):
            row.values[field] = option


def _stage(row: Cleaned, reading: Mapping[str, Any], facts: Facts) -> None:
    """续建 but not started is a contradiction: 储备 unless a person decides otherwise."""
    if stage := labels.STAGE_OF.get(reading.get("stage") or ""):
        row.values["stage"] = stage
    elif text := reading.get("stage_text"):
        row.values["stage"] = facts.option("stage", text) or facts.stage
    elif contradicts(reading):
        row.values["stage"] = Stage.RESERVE
        row.oddities.append(Fault("started", "stage_conflict", "续建的项目一般已经开工，暂按储备登记", "续建、未开工"))
    elif facts.stage:
        row.values["stage"] = facts.stage


def contradicts(reading: Mapping[str, Any]) -> bool:
    """续建 that has not been started."""
    return reading.get("nature") == "续建" and reading.get("started") is False and not reading.get("stage")


def _clear(row: Cleaned, source: str) -> None:
    column = next((column for column in COLUMNS if column.source == source), None)
    if column is None:
        return
    if not column.clearable:
        row.faults.append(Fault(source, "not_clearable", f"{column.label}，这一列不能清空", "清空"))
        return
    fields = {
        "co_responsible": ["co_units"],
        "industry": ["industry_label", "category"],
        "duration": list(DATES.values()),
        **{source: [field] for source, (field, _) in (*TEXTS.items(), *PEOPLE.items())},
        **{source: [field] for source, field in DATES.items()},
    }.get(source, [source])
    for field in fields:
        if field in ("level", "nature"):  # never empty: back to what a new project has
            field = LABELLED[field]
            row.values[field] = Project._meta.get_field(field).default
        else:
            row.values[field] = _EMPTY.get(field, "")


def _replace_people(project: Project, duty: str, users: Mapping[str, User | None], today: date, by: User) -> None:
    """The list names everybody (name → account, if it has one): those missing from it end the day before, new ones
    begin today."""
    terms = Assignment.objects.filter(project=project, duty=duty, ends_on__isnull=True).select_related("user")
    kept = set()
    for term in terms:
        name = term.user.full_name if term.user else term.name
        if name in users:
            kept.add(name)
        elif duty != Duty.OFFICIAL or not users:
            end_assignment(term=term, ends_on=max(term.starts_on, today - timedelta(days=1)), by=by)
    for name, user in users.items():
        if name not in kept:
            assign(project=project, duty=duty, user=user, name="" if user else name, starts_on=today, by=by)


PART = ProjectPart()
