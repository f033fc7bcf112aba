"""What the rules about whole projects share: how a project is read, and which fact ended its alert."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from alerts.rules.base import CHUNK, key_of
from projects.choices import Status
from projects.models import Project

Reason = Callable[[Project, str], str]


def read(projects: QuerySet, *columns: str) -> Iterator[tuple[dict[str, Any], tuple]]:
    """Per project what every finding about it says, and the wanted columns: one query."""
    rows = projects.order_by("pk").values_list("pk", "name", "lead_unit_id", *columns)
    for pk, name, unit_id, *rest in rows.iterator():
        path = reverse("projects:project_detail", args=[pk])
        yield {"project_id": pk, "unit_id": unit_id, "title": name, "path": path}, tuple(rest)


def cleared(reason: Reason) -> Callable[[list[str], date], dict[str, str]]:
    """`cleared` of a rule whose subjects begin with a project's key: what stopped the project, else `reason`."""

    def say(subjects: list[str], today: date) -> dict[str, str]:
        said = {}
        for start in range(0, len(subjects), CHUNK):
            chunk = subjects[start : start + CHUNK]
            projects = Project.objects.in_bulk({key_of(subject) for subject in chunk})
            for subject in chunk:
                if project := projects.get(key_of(subject)):
                    said[subject] = _stopped(project) or reason(project, subject)
        return said

    return say


def _stopped(project: Project) -> str:
    return "" if project.status == Status.NORMAL else f"项目已{project.get_status_display()}"
