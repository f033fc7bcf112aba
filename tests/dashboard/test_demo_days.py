"""The demo district is anchored to the day on which it is loaded, also when a year has just begun."""

from collections import Counter
from datetime import datetime

import pytest
from django.core.management import call_command

from common import clock
from dashboard.demo import load
from investment.lights import with_lights
from projects.models import Project
from tests.cast import take_away


@pytest.mark.wide
def test_it_can_be_loaded_in_the_first_days_of_a_year(db):
    """When the year that is judged is not yet the one on the calendar."""
    take_away()
    when = datetime(2026, 1, 8, 9, tzinfo=clock.SHANGHAI)
    with clock.standing_at(when):
        call_command("seed_reference", verbosity=0)
        load.load()
        lights = Counter(with_lights(Project.objects.all(), when.date()).values_list("light", flat=True))
    assert lights["green"] > lights["yellow"] > 0
    assert lights["red"] > 0
