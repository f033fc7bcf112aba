"""What all rehearsals share: the empty database that is dropped in the end, the table after `make rig`."""

import pytest

from tests.rig import kill
from tests.rig.world import World, drop_database


@pytest.fixture(scope="session", autouse=True)
def _template():
    yield
    if World.template:
        drop_database(World.template)


def pytest_terminal_summary(terminalreporter):
    if kill.REPORTED:
        terminalreporter.section("build/rig.json")
        terminalreporter.write_line(kill.table())
