"""The demo district is anchored to the day on which it is loaded, whichever that is."""

from collections import Counter
from datetime import datetime

import pytest
from django.core.management import call_command

from common import clock
from dashboard.demo import load
from investment.lights import with_lights
from projects.models import Project


@pytest.mark.parametrize("moment", ["2026-01-08T09:00", "2026-10-05T22:00"])
def test_it_can_be_loaded_on_any_day(db, moment):
    """In the first days of a year and in the middle of the long holiday."""
    when = datetime.fromisoformat(moment).replace(tzinfo=clock.SHANGHAI)
    with clock.standing_at(when):
        call_command("seed_reference", verbosity=0)
        load.load()
        lights = Counter(with_lights(Project.objects.all(), when.date()).values_list("light", flat=True))
    assert lights["green"] > lights["yellow"] > 0
    assert lights["red"] > 0
