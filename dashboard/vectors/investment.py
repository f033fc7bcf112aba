"""Vectors of the investment floor, through the expressions the pages use, on rows in a rolled-back transaction.

`light.progress` and the money rules join with the rule sets of the money issue.
"""

from django.db.models import Value

from dashboard.vectors.lifecycle import blank_project
from investment.lights import overall_light
from projects.choices import Status
from projects.models import Project


def light_overall(given: dict) -> str:
    status = Status.SUSPENDED if given.get("suspended") else Status.NORMAL
    project = blank_project(status=status)
    lights = {f"light_{n}": Value(light) for n, light in enumerate(given["lights"])}
    rows = Project.objects.filter(pk=project.pk).annotate(**lights)
    return rows.annotate(light=overall_light(*lights)).get().light


RULES = {"light.overall": light_overall}
