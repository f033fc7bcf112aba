"""Truths about projects, nodes, papers and people, in SQL. Today is always an argument."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from accounts.models import Delegation, Unit
from accounts.roles import Can, Scope
from common import clock
from common.clock import SHANGHAI
from common.db import exists_in, rows_of
from common.lights import Light
from common.periods import Period
from common.text import fold, name_key
from projects.choices import Duty, Stage, Status
from projects.gates import CONDITIONS, DEMANDS, as_flag, condition_of, flags_of
from projects.reserve_truths import ReserveTruths

OPEN_NODE = {"done_on__isnull": True, "is_applicable": True, "is_tracked": True}


class ProjectQuerySet(ReserveTruths):
    """The only doors to projects are `visible_to` and `editable_by`."""

    def visible_to(self, user) -> "ProjectQuerySet":
        """Projects the person may see: by role all, the own unit's (leading or joining), or those assigned."""
        return self._within(user, Can.VIEW_PROJECTS, joining=True)

    def editable_by(self, user, capability: Can = Can.EDIT_PROJECTS) -> "ProjectQuerySet":
        """Projects on which the person may use `capability`. Joining units (协办) see but do not write."""
        return self._within(user, capability, joining=False)

    def _within(self, user, capability: Can, *, joining: bool) -> "ProjectQuerySet":
        scopes, units = user.reach(capability)
        if Scope.DISTRICT in scopes:
            return self
        inside = Q(pk__in=[])
        if units:
            own = Unit.objects.subtree_of(*units).values("pk")
            inside |= Q(lead_unit__in=own)
            if joining:
                inside |= Q(Exists(self.model.co_units.through.objects.filter(project=OuterRef("pk"), unit__in=own)))
        if Scope.ASSIGNED in scopes:
            away = Delegation.objects.in_force(clock.today()).filter(delegate=user).values("user")
            terms = rows_of(self.model.assignments, ends_on__isnull=True)
            inside |= Q(Exists(terms.filter(Q(user=user) | Q(user__in=away))))
        return self.filter(inside)

    def active(self) -> "ProjectQuerySet":
        """Neither withdrawn nor terminated."""
        return self.filter(status__in=[Status.NORMAL, Status.SUSPENDED])

    def running(self) -> "ProjectQuerySet":
        """Under way: in 开工 or 建设, not suspended, not yet completed."""
        return self.filter(
            status=Status.NORMAL, stage__in=[Stage.COMMENCED, Stage.CONSTRUCTION], completed_on__isnull=True
        )

    def start_due_within(self, today: date, calendar, workdays: int) -> "ProjectQuerySet":
        """Not started, and planned to within `workdays` working days from today on, the last day included."""
        soon = {"planned_start_to__gte": today, "planned_start_to__lt": warning_limit(today, calendar, workdays)}
        waiting = self.filter(status=Status.NORMAL, stage__in=[Stage.PLANNING, Stage.RESERVE])
        return waiting.filter(actual_start_date__isnull=True, **soon)

    def production_due_within(self, today: date, calendar, workdays: int) -> "ProjectQuerySet":
        """Under way, and planned to produce within `workdays` working days from today on."""
        soon = {
            "planned_production_to__gte": today,
            "planned_production_to__lt": warning_limit(today, calendar, workdays),
        }
        return self.filter(status=Status.NORMAL, stage__in=[Stage.COMMENCED, Stage.CONSTRUCTION], **soon)

    def production_missed(self, today: date) -> "ProjectQuerySet":
        """Under way after the planned date of production."""
        under_way = self.filter(status=Status.NORMAL, stage__in=[Stage.COMMENCED, Stage.CONSTRUCTION])
        return under_way.filter(planned_production_to__lt=today)

    def stalled(self, today: date, days: int) -> "ProjectQuerySet":
        """Running for at least `days` days, and no progress told in them."""
        since = datetime.combine(today - timedelta(days=days), time.min, tzinfo=SHANGHAI)
        told = rows_of(self.model.reports, submitted_at__gte=since)
        return self.running().filter(~Exists(told), created_at__lt=since, stage_since__lt=since.date())

    def lacking(self, duty: str, today: date) -> "ProjectQuerySet":
        """Nobody holds the duty today."""
        held = self.model.assignments.rel.related_model.objects.in_force(today).filter(duty=duty)
        return self.exclude(pk__in=held.order_by().values("project"))

    def search(self, text: str) -> "ProjectQuerySet":
        """By name, former name, pinyin, initials, number, code, owner or official; blanks, width and case ignored."""
        typed = "".join(text.split()).lower()
        if not typed:
            return self
        needle = fold(typed)
        people = rows_of(self.model.assignments, ends_on__isnull=True).filter(
            Q(name__icontains=needle) | Q(user__full_name__icontains=needle) | Q(user__name_search__icontains=needle)
        )
        found = Q(Exists(people))
        for column in ("name", "former_names", "owner_name"):
            found |= Q(**{f"{column}__icontains": needle}) | Q(**{f"{column}__icontains": typed})
        for column in ("name_search", "number", "national_code"):
            found |= Q(**{f"{column}__icontains": needle})
        if key := name_key(typed):
            found |= Q(name_key__icontains=key)
        return self.filter(found)

    def with_demands(self, gate: str, today: date) -> "ProjectQuerySet":
        """Columns need_/has_/waived_ of every demand of a gate: one query for one project or a thousand."""
        flags: dict = {}
        for demand in DEMANDS.get(gate, ()):
            flags |= flags_of(demand, self.model, today)
        return self.annotate(**flags)

    def with_conditions(self, names: Iterable[str] = CONDITIONS) -> "ProjectQuerySet":
        """Columns applies_NAME: which of the conditions (of the gate table) the project meets."""
        named = {name: condition_of(name, self.model) for name in names if name}
        return self.annotate(**{f"applies_{name}": as_flag(q) for name, q in named.items()})

    def ready_for(self, gate: str, today: date) -> "ProjectQuerySet":
        """Projects that lack nothing of a gate."""
        rows = self.with_demands(gate, today)
        for demand in DEMANDS.get(gate, ()):
            rows = rows.filter(
                Q(**{f"need_{demand.code}": False})
                | Q(**{f"has_{demand.code}": True})
                | Q(**{f"waived_{demand.code}": True})
            )
        return rows

    def with_next_node(self) -> "ProjectQuerySet":
        """next_node_name and next_node_due: the open, scheduled node that is due first."""
        following = rows_of(self.model.milestones, **OPEN_NODE, due_on__isnull=False).order_by("due_on", "order")
        return self.annotate(
            next_node_name=Subquery(following.values("name")[:1]),
            next_node_due=Subquery(following.values("due_on")[:1]),
        )

    def with_people(self) -> "ProjectQuerySet":
        """official_name: who answers today (account or bare name)."""
        open_official = rows_of(self.model.assignments, duty=Duty.OFFICIAL, ends_on__isnull=True).order_by("pk")
        label = Case(When(user__isnull=False, then=F("user__full_name")), default=F("name"), output_field=CharField())
        return self.annotate(official_name=Subquery(open_official.annotate(label=label).values("label")[:1]))

    def with_node_light(self, today: date, calendar, *, warn_workdays: int) -> "ProjectQuerySet":
        """light_node: the worst node of the project (rule light.node); blue when all are done, gray unscheduled."""
        nodes = self.model.milestones
        scheduled = exists_in(nodes, is_applicable=True, is_tracked=True, due_on__isnull=False)
        return self.annotate(
            light_node=Case(
                When(exists_in(nodes, **OPEN_NODE, due_on__lt=today), then=Value(Light.RED.value)),
                When(
                    exists_in(nodes, **OPEN_NODE, due_on__lt=warning_limit(today, calendar, warn_workdays)),
                    then=Value(Light.YELLOW.value),
                ),
                When(exists_in(nodes, **OPEN_NODE, due_on__isnull=False), then=Value(Light.GREEN.value)),
                When(scheduled, then=Value(Light.BLUE.value)),
                default=Value(Light.GRAY.value),
            )
        )

    def with_start_light(self, today: date, *, yellow: int = 1, red: int = 3) -> "ProjectQuerySet":
        """light_start (rule light.start): judged by the first planned month; later shifts do not help (§10.15).
        Yellow from so many month ends passed on, red from so many."""
        latest = Period.of(_last_month_end(today))
        yellow_since, red_since = latest.shift(1 - yellow).last_day(), latest.shift(1 - red).last_day()
        started = Q(actual_start_date__isnull=False) | Q(
            stage__in=[Stage.COMMENCED, Stage.CONSTRUCTION, Stage.PRODUCTION]
        )
        return self.annotate(
            light_start=Case(
                When(started, then=Value(Light.GREEN.value)),
                When(baseline_start_to__isnull=True, then=Value(Light.GRAY.value)),
                When(~Q(start_excuse=""), then=Value(Light.GREEN.value)),
                When(baseline_start_to__lte=red_since, then=Value(Light.RED.value)),
                When(baseline_start_to__lte=yellow_since, then=Value(Light.YELLOW.value)),
                default=Value(Light.GREEN.value),
            )
        )

    def with_last_report(self) -> "ProjectQuerySet":
        """last_reported_at: when progress was last told."""
        return self.annotate(
            last_reported_at=Subquery(
                rows_of(self.model.reports).order_by().values("project").annotate(at=Max("submitted_at")).values("at")
            )
        )

    def with_first_overdue(self, today: date) -> "ProjectQuerySet":
        """overdue_since: the due date of the node that has been overdue longest."""
        late = rows_of(self.model.milestones, **OPEN_NODE, due_on__lt=today)
        return self.annotate(
            overdue_since=Subquery(late.order_by().values("project").annotate(d=Min("due_on")).values("d"))
        )


