"""工作台: what this person has to do, most urgent first (ux §3.14)."""

from datetime import date, timedelta

from accounts.choices import Role
from accounts.models import User
from accounts.roles import Can
from common import settings
from common.periods import Period
from common.workdays import due_text, work_calendar
from investment.lights import closed_period
from investment.querysets import unreported
from projects.choices import Duty, RequestState, Stage, Status
from projects.lifecycle import EDGES
from projects.models import Assignment, Milestone, Project, StageRequest

SOON = 20  # working days ahead that 即将到期 looks
ROWS = 10


def home(user: User, today: date) -> dict:
    """Cards for the roles the person has; each with its count, its first rows and the link to all of them."""
    cards: dict = {"today": today, "may_take_away": user.may(Can.EDIT_PROJECTS)}
    if user.may(Can.REPORT):
        cards |= _official(user, today)
    if user.may(Can.APPROVE_STAGE):
        pending = pending_requests(user)
        cards["approvals"] = {"count": pending.count(), "rows": pending[:ROWS]}
    if user.may(Can.IMPORT):
        cards["quality"] = _quality(user)
    return cards


def _official(user: User, today: date) -> dict:
    calendar = work_calendar()
    projects = Project.objects.editable_by(user, Can.REPORT)
    period = Period.of(today)
    closing = period.due(settings.get("report_day"), calendar)
    last = closed_period(today)
    to_report = unreported(projects, period).select_related("lead_unit").order_by("pk")
    missed = unreported(projects, last) if last != period else projects.none()
    overdue = Milestone.objects.overdue(today).filter(project__in=projects).select_related("project__lead_unit")
    soon = Milestone.objects.due_within(today, calendar, SOON).filter(project__in=projects)
    soon = soon.select_related("project__lead_unit")
    editable = Project.objects.editable_by(user, Can.EDIT_PROJECTS)  # who only reports cannot set a target
    unplanned = editable.filter(status=Status.NORMAL, target_on__isnull=True).exclude(stage=Stage.PRODUCTION)
    returned = StageRequest.objects.filter(
        project__in=projects, state=RequestState.RETURNED, decided_at__date__gte=today - timedelta(days=30)
    ).select_related("project")
    return {
        "report": {
            "period": period,
            "closing": closing,
            "left": calendar.between(today, closing),
            "count": to_report.count(),
            "rows": to_report[:ROWS],
            "missed": missed.count(),
            "missed_period": last,
        },
        "overdue": {"count": overdue.count(), "rows": _nodes(overdue, today, calendar)},
        "soon": {"count": soon.count(), "rows": _nodes(soon, today, calendar)},
        "unplanned": {"count": unplanned.count(), "rows": unplanned.order_by("pk")[:ROWS]},
        "returned": {"count": returned.count(), "rows": returned[:ROWS]},
        "mine": projects.active().count(),
    }


def _nodes(nodes, today: date, calendar) -> list[dict]:
    return [
        {"node": node, "project": node.project, "when": due_text(node.due_on, today, calendar)}
        for node in nodes.order_by("due_on", "pk")[:ROWS]
    ]


def pending_requests(user: User):
    """Stage requests waiting for a decision of this person's role, on projects the person sees."""
    edges = [edge.code for edge in EDGES if user.has_role(*edge.approvers)]
    visible = Project.objects.visible_to(user)
    return (
        StageRequest.objects.filter(state=RequestState.PENDING, edge__in=edges, project__in=visible)
        .exclude(requested_by=user)
        .select_related("project__lead_unit", "requested_by")
        .order_by("requested_at")
    )


def _quality(user: User) -> dict:
    """What an administrator should mend: projects without official, without target, names nobody can mail to."""
    projects = Project.objects.visible_to(user).active()
    officials = Assignment.objects.filter(duty=Duty.OFFICIAL, ends_on__isnull=True).values("project")
    return {
        "no_official": projects.exclude(pk__in=officials).count(),
        "no_target": projects.filter(target_on__isnull=True).exclude(stage=Stage.PRODUCTION).count(),
        "unreachable": Assignment.objects.unreachable().filter(project__in=projects).count(),
    }


def leads_only(user: User) -> bool:
    """Whether the person comes to look, not to report: the cockpit is the home then."""
    return user.may(Can.SEE_COCKPIT) and not user.has_role(Role.ADMIN, Role.REVIEWER, Role.REPORTER, Role.STEWARD)
