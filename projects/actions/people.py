"""Who answers for a project."""

from datetime import date, timedelta

from django.db import transaction

from accounts import audit
from accounts.models import Unit, User
from common.errors import DomainError
from projects.choices import Duty
from projects.models import Assignment, Project

SINGLE = (Duty.LEAD_UNIT, Duty.OFFICIAL, Duty.STEWARD)


@transaction.atomic
def assign(
    *,
    project: Project,
    duty: str,
    starts_on: date,
    by: User | None,
    user: User | None = None,
    name: str = "",
    unit: Unit | None = None,
) -> Assignment:
    """Give a duty to a person (account, or a bare name) or unit from a day on.

    For single duties (责任单位、责任人、项目管家) the holder before keeps it until the day before: history stays.
    Raises DomainError when the new term would begin before the current one.
    """
    open_terms = Assignment.objects.filter(project=project, duty=duty, ends_on__isnull=True)
    same = open_terms.filter(user=user, name="" if user else name, unit=unit).first()
    if same:
        return same
    if duty in SINGLE and (current := open_terms.first()):
        if starts_on < current.starts_on:
            raise DomainError(
                f"{current.get_duty_display()}现任自 {current.starts_on} 起，新任起始日期不能早于这一天。"
            )
        if starts_on == current.starts_on:  # handed over on its first day: the term is corrected, the trail keeps both
            before = current.person_label
            current.user, current.name, current.unit = user, "" if user else name, unit
            current.assigned_by = by
            current.save(update_fields=["user", "name", "unit", "assigned_by"])
            _trail(project, current, by, before)
            return current
        current.ends_on = starts_on - timedelta(days=1)
        current.save(update_fields=["ends_on"])
    term = Assignment.objects.create(
        project=project,
        duty=duty,
        user=user,
        name="" if user else name,
        unit=unit,
        starts_on=starts_on,
        assigned_by=by,
    )
    _trail(project, term, by, "")
    return term


@transaction.atomic
def end_assignment(*, term: Assignment, ends_on: date, by: User | None) -> None:
    """End an open term on a day (last day included)."""
    if ends_on < term.starts_on:
        raise DomainError(f"截止日期不能早于起始日期 {term.starts_on}。")
    term.ends_on = ends_on
    term.save(update_fields=["ends_on"])
    audit.record(
        by=by,
        action="结束责任任期",
        subject=term.project,
        changes={term.get_duty_display(): [term.person_label, f"至 {ends_on}"]},
    )


@transaction.atomic
def match_names(*, user: User, by: User | None) -> int:
    """Give an account the open terms kept under its bare name. Returns how many.

    Nothing is matched when another account has the same name: a person decides then (handbook §10.21).
    """
    if User.objects.filter(full_name=user.full_name, is_active=True).exclude(pk=user.pk).exists():
        return 0
    terms = Assignment.objects.filter(user__isnull=True, name=user.full_name, ends_on__isnull=True)
    matched = 0
    for term in terms.select_related("project"):
        if not Assignment.objects.filter(
            project=term.project, duty=term.duty, user=user, ends_on__isnull=True
        ).exists():
            term.user, term.name = user, ""
            term.save(update_fields=["user", "name"])
            _trail(term.project, term, by, user.full_name)
            matched += 1
    return matched


def _trail(project: Project, term: Assignment, by: User | None, before: str) -> None:
    audit.record(
        by=by,
        action="调整责任人",
        subject=project,
        changes={term.get_duty_display(): [before, f"{term.person_label}（自 {term.starts_on}）"]},
    )
