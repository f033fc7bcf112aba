"""Accounts: initial passwords shown once, same names kept apart, sessions that end."""

from datetime import date

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from accounts.actions import (
    add_user,
    change_password,
    deactivate_user,
    edit_user,
    initial_password,
    reactivate_user,
    reset_password,
)
from accounts.models import AuditEntry, User
from common.errors import DomainError, NotAllowed
from projects.actions import assign
from projects.choices import Duty
from projects.models import Assignment

pytestmark = pytest.mark.django_db


def fresh(user):
    return User.objects.get(pk=user.pk)


def new_user(cast, username="wangwu", full_name="单雄", **fields):
    return add_user(username=username, full_name=full_name, unit=cast.unit, by=cast.sysadmin, **fields)


def test_initial_passwords_satisfy_the_rules_and_differ():
    made = {initial_password() for _ in range(200)}
    assert len(made) == 200
    for password in made:
        validate_password(password)


def test_a_new_person_must_change_the_password_and_is_found_by_pinyin(cast, login):
    user, password, _ = new_user(cast)
    assert user.must_change_password
    assert user.check_password(password)
    assert "shanxiong" in user.name_search
    assert "sx" in user.name_search.split()
    page = login(cast.sysadmin).get("/accounts/users/?q=shanx").content.decode()
    assert "单雄" in page
    assert "丁经办" not in page


def test_an_account_name_is_used_once(cast):
    new_user(cast)
    with pytest.raises(DomainError, match="已被使用"):
        new_user(cast, full_name="别人")


def test_the_password_stands_on_the_answer_and_nowhere_else(cast, login):
    client = login(cast.sysadmin)
    typed = {"username": "zhaoliu", "full_name": "赵六", "unit": cast.unit.pk}
    answer = client.post("/accounts/users/new/", typed)
    page = answer.content.decode()
    user = User.objects.get(username="zhaoliu")
    password = page.split('class="secret">')[1].split("<")[0]
    assert user.check_password(password)
    assert "no-store" in answer["Cache-Control"]
    assert password not in client.get(f"/accounts/users/{user.pk}/").content.decode()
    assert password not in client.get("/accounts/users/").content.decode()
    assert not [entry for entry in AuditEntry.objects.all() if password in str(entry.changes) + entry.reason]
    again = client.post("/accounts/users/new/", typed)
    assert again.status_code == 422
    assert "已被使用" in again.content.decode()


def test_a_name_without_account_becomes_the_new_account(cast, project, login):
    assign(project=project, duty=Duty.OFFICIAL, name="赵六", starts_on=date(2026, 1, 1), by=None)
    typed = {"username": "zhaoliu", "full_name": "赵六", "unit": cast.unit.pk}
    page = login(cast.sysadmin).post("/accounts/users/new/", typed).content.decode()
    assert "已关联到此账号" in page
    assert Assignment.objects.get(project=project, duty=Duty.OFFICIAL).user.username == "zhaoliu"


def test_same_names_are_shown_and_never_guessed(cast, project, login):
    assign(project=project, duty=Duty.OFFICIAL, name="赵六", starts_on=date(2026, 1, 1), by=None)
    add_user(username="zhaoliu1", full_name="赵六（甲）", unit=cast.other_unit, by=None)
    add_user(username="zhaoliu2", full_name="赵六（甲）", unit=cast.bureau, by=None)
    first, second = User.objects.filter(username__startswith="zhaoliu").order_by("pk")
    User.objects.filter(pk=first.pk).update(full_name="赵六")
    matched = edit_user(user=second, version=second.version, by=cast.sysadmin, full_name="赵六")
    assert matched == 0
    page = login(cast.sysadmin).get(f"/accounts/users/{second.pk}/").content.decode()
    assert "另有同名人员：赵六（住建局，zhaoliu1）" in page


