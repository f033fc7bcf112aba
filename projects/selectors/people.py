"""Reads about responsibility: who answers, who answered on a day, who may be asked to."""

from datetime import date

from django.db.models import QuerySet

from accounts.models import Unit, User
from accounts.roles import Can, Scope
from projects.choices import Duty
from projects.models import Assignment, Project

PERSONAL = (Duty.LEADER, Duty.OFFICIAL, Duty.STEWARD, Duty.TASK_FORCE)  # the unit is changed with the project itself


def people_on(project: Project, day: date) -> list[Assignment]:
    """Who was responsible on that day, in the order of the duties: one query."""
    order = list(Duty.values)
    terms = project.assignments.in_force(day).select_related("user__unit", "unit")
    return sorted(terms, key=lambda term: (order.index(term.duty), term.pk))


def history_of(project: Project) -> QuerySet[Assignment]:
    """Every term, the latest first."""
    return project.assignments.select_related("user__unit", "unit").order_by("-starts_on", "-pk")


def assignable_by(user: User) -> tuple[QuerySet[User], tuple[Duty, ...]]:
    """Whom the person may name, and for which duties.

    Holders of ASSIGN name anybody for any duty; reporters name the official (责任人) among their own unit's people.
    """
    everybody = User.objects.filter(is_active=True).order_by("unit__order", "unit_id", "full_name")
    if user.may(Can.ASSIGN):
        return everybody, PERSONAL
    scopes, units = user.reach(Can.EDIT_PROJECTS)
    if Scope.UNIT not in scopes:
        return everybody.none(), ()
    return everybody.filter(unit__in=Unit.objects.subtree_of(*units)), (Duty.OFFICIAL,)
