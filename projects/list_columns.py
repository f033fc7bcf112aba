"""The list's columns and filters that this floor knows: name, stage, next node, people; fields, dates, duties."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html

from accounts.models import Follow, Unit
from common.db import keys_of
from common.money import DASH, round_half_up, wan_column
from common.templatetags.lights import stage as stage_tag
from common.workdays import due_text
from projects.choices import Category, Duty, Level, Section, Stage, Status
from projects.columns import Column, Filter, ListContext
from projects.models import Assignment, Milestone, Project

NAME = (
    '<div class="list-name"><div><a class="cell-name clamp-2" href="{0}" title="{1}">{1}</a>'
    '<span class="cell-sub">{2}</span></div>{3}</div>'
)
STAR = (
    '<button class="star-btn{0}" form="follow" formaction="{1}" name="on" value="{2}" hx-post="{1}"'
    ' hx-vals=\'{{"on":"{2}"}}\' hx-target="this" hx-swap="outerHTML" aria-pressed="{3}" aria-label="{4} {5}"'
    ' title="{4}"><svg class="i i--s" aria-hidden="true" viewBox="0 0 24 24"><use href="#star"/></svg></button>'
)
SUB = '{}<span class="cell-sub">{}</span>'
LATE_SUB = '{}<span class="cell-sub"><time>{}</time> <b class="t-bad">{}</b></span>'
NODE_SUB = '{}<span class="cell-sub"><time>{}</time> {}</span>'


def amount(wan: Decimal | None, context: ListContext) -> str:
    """An amount in the unit of its column."""
    if wan is None:
        return DASH
    return f"{round_half_up(wan / 10_000, 2):,f}" if context.in_yi else wan_column(wan)


def _name(row: Project, context: ListContext) -> str:
    sub = row.number + (f" · {row.get_category_display()}" if row.category else "")
    url = reverse("projects:project_detail", args=[row.pk])
    return format_html(NAME, url, row.name, sub, star(row.pk, row.name, on=row.pk in context.followed))


def star(pk: int, name: str, *, on: bool) -> str:
    """The button that follows a project or stops: by htmx in place, else through the form `follow` of the page."""
    verb = "取消关注" if on else "关注"
    pressed, value, css = ("true", "0", " star-btn--on") if on else ("false", "1", "")
    url = reverse("projects:project_follow", args=[pk])
    return format_html(STAR, css, url, value, pressed, verb, name)


def _stage(row: Project, context: ListContext) -> str:
    label = row.state_label
    return stage_tag(row.stage, "" if label == row.get_stage_display() else label)


def _node(row: Project, context: ListContext) -> str:
    if not row.next_node_name:
        words = "节点已完成" if row.stage == Stage.PRODUCTION else "未排期"
        return format_html('<span class="muted">{}</span>', words)
    day = row.next_node_due.strftime("%m-%d" if row.next_node_due.year == context.today.year else "%y-%m-%d")
    words = due_text(row.next_node_due, context.today, context.calendar)
    pattern = LATE_SUB if row.next_node_due < context.today else NODE_SUB
    return format_html(pattern, row.next_node_name, day, words)


def _unit(row: Project, context: ListContext) -> str:
    return format_html(SUB, row.lead_unit.label, row.official_name or "责任人未定")


def _plain(field: str, *, display: bool = False) -> Any:
    def read(row: Project, context: ListContext) -> Any:
        return getattr(row, f"get_{field}_display")() if display else getattr(row, field)

    return read


def _text(field: str, *, display: bool = False) -> Any:
    read = _plain(field, display=display)
    return lambda row, context: read(row, context) or DASH


def _day(field: str) -> Any:
    return lambda row, context: format_html("<time>{}</time>", getattr(row, field) or DASH)


COLUMNS = (
    Column("name", "项目名称", 10, _name, _plain("name"), sort="name", css="c-name", kind="name",
           also=("number", "category")),
    Column("stage", "阶段", 20, _stage, lambda row, context: row.state_label, sort="stage_order", css="c-stage",
           width="cw-64"),
    Column("total", "总投资", 40, lambda row, context: amount(row.total_investment, context),
           _plain("total_investment"), sort="total_investment", css="num c-total", kind="money", total="total",
            is_money=True, width="cw-100"),
    Column("node", "下一节点", 70, _node, lambda row, context: row.next_node_name or "", sort="next_node_due",
           css="c-node", width="cw-160", also=("node_due",)),
    Column("unit", "责任单位", 80, _unit, lambda row, context: row.lead_unit.label, sort="lead_unit__order",
           css="c-unit", width="cw-112", also=("official",)),
    Column("node_due", "下一节点日期", 71, _day("next_node_due"), _plain("next_node_due"), sort="next_node_due",
           kind="date", default=False, width="cw-124"),
    Column("number", "项目编号", 5, _text("number"), _plain("number"), sort="number", default=False, width="cw-124"),
    Column("national_code", "项目代码", 6, _text("national_code"), _plain("national_code"), kind="code", default=False,
           width="cw-220"),
    Column("category", "类别", 90, _text("category", display=True), _plain("category", display=True), sort="category",
           default=False, width="cw-100"),
    Column("level", "级别", 91, _text("level", display=True), _plain("level", display=True), sort="level",
           default=False, width="cw-100"),
    Column("official", "责任人", 92, _text("official_name"), _plain("official_name"), sort="official_name",
           default=False, width="cw-100"),
    Column("owner", "建设单位", 93, _text("owner_name"), _plain("owner_name"), sort="owner_name", default=False,
           width="cw-172"),
    Column("location", "建设地点", 94, _text("location"), _plain("location"), default=False, width="cw-172"),
    Column("target_on", "目标日期", 95, _day("target_on"), _plain("target_on"), sort="target_on", kind="date",
           default=False, width="cw-124"),
    Column("start", "实际开工", 96, _day("actual_start_date"), _plain("actual_start_date"), sort="actual_start_date",
           kind="date", default=False, width="cw-124"),
)  # fmt: skip


def quarter_of(day: date) -> str:
    """2027Q1."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def _choices(choices: list[tuple[str, str]]) -> Any:
    return lambda base: choices


