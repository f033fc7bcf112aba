"""Liveness and readiness."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.urls import reverse

from accounts.models import User
from alerts.models import JobRun, Mail
from common import clock
from dashboard.selectors import health


def test_liveness_asks_nothing_of_the_database(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        response = client.get(reverse("dashboard:healthz"))
    assert (response.status_code, response.content) == (200, b"ok")


def test_readiness_is_public_and_tells_what_stands(client, db):
    response = client.get(reverse("dashboard:readyz"))
    assert response.status_code == 200
    report = response.json()
    assert report["ready"] is True
    assert set(report["checks"]) == {"database", "migrations", "broker", "disk"}


def test_readiness_tells_jobs_and_waiting_mails(client, cast, today):
    now = clock.now()
    JobRun.objects.create(job="scan", business_date=today, started_at=now, lease_until=now, finished_at=now)
    JobRun.objects.create(
        job="scan", business_date=today - timedelta(days=1), started_at=now, lease_until=now, error="x"
    )
    _mail(cast.reporter, now - timedelta(minutes=7))
    report = client.get(reverse("dashboard:readyz")).json()
    [job] = report["jobs"]
    assert (job["job"], job["business_date"], job["ok"]) == ("scan", str(today - timedelta(days=1)), False)
    assert report["mails"]["pending"] == 1
    assert 420 <= report["mails"]["oldest_due_seconds"] < 480


def test_a_database_that_does_not_answer_is_503_without_its_words(client, db, monkeypatch):
    def refuse():
        raise OperationalError("password authentication failed for user dongliang")

    with monkeypatch.context() as patch:
        patch.setattr(health.connection, "cursor", refuse)
        response = client.get(reverse("dashboard:readyz"))
    assert response.status_code == 503
    assert response.json()["checks"]["database"] == {
        "ok": False,
        "kind": health.connection.vendor,
        "error": "OperationalError",
    }
    assert "password" not in response.content.decode()


def test_a_broker_that_does_not_answer_is_503_but_pages_live(client, db, monkeypatch):
    def refuse(**kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr(health.current_app, "connection_for_write", refuse)
    response = client.get(reverse("dashboard:readyz"))
    assert response.status_code == 503
    assert response.json()["checks"]["broker"]["ok"] is False
    assert client.get(reverse("dashboard:healthz")).status_code == 200


def test_a_migration_that_was_not_applied_is_503(client, db, monkeypatch):
    migration = type("M", (), {"app_label": "projects", "name": "0099_later"})
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda *args: [(migration, False)])
    response = client.get(reverse("dashboard:readyz"))
    assert response.status_code == 503
    assert response.json()["checks"]["migrations"]["waiting"] == ["projects.0099_later"]


@pytest.mark.parametrize(("free", "status"), [(health.ENOUGH_DISK - 1, 503), (health.ENOUGH_DISK, 200)])
def test_a_full_disk_is_503(client, db, monkeypatch, free, status):
    usage = type("Usage", (), {"free": free})
    monkeypatch.setattr(health.shutil, "disk_usage", lambda folder: usage)
    assert client.get(reverse("dashboard:readyz")).status_code == status


def _mail(recipient: User, due) -> Mail:
    return Mail.objects.create(
        recipient=recipient, address=recipient.email, business_date=due.date(), kind="digest", subject="s", text="t",
        html="h", message_id="<1@x>", next_try_at=due, created_at=due,
    )  # fmt: skip
