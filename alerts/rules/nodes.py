"""What the rules about key nodes share: how a node is read, and which fact ended its alert."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from alerts.rules.base import CHUNK, key_of
from projects.choices import Status
from projects.models import Milestone


@dataclass(frozen=True, slots=True)
class Node:
    """A node as an alert needs it."""

    pk: int
    code: str
    name: str
    due_on: date
    project_id: int
    project_name: str
    unit_id: int

    @property
    def subject(self) -> str:
        return f"milestone:{self.pk}"

    @property
    def path(self) -> str:
        return f"{reverse('projects:project_nodes', args=[self.project_id])}#node-{self.code}"


def read(nodes: QuerySet) -> Iterator[Node]:
    """The nodes of a queryset in one query."""
    columns = ("pk", "code", "name", "due_on", "project_id", "project__name", "project__lead_unit_id")
    return (Node(*row) for row in nodes.order_by("due_on", "pk").values_list(*columns))


def cleared(subjects: list[str], today: date) -> dict[str, str]:
    """Why nodes are no longer due or overdue: done, moved, resting, not needed."""
    reasons = {}
    for start in range(0, len(subjects), CHUNK):
        chunk = {key_of(subject): subject for subject in subjects[start : start + CHUNK]}
        for node in Milestone.objects.filter(pk__in=chunk).select_related("project"):
            reasons[chunk[node.pk]] = _reason(node, today)
    return reasons


def _reason(node: Milestone, today: date) -> str:
    if node.done_on:
        return f"节点已于 {node.done_on} 完成"
    if node.project.status != Status.NORMAL:
        return f"项目已{node.project.get_status_display()}"
    if not node.is_applicable:
        return "节点已不适用于该项目"
    if not node.is_tracked:
        return "节点不再跟踪"
    if node.due_on is None:
        return "节点的计划日期已取消"
    if node.due_on < today:
        return f"已过计划完成日期 {node.due_on}，转为逾期预警"
    return f"计划完成日期调整为 {node.due_on}"
