"""Reads about how projects descend from one another."""

from decimal import Decimal
from typing import Any

from django.db.models import Q

from accounts.choices import Role
from accounts.models import User
from accounts.roles import Can
from common.money import round_half_up, wan_column
from projects.actions.relation import is_followed
from projects.choices import Status, Verdict
from projects.models import Project, ProjectRelation
from projects.permissions import may, may_move
from projects.reconcile import reconcile
from projects.selectors import reserve

WORDS = {  # kind → (seen from the origin, seen from what came of it)
    "split": ("拆分为", "拆分自"),
    "merge": ("并入", "合并自"),
    "replace": ("替代为", "替代"),
    "restart": ("重启为", "重启自"),
}


def relations(user: User, project: Project) -> dict[str, Any]:
    """What templates/projects/project_relations.html shows beside the frame."""
    visible = set(
        Project.objects.visible_to(user)
        .filter(Q(relations_in__source=project) | Q(relations_out__target=project))
        .values_list("pk", flat=True)
    )
    rows = (
        ProjectRelation.objects.filter(Q(source=project) | Q(target=project))
        .select_related("source__lead_unit", "target__lead_unit")
        .order_by("pk")
    )
    lines, children = [], []
    for row in rows:
        outward = row.source_id == project.pk
        other = row.target if outward else row.source
        if row.kind == ProjectRelation.Kind.SPLIT and outward:
            children.append(other.total_investment or Decimal(0))
        if other.pk in visible:
            lines.append({"word": WORDS[row.kind][0 if outward else 1], "project": other})
    may_edit = may(user, project, Can.EDIT_PROJECTS)
    ended = project.status in (Status.WITHDRAWN, Status.TERMINATED)
    return {
        "relation_lines": lines,
        "reconciled": _reconciled(project, children) if children else None,
        "former_names": [name for name in project.former_names.split("；") if name],
        "history": reserve.history_of(project),
        "may_take_back": may_move(user, project),
        "may_propose": reserve.open_batches_for(user, project).exists()
        and not project.reserve_proposals.filter(verdict=Verdict.PENDING).exists(),
        "shares": _shares(project),
        "may_rename": may_edit and not ended,
        "may_share": may_edit and not ended,
        "may_split": may_edit and not ended and user.has_role(Role.ADMIN),
        "may_restart": ended and may(user, project, Can.CREATE_PROJECTS) and not is_followed(project),
    }


def _reconciled(project: Project, children: list[Decimal]) -> dict[str, Any]:
    result = reconcile(project.total_investment or Decimal(0), children)
    return {
        "whole": wan_column(project.total_investment),
        "parts": wan_column(sum(children, Decimal(0))),
        "ok": result.ok,
        "text": result.sentence,
    }


def _shares(project: Project) -> list[dict[str, Any]]:
    whole = project.total_investment
    return [
        {
            "district": share.district,
            "percent": f"{share.percent.normalize():f}%",
            "is_own": share.is_own,
            "amount": None if whole is None else wan_column(round_half_up(whole * share.percent / 100, 4)),
        }
        for share in project.district_shares.all()
    ]
