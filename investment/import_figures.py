"""Lists of annual plans and of monthly figures: what their rows hold and how they are written. Amounts in 万元."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from accounts.models import User
from common.importing import Cleaned, Facts, Fault, ImportColumn, Record
from common.money import wan_column
from common.periods import Period
from investment.actions import report_month, retract_month, retract_plan, set_annual_plan
from investment.choices import AnnualKind
from investment.import_columns import MAX_WAN, start_month
from investment.models import AnnualPlan, MonthlyEntry
from projects.import_rows import KEYS
from projects.models import Project

_YEAR = re.compile(r"(?:19|20)\d{2}")
YEAR = ImportColumn(
    "year", "年度", "text", clearable=False, aliases=("年份", "计划年度", "年"), hint="四位年份，如 2026"
)
MONTHS = range(1, 13)


def annual_kind(text: str) -> str | None:
    """年度类型 by its own name; 在建 is 续建, 新建 in a year's list is 新开工."""
    text = {"在建": "续建", "新建": "新开工", "计划新开工": "新开工", "竣工": "计划竣工", "储备": "预备"}.get(
        text, text
    )
    return AnnualKind.values[AnnualKind.labels.index(text)] if text in AnnualKind.labels else None


def _year(row: Cleaned, reading: Mapping[str, Any], facts: Facts) -> None:
    text = str(reading.get("year") or "")
    found = _YEAR.search(text)
    year = int(found[0]) if found else facts.year
    if text and not found:
        row.faults.append(Fault("year", "year", "四位年份，如 2026", text))
    elif year is None:
        row.faults.append(Fault("year", "year", "四位年份，如 2026"))
    elif year > facts.today.year + 1:
        row.faults.append(Fault("year", "year", f"不晚于 {facts.today.year + 1} 的年份", str(year)))
    else:
        row.values["year"] = year


def _amount(row: Cleaned, source: str, text: str, *, negative: bool) -> Decimal:
    amount = Decimal(text)
    if abs(amount) >= MAX_WAN or (amount < 0 and not negative):
        row.faults.append(Fault(source, "amount_range", "不小于 0、不超过 100 万亿元的金额", text))
    return amount


