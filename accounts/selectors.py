"""Reads of the accounts floor, shaped for its pages."""

from calendar import Calendar
from dataclasses import dataclass, field
from datetime import date

from django.apps import apps
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Count, Prefetch, Q, QuerySet

from accounts.models import AuditEntry, Membership, Unit, User
from common.models import CalendarDay
from common.workdays import work_calendar

MONTHS = range(1, 13)
BASIS_LABELS = {"official": "国务院通知", "estimated": "推算，待维护", "weekend_only": "只按周末，待维护"}


def unit_tree(*, active_only: bool = False) -> list[Unit]:
    """All units in the order of the tree, each with `depth` (0 = root), `people_count` and its aliases: two queries."""
    counted = Unit.objects.annotate(people_count=Count("people", filter=Q(people__is_active=True)))
    units = counted.order_by("order", "pk")  # a grouped query forgets the model's own order
    if active_only:
        units = units.active()
    children: dict[int | None, list[Unit]] = {}
    known = {}
    for unit in units.prefetch_related("aliases"):
        known[unit.pk] = unit
        children.setdefault(unit.parent_id, []).append(unit)
    tree: list[Unit] = []

    def walk(parent: int | None, depth: int) -> None:
        for unit in children.get(parent, ()):
            unit.depth = depth
            tree.append(unit)
            walk(unit.pk, depth + 1)

    walk(None, 0)
    for unit in known.values():  # beneath a unit that is left out: shown at the top rather than lost
        if unit.parent_id is not None and unit.parent_id not in known:
            unit.depth = 0
            tree.append(unit)
            walk(unit.pk, 1)
    return tree


def people(*, today: date, q: str = "", unit: str = "", state: str = "") -> QuerySet[User]:
    """Users with `current` (roles in force or still to come). `state`: "" on duty, "no_password",
    "no_role", "off", "all"."""
    terms = Membership.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today)).select_related("unit")
    users = User.objects.select_related("unit").prefetch_related(
        Prefetch("memberships", queryset=terms.order_by("starts_on", "pk"), to_attr="current")
    )
    if needle := "".join(q.split()):
        users = users.filter(
            Q(full_name__icontains=needle)
            | Q(username__icontains=needle)
            | Q(phone__icontains=needle)
            | Q(name_search__icontains=needle.lower())
        )
    if unit.isdecimal():
        users = users.filter(unit__path__contains=f"/{int(unit)}/")
    if state == "off":
        users = users.filter(is_active=False)
    elif state != "all":
        users = users.filter(is_active=True)
    if state == "no_password":
        users = users.filter(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    if state == "no_role":
        users = users.exclude(pk__in=terms.values("user"))
    return users.order_by("unit__order", "unit", "full_name", "pk")


def namesakes(user: User) -> list[User]:
    """Other people of the same name: told apart by unit and account, never merged (handbook §10.21)."""
    others = User.objects.filter(full_name=user.full_name, is_active=True).exclude(pk=user.pk)
    return list(others.select_related("unit"))


def audit_entries(
    *, person: str = "", kind: str = "", subject: str = "", since: date | None = None, until: date | None = None
) -> QuerySet[AuditEntry]:
    """The trail, newest first; days are Asia/Shanghai, both included."""
    entries = AuditEntry.objects.all()
    if person := person.strip():
        entries = entries.filter(
            Q(actor_label__icontains=person) | Q(actor__username__iexact=person) | Q(actor__full_name__icontains=person)
        )
    if kind:
        entries = entries.filter(kind=kind)
    if subject := subject.strip():
        entries = entries.filter(label__icontains=subject)
    if since:
        entries = entries.filter(at__date__gte=since)
    if until:
        entries = entries.filter(at__date__lte=until)
    return entries


def audit_kinds() -> dict[str, str]:
    """model_name → Chinese name, of everything that has left a trace."""
    labels = {model._meta.model_name: str(model._meta.verbose_name) for model in apps.get_models()}
    kinds = AuditEntry.objects.order_by("kind").values_list("kind", flat=True).distinct()
    return {kind: labels.get(kind, kind) for kind in kinds}


@dataclass
class Day:
    """One day of the calendar page; `mark` is 班 or 休 where it departs from Mon–Fri."""

    date: date
    works: bool
    mark: str = ""
    name: str = ""
    kept: bool = False  # a row of ours, not of the library


@dataclass
class Month:
    """One month: weeks of seven days, None outside the month."""

    number: int
    workdays: int
    weeks: list[list[Day | None]] = field(default_factory=list)


def calendar_year(year: int) -> list[Month]:
    """The twelve months of a year as the product counts them."""
    calendar = work_calendar()
    rows = {row.date: row for row in CalendarDay.objects.filter(date__year=year)}
    months = []
    for number in MONTHS:
        weeks = [
            [_day(day, calendar, rows) if day.month == number else None for day in week]
            for week in Calendar().monthdatescalendar(year, number)
        ]
        months.append(Month(number, calendar.count_month(year, number), weeks))
    return months


def calendar_years(today: date) -> list[dict]:
    """The years around today: {year, basis, label, workdays}. basis: official | estimated | weekend_only."""
    calendar = work_calendar()
    years = []
    for year in range(today.year - 1, today.year + 4):
        basis = calendar.basis(date(year, 1, 1))
        years.append(
            {"year": year, "basis": basis, "label": BASIS_LABELS[basis], "workdays": calendar.count_year(year)}
        )
    return years


def _day(day: date, calendar, rows: dict[date, CalendarDay]) -> Day:
    works = calendar.is_workday(day)
    row = rows.get(day)
    departs = works != (day.weekday() < 5)
    mark = ("班" if works else "休") if departs or row else ""
    return Day(day, works, mark, row.name if row else "", row is not None)
