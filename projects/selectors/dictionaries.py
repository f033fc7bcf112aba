"""Reads of the dictionaries page."""

from django.db.models import Count
from django.urls import reverse

from projects.choices import ApprovalType
from projects.models import IndustryChain, MilestoneTemplate


def dictionaries(approval_type: str) -> dict:
    """Chains with the number of their projects, and the node table of one 管理方式: four queries."""
    kind = approval_type if approval_type in ApprovalType.values else ApprovalType.APPROVAL.value
    here = reverse("projects:dictionary_list")
    sizes = dict(MilestoneTemplate.objects.order_by().values_list("approval_type").annotate(n=Count("pk")))
    nodes = list(MilestoneTemplate.objects.filter(approval_type=kind))
    names = dict(MilestoneTemplate.objects.values_list("code", "name")) | {node.code: node.name for node in nodes}
    for node in nodes:
        node.after = [f"{code} {names.get(code, '')}".strip() for code in node.deps]
    return {
        "title": "字典",
        "chains": IndustryChain.objects.annotate(projects_count=Count("projects")).order_by("order", "pk"),
        "tabs": [
            {"label": label, "url": f"{here}?type={value}#nodes", "active": value == kind, "count": sizes.get(value, 0)}
            for value, label in ApprovalType.choices
        ],
        "nodes": nodes,
    }