class PlanPart:
    """年度计划: one row per project and year (common.importing.RecordPart)."""

    columns: Sequence[ImportColumn] = (
        *KEYS,
        YEAR,
        ImportColumn(
            "annual_plan",
            "年度计划投资",
            "money",
            aliases=("年度计划", "计划投资", "年度投资计划", "年度计划投资额", "年度计划完成投资"),
        ),
        ImportColumn(
            "annual_kind",
            "年度类型",
            "label",
            clearable=False,
            options=tuple(AnnualKind.choices),
            meaning=annual_kind,
            aliases=("年度类别", "项目类型", "建设类型"),
        ),
        ImportColumn(
            "start_month",
            "时序起始月",
            clearable=False,
            aliases=("起始月", "开工月份", "计划开工月份"),
            hint="1 到 12；续建填 1，新开工填计划开工的月份",
        ),
    )

    def clean(self, reading: Mapping[str, Any], facts: Facts) -> Cleaned:
        """Year, target, kind of the year and first month."""
        row = Cleaned()
        _year(row, reading, facts)
        if (text := reading.get("annual_plan")) is not None:
            row.values["target"] = _amount(row, "annual_plan", text, negative=False)
        if "annual_plan" in reading.get("clear", ()):
            row.values["target"] = None
        if (text := reading.get("annual_kind")) and (option := facts.option("annual_kind", text)):
            row.values["annual_kind"] = option
        if text := reading.get("start_month"):
            found = re.fullmatch(r"(\d{1,2})(?:\.0)?月?份?", str(text))
            if found and int(found[1]) in MONTHS:
                row.values["start_month"] = int(found[1])
            else:
                row.faults.append(Fault("start_month", "month", "1 到 12 的月份", str(text)))
        return row

    def records(self, rows: Sequence[tuple[Any, dict[str, Any]]], facts: Facts, *, by: Any) -> list[Record | Fault]:
        """The plan of each project and year, if there is one."""
        there = self.again((pk, values["year"]) for pk, values in rows)
        projects = Project.objects.in_bulk({pk for pk, _ in rows})
        found: list[Record | Fault] = []
        for pk, values in rows:
            year = values.pop("year")
            record = there.get((pk, year)) or Record((pk, year), None, (), (projects[pk], year, None), ("target",))
            if record.held is None and values.get("target") is None:
                found.append(Fault("annual_plan", "required", "年度计划投资"))
            else:
                found.append(record)
        return found

    def again(self, keys: Iterable[Any]) -> dict[Any, Record]:
        """The plans that are there, by project and year."""
        wanted = set(keys)
        plans = AnnualPlan.objects.filter(project__in={pk for pk, _ in wanted}).select_related("project")
        found = {}
        for plan in plans:
            if (key := (plan.project_id, plan.year)) in wanted:
                held = {name: getattr(plan, name) for name in ("target", "annual_kind", "start_month")}
                found[key] = Record(key, held, (plan.version,), (plan.project, plan.year, plan), ("target",))
        return found

    def used_since(self, record: Record, names: Iterable[str], at: datetime) -> str:
        """A change that somebody asks for waits for this plan."""
        waits = record.subject[2].versions.filter(requested_at__gt=at).exists()
        return "计划设定后又有调整或调整申请" if waits else ""

    def take_back(
        self,
        record: Record,
        before: Mapping[str, Any],
        aside: Mapping[str, Any],
        *,
        is_new: bool,
        facts: Facts,
        by: User,
        reason: str,
    ) -> None:
        """The terms of before, as a decision of their own; a plan that the import set goes."""
        if is_new:
            retract_plan(plan=record.subject[2], by=by, reason=reason)
        else:
            self.write([(record, before)], facts, by=by, reason=reason)

    def label(self, name: str, record: Record) -> str:
        """A figure with its year."""
        year = record.key[1]
        words = {"target": "计划投资（万元）", "annual_kind": "年度类型", "start_month": "时序起始月"}
        return f"{year}年{words[name]}"

    def show(self, name: str, value: Any) -> str:
        """A figure in words."""
        if value in (None, ""):
            return ""
        if name == "annual_kind":
            return str(AnnualKind(value).label)
        return wan_column(value) if name == "target" else f"{value} 月"

    def write(
        self, changes: Sequence[tuple[Record, Mapping[str, Any]]], facts: Facts, *, by: User, reason: str
    ) -> None:
        """Through the action that people use."""
        for record, values in changes:
            project, year, plan = record.subject
            kind = values.get("annual_kind", plan.annual_kind if plan else "")
            first = plan.start_month if plan else start_month(project, kind, year)
            set_annual_plan(
                project=project,
                year=year,
                target=values.get("target", plan.target if plan else None),
                annual_kind=kind,
                start_month=values.get("start_month", first),
                end_month=plan.end_month if plan else 12,
                version=plan.version if plan else None,
                by=by,
                reason=reason,
            )

    def rows(self, projects: Iterable[Mapping[str, Any]], *, today: date) -> Iterable[dict[str, Any]]:
        """This year's plan of each project (given as its keys with `pk`); blank where there is none."""
        plans = {plan.project_id: plan for plan in AnnualPlan.objects.filter(year=today.year)}
        for project in projects:
            plan = plans.get(project["pk"])
            figures = plan and {
                "annual_plan": plan.target,
                "annual_kind": plan.get_annual_kind_display(),
                "start_month": plan.start_month,
            }
            yield {**project, "year": today.year, **(figures or {})}


