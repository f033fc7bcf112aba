"""What the year's money takes from a list: plan, kind of the year, what was done. Amounts in 万元.

累计完成 of a list is the year's total to the end of its month. It becomes that month's figure: the whole total where
nothing was reported before (`covers_from`), else what it adds to the months that are there.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from accounts.models import User
from common.importing import Cleaned, Facts, Fault, ImportColumn
from common.money import wan_column
from common.periods import Period
from investment.actions import FirstFigures, report_month, retract_month, set_annual_plan
from investment.choices import AnnualKind
from investment.models import AnnualPlan, MonthlyEntry
from projects.models import Project

COLUMNS: tuple[ImportColumn, ...] = (
    ImportColumn("annual_plan", "年度计划投资", "money"),
    ImportColumn("completed_ytd", "本年累计完成投资", "money", clearable=False),
    ImportColumn("completed_month", "本月完成投资", "money", clearable=False),
)
MAX_WAN = Decimal(10) ** 10


class MoneyPart:
    """The investment floor's share of a list (common.importing.ImportPart)."""

    columns = COLUMNS

    def clean(self, reading: Mapping[str, Any], facts: Facts) -> Cleaned:
        """The year's figures of a row. 完成额 may be negative: a correction (handbook §10.3)."""
        row = Cleaned()
        for source in ("annual_plan", "completed_ytd", "completed_month"):
            if (text := reading.get(source)) is None:
                continue
            amount = Decimal(text)
            row.values[source] = amount
            if abs(amount) >= MAX_WAN or (amount < 0 and source == "annual_plan"):
                row.faults.append(Fault(source, "amount_range", "不小于 0、不超过 100 万亿元的金额", text))
        if "completed_ytd" in row.values and "completed_month" in row.values:
            del row.values["completed_month"]  # the month is part of the total
        if row.values.get("annual_plan") is not None and (kind := kind_of(reading)):
            row.values["annual_kind"] = kind
        if "annual_plan" in reading.get("clear", ()):
            row.values["annual_plan"] = None
        for source in reading.get("clear", ()):
            if source in ("completed_ytd", "completed_month"):
                row.faults.append(Fault(source, "not_clearable", "完成投资，这一列不能清空", "清空"))
        return row

    def current(self, pks: Iterable[int], facts: Facts) -> dict[int, dict[str, Any]]:
        """The year's plan, and what was done to the end of the list's month."""
        held: dict[int, dict[str, Any]] = {}
        if facts.year is None:
            return held
        for plan in AnnualPlan.objects.filter(project__in=pks, year=facts.year):
            held.setdefault(plan.project_id, {}).update(annual_plan=plan.target, annual_kind=plan.annual_kind)
        if facts.month is not None:
            for entry in MonthlyEntry.objects.filter(project__in=pks).up_to(Period(facts.year, facts.month)):
                mine = held.setdefault(entry.project_id, {})
                mine["completed_ytd"] = mine.get("completed_ytd", Decimal(0)) + entry.completed
                if entry.month == facts.month:
                    mine["completed_month"] = entry.completed
        return held

    def label(self, name: str, facts: Facts) -> str:
        """A figure with its year or month."""
        return {
            "annual_plan": f"{facts.year}年计划投资（万元）",
            "annual_kind": f"{facts.year}年年度类型",
            "completed_ytd": f"{facts.year}年1—{facts.month}月累计完成（万元）",
            "completed_month": f"{facts.year}年{facts.month}月完成（万元）",
        }[name]

    def show(self, name: str, value: Any) -> str:
        """A figure in words."""
        if value in (None, ""):
            return ""
        return AnnualKind(value).label if name == "annual_kind" else wan_column(value)

    def first(self, project: Project, values: Mapping[str, Any], facts: Facts) -> FirstFigures | None:
        """What `load_figures` needs for a fresh project; None without figures."""
        done = values.get("completed_ytd", values.get("completed_month"))
        target = values.get("annual_plan")
        if facts.year is None or (done is None and target is None):
            return None
        kind = values.get("annual_kind", "")
        return FirstFigures(
            project=project,
            year=facts.year,
            target=target,
            annual_kind=kind,
            start_month=start_month(project, kind, facts.year),
            period=Period(facts.year, facts.month) if done is not None else None,
            completed=done,
            covers_from=1 if "completed_ytd" in values else None,
        )

    def update(self, project: Project, values: Mapping[str, Any], facts: Facts, *, by: User, reason: str) -> None:
        """Write the figures that changed. Raises StaleVersion."""
        if "annual_plan" in values or "annual_kind" in values:
            self._plan(project, values, facts, by, reason)
        if "completed_ytd" in values or "completed_month" in values:
            self._done(project, values, facts, by, reason)

    def take_back(self, project: Project, values: Mapping[str, Any], facts: Facts, *, by: User, reason: str) -> None:
        """Write back what stood there before an import; a month that had no figure has none again."""
        values = dict(values)
        if "annual_kind" in values:
            values["annual_kind"] = values["annual_kind"] or ""
        for name in ("completed_ytd", "completed_month"):
            if name in values and values[name] is None:
                del values[name]
                retract_month(project=project, period=Period(facts.year, facts.month), by=by, reason=reason)
        self.update(project, values, facts, by=by, reason=reason)

    @staticmethod
    def _plan(project: Project, values: Mapping[str, Any], facts: Facts, by: User, reason: str) -> None:
        plan = AnnualPlan.objects.filter(project=project, year=facts.year).first()
        kind = values.get("annual_kind", plan.annual_kind if plan else "")
        set_annual_plan(
            project=project,
            year=facts.year,
            target=values.get("annual_plan", plan.target if plan else None),
            annual_kind=kind,
            start_month=plan.start_month if plan else start_month(project, kind, facts.year),
            end_month=plan.end_month if plan else 12,
            version=plan.version if plan else None,
            by=by,
            reason=reason,
        )

    @staticmethod
    def _done(project: Project, values: Mapping[str, Any], facts: Facts, by: User, reason: str) -> None:
        entries = list(MonthlyEntry.objects.filter(project=project).up_to(Period(facts.year, facts.month)))
        own = MonthlyEntry.objects.filter(project=project).of(Period(facts.year, facts.month)).first()
        covers = own.covers_from if own else None
        if "completed_ytd" in values:
            earlier = [entry for entry in entries if entry.month != facts.month]
            done = values["completed_ytd"] - sum((entry.completed for entry in earlier), Decimal(0))
            gap = max((entry.month for entry in earlier), default=0) + 1
            covers = covers or (gap if gap < facts.month else None)
        else:
            done = values["completed_month"]
        period = Period(facts.year, facts.month)
        report_month(
            project=project,
            period=period,
            completed=done,
            by=by,
            version=own.version if own else None,
            covers_from=covers,
            corrects=period.previous(),
            note=(reason or "名单所列累计数小于已填报的累计") if done < 0 else "",
        )


def kind_of(reading: Mapping[str, Any]) -> str:
    """年度类型 as the words of the list say it; "" when they do not (decisions §9)."""
    nature, stage, started = reading.get("nature"), reading.get("stage"), reading.get("started")
    if nature == "续建":
        return AnnualKind.CONTINUED
    if nature == "新建" and (stage == "开工" or started is False):
        return AnnualKind.NEW_START
    if stage == "谋划":
        return AnnualKind.PRELIMINARY
    if stage == "储备" and not nature:
        return AnnualKind.RESERVED
    return AnnualKind.CONTINUED if stage == "建设" and nature != "新建" else ""


def start_month(project: Project, kind: str, year: int) -> int:
    """Where 时序 begins: the planned month of a 新开工, else January (handbook §0.6)."""
    planned = project.planned_start_to
    return planned.month if kind == AnnualKind.NEW_START and planned and planned.year == year else 1


PART = MoneyPart()