def _by(field: str) -> Any:
    return lambda projects, values, today: projects.filter(**{f"{field}__in": values})


def _units(base: QuerySet) -> list[tuple[str, str]]:
    units = Unit.objects.filter(pk__in=base.order_by().values("lead_unit")).order_by("order", "pk")
    return [(str(unit.pk), unit.label) for unit in units]


def _with_beneath(counts: Counter) -> Counter:
    """A unit's projects and those of the units beneath it, as `_in_units` finds them."""
    paths = dict(Unit.objects.values_list("pk", "path"))
    rolled: Counter = Counter()
    for key, n in counts.items():
        for part in paths[int(key)].strip("/").split("/"):
            rolled[part] += n
    return rolled


def _in_units(projects: QuerySet, values: list[str], today: date) -> QuerySet:
    return projects.filter(lead_unit__in=Unit.objects.subtree_of(*Unit.objects.filter(pk__in=values)))


def _due(projects: QuerySet, values: list[str], today: date) -> QuerySet:
    """Open nodes overdue, due within seven days, due this month."""
    month_end = (today.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    nodes = {
        "overdue": Milestone.objects.overdue(today),
        "week": Milestone.objects.open().filter(due_on__range=(today, today + timedelta(days=7))),
        "month": Milestone.objects.open().filter(due_on__range=(today, month_end)),
    }[values[0]]
    return projects.filter(pk__in=nodes.order_by().values("project"))


def _no_official(projects: QuerySet, values: list[str], today: date) -> QuerySet:
    return projects.exclude(pk__in=Assignment.objects.in_force(today).filter(duty=Duty.OFFICIAL).values("project"))


def _no_target(projects: QuerySet, values: list[str], today: date) -> QuerySet:
    return projects.filter(status=Status.NORMAL, target_on__isnull=True).exclude(stage=Stage.PRODUCTION)


def _industries(projects: QuerySet, values: list[str], today: date) -> QuerySet:
    within = Q(pk__in=[])
    for value in values:
        within |= Q(industry_code="") if value == "none" else Q(industry_code__istartswith=value)
    return projects.filter(within)


RESERVE = {
    "all": "储备库",
    "large": "1亿元以上",
    "mature": "可随时开工",
    "stale": "满一年未推进",
    "converted": "本年储备转开工",
}


def _reserve(projects: QuerySet, values: list[str], today: date) -> QuerySet:
    everything = Project.objects.all()
    found = {
        "all": lambda: everything.in_reserve(),
        "large": lambda: everything.in_reserve().large(),
        "mature": lambda: everything.mature(today),
        "stale": lambda: everything.stale_reserve(today),
        "converted": lambda: everything.converted(today.replace(month=1, day=1), today),
    }[values[0]]()
    return projects.filter(pk__in=keys_of(found))


def _quarters(base: QuerySet) -> list[tuple[str, str]]:
    """Every quarter a link may name, empty ones too."""
    return [(f"{year}Q{n}", f"{year}年{n}季度") for year in range(2010, 2051) for n in range(1, 5)]


def _starting(projects: QuerySet, values: list[str], today: date) -> QuerySet:
    first = date(int(values[0][:4]), 3 * int(values[0][-1]) - 2, 1)
    last = (first + timedelta(days=93)).replace(day=1) - timedelta(days=1)
    return projects.filter(planned_start_to__range=(first, last))


FINISH = {"complete": "计划竣工", "produce": "计划投产"}


def _finishing(projects: QuerySet, values: list[str], today: date) -> QuerySet:
    kind, _, year = values[0].partition("-")
    return projects.filter(pk__in=keys_of(Project.objects.planned_to(kind, int(year))))


FILTERS = (
    Filter("finish", "计划", 86, _choices([(f"{kind}-{year}", f"{year}年{label}") for kind, label in FINISH.items()
           for year in range(2010, 2051)]), _finishing, single=True, hidden=True, by_link=True),
    Filter("reserve", "储备库", 84, _choices(list(RESERVE.items())), _reserve, single=True, hidden=True),
    Filter("starts", "计划开工", 85, _quarters, _starting, single=True, hidden=True, by_link=True),
    Filter("industry", "行业门类", 61, _choices([*Section.choices, ("none", "未填")]), _industries, hidden=True,
           by_link=True),
    Filter("stage", "阶段", 10, _choices(Stage.choices), _by("stage"), count_by="stage"),
    Filter("category", "类别", 30, _choices(Category.choices), _by("category"), count_by="category"),
    Filter("unit", "责任单位", 40, _units, _in_units, count_by="lead_unit", roll_up=_with_beneath),
    Filter("lead", "责任单位（本级）", 41, _units, _by("lead_unit"), hidden=True, by_link=True),
    Filter("due", "到期", 50, _choices([("overdue", "节点已逾期"), ("week", "7日内到期"), ("month", "本月到期")]), _due,
           single=True),
    Filter("level", "级别", 60, _choices(Level.choices), _by("level"), count_by="level", hidden=True),
    Filter("status", "状态", 70, _choices(Status.choices), _by("status"), count_by="status", hidden=True),
    Filter("official", "责任人", 80, _choices([("none", "缺责任人")]), _no_official, single=True, hidden=True),
    Filter("target", "目标日期", 81, _choices([("none", "没有目标日期")]), _no_target, single=True, hidden=True),
)  # fmt: skip


def mine(projects: QuerySet, user: Any, today: date) -> QuerySet:
    """Projects on which the person holds a duty today."""
    return projects.filter(pk__in=Assignment.objects.in_force(today).filter(user=user).values("project"))


def followed(projects: QuerySet, user: Any) -> QuerySet:
    """Projects the person follows."""
    return projects.filter(pk__in=Follow.objects.filter(user=user, kind="project").values("object_id"))
