"""The person who imports."""

import pytest

from tests.ingest.wizard import Wizard


@pytest.fixture
def wizard(login, cast):
    """The administrator of the bureau at the wizard."""
    return Wizard(login(cast.admin))


@pytest.fixture
def imported(wizard):
    """`imported(content)` takes a list through all steps and gives the wizard that did it."""

    def take(content: bytes, values: dict | None = None, columns: dict | None = None) -> Wizard:
        one = Wizard(wizard.client)
        one.upload(content)
        one.through(values, columns)
        answer = one.commit()
        assert answer.status_code == 302, answer.content.decode()[:2000]
        return one

    return take
