"""The world of the access tests."""

import logging

import pytest
from django.template.base import Template

from tests.architecture.world import make_world


@pytest.fixture
def world(cast, monkeypatch):
    """The world, with the test client's bookkeeping of templates and logs switched off: thousands of calls are made."""
    monkeypatch.setattr(Template, "_render", lambda template, context: template.nodelist.render(context))
    logging.disable(logging.CRITICAL)
    yield make_world(cast)
    logging.disable(logging.NOTSET)
