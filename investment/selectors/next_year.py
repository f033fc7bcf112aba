"""A year's plans in the making: what goes on and is not carried over yet, what waits for a target, what has one."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Sum
from django.urls import reverse

from accounts.models import User
from accounts.roles import Can
from common.money import wan_column
from investment.models import AnnualPlan
from investment.querysets import going_on, with_year_left
from investment.selectors.board import Board
from investment.selectors.menu import sections
from projects.models import Project

PER_PAGE = 50
STATES = {"going": "待结转", "unset": "待下达", "set": "已下达"}


def asked_year(text: str | None, today: date) -> int:
    """This or next year; unasked, next year from July on."""
    if text in (str(today.year), str(today.year + 1)):
        return int(text)
    return today.year + (today.month > 6)


def of_state(projects: QuerySet, state: str, year: int) -> QuerySet:
    """Projects by how far their plan of `year` is."""
    if state == "going":
        return going_on(projects, year)
    plans = AnnualPlan.objects.filter(year=year, target__isnull=state == "unset")
    return projects.active().filter(pk__in=plans.values("project"))


def carriable(user: User, year: int, keys: list[int] | None = None) -> QuerySet:
    """What the person may carry over into `year`, of `keys` or all, with what is left (year_left)."""
    projects = Project.objects.editable_by(user, Can.EDIT_PROJECTS)
    rows = with_year_left(going_on(projects, year), year - 1)
    return rows if keys is None else rows.filter(pk__in=keys)


def left_of(rows: QuerySet) -> dict[str, Any]:
    """{n, left}: how many, and the sum of what is left (万元)."""
    sums = rows.order_by().aggregate(n=Count("pk"), left=Sum("year_left"))
    return {"n": sums["n"], "left": sums["left"] or Decimal(0)}


def next_year_page(board: Board, state: str, year: int, page: str) -> dict[str, Any]:
    """Everything templates/investment/next_year.html shows."""
    state = state if state in STATES else "going"
    base = board.narrowed(Project.objects.visible_to(board.user))
    plans = AnnualPlan.objects.filter(project=OuterRef("pk"), year=year)
    rows = with_year_left(of_state(base, state, year), year - 1).annotate(
        next_target=Subquery(plans.values("target")[:1], output_field=AnnualPlan._meta.get_field("target"))
    )
    order = F("next_target" if state == "set" else "year_left").desc(nulls_last=True)
    page_obj = Paginator(rows.select_related("lead_unit").order_by(order, "pk"), PER_PAGE).get_page(page)
    sums = rows.order_by().aggregate(
        plan=Sum("plan_of_year"), done=Sum("done_in_year"), left=Sum("year_left"), target=Sum("next_target")
    )
    may_edit = set(
        Project.objects.editable_by(board.user, Can.EDIT_PROJECTS)
        .filter(pk__in=[row.pk for row in page_obj])
        .values_list("pk", flat=True)
    )
    here = "investment:next_year"
    return {
        "title": f"{year}年计划",
        "board": board,
        "year": year,
        "state": state,
        "views": [
            {
                "label": label,
                "url": board.url(here, year=year, state=code),
                "active": code == state,
                "count": of_state(base, code, year).count(),
            }
            for code, label in STATES.items()
        ],
        "sections": sections("next_year"),
        "years": [
            {"label": f"{one}年", "url": board.url(here, year=one, state=state), "active": one == year}
            for one in (board.today.year, board.today.year + 1)
        ],
        "chips": [chip | {"url": _keep(chip["url"], year, state)} for chip in board.chips()],
        "clear_url": board.url(here, year=year, state=state, planned=None, **dict.fromkeys(board.chosen)),
        "total": page_obj.paginator.count,
        "unit": "个项目",
        "rows": [_row(row, year, row.pk in may_edit) for row in page_obj],
        "sums": {name: wan_column(value or 0) for name, value in sums.items()},
        "page_obj": page_obj,
        "mine": left_of(carriable(board.user, year)) if state == "going" and may_edit else None,
        "targets_url": f"{reverse('investment:targets')}?year={year}",
    }


def _keep(url: str, year: int, state: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}year={year}&state={state}"


def _row(project: Any, year: int, may_edit: bool) -> dict[str, Any]:
    return {
        "pk": project.pk,
        "name": project.name,
        "url": f"{reverse('investment:project_money', args=[project.pk])}?year={year}",
        "unit": project.lead_unit.label,
        "plan": wan_column(project.plan_of_year),
        "done": wan_column(project.done_in_year),
        "left": wan_column(project.year_left),
        "target": wan_column(project.next_target),
        "may_edit": may_edit,
        "edit_url": f"{reverse('investment:plan_edit', args=[project.pk])}?year={year}" if may_edit else "",
    }
