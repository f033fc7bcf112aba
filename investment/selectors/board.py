"""What is asked of the investment boards: month, filters, the way rows are grouped; read by every page of theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Left, Upper
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property

from accounts.models import Unit, User
from common.errors import DomainError
from common.periods import Period
from investment.choices import AnnualKind
from investment.lights import closed_period, with_money
from projects.choices import Category, Level, Section
from projects.models import Project

MONTHS_BACK = 24  # the period chooser offers so many closed months
UNPLANNED = Q(target__isnull=True) | Q(target__lte=0)  # not exclude(): that would ask of plans of any year
NONE = "none"  # the group of projects that say nothing, as a value in a URL


@dataclass(frozen=True)
class Dimension:
    """One way to group: `column` holds the group's key (its first letter where `initial`), `param` is the filter that
    holds one group alone."""

    code: str
    label: str
    param: str
    column: str
    labels: Callable[[], dict[Any, str]]
    initial: bool = False

    def key(self, prefix: str = "") -> Any:
        """The group's key as SQL; `prefix` is the path to the project from the rows grouped ("project__")."""
        column = f"{prefix}{self.column}"
        return Upper(Left(column, 1)) if self.initial else F(column)


def _units() -> dict[Any, str]:
    return {unit.pk: unit.label for unit in Unit.objects.order_by("order", "pk")}


def _choices(choices: Any) -> Callable[[], dict[Any, str]]:
    return lambda: dict(choices.choices)


DIMENSIONS = {
    one.code: one
    for one in (
        Dimension("unit", "责任单位", "lead", "lead_unit_id", _units),
        Dimension("category", "项目类别", "category", "category", _choices(Category)),
        Dimension("industry", "行业门类", "industry", "industry_code", _choices(Section), initial=True),
        Dimension("level", "级别", "level", "level", _choices(Level)),
        Dimension("kind", "年度类型", "kind", "plan__annual_kind", _choices(AnnualKind)),
    )
}
BY_PARAM = {one.param: one for one in DIMENSIONS.values()}
PLANNED = {"yes": "有年度计划", "no": "没有年度计划"}


class Board:
    """A person's question, from the query string. What is unknown there is ignored, never an error."""

    def __init__(self, user: User, params: QueryDict, today: date, page: str = "investment:overview") -> None:
        self.user, self.today, self.page = user, today, page
        self.last = closed_period(today)
        self.period = _period(params.get("period", ""), self.last)
        self.dimension = DIMENSIONS.get(params.get("by", ""), DIMENSIONS["unit"])
        self.chosen = {
            name: value
            for name, dimension in BY_PARAM.items()
            if (value := params.get(name, "")) and (value == NONE or value in map(str, dimension.labels()))
        }
        self.planned = params.get("planned") if params.get("planned") in PLANNED else ""

    @property
    def base(self) -> QuerySet:
        """Every project in the question that is neither withdrawn nor terminated: what counts now."""
        return self.narrowed(Project.objects.visible_to(self.user).active())

    def narrowed(self, projects: QuerySet) -> QuerySet:
        """`projects` within the filters that are facts of the project itself."""
        for dimension in DIMENSIONS.values():
            value = self.chosen.get(dimension.param)
            if not value or dimension.code == "kind":
                continue
            path = f"{dimension.column}__istartswith" if dimension.initial and value != NONE else dimension.column
            projects = projects.filter(**{path: "" if value == NONE else value})
        return projects

    def with_money(self, period: Period | None = None) -> QuerySet:
        """The projects with their plan and figures through the period (investment.lights.with_money), filtered."""
        rows = with_money(self.base, period or self.period)
        if value := self.chosen.get("kind"):
            unsaid = Q(plan__annual_kind="") | Q(plan__isnull=True)
            rows = rows.filter(unsaid if value == NONE else Q(plan__annual_kind=value))
        if self.planned:
            rows = rows.filter(Q(target__gt=0) if self.planned == "yes" else UNPLANNED)
        return rows

    def url(self, name: str = "investment:overview", **changes: Any) -> str:
        """A page about the same question with some keys changed; "" or None takes one away."""
        asked = {
            "by": self.dimension.code,
            "period": "" if self.period == self.last else str(self.period),
            "planned": self.planned,
            **self.chosen,
            **changes,
        }
        query = urlencode({key: value for key, value in asked.items() if value not in ("", None)})
        return reverse(name) + (f"?{query}" if query else "")

    @cached_property
    def periods(self) -> list[tuple[str, str]]:
        """(value, label) of the closed months one may choose, the latest first; the one shown is among them."""
        months = [self.last.shift(-back) for back in range(MONTHS_BACK)]
        if self.period not in months:
            months.append(self.period)
        return [(str(month), month.label) for month in months]

    def chips(self) -> list[dict[str, str]]:
        """What is filtered, in words, each with the address that takes it away."""
        chips = []
        for name, value in self.chosen.items():
            dimension = BY_PARAM[name]
            labels = {str(key): label for key, label in dimension.labels().items()}
            words = labels.get(value, "未填")
            chips.append({"label": f"{dimension.label}：{words}", "url": self.url(self.page, **{name: None})})
        if self.planned:
            chips.append({"label": PLANNED[self.planned], "url": self.url(self.page, planned=None)})
        return chips


def _period(text: str, last: Period) -> Period:
    """The month asked for, when it is one that has closed; else the last closed one."""
    try:
        asked = Period.parse(text)
    except DomainError:
        return last
    return asked if Period(2000, 1) <= asked <= last else last
