"""Promises of the container set, the proxy and production settings, read from the files."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
COMPLETE = {
    "DJANGO_SETTINGS_MODULE": "config.settings.prod",
    "SECRET_KEY": "k" * 40,
    "ALLOWED_HOSTS": "dongliang.example.test",
    "DATABASE_URL": "postgres://nobody@127.0.0.1/none",
    "REDIS_URL": "redis://127.0.0.1/0",
    "EMAIL_URL": "smtp://127.0.0.1:25",
    "BASE_URL": "https://dongliang.example.test",
}


def test_all_parts_of_production_are_there():
    assert set(SERVICES) == {"db", "redis", "prepare", "web", "worker", "beat", "proxy", "backup"}


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"prepare", "web"}))
def test_every_service_that_stays_is_watched(name):
    assert "test" in SERVICES[name]["healthcheck"]
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_the_image_watches_the_web_process():
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert "HEALTHCHECK" in dockerfile
    assert "USER dongliang" in dockerfile


def test_redis_keeps_what_it_was_given():
    command = " ".join(SERVICES["redis"]["command"])
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command


@pytest.mark.parametrize("name", ["prepare", "web", "worker", "beat"])
def test_secrets_are_files_and_never_values(name):
    environment = SERVICES[name]["environment"]
    for secret in ("SECRET_KEY", "DATABASE_URL", "EMAIL_URL"):
        assert secret not in environment
        assert environment[f"{secret}_FILE"].startswith("/run/secrets/")


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_nothing_serves_before_the_database_is_prepared(name):
    assert SERVICES[name]["depends_on"]["prepare"]["condition"] == "service_completed_successfully"


def test_only_the_proxy_is_reachable():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]


def settings_with(**changes: str | None) -> subprocess.CompletedProcess:
    """Start Django with production settings; None removes a variable."""
    env = {key: value for key, value in os.environ.items() if key not in COMPLETE} | COMPLETE
    env |= {key: value for key, value in changes.items() if value is not None}
    for key in [key for key, value in changes.items() if value is None]:
        env.pop(key)
    code = "import django; django.setup(); from django.conf import settings; print(settings.MIDDLEWARE[0])"
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True)


def test_complete_production_settings_start():
    assert settings_with().returncode == 0


@pytest.mark.parametrize("name", [n for n in COMPLETE if n != "DJANGO_SETTINGS_MODULE"])
def test_production_refuses_to_start_without(name):
    done = settings_with(**{name: None})
    assert done.returncode != 0
    assert name in done.stderr


@pytest.mark.parametrize(
    ("changes", "word"),
    [({"SECRET_KEY": "short"}, "SECRET_KEY"), ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"), ({"TESTING": "1"}, "TESTING")],
)
def test_production_refuses_what_is_unsafe(changes, word):
    done = settings_with(**changes)
    assert done.returncode != 0
    assert word in done.stderr


def test_a_secret_may_come_from_a_file(tmp_path):
    (tmp_path / "key").write_text("f" * 40)
    assert settings_with(SECRET_KEY=None, SECRET_KEY_FILE=str(tmp_path / "key")).returncode == 0


def test_the_visitor_address_is_taken_from_the_proxy_only_where_one_is_trusted():
    assert "VisitorAddress" not in settings_with().stdout
    assert "VisitorAddress" in settings_with(TRUST_PROXY="1").stdout