class MilestoneQuerySet(QuerySet):
    """Truths about nodes."""

    def open(self) -> "MilestoneQuerySet":
        """Applicable, tracked, not done, of a project that is under way (a suspended project's nodes rest)."""
        return self.filter(**OPEN_NODE, project__status=Status.NORMAL)

    def overdue(self, today: date) -> "MilestoneQuerySet":
        """Open nodes whose due date has passed (red from the first day after it, decisions §3)."""
        return self.open().filter(due_on__lt=today)

    def due_within(self, today: date, calendar, workdays: int) -> "MilestoneQuerySet":
        """Open nodes due from today on within `workdays` working days, the due day included."""
        return self.open().filter(due_on__gte=today, due_on__lt=warning_limit(today, calendar, workdays))

    def pressing(self, today: date, calendar, workdays: int) -> "MilestoneQuerySet":
        """Open nodes past due or due within `workdays` working days: what makes a node light red or yellow."""
        return self.open().filter(due_on__lt=warning_limit(today, calendar, workdays))

    def with_light(self, today: date, calendar, *, warn_workdays: int) -> "MilestoneQuerySet":
        """light (rule light.node): done blue, not judged gray, past due red, due soon yellow, else green."""
        return self.annotate(
            light=Case(
                When(done_on__isnull=False, then=Value(Light.BLUE.value)),
                When(
                    Q(due_on__isnull=True) | Q(is_applicable=False) | Q(is_tracked=False),
                    then=Value(Light.GRAY.value),
                ),
                When(due_on__lt=today, then=Value(Light.RED.value)),
                When(due_on__lt=warning_limit(today, calendar, warn_workdays), then=Value(Light.YELLOW.value)),
                default=Value(Light.GREEN.value),
            )
        )


