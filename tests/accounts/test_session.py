"""Coming and going: lockout, answers that do not tell, sessions that end, passwords that must change."""

import re
import time

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.actions import deactivate_user, reset_password
from accounts.models import AuditEntry, User
from common.proxy import VisitorAddressMiddleware

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def attempt(client, username, password, **headers):
    return client.post(LOGIN, {"username": username, "password": password}, headers=headers)


@pytest.fixture
def axes(settings):
    settings.AXES_ENABLED = True


# --- lockout ------------------------------------------------------------------------------------------------------
def test_the_right_password_is_refused_while_locked_out(cast, client, axes):
    for _ in range(4):
        assert attempt(client, "reporter", "wrong").status_code == 422
    fifth = attempt(client, "reporter", "wrong")
    assert fifth.status_code == 429
    assert "暂时不能登录" in fifth.content.decode()
    locked = attempt(client, "reporter", "pw")
    assert locked.status_code == 429
    assert client.get("/accounts/profile/").status_code == 302


def test_a_made_up_forwarded_address_does_not_help(cast, client, axes):
    for n in range(5):
        attempt(client, "reporter", "wrong", X_Forwarded_For=f"10.0.0.{n}", X_Real_IP=f"10.0.1.{n}")
    assert attempt(client, "reporter", "pw", X_Forwarded_For="10.9.9.9").status_code == 429


def test_another_spelling_of_the_account_does_not_help(cast, client, axes):
    for _ in range(5):
        attempt(client, "ｒｅｐｏｒｔｅｒ", "wrong")  # full-width: the form normalises it
    assert attempt(client, "reporter", "pw").status_code == 429


def test_a_lockout_meets_the_account_where_it_was_attacked_and_nobody_else(cast, client, axes):
    for _ in range(5):
        attempt(client, "reporter", "wrong")
    assert attempt(client, "reader", "pw").status_code == 302
    assert attempt(Client(REMOTE_ADDR="10.1.1.1"), "reporter", "pw").status_code == 302


def test_a_success_forgets_the_failures(cast, axes):
    for _ in range(3):
        client = Client()
        for _ in range(4):
            attempt(client, "reporter", "wrong")
        assert attempt(client, "reporter", "pw").status_code == 302


def test_the_lockout_passes_with_time_or_with_a_reset(cast, client, axes, settings):
    for _ in range(5):
        attempt(client, "reporter", "wrong")
    password = reset_password(user=User.objects.get(username="reporter"), by=cast.sysadmin)
    assert attempt(client, "reporter", password).status_code == 302
    other = Client()
    for _ in range(5):
        attempt(other, "reader", "wrong")
    assert attempt(other, "reader", "pw").status_code == 429
    settings.AXES_COOLOFF_TIME = 0.0001 / 3.6  # hours: a tenth of a second
    time.sleep(0.15)
    assert attempt(other, "reader", "pw").status_code == 302


def test_behind_the_proxy_its_address_is_the_visitors(rf):
    seen = []
    middleware = VisitorAddressMiddleware(lambda request: seen.append(request.META["REMOTE_ADDR"]))
    middleware(rf.get("/", headers={"X-Real-IP": "10.2.3.4", "X-Forwarded-For": "1.1.1.1, 2.2.2.2"}))
    middleware(rf.get("/", headers={"X-Real-IP": "<script>"}))
    assert seen == ["10.2.3.4", "127.0.0.1"]


# --- answers that do not tell -------------------------------------------------------------------------------------
def test_wrong_name_wrong_password_and_switched_off_answer_alike(cast, client):
    deactivate_user(user=cast.counter, version=1, by=cast.sysadmin)
    answers = [attempt(client, name, "wrong") for name in ("reporter", "counter", "no-such-person")]
    pages = {
        re.sub(r'(name="csrfmiddlewaretoken" )?value="[^"]*"|X-CSRFToken": "\w+', "", a.content.decode())
        for a in answers
    }
    assert {a.status_code for a in answers} == {422}
    assert len(pages) == 1


def test_an_unknown_name_costs_one_hash_like_a_known_one(cast, client, monkeypatch):
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed = []
    original = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda self, password, salt: hashed.append(1) or original(self, password, salt)
    )
    counts = []
    for name in ("reporter", "no-such-person"):
        hashed.clear()
        attempt(client, name, "wrong")
        counts.append(len(hashed))
    assert counts[0] == counts[1] == 1


@pytest.mark.parametrize(
    "target",
    ["//evil.test/", "/\\evil.test", "https://evil.test/", "javascript:alert(1)", "///evil.test", "\t//evil.test"],
)
def test_the_login_leads_nowhere_else(cast, client, target):
    answer = client.post(LOGIN, {"username": "reporter", "password": "pw", "next": target})
    assert answer["Location"] == "/"


