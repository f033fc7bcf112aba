"""Judging and writing lists whose rows are records of a floor (`common.importing.RecordPart`), one per row.

Rows of some kinds speak of a project that must be there (plans, months, nodes): it is found by number, code, or
name with unit, and never made here.
"""

import re
from collections import Counter
from datetime import date
from typing import Any

from accounts.models import User
from common.importing import CLEAR, Facts, Fault, RecordPart, RowSkipped
from common.text import name_key, norm, quoted
from ingest.choices import Verdict
from ingest.decisions import Decisions
from ingest.matching import Known, ProjectBook, UnitBook
from ingest.plans import Judgement, RowPlan
from ingest.resolving import Columns, facts_of
from ingest.words import Words, by_row, from_reader, is_news, reach_of
from projects.import_columns import same_name

_SERIAL = re.compile(r"[(（]?\d{0,4}[)）、.]?")


class ProjectFinder:
    """Which project a row means. What merely looks alike is named, never taken."""

    def __init__(self, units: UnitBook, by: User) -> None:
        self.book, self.units, self.within = ProjectBook(), units, reach_of(by)

    def find(self, reading: dict[str, Any]) -> Known | Fault:
        """The project of a row, or why there is none."""
        found = self._find(reading)
        if isinstance(found, Known) and self.within is not None and found.unit not in self.within:
            return Fault("responsible", "out_of_reach", "您管理范围内的项目")
        return found

    def _find(self, reading: dict[str, Any]) -> Known | Fault:
        name = reading["name"]
        number = norm(str(reading.get("project_number") or ""))
        if number and not _SERIAL.fullmatch(number):
            known = self.book.by_number.get(number)
            if known is None:
                return Fault("project_number", "number_unknown", "平台上已有的编号，或留空按名称查找", number)
            if not same_name(name, known.name):
                return Fault("name", "number_elsewhere", f"{quoted(known.name)}（编号 {known.number} 的项目）", name)
            return known
        code = re.sub(r"\D", "", str(reading.get("national_code") or ""))
        same = [known for known in self.book.all if code and re.sub(r"\D", "", known.code) == code]
        same = same or self.book.by_key.get(name_key(name)[:200], [])
        same = [known for known in same if same_name(name, known.name)] or same
        unit = self.units.find(reading.get("responsible") or "")
        if unit is not None and len(same) > 1:
            same = [known for known in same if known.unit == unit.pk]
        if len(same) == 1 and same_name(name, same[0].name):
            return same[0]
        if len(same) > 1:
            return Fault("name", "several", "能认出是哪一个项目：平台上有几个同名项目，请填写项目编号", name)
        alike = "、".join(quoted(known.name) for known in self.book.similar(name, unit.pk if unit else None)[:2])
        hint = f"平台上已有的项目名称（相近的有{alike}）" if alike else "平台上已有的项目名称"
        return Fault("name", "project_unknown", hint, name)