class EvidenceQuerySet(QuerySet):
    """Truths about papers."""

    def valid(self, today: date) -> "EvidenceQuerySet":
        """Not withdrawn and not expired."""
        return self.filter(Q(withdrawn_at__isnull=True), Q(valid_until__isnull=True) | Q(valid_until__gte=today))


class AssignmentQuerySet(QuerySet):
    """Truths about responsibility."""

    def in_force(self, day: date) -> "AssignmentQuerySet":
        """Who was responsible on that day, both ends included (rule responsibility.history)."""
        return self.filter(Q(starts_on__lte=day), Q(ends_on__isnull=True) | Q(ends_on__gte=day))

    def overloaded(self, duty: str, limit: int) -> "AssignmentQuerySet":
        """(user, name, projects) of those among these terms who hold the duty on more than `limit` open projects."""
        held = self.filter(duty=duty, user__isnull=False, project__status=Status.NORMAL)
        held = held.exclude(project__stage=Stage.PRODUCTION).order_by()
        counted = held.values_list("user", "user__full_name").annotate(n=Count("project", distinct=True))
        return counted.filter(n__gt=limit).order_by("user")

    def unreachable(self) -> "AssignmentQuerySet":
        """Open duties of persons known only by name: nobody to mail to."""
        return self.filter(ends_on__isnull=True, user__isnull=True).exclude(duty=Duty.LEAD_UNIT)


def warning_limit(today: date, calendar, workdays: int) -> date:
    """First day that is more than `workdays` working days away: due before it means due within them."""
    return calendar.add(today, workdays + 1)


def _last_month_end(today: date) -> date:
    """The latest last-day-of-month that is not after today."""
    period = Period(today.year, today.month)
    return today if today == period.last_day() else period.first_day() - timedelta(days=1)