def test_switching_off_ends_the_session_and_it_stays_dead(cast, client):
    client.force_login(cast.reporter)
    assert client.get("/accounts/profile/").status_code == 200
    deactivate_user(user=cast.reporter, version=cast.reporter.version, by=cast.sysadmin)
    assert client.get("/accounts/profile/").status_code == 302
    password = reactivate_user(user=fresh(cast.reporter), version=fresh(cast.reporter).version, by=cast.sysadmin)
    assert client.get("/accounts/profile/").status_code == 302
    assert fresh(cast.reporter).check_password(password)
    assert fresh(cast.reporter).must_change_password


def test_a_reset_ends_the_sessions_too(cast, client):
    client.force_login(cast.reporter)
    reset_password(user=fresh(cast.reporter), by=cast.sysadmin)
    answer = client.get("/accounts/profile/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("who", ["secadmin", "auditor", "sysadmin"])
def test_nobody_takes_over_one_of_the_three_administrators(cast, who):
    target = getattr(cast, who)
    for act in (
        lambda: reset_password(user=target, by=cast.sysadmin),
        lambda: deactivate_user(user=target, version=target.version, by=cast.sysadmin),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert fresh(target).check_password("pw")


def test_a_switched_off_account_gets_no_password(cast):
    deactivate_user(user=cast.reporter, version=1, by=cast.sysadmin)
    with pytest.raises(DomainError, match="已停用"):
        reset_password(user=fresh(cast.reporter), by=cast.sysadmin)


@pytest.mark.parametrize("weak", ["short1A-", "12345678901", "abcdefghijkl", "reporter-reporter", "password123"])
def test_weak_passwords_are_refused(cast, weak):
    with pytest.raises(ValidationError):
        change_password(user=cast.reporter, password=weak)


def test_the_initial_password_cannot_be_kept(cast):
    user, password, _ = new_user(cast)
    with pytest.raises(ValidationError, match="不能与现在的密码相同"):
        change_password(user=user, password=password)


def test_what_is_changed_is_recorded_in_words(cast, login):
    typed = {"full_name": "丁经办", "unit": cast.other_unit.pk, "title": "科员", "phone": "0871-1", "version": 1}
    assert login(cast.sysadmin).post(f"/accounts/users/{cast.reporter.pk}/", typed).status_code == 302
    entry = AuditEntry.objects.filter(action="修改用户").first()
    assert entry.changes["所在单位"] == ["工信局", "住建局"]
    assert entry.changes["职务"] == ["", "科员"]


def test_people_change_only_their_own_telephone_and_mail(cast, login):
    client = login(cast.reporter)
    typed = {"phone": "13800000000", "email": "d@example.test", "text_size": "large", "version": 1}
    typed |= {"full_name": "假名", "unit": cast.other_unit.pk, "is_active": "", "is_superuser": "on"}
    answer = client.post("/accounts/profile/", typed)
    user = fresh(cast.reporter)
    assert (user.phone, user.email) == ("13800000000", "d@example.test")
    assert (user.full_name, user.unit, user.is_active, user.is_superuser) == ("丁经办", cast.unit, True, False)
    assert answer.cookies["text_size"].value == "large"
    assert 'data-size="large"' in client.get("/accounts/profile/").content.decode()


def test_the_console_issues_what_the_pages_may_not(cast, capsys):
    call_command("issue_password", "secadmin")
    password = capsys.readouterr().out.split("：")[1].split("（")[0]
    assert fresh(cast.secadmin).check_password(password)
    call_command("issue_password", "audit2", role="auditor", name="第二审计", unit="云岭区")
    assert User.objects.get(username="audit2").has_role("auditor")
    with pytest.raises(CommandError, match="没有账号"):
        call_command("issue_password", "nobody")


def test_the_console_begins_an_empty_installation(capsys):
    call_command("issue_password", "sys", role="sysadmin", name="系统员", unit="云岭区")
    user = User.objects.get(username="sys")
    assert user.unit.path == f"/{user.unit.pk}/"
    assert user.has_role("sysadmin")
