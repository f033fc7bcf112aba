"""Fixtures of the whole suite."""

import gc
from datetime import datetime, time
from pathlib import Path

import pytest

from common import clock, workdays
from tests import cast as cast_module
from tests.factories import make_project, seed_templates

MORNING = datetime.combine(cast_module.TODAY, time(10), tzinfo=clock.SHANGHAI)
SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


def pytest_collection_finish():
    """What the modules hold stays: the collector need not walk through it again and again (a sixth of the time)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture
def today():
    """The day on which the tests take place."""
    return cast_module.TODAY


@pytest.fixture(scope="session")
def standing_cast(django_db_setup, django_db_blocker):
    """Units, people and the node table stand in the database before the first test: what every test would make anew."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        _start_clock(patch, MORNING)
        seed_templates()
        return cast_module.make_cast()


@pytest.fixture
def cast(standing_cast, db):
    """Units and people."""
    seed_templates()
    return cast_module.own_cast(standing_cast)


@pytest.fixture
def project(cast):
    """A project of the cast's unit, in 谋划."""
    return make_project(cast.unit)


@pytest.fixture
def login(client):
    """`login(user)` gives the client, logged in."""

    def as_user(user):
        client.force_login(user)
        return client

    return as_user


@pytest.fixture
def shared():
    """The folder of design and test material; tests that need it skip where it is absent."""
    if not SHARED.exists():
        pytest.skip("../shared is not here")
    return SHARED


@pytest.fixture(autouse=True)
def standing_clock(monkeypatch):
    """The product's clock starts each test at 10:00 on the tests' day; `clock_at` moves it."""
    _start_clock(monkeypatch, MORNING)


@pytest.fixture
def clock_at(monkeypatch):
    """`clock_at(datetime)` sets the product's clock (aware, or naive in Shanghai)."""

    def move(moment: datetime) -> None:
        _start_clock(monkeypatch, moment if moment.tzinfo else moment.replace(tzinfo=clock.SHANGHAI))

    return move


def _start_clock(monkeypatch, moment: datetime) -> None:
    shift = moment - datetime.now(clock.SHANGHAI)
    monkeypatch.setattr(clock, "_shift", lambda: shift)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Uploaded files go to a folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture(autouse=True)
def fresh_calendar(monkeypatch):
    """No test sees the working days that another test's rolled-back table held, nor a look at the table that falls
    into its count of queries because the machine was slow."""
    workdays.reset()
    monkeypatch.setattr(workdays, "RECHECK_SECONDS", 3600)
