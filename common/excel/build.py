"""From a classified row to a project: every field read by its kind, sections, marks and labels put in their place."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from common.excel import infer, labels, people
from common.excel.aliases import FIELDS
from common.excel.headers import Table
from common.excel.model import Choices, ColumnReading
from common.excel.preamble import stated_unit
from common.excel.rows import Row, plain_name, raw, remark, section_label, section_role
from common.excel.text import is_blank, is_ditto, show, squash, tidy
from common.excel.values import Problem, read

MONEY = ("total_investment", "annual_plan", "completed_ytd", "completed_month", "completed_total")
_SHEET_PREFIX = re.compile(r"^(?:附件|附表|表)\d*[-－_:：.、\s]*")
_SHEET_PLAIN = re.compile(r"^(sheet|table|工作表|表|附表|附件|csv)?[\s_]*\d*([-_.]\d+)?$", re.I)
_SHEET_WORDS = re.compile(r"清单|名单|汇总|总表|一览|明细|项目表|计划表|统计|年|projects", re.I)


@dataclass
class Issues:
    """Warnings and errors of a workbook, in the form the wizard shows: 第 N 行「列名」：现为“x”，应为 y。"""

    warnings: list[dict[str, Any]] = field(default_factory=list)
    errors: list[dict[str, Any]] = field(default_factory=list)

    def cell(self, sheet: str, row: int, column: ColumnReading, value: Any, problem: Problem) -> None:
        """A cell whose value is missing (error) or doubtful (warning); `row` counts from 1."""
        label = column_label(column)
        seen = tidy(show(value))
        seen = seen if len(seen) <= 40 else seen[:40] + "…"
        message = f"第 {row} 行「{label}」：现为“{seen}”，应为{problem.expected}。"
        into = self.errors if problem.level == "error" else self.warnings
        into.append(
            _issue(sheet, row, label, problem.code, message, column.letter) | {"field": column.field, "found": seen}
        )

    def warn(self, sheet: str, row: int | None, column: str | None, code: str, message: str) -> None:
        """A warning in its own words."""
        self.warnings.append(_issue(sheet, row, column, code, message))

    def fail(self, sheet: str, row: int | None, column: ColumnReading, code: str, message: str) -> None:
        """An error in its own words."""
        self.errors.append(_issue(sheet, row, column_label(column), code, message, column.letter))


def _issue(
    sheet: str, row: int | None, column: str | None, code: str, message: str, letter: str | None = None
) -> dict[str, Any]:
    return {"sheet": sheet, "row": row, "column": column, "letter": letter, "code": code, "message": message}


def column_label(column: ColumnReading) -> str:
    """How a message names a column: its header, else its letter."""
    return column.header or f"第 {column.letter} 列"


class Builder:
    """Builds the projects of one table."""

    def __init__(self, table: Table, rows: list[Row], choices: Choices, issues: Issues) -> None:
        self.table, self.rows, self.choices, self.issues = table, rows, choices, issues
        self.sheet = table.grid.name
        self.ticks = infer.tick_columns(table, rows)
        self.columns = [column for column in table.columns if column.field]
        self.year = table.year
        self.known = lru_cache(maxsize=10_000, typed=True)(read)  # columns repeat their words
        self.listed = labels.title_label(table.title)
        self.sheet_label = None if _SHEET_PLAIN.match(self.sheet) else labels.label_of(self.sheet)
        self.notes = [
            show(table.grid.value(row.row, column))
            for row in rows
            if row.kind == "note"
            for column in table.grid.filled(row.row)
        ] + [show(table.grid.value(row, column)) for row in table.preamble for column in table.grid.filled(row)]
        self.marks = labels.mark_levels(self.notes)
        self.assumed_marks: set[str] = set()
        self.assumed_units: set[int] = set()
        self.above: dict[int, Any] = {}  # what a 同上 stands for

    def build(self) -> list[dict[str, Any]]:
        """All projects of the table, children behind their parents."""
        projects = [self.project(row) for row in self.rows if row.kind == "project"]
        for index in sorted(self.assumed_units):
            column = next(c for c in self.table.columns if c.index == index)
            label = column_label(column)
            unit = f"上一张表的{self.table.unit}" if self.table.unit_from_above else "万元"
            message = f"「{label}」没有注明金额单位，暂按{unit}读取，请核对。"
            where = self.table.header[-1] + 1 if self.table.header else None
            self.issues.warn(self.sheet, where, label, "unit_assumed", message)
        for mark in sorted(self.assumed_marks):
            message = f"名称上的“{mark}”没有说明含义，暂按{labels.mark_level(mark, {})[0]}读取，请核对。"
            self.issues.warn(self.sheet, None, None, "mark_assumed", message)
        return [project for project in projects if project]

    def project(self, row: Row) -> dict[str, Any]:
        """One project; empty when it has no name (then an error names the row)."""
        values: dict[str, Any] = {}
        for column in self.columns:
            if column.field not in ("serial", "name"):
                self._read(row, column, values)
        named, said = self._named(row)
        name, marks = labels.split_marks(tidy(named))
        if not name:
            column = self.table.column("name") or self.columns[0]
            message = f"第 {row.row + 1} 行「{column_label(column)}」：没有项目名称，这一行未导入，请补上名称。"
            self.issues.fail(self.sheet, row.row + 1, column, "name_missing", message)
            return {}
        if said and not values.get("scale"):
            values["scale"] = tidy(said, keep_lines=True)
        self._remarks(row, values)
        for index, (kind, label) in self.ticks.items():
            if infer.is_tick(self.table.grid.value(row.row, index)):
                values[kind] = values.get(kind) or label
        if row.serial:
            values["serial"] = tidy(row.serial)
        self._level(values, marks)
        self._leaders(row, values)
        self._location(values)
        self._dates(values)
        self._sections(row, values)
        self._stage(row, values)
        project: dict[str, Any] = {"sheet": self.sheet, "row": row.row + 1, "last_row": row.lines[-1] + 1, "name": name}
        if row.parent is not None:
            project["parent_row"] = row.parent + 1
        if row.children:
            project["sub_items"] = [self._child(line) for line in row.children]
            project["last_row"] = max(project["last_row"], row.children[-1] + 1)
        return project | {key: value for key, value in values.items() if value not in (None, "", [])}

    def _named(self, row: Row) -> tuple[str, str]:
        """(name, contents) of the name cell; contents only where the header announces them: 项目名称及建设内容."""
        name = plain_name(row.name, row.serial)
        column = self.table.column("name")
        parts = re.split(r"[:：\n]", name, maxsplit=1) if column and re.search("内容|规模", column.header) else [name]
        return parts[0], "".join(parts[1:])

    def _remarks(self, row: Row, values: dict[str, Any]) -> None:
        """Lines below the project that name their field fill what has no column of its own."""
        for line in row.remarks:
            texts = [show(self.table.grid.value(line, column)) for column in self.table.grid.filled(line)]
            told = remark(texts[0].strip()) if texts else None
            if told and not values.get(told[0]):
                values[told[0]] = tidy(told[1], keep_lines=True)

    def _child(self, line: int) -> dict[str, Any]:
        """A child without figures of its own, attached to its parent."""
        column = self.table.column("name")
        name = show(self.table.grid.value(line, column.index)) if column else ""
        return {"row": line + 1, "name": labels.split_marks(tidy(plain_name(name)))[0]}

    def _read(self, row: Row, column: ColumnReading, values: dict[str, Any]) -> None:
        assert column.field is not None
        value = raw(self.table, row, column.index)
        kind = FIELDS[column.field].kind if column.field in FIELDS else "text"
        if kind != "money":
            value = self.above[column.index] = self.above.get(column.index) if is_ditto(value) else value
        if kind == "money" and not self._own_amount(row, column):
            return
        if (row.row, column.index) in self.table.grid.uncached and value is None:
            problem = Problem("error", "formula_empty", "公式的计算结果（请在 Excel 中打开并保存一次）")
            self.issues.cell(self.sheet, row.row + 1, column, "（公式）", problem)
            return
        chosen = self.choices.values.get(column.field, {})
        if chosen and tidy(show(value)) in chosen:
            value = chosen[tidy(show(value))]
        unit = self._unit(row, column, value) if kind == "money" else None
        known = read if isinstance(value, dict) else self.known
        reading = known(kind, value, unit=unit, year=self.year)
        for problem in reading.problems:
            self.issues.cell(self.sheet, row.row + 1, column, value, problem)
        if column.field == "scale" and reading.value and len(row.lines) > 1:
            values["scale"] = self._joined(row, column, reading.value)
        else:
            values[column.field] = list(reading.value) if isinstance(reading.value, list) else reading.value

    def _own_amount(self, row: Row, column: ColumnReading) -> bool:
        """An amount merged over several projects belongs to none of the later ones: it must not be counted twice."""
        area = self.table.grid.merged.get((row.row, column.index))
        if area is None or area[0] >= row.row or area[0] < self.table.first:
            return True
        label = column_label(column)
        first = area[0] + 1
        message = f"第 {row.row + 1} 行「{label}」：与第 {first} 行合并，金额只计入第 {first} 行，请核对。"
        self.issues.warn(self.sheet, row.row + 1, label, "merged_amount", message)
        return False

    def _joined(self, row: Row, column: ColumnReading, text: str) -> str:
        """A description that runs on over the later lines of a block."""
        grid = self.table.grid
        more = [tidy(show(grid.value(line, column.index)), keep_lines=True) for line in row.lines[1:]]
        return "\n".join([text, *(part for part in more if part and part != text)])

    def _unit(self, row: Row, column: ColumnReading, value: Any) -> str:
        chosen = self.choices.units.get(self.sheet, {}).get(column.index)
        told = (stated_unit(squash(text)) for text in reversed(row.sections))
        stated = None if self.table.unit_from_above else self.table.unit
        unit = chosen or column.unit or next(filter(None, told), None) or stated or self.choices.default_unit
        if unit:
            return unit
        if not re.search(r"[元亿万]", show(value)) and not is_blank(value):
            self.assumed_units.add(column.index)
        return self.table.unit or "万元"

    def _level(self, values: dict[str, Any], marks: str) -> None:
        level, assumed = labels.mark_level(marks, self.marks)
        if level and labels.label_of(level):
            values.setdefault("nature_mark", level)
        elif level and not values.get("level"):
            values["level"] = level
            if assumed:
                self.assumed_marks.add(next(char for char in marks if labels.mark_level(char, {})[0]))

    def _leaders(self, row: Row, values: dict[str, Any]) -> None:
        """Without a column of leaders: the responsible persons, or the names in brackets behind the unit."""
        if self.table.column("lead_officials"):
            return
        if values.get("officials"):
            values["lead_officials"] = values.pop("officials")
        for key in ("responsible", "owner"):
            column = self.table.column(key)
            if column is None or not values.get(key):
                continue
            text = show(raw(self.table, row, column.index))
            unit, names = people.cut_leaders(text, expected=people.names_in_brackets("".join(column.path)))
            if names:
                values[key] = tidy(unit)
                if key == "responsible":
                    values["lead_officials"] = names

    @staticmethod
    def _location(values: dict[str, Any]) -> None:
        parts = [part for part in (values.pop("city", None), values.pop("area", None)) if part]
        if parts:
            values["site"] = values.get("location")
            values["location"] = "".join(dict.fromkeys(parts))

    @staticmethod
    def _dates(values: dict[str, Any]) -> None:
        """Start and end from a range or from their own columns; a single year or day is both."""
        start, end = values.pop("duration", None) or (None, None)
        for key, position, other in (("start", 0, "actual_start"), ("end", 1, "actual_end")):
            own = values.pop(key, None) or values.get(other)
            if own:
                start, end = (own[0], end) if position == 0 else (start, own[1])
            if values.get(other):
                values[other] = values[other][position]
        values["start"], values["end"] = start, end

    def _sections(self, row: Row, values: dict[str, Any]) -> None:
        categories = []
        for text in row.sections:
            key, label = told_by(section_label(text))
            if key == "industry":
                categories.append(label)
            elif key == "level" and values.get("level"):
                continue
            elif key and not self.table.column(key) and not (key == "location" and self.table.column("area")):
                values[key] = label
        sub = values.pop("industry_sub", None)
        if values.get("industry"):
            values["industry"] = "/".join(filter(None, (values["industry"], sub)))
        elif sub or categories:
            values["industry"] = sub or "/".join(categories)

    def _stage(self, row: Row, values: dict[str, Any]) -> None:
        """Stage and nature: own columns first, then section, sheet and title (README of the lists, conventions)."""
        nature_text, stage_text = values.pop("nature", None), values.pop("stage", None)
        started = values.get("started")
        nature_label = labels.label_of(nature_text) if nature_text else None
        nature = (nature_label.nature if nature_label else nature_text) if nature_text else None
        own = labels.label_of(stage_text) if stage_text else None
        if own is None and stage_text:
            own = next(filter(None, (labels.label_of(part) for part in re.split(r"[;；、,，/]", stage_text))), None)
        if stage_text and own is None:
            values["stage_text"] = stage_text
        outer = [label for text in reversed(row.sections) if (label := labels.label_of(section_label(text)))]
        outer = outer or [self.sheet_label or self.listed or labels.Label()]
        outer.append(labels.label_of(values.pop("nature_mark", None) or "") or labels.Label())
        nature = nature or next((label.nature for label in (own or labels.Label(), *outer) if label.nature), None)
        stage, conflict = labels.stage_from(nature, started)
        if own and own.stage:
            stage = own.stage
        elif conflict:
            message = f"第 {row.row + 1} 行：建设性质为续建，但是否开工为否，阶段未填，请核对。"
            self.issues.warn(self.sheet, row.row + 1, "是否开工", "stage_conflict", message)
        elif nature_label and nature_label.stage and started is None:
            stage = nature_label.stage
        elif stage is None and started is None:
            stage = next((label.stage for label in outer if label.stage), None)
        if stage is None and not conflict and labels.finished(values.get("progress_text") or ""):
            stage = labels.PRODUCTION
        values["nature"], values["stage"] = nature, stage


def told_by(label: str) -> tuple[str | None, str]:
    """(field, value) that the name of a section or sheet gives the projects below it; stages are told elsewhere."""
    role = section_role(label)
    if role == "level":
        return "level", re.sub(r"级|建设|项目$|工程$", "", label)
    return {"unit": "responsible", "place": "location", "category": "industry"}.get(role), label


def telling_sheet_name(name: str) -> str | None:
    """A sheet name that can serve as a category: no default name, no kind of list, no stage."""
    label = section_label(_SHEET_PREFIX.sub("", name) or name)
    if _SHEET_PLAIN.match(squash(name)) or _SHEET_WORDS.search(label) or labels.label_of(label) or len(label) > 20:
        return None
    return label
