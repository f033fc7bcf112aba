"""Two records of one project become one (handbook §10.4, §10.13). What upper floors keep is moved through `MOVERS`."""

from collections.abc import Callable
from datetime import date

from django.db import transaction
from django.db.models import F

from accounts import audit
from accounts.choices import Role
from accounts.models import User
from common import clock
from common.db import save_versioned
from common.errors import DomainError, NotAllowed, StaleVersion
from common.text import quoted
from projects.actions.people import SINGLE
from projects.choices import RequestState, Status, WithdrawReason
from projects.models import (
    Assignment,
    Attachment,
    Evidence,
    JournalEntry,
    Milestone,
    ProgressReport,
    Project,
    ProjectRelation,
    StageChange,
    StageRequest,
)

Mover = Callable[[Project, Project], list[str]]
MOVERS: list[Mover] = []
"""(kept, merged) → what was moved, in words. Upper floors register theirs at start-up; they run inside the action."""

_HISTORY = (ProgressReport, JournalEntry, Attachment, Evidence)
_NODE_FACTS = ("begun_on", "done_on", "done_by", "due_on", "start_on", "baseline_due_on", "forecast_on")


@transaction.atomic
def merge_projects(
    *, kept: Project, merged: Project, reason: str, by: User, today: date, version: int, merged_version: int
) -> Project:
    """Move what `merged` has to `kept` and withdraw it with a link “已并入”; what both have stays as `kept` has it.

    By the bureau's administrator, with a reason. Raises NotAllowed, DomainError, StaleVersion.
    """
    if not by.has_role(Role.ADMIN):
        raise NotAllowed("合并项目由发改局管理员办理。")
    if not reason.strip():
        raise DomainError("合并项目须填写理由。")
    if kept.pk == merged.pk:
        raise DomainError("请选择另一个项目。")
    for project in (kept, merged):
        if project.status not in (Status.NORMAL, Status.SUSPENDED):
            raise DomainError(f"{quoted(project.name)}已{project.get_status_display()}，不能合并。")
    if StageRequest.objects.filter(project=merged, state=RequestState.PENDING).exists():
        raise DomainError(f"{quoted(merged.name)}还有待审核的申请，请先办结。")
    moved = [line for model in _HISTORY if (line := _history(model, kept, merged))]
    moved += [line for line in (_nodes(kept, merged), _people(kept, merged)) if line]
    moved += [line for mover in MOVERS for line in mover(kept, merged)]
    save_versioned(kept, version=version)
    _withdraw(merged, kept, reason, by, today, merged_version)
    ProjectRelation.objects.create(source=merged, target=kept, kind=ProjectRelation.Kind.MERGE)
    told = {"并入的内容": ["", "；".join(moved) or "没有可移的内容"]}
    audit.record(by=by, action="合并项目", subject=kept, changes={"合并自": ["", _named(merged)]} | told, reason=reason)
    audit.record(by=by, action="合并项目", subject=merged, changes={"已并入": ["", _named(kept)]} | told, reason=reason)
    return kept


def _named(project: Project) -> str:
    return f"{project.name}（{project.number}）"


def _history(model, kept: Project, merged: Project) -> str:
    count = model.objects.filter(project=merged).update(project=kept)
    return f"{model._meta.verbose_name} {count} 条" if count else ""


def _nodes(kept: Project, merged: Project) -> str:
    """Nodes that are done, begun or dated only on the merged one hand their dates over."""
    theirs = {node.code: node for node in Milestone.objects.filter(project=merged)}
    count = 0
    for node in Milestone.objects.filter(project=kept):
        other = theirs.get(node.code)
        if other is None or node.done_on:
            continue
        facts = {
            name: getattr(other, name)
            for name in _NODE_FACTS
            if getattr(other, name) is not None and getattr(node, name) is None
        }
        if facts:
            save_versioned(node, version=node.version, **facts)
            count += 1
    return f"节点 {count} 个" if count else ""


def _people(kept: Project, merged: Project) -> str:
    """Open terms move where the kept project has nobody for a single duty, or not yet that person."""
    held = {(term.duty, term.user_id, term.name, term.unit_id) for term in _open_terms(kept)}
    duties = {duty for duty, *_ in held}
    moving = [
        term.pk
        for term in _open_terms(merged)
        if (
            term.duty not in duties
            if term.duty in SINGLE
            else (term.duty, term.user_id, term.name, term.unit_id) not in held
        )
    ]
    Assignment.objects.filter(pk__in=moving).update(project=kept)
    return f"责任人 {len(moving)} 位" if moving else ""


def _open_terms(project: Project):
    return Assignment.objects.filter(project=project, ends_on__isnull=True)


def _withdraw(merged: Project, kept: Project, reason: str, by: User, today: date, version: int) -> None:
    """退库, as merged; the record stays."""
    project = Project.objects.select_for_update().get(pk=merged.pk)
    if project.version != version:
        raise StaleVersion(project)
    before = project.state
    project.withdraw(today)
    project.status_reason, project.status_since = f"已并入{quoted(kept.name)}：{reason}"[:500], today
    project.withdraw_reason = WithdrawReason.MERGED
    project.updated_at, project.version = clock.now(), F("version") + 1
    project.save()
    project.refresh_from_db()
    StageChange.objects.create(
        project=project, edge="withdraw", before=before, after=project.state, on=today, at=clock.now(), by=by,
        note=project.status_reason,
    )  # fmt: skip
