"""Fixtures of the whole suite."""

from pathlib import Path

import pytest

from tests import cast as cast_module
from tests.factories import make_project, seed_templates

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


@pytest.fixture
def today():
    """The day on which the tests take place."""
    return cast_module.TODAY


@pytest.fixture
def cast(db):
    """Units and people."""
    seed_templates()
    return cast_module.make_cast()


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
def media(settings, tmp_path):
    """Uploaded files go to a folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path / "files"
