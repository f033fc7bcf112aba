"""代理: whom reminders reach while a person is away."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts import audit
from accounts.choices import Role
from accounts.models import Delegation, Membership, User
from accounts.roles import ROLES, Scope
from common.errors import DomainError


def possible_stand_ins(user: User, day: date) -> QuerySet[User]:
    """Who may stand in: whoever holds one of the person's roles, for unit roles in the same unit. So nobody is told
    about projects that he or she may not see."""
    alike = Q(pk__in=[])
    for term in user.memberships.in_force(day).select_related("unit"):
        same = Q(role=term.role)
        if ROLES[Role(term.role)].scope is Scope.UNIT:
            same &= Q(unit=term.unit)
        alike |= same
    held = Membership.objects.in_force(day).filter(alike)
    return User.objects.filter(is_active=True, pk__in=held.values("user")).exclude(pk=user.pk)


@transaction.atomic
def delegate(*, user: User, delegate: User, starts_on: date, ends_on: date, reason: str, today: date) -> Delegation:
    """Let somebody stand in from a day to a day. Raises DomainError for days that make no sense or overlap, and for
    somebody who may not see what the person sees."""
    if ends_on < starts_on or ends_on < today:
        raise DomainError("截止日期不能早于起始日期，也不能早于今天。")
    if not possible_stand_ins(user, starts_on).filter(pk=delegate.pk).exists():
        raise DomainError(f"“{delegate}”没有您的角色，看不到您的项目，不能代理。")
    taken = user.delegations.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).first()
    if taken:
        raise DomainError(f"这段时间已由“{taken.delegate}”代理（{taken.starts_on} 至 {taken.ends_on}）。")
    row = Delegation.objects.create(
        user=user, delegate=delegate, starts_on=starts_on, ends_on=ends_on, reason=reason.strip()
    )
    audit.record(
        by=user, action="设置代理人", subject=user, changes={"代理人": ["", f"{delegate}，{starts_on} 至 {ends_on}"]}
    )
    return row


@transaction.atomic
def end_delegation(*, delegation: Delegation, by: User, today: date) -> None:
    """End it: yesterday was the last day; one that has not begun goes altogether."""
    if delegation.ends_on < today:
        raise DomainError("这次代理已经结束。")
    if delegation.starts_on >= today:
        delegation.delete()
    else:
        delegation.ends_on = today - timedelta(days=1)
        delegation.save(update_fields=["ends_on"])
    audit.record(
        by=by, action="取消代理人", subject=delegation.user, changes={"代理人": [str(delegation.delegate), ""]}
    )
