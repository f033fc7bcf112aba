"""Reads of plans: the project's tab 投资, changes that wait, 年度目标."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum
from django.urls import reverse

from accounts.models import Unit
from common.money import percent
from common.periods import Period
from investment.gaps import missing_months
from investment.lights import closed_period
from investment.models import AnnualPlan, AnnualTarget, MonthlyEntry, PlanVersion
from investment.querysets import with_since_start
from investment.selectors.board import DIMENSIONS, Board
from investment.selectors.overview import Sums, grouped
from projects.choices import Category, RequestState
from projects.models import Project

DECIDED_SHOWN = 10


# --- the project's tab ------------------------------------------------------------------------------------------------
def money_tab(project: Project, asked: str | None, today: date) -> dict[str, Any]:
    """Everything templates/investment/project_money.html shows of one year. Money in 万元."""
    plans = list(AnnualPlan.objects.filter(project=project))
    entries = MonthlyEntry.objects.filter(project=project).select_related("reported_by", "decided_by")
    years = sorted({today.year, *(plan.year for plan in plans), *entries.values_list("year", flat=True)}, reverse=True)
    year = int(asked) if asked and asked.isdecimal() and int(asked) in years else today.year
    versions = list(PlanVersion.objects.filter(project=project, year=year).select_related("requested_by", "decided_by"))
    here = reverse("investment:project_money", args=[project.pk])
    return {
        "year": year,
        "years": [{"label": f"{one}年", "url": f"{here}?year={one}", "active": one == year} for one in years],
        "plan": next((plan for plan in plans if plan.year == year), None),
        "versions": versions,
        "waiting": next((version for version in versions if version.state == RequestState.PENDING), None),
        "months": month_lines(versions, {entry.month: entry for entry in entries if entry.year == year}, year),
        "since": since_start(project, closed_period(today)),
        "may_plan_next": year in (today.year, today.year + 1),
    }


def month_lines(versions: list[PlanVersion], entries: dict[int, MonthlyEntry], year: int) -> list[dict[str, Any]]:
    """Twelve lines: the plan then in force for the month, the figure, the year so far (both sums of what is shown)."""
    lines, due, done, told = [], Decimal(0), Decimal(0), False
    by_version = {version.pk: version.months for version in versions}
    for month in range(1, 13):
        plan = next((v for v in versions if v.effective_month <= month <= v.until_month), None)
        months = by_version[plan.pk] if plan else None
        entry = entries.get(month)
        counts = entry is not None and entry.state != "returned"
        due = sum(months[:month], Decimal(0)) if months else due
        done += entry.completed if entry and counts else 0
        told = told or counts
        lines.append(
            {
                "month": month,
                "period": Period(year, month),
                "planned": months[month - 1] if months else None,
                "due": due if months else None,
                "entry": entry,
                "counts": counts,
                "done": done if told else None,
                "corrects": entry.corrects if entry else None,
            }
        )
    told_months = {line["period"]: line["done"] for line in lines if line["counts"]}
    gaps = missing_months(told_months)
    for line in lines:
        line["missed"] = line["period"] in gaps.missing
    return lines


def since_start(project: Project, period: Period) -> dict[str, Any]:
    """开工以来累计 through a month: {before, this_year, total, rate (percent of the total investment), over}."""
    row = with_since_start(Project.objects.filter(pk=project.pk), period).get()
    whole = project.total_investment
    return {
        "before": row.before_year or Decimal(0),
        "this_year": row.this_year or Decimal(0),
        "total": row.since_start,
        "rate": percent(row.since_start, whole),
        "over": whole is not None and row.since_start > whole,
    }


# --- changes of plans -------------------------------------------------------------------------------------------------
def requests_page(projects: QuerySet) -> dict[str, Any]:
    """What waits, the oldest first, and what was decided last."""
    rows = PlanVersion.objects.filter(project__in=projects).select_related(
        "project__lead_unit", "requested_by", "decided_by", "plan"
    )
    decided = rows.exclude(state=RequestState.PENDING).filter(number__gt=1).order_by("-decided_at", "-pk")
    return {
        "title": "计划调整审核",
        "waiting": list(rows.pending().order_by("requested_at")),
        "decided": list(decided[:DECIDED_SHOWN]),
    }


def change_page(asked: PlanVersion) -> dict[str, Any]:
    """Before and after, month by month."""
    in_force = asked.plan.versions.filter(until_month__gte=asked.effective_month).exclude(pk=asked.pk)
    before = in_force.order_by("effective_month").first()
    old, new = (before.months if before else None) or [None] * 12, asked.months or [None] * 12
    return {
        "title": f"{asked.year}年投资计划调整",
        "asked": asked,
        "project": asked.project,
        "before": before,
        "months": [{"month": n, "old": a, "new": b} for n, (a, b) in enumerate(zip(old, new, strict=True), 1)],
        "is_cut": bool(before and before.target is not None and (asked.target or 0) < before.target),
    }


# --- 年度目标 ----------------------------------------------------------------------------------------------------
def targets_page(board: Board) -> dict[str, Any]:
    """Targets of the district and its units beside the plans and what was done through the board's month: the same
    sums as 投资总览, so that every figure opens the rows that make it."""
    year = board.period.year
    held = {(t.unit_id, t.category): t.amount for t in AnnualTarget.objects.filter(year=year)}
    by_unit = grouped(board.with_money(), DIMENSIONS["unit"].key(), board.period)
    by_category = grouped(board.with_money(), DIMENSIONS["category"].key(), board.period)
    root = Unit.objects.filter(parent=None).order_by("pk").first()
    units = Unit.objects.filter(pk__in={key for key in by_unit if key} | {unit for unit, _ in held})
    lines = [
        _target_line(board, "lead", unit.pk, unit.label, held.get((unit.pk, "")), by_unit.get(unit.pk, Sums()))
        for unit in units.exclude(pk=root.pk if root else None).order_by("path")
    ]
    split = [
        _target_line(board, "category", code, label, held.get((root.pk, code)) if root else None, by_category[code])
        for code, label in Category.choices
        if code in by_category or (root and (root.pk, code) in held)
    ]
    whole = Sums()
    for sums in by_unit.values():
        whole.add(sums)
    return {
        "title": "年度目标",
        "board": board,
        "year": year,
        "root": root,
        "lines": lines,
        "split": split,
        "total": _target_line(board, "lead", None, "全区", held.get((root.pk, "")) if root else None, whole),
        "units_sum": _targets_sum(lines),
        "years": _years(board, year),
    }


def next_targets_page(board: Board, year: int) -> dict[str, Any]:
    """The targets of a year to come, beside those of the year before and the plans that are set already; the same keys
    as `targets_page`, with `ahead`."""
    root = Unit.objects.filter(parent=None).order_by("pk").first()
    rows = AnnualTarget.objects.filter(year__in=(year - 1, year)).values_list("year", "unit", "category", "amount")
    held = {(of, unit, code): amount for of, unit, code, amount in rows}
    plans = board.base.filter(annual_plans__year=year).order_by()
    by_unit = dict(plans.values_list("lead_unit").annotate(total=Sum("annual_plans__target")))
    by_category = dict(plans.values_list("category").annotate(total=Sum("annual_plans__target")))

    def line(param: str, value: Any, label: str, unit: int | None, code: str, plan: Decimal | None) -> dict[str, Any]:
        target, plan = held.get((year, unit, code)), plan or Decimal(0)
        return {
            "key": value,
            "label": label,
            "target": target,
            "before": held.get((year - 1, unit, code)),
            "plan": plan,
            "short": target - plan if target is not None and target > plan else None,
            "planned_url": board.url("investment:next_year", year=year, state="set", **{param: value}),
        }

    units = Unit.objects.filter(pk__in={*by_unit, *(unit for _, unit, code in held if not code)})
    own = root.pk if root else None
    lines = [
        line("lead", unit.pk, unit.label, unit.pk, "", by_unit.get(unit.pk))
        for unit in units.exclude(pk=own).order_by("path")
    ]
    split = [
        line("category", code, label, own, code, by_category.get(code))
        for code, label in Category.choices
        if code in by_category or (year, own, code) in held or (year - 1, own, code) in held
    ]
    return {
        "title": "年度目标",
        "board": board,
        "year": year,
        "root": root,
        "ahead": True,
        "lines": lines,
        "split": split,
        "total": line("lead", None, "全区", own, "", sum((plan or 0 for plan in by_unit.values()), Decimal(0))),
        "units_sum": _targets_sum(lines),
        "years": _years(board, year),
    }


def _targets_sum(lines: list[dict[str, Any]]) -> Decimal:
    return sum((line["target"] for line in lines if line["target"] is not None), Decimal(0))


def _years(board: Board, shown: int) -> list[dict[str, Any]]:
    """The year of the board's month, this one and the next, as tabs."""
    here = reverse("investment:targets")
    return [
        {
            "label": f"{year}年",
            "url": f"{here}?year={year}" if year != board.last.year else here,
            "active": year == shown,
        }
        for year in sorted({board.period.year, board.last.year, board.today.year, board.today.year + 1})
    ]


def _target_line(
    board: Board, param: str, value: Any, label: str, target: Decimal | None, sums: Sums
) -> dict[str, Any]:
    done = sums.done + sums.unplanned_done
    return {
        "key": value,
        "label": label,
        "target": target,
        "plan": sums.target,
        "done": done,
        "rate": percent(done, target),
        "due": sums.scheduled_rate,
        "short": target - sums.target if target is not None and target > sums.target else None,
        "url": board.url("investment:rows", **{param: value}),
        "planned_url": board.url("investment:rows", planned="yes", **{param: value}),
    }