def test_a_link_from_a_mail_opens_after_the_login(cast, client):
    asked = client.get("/accounts/profile/?x=1")
    assert asked["Location"] == "/accounts/login/?next=/accounts/profile/%3Fx%3D1"
    answer = client.post(asked["Location"], {"username": "reporter", "password": "pw"})
    assert answer["Location"] == "/accounts/profile/?x=1"


# --- sessions -----------------------------------------------------------------------------------------------------
def test_the_session_key_changes_at_login_and_dies_at_logout(cast, client):
    client.get(LOGIN)
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = session.session_key
    attempt(client, "reporter", "pw")
    key = client.cookies["sessionid"].value
    assert key != session.session_key
    assert client.get("/accounts/logout/").status_code == 405
    client.post("/accounts/logout/")
    assert not Session.objects.filter(session_key=key).exists()
    client.cookies["sessionid"] = key
    assert client.get("/accounts/profile/").status_code == 302
    trail = AuditEntry.objects.filter(object_id=cast.reporter.pk).values_list("action", flat=True)
    assert set(trail) == {"登录", "退出登录"}


def test_cookies_are_not_for_scripts(cast, client):
    attempt(client, "reporter", "pw")
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_pages_behind_the_login_are_not_kept_by_the_browser(cast, login):
    assert "no-store" in login(cast.reporter).get("/accounts/profile/")["Cache-Control"]


@pytest.mark.parametrize(("idle", "alive"), [(29 * 60, True), (31 * 60, False)])
def test_an_idle_session_ends(cast, login, monkeypatch, idle, alive):
    client = login(cast.reporter)
    client.get("/accounts/profile/")
    later = time.time() + idle
    monkeypatch.setattr(time, "time", lambda: later)
    answer = client.get("/accounts/profile/?tab=1")
    assert (answer.status_code == 200) is alive
    if not alive:
        assert answer["Location"] == "/accounts/login/?next=%2Faccounts%2Fprofile%2F%3Ftab%3D1&expired=1"
        assert "登录已过期" in client.get(answer["Location"]).content.decode()
        assert client.get("/accounts/profile/").status_code == 302


def test_a_busy_session_ends_too_in_the_end(cast, login, monkeypatch):
    client = login(cast.reporter)
    start = time.time()
    for minute in range(0, 12 * 60, 25):
        monkeypatch.setattr(time, "time", lambda m=minute: start + m * 60)
        assert client.get("/accounts/profile/").status_code == 200
    monkeypatch.setattr(time, "time", lambda: start + 12 * 3600 + 60)
    assert client.get("/accounts/profile/").status_code == 302


# --- the password that must change --------------------------------------------------------------------------------
def test_an_initial_password_opens_only_the_page_that_changes_it(cast, client):
    User.objects.filter(pk=cast.reporter.pk).update(must_change_password=True)
    attempt(client, "reporter", "pw")
    for path in ("/", "/accounts/profile/", f"/projects/{1}/"):
        assert client.get(path)["Location"] == "/accounts/password/"
    typed = {"old_password": "pw", "new_password1": "Xinde-Mima-26", "new_password2": "Xinde-Mima-26"}
    assert client.post("/accounts/password/", typed)["Location"] == "/"
    assert client.get("/accounts/profile/").status_code == 200
    assert User.objects.get(pk=cast.reporter.pk).check_password("Xinde-Mima-26")


def test_demonstration_accounts_are_exempt(cast, login):
    User.objects.filter(pk=cast.reporter.pk).update(must_change_password=True, is_demo=True)
    assert login(cast.reporter).get("/accounts/profile/").status_code == 200


def test_changing_the_password_ends_the_other_sessions_and_keeps_this_one(cast, client):
    other = Client()
    attempt(client, "reporter", "pw")
    attempt(other, "reporter", "pw")
    typed = {"old_password": "pw", "new_password1": "Xinde-Mima-26", "new_password2": "Xinde-Mima-26"}
    client.post("/accounts/password/", typed)
    assert client.get("/accounts/profile/").status_code == 200
    assert other.get("/accounts/profile/").status_code == 302


@pytest.mark.parametrize(
    ("new", "says"),
    [("reporter-1A", "相似"), ("Ab1-", "至少 10 个字符"), ("abcdefghijkl", "三类"), ("password123", "常见")],
)
def test_a_refused_password_says_why(cast, login, new, says):
    typed = {"old_password": "pw", "new_password1": new, "new_password2": new}
    answer = login(cast.reporter).post("/accounts/password/", typed)
    assert answer.status_code == 422
    errors = " ".join(answer.context["form"].errors["new_password2"])
    assert says in errors
    assert not re.search("[a-z]{4}", errors)
