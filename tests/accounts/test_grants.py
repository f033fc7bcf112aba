"""Roles are granted by one person, to another, with the three administrators kept apart."""

from datetime import date, datetime, timedelta

import pytest

from accounts.actions import grant_role, revoke_role
from accounts.choices import Role
from accounts.models import AuditEntry, Membership, User
from accounts.roles import Can
from common.errors import DomainError, NotAllowed

pytestmark = pytest.mark.django_db


def fresh(user):
    return User.objects.get(pk=user.pk)


def grant(cast, user, role, **fields):
    fields = {"unit": cast.unit, "starts_on": date(2026, 11, 24), "by": cast.secadmin, **fields}
    return grant_role(user=user, role=role, **fields)


def test_a_grant_holds_from_the_next_request_on(cast, login):
    client = login(cast.reporter)
    assert client.get("/projects/requests/").status_code == 403
    grant(cast, cast.reporter, Role.REVIEWER)
    assert client.get("/projects/requests/").status_code == 200
    revoke_role(membership=Membership.objects.get(user=cast.reporter, role=Role.REVIEWER), by=cast.secadmin)
    assert client.get("/projects/requests/").status_code == 403


def test_a_term_begins_and_ends_on_its_days(cast, clock_at, today):
    grant(cast, cast.reporter, Role.SUPERVISOR, starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 3))
    for day, holds in ((24, False), (31, True), (32, True), (33, True), (34, False)):
        clock_at(datetime(2026, 11, 24, 23, 59) + timedelta(days=day - 24))
        assert fresh(cast.reporter).may(Can.SEE_COCKPIT) is holds


@pytest.mark.parametrize("who", ["admin", "sysadmin", "auditor", "leader"])
def test_only_the_security_administrator_grants(cast, who):
    with pytest.raises(NotAllowed):
        grant(cast, cast.reader, Role.REPORTER, by=getattr(cast, who))
    held = cast.reader.memberships.get()
    with pytest.raises(NotAllowed):
        revoke_role(membership=held, by=getattr(cast, who))


def test_nobody_grants_or_revokes_for_oneself(cast, login):
    with pytest.raises(NotAllowed):
        grant(cast, cast.secadmin, Role.ADMIN)
    own = cast.secadmin.memberships.get()
    client = login(cast.secadmin)
    assert client.post(f"/accounts/grants/{own.pk}/end/", {}).status_code == 403
    typed = {"user": cast.secadmin.pk, "role": "leader", "unit": cast.root.pk, "starts_on": "2026-11-24"}
    assert client.post("/accounts/grants/new/", typed).status_code == 403
    assert [m.role for m in fresh(cast.secadmin).roles] == ["secadmin"]


@pytest.mark.parametrize("held", ["sysadmin", "auditor"])
@pytest.mark.parametrize("role", [Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR, Role.ADMIN, Role.LEADER])
def test_the_three_administrators_hold_nothing_else(cast, held, role):
    if role == held:
        return
    with pytest.raises(DomainError):
        grant(cast, getattr(cast, held), role)


@pytest.mark.parametrize("role", [Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR])
def test_who_works_on_projects_does_not_become_administrator(cast, role):
    with pytest.raises(DomainError, match="不承担其他角色"):
        grant(cast, cast.reporter, role)


def test_powers_that_meet_only_later_are_refused_too(cast):
    grant(cast, cast.reader, Role.SUPERVISOR, starts_on=date(2027, 1, 1))
    Membership.objects.filter(user=cast.reader, role=Role.READER).update(ends_on=date(2026, 11, 23))
    with pytest.raises(DomainError):
        grant(cast, cast.reader, Role.AUDITOR)
    assert grant(cast, cast.reader, Role.AUDITOR, ends_on=date(2026, 12, 31))


def test_the_same_role_is_not_held_twice_at_a_time(cast):
    with pytest.raises(DomainError, match="时间重叠"):
        grant(cast, cast.reporter, Role.REPORTER)
    assert grant(cast, cast.reporter, Role.REPORTER, unit=cast.other_unit)


def test_dates_must_be_in_order(cast):
    with pytest.raises(DomainError, match="早于起始日期"):
        grant(cast, cast.reporter, Role.SUPERVISOR, ends_on=date(2026, 11, 1))


def test_a_role_may_end_on_a_coming_day(cast):
    held = cast.reporter.memberships.get()
    revoke_role(membership=held, by=cast.secadmin, last_day=date(2026, 11, 30))
    assert Membership.objects.get(pk=held.pk).ends_on == date(2026, 11, 30)
    assert fresh(cast.reporter).may(Can.REPORT)
    with pytest.raises(DomainError, match="不能早于今天"):
        revoke_role(membership=held, by=cast.secadmin, last_day=date(2026, 11, 20))


def test_a_role_revoked_on_its_first_day_never_was_in_force(cast):
    granted = grant(cast, cast.reporter, Role.SUPERVISOR)
    revoke_role(membership=granted, by=cast.secadmin)
    assert not Membership.objects.filter(user=cast.reporter, role=Role.SUPERVISOR).exists()
    assert AuditEntry.objects.first().changes["督查员"][1] == "未生效即收回"


def test_history_is_kept(cast):
    held = cast.reporter.memberships.get()
    revoke_role(membership=held, by=cast.secadmin)
    assert Membership.objects.get(pk=held.pk).ends_on == date(2026, 11, 23)
    with pytest.raises(DomainError, match="不需要收回"):
        revoke_role(membership=held, by=cast.secadmin)


def test_pages_grant_and_revoke_with_words(cast, login):
    client = login(cast.secadmin)
    page = client.get(f"/accounts/grants/new/?user={cast.reader.pk}").content.decode()
    assert f'<option value="{cast.reader.pk}" selected>' in page
    typed = {"user": cast.reader.pk, "role": "supervisor", "unit": cast.root.pk, "starts_on": "2026-11-24"}
    assert client.post("/accounts/grants/new/", typed).status_code == 302
    refused = client.post("/accounts/grants/new/", typed)
    assert refused.status_code == 422
    assert "时间重叠" in refused.content.decode()
    membership = Membership.objects.get(user=cast.reader, role="supervisor")
    assert client.post(f"/accounts/grants/{membership.pk}/end/", {"last_day": ""}).status_code == 302
    actions = AuditEntry.objects.values_list("action", "label")
    assert ("授予角色", "戊观察") in actions
    assert ("收回角色", "戊观察") in actions
