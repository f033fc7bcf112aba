"""Granting and revoking roles: by the security administrator, never to oneself, the three administrators apart."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from accounts import audit
from accounts.actions.people import ADMINISTRATORS
from accounts.choices import Role
from accounts.models import Membership, Unit, User
from accounts.roles import Can
from common import clock
from common.errors import DomainError, NotAllowed


@transaction.atomic
def grant_role(
    *, user: User, role: str, unit: Unit, starts_on: date, by: User | None, ends_on: date | None = None
) -> Membership:
    """Let a person hold a role within a unit from a day on, to a day or until further notice.

    Raises NotAllowed when `by` may not grant or would grant to himself; DomainError for a switched-off account,
    dates in the wrong order, the same role twice at a time, or powers that must stay apart.
    """
    _require_grantor(user, by)
    user = User.objects.select_for_update().get(pk=user.pk)  # two grants at once: the second sees the first
    if not user.is_active:
        raise DomainError(f"账号“{user.username}”已停用，不能授权。")
    if not unit.is_active:
        raise DomainError(f"单位“{unit}”已停用，不能授权。")
    if ends_on and ends_on < starts_on:
        raise DomainError(f"截止日期 {ends_on} 早于起始日期 {starts_on}。")
    overlapping = user.memberships.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on))
    if ends_on:
        overlapping = overlapping.filter(starts_on__lte=ends_on)
    if twin := overlapping.filter(role=role, unit=unit).first():
        raise DomainError(f"“{user}”在“{unit}”已有“{twin.get_role_display()}”角色（{_term(twin)}），时间重叠。")
    _refuse_mixed_powers(user, Role(role), [Role(held) for held in overlapping.values_list("role", flat=True)])
    membership = Membership.objects.create(user=user, unit=unit, role=role, starts_on=starts_on, ends_on=ends_on)
    audit.record(
        by=by, action="授予角色", subject=user, changes={membership.get_role_display(): ["", _where(membership)]}
    )
    return membership


@transaction.atomic
def revoke_role(*, membership: Membership, by: User | None, last_day: date | None = None) -> None:
    """Let a role end: with the given last day, or at once (the holder's next request is without it).

    Raises NotAllowed as `grant_role` does; DomainError when the role has ended already or the day is in the past.
    """
    user = membership.user
    _require_grantor(user, by)
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    today = clock.today()
    if membership.ends_on and membership.ends_on < today:
        raise DomainError(f"这个角色已于 {membership.ends_on} 到期，不需要收回。")
    if last_day and last_day < max(today, membership.starts_on):
        raise DomainError("最后一天不能早于今天和起始日期；要立即收回，请把日期留空。")
    before = _where(membership)
    last = last_day or today - timedelta(days=1)
    if last < membership.starts_on:  # granted today, or for later: it never came into force
        audit_label = "未生效即收回"
        membership.delete()
    else:
        membership.ends_on = last
        membership.save(update_fields=["ends_on"])
        audit_label = _where(membership)
    audit.record(by=by, action="收回角色", subject=user, changes={membership.get_role_display(): [before, audit_label]})


def _require_grantor(user: User, by: User | None) -> None:
    if by is None:  # the system: installation and demonstration data
        return
    if not by.may(Can.GRANT_ROLES):
        raise NotAllowed("只有安全管理员可以授予和收回角色。")
    if by == user:
        raise NotAllowed("不能给自己授予或收回角色，请由另一名安全管理员办理。")


def _refuse_mixed_powers(user: User, role: Role, held: list[Role]) -> None:
    """系统、安全、审计 stay with three persons, and none of them works on projects (reliability §4.D10)."""
    others = [other for other in held if other != role]
    if role in ADMINISTRATORS and others:
        raise DomainError(f"“{user}”已有“{others[0].label}”角色。“{role.label}”须由不承担其他角色的人担任。")
    if administrator := next((other for other in others if other in ADMINISTRATORS), None):
        raise DomainError(f"“{user}”是“{administrator.label}”，不能同时承担“{role.label}”。")


def _term(membership: Membership) -> str:
    return f"{membership.starts_on} 至 {membership.ends_on or '长期'}"


def _where(membership: Membership) -> str:
    return f"{membership.unit}，{_term(membership)}"