class RecordJudge:
    """`judge` and `write` of a kind whose rows are records."""

    def __init__(self, part: RecordPart, *, of_projects: bool = False) -> None:
        self.part, self.of_projects = part, of_projects

    def judge(
        self, reading: dict[str, Any], decisions: Decisions, kind: Columns, *, by: User, today: date, tell: Any = None
    ) -> Judgement:
        """What would become of every row. Pure reading."""
        resolver, facts = facts_of(decisions, kind, today)
        words = Words(reading, self.part.columns)
        finder = ProjectFinder(resolver.units, by) if self.of_projects else None
        told = {level: by_row(reading[level]) for level in ("errors", "warnings")}
        plans = [self._first(row, facts, words, finder, told) for row in reading["projects"]]
        self._compare([plan for plan in plans if not plan.errors and plan.verdict != Verdict.SKIPPED], facts, words, by)
        self._twice(plans, words)
        named = {(plan.sheet, plan.row) for plan in plans}
        for (sheet, row), items in told["errors"].items():
            if (sheet, row) not in named:
                plans.append(RowPlan(sheet, row, "", errors=[from_reader(item) for item in items]))
        order = {sheet["name"]: index for index, sheet in enumerate(reading["sheets"])}
        plans.sort(key=lambda plan: (order.get(plan.sheet, 0), plan.row))
        for plan in plans:
            if plan.verdict != Verdict.SKIPPED:
                plan.verdict = _verdict(plan)
        used = {id(value) for plan in plans for value in plan.values[0].values()}
        return Judgement(plans, facts, [], [unit for unit in resolver.pending.values() if id(unit) in used])

    def _first(
        self, reading: dict[str, Any], facts: Facts, words: Words, finder: ProjectFinder | None, told: dict
    ) -> RowPlan:
        plan = RowPlan(reading["sheet"], reading["row"], reading["name"])
        for level, into in (("errors", plan.errors), ("warnings", plan.warnings)):
            into += [from_reader(item) for item in told[level].get((plan.sheet, plan.row), ())]
        for source in reading.get("clear", ()):
            column = next((column for column in self.part.columns if column.source == source), None)
            if column is not None and not column.clearable:
                plan.errors.append(words.fault(plan.sheet, plan.row, Fault(source, "not_clearable", "新的内容", CLEAR)))
        try:
            row = self.part.clean(reading, facts)
        except RowSkipped as skipped:
            plan.verdict, plan.errors = Verdict.SKIPPED, []
            plan.warnings = [{"code": "skipped", "column": "", "message": str(skipped), "found": "", "expected": ""}]
            return plan
        plan.errors += [words.fault(plan.sheet, plan.row, fault) for fault in row.faults]
        plan.warnings += [words.fault(plan.sheet, plan.row, fault) for fault in row.oddities]
        plan.values = (row.values, {})
        if finder is not None:
            found = finder.find(reading)
            if isinstance(found, Fault):
                plan.errors.append(words.fault(plan.sheet, plan.row, found))
            else:
                plan.project = found
        return plan

    def _compare(self, plans: list[RowPlan], facts: Facts, words: Words, by: User) -> None:
        """The record of each row, and what the row changes in it."""
        rows = [(plan.project.pk if plan.project else None, plan.values[0]) for plan in plans]
        for plan, found in zip(plans, self.part.records(rows, facts, by=by), strict=True):
            if isinstance(found, Fault):
                plan.errors.append(words.fault(plan.sheet, plan.row, found))
                continue
            plan.record = found
            held = found.held or {}
            changes = {name: value for name, value in plan.values[0].items() if is_news(value, held.get(name))}
            plan.changes = (changes, {})
            plan.before = ({name: held.get(name) for name in changes}, {})
            for name, value in changes.items():
                before, after = self.part.show(name, held.get(name)), self.part.show(name, value)
                if before != after:
                    label = self.part.label(name, found)
                    plan.diff.append({"field": name, "label": label, "before": before, "after": after})
            plan.moves_date = any(name in changes and held.get(name) for name in found.needs_reason)

    @staticmethod
    def _twice(plans: list[RowPlan], words: Words) -> None:
        """The same record in two rows refuses both."""
        seen = Counter(plan.record.key for plan in plans if plan.record)
        for plan in plans:
            if plan.record and seen[plan.record.key] > 1:
                rows = [str(o.row) for o in plans if o.record and o.record.key == plan.record.key and o is not plan]
                fault = Fault("name", "twice", f"只占一行（与第 {'、'.join(rows[:5])} 行相同）", plan.name)
                plan.errors.append(words.fault(plan.sheet, plan.row, fault))

    def write(self, found: Judgement, *, note: str, reason: str, by: User, **_: Any) -> dict[tuple[str, int], int]:
        """What was judged new or changed, held to the versions that were judged."""
        wanted = [plan for plan in found.plans if plan.verdict in (Verdict.NEW, Verdict.CHANGED) and plan.record]
        changes = [(plan.record, plan.changes[0]) for plan in wanted if plan.record]
        self.part.write(changes, found.facts, by=by, reason=reason or note)
        return {}


def _verdict(plan: RowPlan) -> str:
    if plan.errors or plan.record is None:
        return Verdict.REFUSED
    if plan.record.held is None:
        return Verdict.NEW if plan.diff else Verdict.UNCHANGED
    return Verdict.CHANGED if plan.diff else Verdict.UNCHANGED