class MonthPart:
    """月度完成: one row per project and year, one column per month, or the one month that the person names."""

    columns: Sequence[ImportColumn] = (
        *KEYS,
        YEAR,
        *(
            ImportColumn(
                f"month_{month}",
                f"{month}月",
                "money",
                clearable=False,
                aliases=(
                    f"{month}月份",
                    f"{month}月完成",
                    f"{month}月完成投资",
                    f"{month}月份完成投资",
                    f"{month}月投资",
                ),
                hint="当月完成投资，不是累计；数字，单位万元",
            )
            for month in MONTHS
        ),
        ImportColumn(
            "completed_month",
            "本月完成投资",
            "money",
            clearable=False,
            aliases=("当月完成投资", "当月完成", "本月完成", "完成投资"),
            hint="只报一个月时用这一列，上传后选择是哪个月",
        ),
    )

    def clean(self, reading: Mapping[str, Any], facts: Facts) -> Cleaned:
        """The amounts by month; negative ones correct earlier months (handbook §10.3)."""
        row = Cleaned()
        _year(row, reading, facts)
        year = row.values.get("year")
        told = [(f"month_{month}", month) for month in MONTHS]
        if facts.month is not None:
            told.append(("completed_month", facts.month))
        for source, month in told:
            if (text := reading.get(source)) is None:
                continue
            row.values[f"m{month}"] = _amount(row, source, text, negative=True)
            if year and (year, month) > (facts.today.year, facts.today.month):
                row.faults.append(Fault(source, "month_to_come", f"已经到来的月份（{year}年{month}月还没有到）", text))
        return row

    def records(self, rows: Sequence[tuple[Any, dict[str, Any]]], facts: Facts, *, by: Any) -> list[Record | Fault]:
        """The months each project has reported in the year of its row."""
        there = self.again((pk, values["year"]) for pk, values in rows)
        found: list[Record | Fault] = []
        for pk, values in rows:
            record = there[pk, values.pop("year")]
            found.append(self._inside_a_total(values, record.subject[2]) or record)
        return found

    def again(self, keys: Iterable[Any]) -> dict[Any, Record]:
        """The months of each project and year."""
        wanted = list(keys)
        projects = Project.objects.in_bulk({pk for pk, _ in wanted})
        there: dict[tuple[int, int], dict[int, MonthlyEntry]] = {}
        for entry in MonthlyEntry.objects.filter(project__in=projects):
            there.setdefault((entry.project_id, entry.year), {})[entry.month] = entry
        found = {}
        for pk, year in wanted:
            if pk not in projects:
                continue
            entries = dict(sorted(there.get((pk, year), {}).items()))
            held = {f"m{month}": entry.completed for month, entry in entries.items()}
            seen = tuple(entry.version for entry in entries.values())
            totals = {f"m{month}": entry.covers_from for month, entry in entries.items() if entry.covers_from}
            found[pk, year] = Record((pk, year), held or None, seen, (projects[pk], year, entries), aside=totals)
        return found

    def used_since(self, record: Record, names: Iterable[str], at: datetime) -> str:
        """A reviewer has decided on a month."""
        entries = record.subject[2]
        decided = [n for n in names if (e := entries.get(int(n[1:]))) and e.decided_at and e.decided_at > at]
        return f"{'、'.join(f'{name[1:]}月' for name in decided)}已经审核" if decided else ""

    def take_back(
        self,
        record: Record,
        before: Mapping[str, Any],
        aside: Mapping[str, Any],
        *,
        is_new: bool,
        facts: Facts,
        by: User,
        reason: str,
    ) -> None:
        """The amounts of before, totals as totals; a month that had none has none again."""
        project, year, entries = record.subject
        for name, completed in sorted(before.items(), key=lambda item: item[1] is not None):
            period = Period(year, int(name[1:]))
            if completed is None:
                retract_month(project=project, period=period, by=by, reason=reason)
                continue
            report_month(
                project=project,
                period=period,
                completed=completed,
                by=by,
                version=entries[period.month].version,
                covers_from=aside.get(name),
                corrects=period.previous() if completed < 0 else None,
                note=reason if completed < 0 else "",
            )

    @staticmethod
    def _inside_a_total(values: Mapping[str, Any], entries: Mapping[int, MonthlyEntry]) -> Fault | None:
        """Months that a reported total already holds come only together with what is left of that total."""
        for month, entry in entries.items():
            first = entry.covers_from
            inside = [
                name for name in values if first and first <= int(name[1:]) < month and name not in _held(entries)
            ]
            if inside and values.get(f"m{month}", entry.completed) == entry.completed:
                return Fault(
                    f"month_{inside[0][1:]}",
                    "inside_total",
                    f"空白，或同时填写 {month} 月当月数（平台上 {month} 月登记的是 {first}—{month} 月合计）",
                    wan_column(values[inside[0]]),
                )
        return None

    def label(self, name: str, record: Record) -> str:
        """A month."""
        return f"{record.key[1]}年{name[1:]}月完成（万元）"

    def show(self, name: str, value: Any) -> str:
        """An amount in 万元."""
        return "" if value is None else wan_column(value)

    def write(
        self, changes: Sequence[tuple[Record, Mapping[str, Any]]], facts: Facts, *, by: User, reason: str
    ) -> None:
        """Month by month, through the action that people use."""
        for record, values in changes:
            project, year, entries = record.subject
            for month in sorted(int(name[1:]) for name in values):
                entry = entries.get(month)
                first = entry.covers_from if entry else None
                told = any(first <= int(name[1:]) < month for name in values) if first else False
                completed, period = values[f"m{month}"], Period(year, month)
                report_month(
                    project=project,
                    period=period,
                    completed=completed,
                    by=by,
                    version=entry.version if entry else None,
                    covers_from=None if told else first,
                    corrects=period.previous() if completed < 0 else None,
                    note=reason if completed < 0 else "",
                )

    def rows(self, projects: Iterable[Mapping[str, Any]], *, today: date) -> Iterable[dict[str, Any]]:
        """This year's months of each project (given as its keys with `pk`)."""
        done: dict[int, dict[str, Decimal]] = {}
        for entry in MonthlyEntry.objects.filter(year=today.year):
            done.setdefault(entry.project_id, {})[f"month_{entry.month}"] = entry.completed
        for project in projects:
            yield {**project, "year": today.year, **done.get(project["pk"], {})}


def _held(entries: Mapping[int, MonthlyEntry]) -> set[str]:
    return {f"m{month}" for month in entries}


PLANS, MONTHLY = PlanPart(), MonthPart()
