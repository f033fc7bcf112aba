"""What would become of every row, judged before any is written. Pure reading: the same for preview and commit.

The floors say what a row means (`import_columns`); here it is found again among the projects and compared.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from accounts.models import User
from common.importing import SKIP, Cleaned, Facts, Fault, ImportPart, RowSkipped
from common.text import name_key, norm, quoted
from ingest.choices import Verdict
from ingest.decisions import Decisions, row_key
from ingest.matching import Known, ProjectBook, UnitBook
from ingest.plans import Judgement, RowPlan
from ingest.progress import JUDGED, tell
from ingest.resolving import Columns, Resolver, facts_of
from ingest.words import Words, by_row, from_reader, is_news, reach_of
from investment.import_columns import PART as MONEY
from projects.choices import Stage
from projects.import_columns import PART as PROJECTS
from projects.import_columns import contradicts, same_name

PARTS: tuple[ImportPart, ImportPart] = (PROJECTS, MONEY)
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
_OURS = {"stage_conflict", "repeated_name", "repeated_code", "dates_reversed"}  # said better below
_COUNT = re.compile(r"[(（]?\d{0,4}[)）、.]?")  # 1, 2, 3 under 项目编号: a serial, no number of ours
_PLATFORM_NUMBER = re.compile(r"\d{4}-\d{4,}")


def judge(reading: dict[str, Any], decisions: Decisions, kind: Columns, *, by: User, today: date) -> Judgement:
    """Judge every row of a reading under the decisions of a person."""
    resolver, facts = facts_of(decisions, kind, today)
    plans = _Judge(reading, decisions, facts, by, resolver.units).run()
    bare = sorted({name for plan in plans for name in _bare_names(plan, facts, resolver)})
    written = [plan.values[0] for plan in plans if plan.verdict in (Verdict.NEW, Verdict.CHANGED)]
    used = {id(unit) for ours in written for unit in (ours.get("lead_unit"), *ours.get("co_units", ()))}
    pending = [unit for unit in resolver.pending.values() if id(unit) in used]
    return Judgement(plans, facts, bare, pending)


def _bare_names(plan: RowPlan, facts: Facts, resolver: Resolver) -> Iterable[str]:
    """Names of a row that are kept as names."""
    values = plan.values[0]
    unit = values.get("lead_unit") or (resolver.by_pk.get(plan.project.unit) if plan.project else None)
    names = (name for key in ("leaders", "officials") for name in values.get(key) or ())
    return (name for name in names if facts.person(name, unit) is None)


class _Judge:
    """The rows of one reading, one after the other, then against each other."""

    def __init__(self, reading: dict[str, Any], decisions: Decisions, facts: Facts, by: User, units: UnitBook) -> None:
        self.reading, self.decisions, self.facts, self.units = reading, decisions, facts, units
        self.book = ProjectBook()
        self.words = Words(reading, (*PROJECTS.columns, *MONEY.columns))
        self.told = {level: by_row(reading[level]) for level in ("errors", "warnings")}
        self.within = reach_of(by)

    def run(self) -> list[RowPlan]:
        """All plans in the order of the list; rows without a name are refused too."""
        rows = self.reading["projects"]
        cleaned = []
        for number, row in enumerate(rows):
            cleaned.append(self._first(row))
            if number % 500 == 0:
                tell(JUDGED * number / len(rows), "核对每一行")
        plans = [plan for plan, _ in cleaned]
        held = self._held(plan.project.pk for plan in plans if plan.project)
        for plan, faults in cleaned:
            if plan.verdict != Verdict.SKIPPED:
                self._compare(plan, held, faults)
        self._against_each_other(plans)
        named = {(plan.sheet, plan.row) for plan in plans}
        for (sheet, row), items in self.told["errors"].items():
            if (sheet, row) not in named:
                plans.append(RowPlan(sheet, row, "", errors=[from_reader(item) for item in items]))
        order = {sheet["name"]: index for index, sheet in enumerate(self.reading["sheets"])}
        plans.sort(key=lambda plan: (order.get(plan.sheet, 0), plan.row))
        for plan in plans:
            if plan.verdict != Verdict.SKIPPED:
                plan.verdict = _verdict(plan)
        return plans

    # --- one row --------------------------------------------------------------------------------------------------
    def _first(self, reading: dict[str, Any]) -> tuple[RowPlan, list[Fault]]:
        """Cleaned values and the project it is, if any."""
        plan = RowPlan(reading["sheet"], reading["row"], reading["name"])
        decided = self.decisions.rows.get(row_key(plan.sheet, plan.row), {})
        for level, into in (("errors", plan.errors), ("warnings", plan.warnings)):
            into += [
                from_reader(item)
                for item in self.told[level].get((plan.sheet, plan.row), ())
                if item["code"] not in _OURS
            ]
        if contradicts(reading):
            plan.asks["stage"] = {"chosen": decided.get("stage") or Stage.RESERVE.value}
            if decided.get("stage"):
                reading = {**reading, "stage": Stage(decided["stage"]).label}
        if not reading.get("responsible") and self.decisions.fixed.get("responsible"):
            unit = next((u for u in self.units.units if str(u.pk) == self.decisions.fixed["responsible"]), None)
            reading = {**reading, "responsible": unit.name if unit else None}
        if decided.get("match") == SKIP:
            plan.asks = {"match": self._ask(plan, self._similar(plan), SKIP)}
            return plan.skip("预检时选择跳过"), []
        try:
            ours, money = PROJECTS.clean(reading, self.facts), MONEY.clean(reading, self.facts)
        except RowSkipped as skipped:
            return plan.skip(str(skipped)), []
        self._labels_asked(ours, reading)
        for part in (ours, money):
            plan.errors += [self._fault(plan, fault) for fault in part.faults]
            plan.warnings += [self._fault(plan, fault) for fault in part.oddities]
        plan.values = (ours.values, money.values)
        plan.tells_stage = bool(reading.get("stage") or reading.get("stage_text"))
        faults: list[Fault] = []
        plan.project = self._match(plan, reading, decided.get("match", ""), faults)
        return plan, faults

    def _labels_asked(self, ours: Cleaned, reading: dict[str, Any]) -> None:
        """A unit that nobody answered for refuses the row: nothing is guessed."""
        if reading.get("responsible") and "lead_unit" not in ours.values:
            ours.faults.append(Fault("responsible", "unit_unknown", "平台上的单位", reading["responsible"]))

    def _compare(self, plan: RowPlan, held: Callable[[int], tuple[dict, dict]], faults: list[Fault]) -> None:
        """Errors that depend on what is there, and the difference."""
        ours, money = plan.values
        stage = ours.pop("stage", None)
        if plan.project is None:
            ours["stage"] = stage
            if "lead_unit" not in ours and not any(error["code"] == "unit_unknown" for error in plan.errors):
                faults.append(Fault("responsible", "required", "责任单位（新项目必填）"))
            if stage is None:
                faults.append(Fault("stage", "stage_missing", "谋划、储备、开工、建设、投产之一"))
        elif same_name(plan.name, plan.project.name):
            ours.pop("name", None)
        before = held(plan.project.pk) if plan.project else ({}, {})
        if plan.project:
            self._stage_stays(plan, stage, before[0]["stage"])
        plan.changes = tuple(  # type: ignore[assignment]
            {name: value for name, value in values.items() if is_news(value, old.get(name))}
            for values, old in zip(plan.values, before, strict=True)
        )
        plan.before = tuple(  # type: ignore[assignment]
            {name: old.get(name) for name in changes} for changes, old in zip(plan.changes, before, strict=True)
        )
        for part, changes, old in zip(PARTS, plan.changes, before, strict=True):
            for name, value in changes.items():
                told, now = part.show(name, old[name]) if name in old else "", part.show(name, value)
                if told != now:
                    plan.diff.append(
                        {"field": name, "label": part.label(name, self.facts), "before": told, "after": now}
                    )
        plan.diff.sort(key=lambda item: ORDER.index(item["field"]))
        if plan.project:
            plan.moves_date = PROJECTS.moves_a_date(before[0], plan.changes[0])
            done = money.get("completed_ytd")
            earlier = before[1].get("completed_ytd")
            if done is not None and earlier is not None and done < earlier:
                expected = f"不低于已填报的 {MONEY.show('completed_ytd', earlier)} 万元"
                found = MONEY.show("completed_ytd", done)
                plan.warnings.append(self._fault(plan, Fault("completed_ytd", "done_below", expected, found)))
        self._scope(plan, faults)
        plan.errors += [self._fault(plan, fault) for fault in faults]

    def _stage_stays(self, plan: RowPlan, told: str | None, now: str) -> None:
        """An import sets the stage of new projects only; a list that says another one is told so."""
        plan.asks.pop("stage", None)
        plan.warnings = [warning for warning in plan.warnings if warning["code"] != "stage_conflict"]
        if plan.tells_stage and told and told != now:
            expected = f"“{Stage(now).label}”（平台现在的阶段）"
            plan.warnings.append(self._fault(plan, Fault("stage", "stage_differs", expected, Stage(told).label)))

    def _scope(self, plan: RowPlan, faults: list[Fault]) -> None:
        """Rows outside the person's area are refused in neutral words (reliability C-D)."""
        if self.within is None:
            return
        units = {plan.values[0]["lead_unit"].pk} if plan.values[0].get("lead_unit") else set()
        if plan.project:
            units.add(plan.project.unit)
        if not units <= self.within:
            plan.project, plan.diff, plan.warnings, plan.asks = None, [], [], {}
            faults[:] = [Fault("responsible", "out_of_reach", "您管理范围内的单位")]

    # --- which project is it --------------------------------------------------------------------------------------
    def _match(self, plan: RowPlan, reading: dict[str, Any], decision: str, faults: list[Fault]) -> Known | None:
        """Code, then number, then name with unit; what merely looks alike is asked (architecture §2.8)."""
        ours = plan.values[0]
        code, number = ours.get("national_code", ""), (reading.get("project_number") or "").strip()
        number = "" if _COUNT.fullmatch(number) else number
        known = self._by_code(plan, code, faults) if code else None
        if number and not faults:
            found = self.book.by_number.get(norm(number))
            if known and found and found.pk != known.pk:
                expected = f"与项目代码指向同一个项目（代码指向{quoted(known.name)}）"
                faults.append(Fault("project_number", "code_taken", expected, number))
            elif found is None and _PLATFORM_NUMBER.fullmatch(number):
                faults.append(Fault("project_number", "number_unknown", "平台上已有的编号，或留空", number))
            known, plan.number = known or found, number
        if faults or known:
            if known and known.is_over:
                faults.append(Fault("name", "over", "没有退库或终止的项目", plan.name))
            return known
        if decision == "new":
            plan.asks["match"] = self._ask(plan, self._similar(plan), "new")
            return None
        if decision.isdigit() and (chosen := self.book.by_pk.get(int(decision))) and not chosen.is_over:
            plan.asks["match"] = self._ask(plan, [chosen, *self._similar(plan)], decision)
            return chosen
        return self._by_name(plan, code, faults)

    def _by_code(self, plan: RowPlan, code: str, faults: list[Fault]) -> Known | None:
        found = self.book.by_code.get(code, [])
        if len(found) > 1:
            found = [known for known in found if same_name(known.name, plan.name)]
            if len(found) != 1:
                faults.append(
                    Fault(
                        "national_code", "code_taken", "能对应到一个项目（这个代码下有几个子项目，名称都对不上）", code
                    )
                )
                return None
        return found[0] if found else None

    def _by_name(self, plan: RowPlan, code: str, faults: list[Fault]) -> Known | None:
        key, unit = name_key(plan.name)[:200], plan.values[0].get("lead_unit")
        same = self.book.by_key.get(key, [])
        exact = [known for known in same if unit is not None and known.unit == unit.pk]
        if len(exact) == 1 and not (code and exact[0].code and exact[0].code != code):
            return exact[0]
        if options := exact or self._similar(plan):
            plan.asks["match"] = self._ask(plan, options, "")
            names = "、".join(quoted(known.name) for known in options[:2])
            faults.append(Fault("name", "undecided", f"请您决定：与已有的{names}是不是同一个项目", plan.name))
        return None

    def _similar(self, plan: RowPlan) -> list[Known]:
        unit = plan.values[0].get("lead_unit")
        return self.book.similar(plan.name, unit.pk if unit else None)

    def _ask(self, plan: RowPlan, options: list[Known], chosen: str) -> dict[str, Any]:
        labels = {unit.pk: unit.label for unit in self.units.units}
        once = {known.pk: known for known in options}
        return {
            "options": [
                {"pk": known.pk, "name": known.name, "number": known.number, "unit": labels.get(known.unit, "")}
                for known in once.values()
            ],
            "chosen": chosen,
        }

    # --- the list against itself ----------------------------------------------------------------------------------
    def _against_each_other(self, plans: list[RowPlan]) -> None:
        """The same project in two rows: both are refused unless a person says which stays."""
        seen: dict[tuple, list[RowPlan]] = {}
        for plan in plans:
            if plan.verdict == Verdict.SKIPPED:
                continue
            decided = plan.asks.get("match", {}).get("chosen") == "new"
            for key in self._identities(plan, decided):
                seen.setdefault(key, []).append(plan)
        for (what, *_), rows in seen.items():
            for plan in rows if len(rows) > 1 else ():
                others = "、".join(str(other.row) for other in rows if other is not plan)
                source = {"code": "national_code", "number": "project_number"}.get(what, "name")
                fault = Fault(source, "twice", f"一个项目只占一行（与第 {others} 行相同）", plan.name)
                if not any(error["code"] == "twice" for error in plan.errors):
                    plan.errors.append(self._fault(plan, fault))
                plan.asks.setdefault("match", self._ask(plan, [plan.project] if plan.project else [], ""))

    def _identities(self, plan: RowPlan, decided: bool) -> Iterable[tuple]:
        if plan.project:
            yield ("project", plan.project.pk)
            return
        if code := plan.values[0].get("national_code"):
            yield ("code", code)
        if plan.number:
            yield ("number", norm(plan.number))
        unit = plan.values[0].get("lead_unit")
        if not decided and unit is not None:
            yield ("name", name_key(plan.name), unit.name)

    # --- words ----------------------------------------------------------------------------------------------------
    def _fault(self, plan: RowPlan, fault: Fault) -> dict[str, Any]:
        return self.words.fault(plan.sheet, plan.row, fault)

    def _held(self, pks: Iterable[int]) -> Callable[[int], tuple[dict, dict]]:
        wanted = sorted(set(pks))
        ours: dict[int, dict] = {}
        money: dict[int, dict] = {}
        for start in range(0, len(wanted), 500):
            some = wanted[start : start + 500]
            ours |= PROJECTS.current(some, self.facts)
            money |= MONEY.current(some, self.facts)
        return lambda pk: (ours[pk], money.get(pk, {}))


def _verdict(plan: RowPlan) -> str:
    if plan.errors:
        return Verdict.REFUSED
    if plan.project is None:
        return Verdict.NEW
    return Verdict.CHANGED if plan.diff else Verdict.UNCHANGED
