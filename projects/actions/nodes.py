"""Key nodes: laid out from the templates, scheduled backward, moved with a reason, completed with their paper."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F

from accounts import audit
from accounts.models import StoredFile, User
from common import clock
from common.db import save_versioned
from common.errors import DomainError
from common.workdays import WorkCalendar, work_calendar
from projects import scheduling
from projects.choices import DayType, TargetKind
from projects.gates import EVIDENCE_LABELS
from projects.models import Evidence, Milestone, MilestoneTemplate, Project, Replan
from projects.node_templates import START_NODE, TARGET_NODE, lies_before


def sync_nodes(project: Project) -> None:
    """Lay out the nodes of the project's 管理方式 and say which apply to its facts. Dates and done nodes stay."""
    templates = MilestoneTemplate.objects.filter(approval_type=project.approval_type)
    conditions = {template.applies_when for template in templates}
    facts = Project.objects.filter(pk=project.pk).with_conditions(conditions).get()
    existing = {node.code: node for node in project.milestones.all()}
    fresh = []
    for template in templates:
        applies = not template.applies_when or getattr(facts, f"applies_{template.applies_when}")
        node = existing.pop(template.code, None)
        if node is None:
            fresh.append(node_from(template, project, applies=applies))
        elif node.is_applicable != applies and node.done_on is None:
            Milestone.objects.filter(pk=node.pk).update(is_applicable=applies, version=F("version") + 1)
    Milestone.objects.bulk_create(fresh)
    gone = [node.pk for node in existing.values() if node.done_on is None and node.is_applicable]
    Milestone.objects.filter(pk__in=gone).update(is_applicable=False, version=F("version") + 1)


def node_from(template: MilestoneTemplate, project: Project, *, applies: bool) -> Milestone:
    """A node as its template describes it, not yet inserted."""
    same = ("code", "name", "order", "wall_column", "duration", "day_type", "deps", "department", "evidence_code")
    return Milestone(
        project=project,
        is_applicable=applies,
        is_tracked=not lies_before(template.code, project.first_stage),
        **{field: getattr(template, field) for field in same},
    )


def preview_schedule(*, project: Project, kind: str, target: date, today: date) -> scheduling.Plan:
    """Backward schedule of the open nodes for a target, nothing written (handbook §2.4).

    The plan names the critical path, floats, the latest start of every node, and the shortfall when not feasible.
    """
    nodes = {n.code: n for n in project.milestones.all() if n.is_applicable and n.is_tracked}
    goal = TARGET_NODE[kind]
    if goal not in nodes:
        label = TargetKind(kind).label
        raise DomainError(f"这个项目的“{label}”已在登记前完成，不能再按它倒排。请改选投产目标。")
    every = {n.code: n.deps for n in project.milestones.all()}
    calendar = work_calendar()
    network = scheduling.Network(
        {
            code: scheduling.Node(
                _duration_left(node, today, calendar), tuple(_inherited(node.deps, nodes, every)), node.day_type
            )
            for code, node in nodes.items()
        }
    ).upstream_of(goal)
    done = {code: nodes[code].done_on for code in network.nodes if nodes[code].done_on}
    return scheduling.plan(network, target=target, start=today, done=done, calendar=calendar)


def _duration_left(node: Milestone, today: date, calendar: WorkCalendar) -> int:
    """What is left of the standard duration: a node that has begun has used some of it."""
    if node.begun_on is None or node.done_on or node.begun_on > today:
        return node.duration
    in_calendar_days = node.day_type == DayType.CALENDAR
    spent = (today - node.begun_on).days if in_calendar_days else calendar.between(node.begun_on, today)
    return max(node.duration - spent, 0)


def _inherited(deps: Iterable[str], present: dict[str, Milestone], every: dict[str, list[str]]) -> list[str]:
    """Deps with every absent node replaced by its own predecessors (decisions §8)."""
    found: list[str] = []
    for dep in deps:
        found += [dep] if dep in present else _inherited(every.get(dep, ()), present, every)
    return list(dict.fromkeys(found))


@transaction.atomic
def set_target(
    *, project: Project, kind: str, target: date, by: User | None, version: int, reason: str = "", today: date
) -> scheduling.Plan:
    """Adopt a target date: schedule every open node backward from it.

    The first adopted dates stay as baseline. Changing an adopted target needs a reason. An infeasible target may be
    adopted (the plan says by how much), never silently moved. Raises DomainError, StaleVersion.
    """
    if project.target_on and not reason.strip():
        raise DomainError("调整已定的目标日期须填写理由。")
    plan = preview_schedule(project=project, kind=kind, target=target, today=today)
    before = project.target_on
    moved = []
    for node in project.milestones.filter(code__in=plan.nodes, done_on__isnull=True):
        slot = plan.nodes[node.code]
        if node.due_on != slot.latest_finish:
            moved.append(
                {"code": node.code, "name": node.name, "before": _iso(node.due_on), "after": _iso(slot.latest_finish)}
            )
        Milestone.objects.filter(pk=node.pk).update(
            start_on=node.start_on if node.begun_on and node.start_on else slot.latest_start,
            due_on=slot.latest_finish,
            baseline_due_on=node.baseline_due_on or slot.latest_finish,
            float_workdays=slot.float_workdays,
            is_critical=slot.is_critical,
            version=F("version") + 1,
        )
    changes: dict[str, Any] = {"target_kind": kind, "target_on": target}
    if project.baseline_target_on is None:
        changes["baseline_target_on"] = target
    save_versioned(project, version=version, **changes)
    Replan.objects.create(
        project=project,
        at=clock.now(),
        by=by,
        reason=reason,
        target_before=before,
        target_after=target,
        moved=moved,
    )
    audit.record(by=by, action="倒排计划", subject=project, changes={"目标日期": [before, target]}, reason=reason)
    return plan


@transaction.atomic
def move_node(*, node: Milestone, due_on: date, reason: str, by: User | None, version: int, today: date) -> Milestone:
    """Move one node's due date; the baseline stays. A reason is mandatory (a moved date without one is how
    tracking is gamed)."""
    _must_be_open(node)
    if not reason.strip():
        raise DomainError("调整节点计划日期须填写理由。")
    before = node.due_on
    save_versioned(node, version=version, due_on=due_on, baseline_due_on=node.baseline_due_on or due_on)
    Replan.objects.create(
        project=node.project,
        at=clock.now(),
        by=by,
        reason=reason,
        target_before=node.project.target_on,
        target_after=node.project.target_on or due_on,
        moved=[{"code": node.code, "name": node.name, "before": _iso(before), "after": _iso(due_on)}],
    )
    audit.record(by=by, action="调整节点", subject=node.project, changes={node.name: [before, due_on]}, reason=reason)
    return node


@transaction.atomic
def withdraw_due(*, node: Milestone, reason: str, by: User | None, version: int) -> Milestone:
    """Take back a first due date that was entered by mistake: there is no plan again. One that was moved since stays:
    DomainError."""
    _must_be_open(node)
    if node.due_on != node.baseline_due_on:
        raise DomainError("节点计划日期已经调整过，首次计划要保留作对照，不能撤回。")
    before = node.due_on
    save_versioned(node, version=version, due_on=None, baseline_due_on=None)
    audit.record(by=by, action="撤回节点计划", subject=node.project, changes={node.name: [before, ""]}, reason=reason)
    return node


@transaction.atomic
def update_node(*, node: Milestone, by: User | None, version: int, **changes: Any) -> Milestone:
    """Progress of an open node: begun_on, forecast_on, blocker."""
    _must_be_open(node)
    unknown = set(changes) - {"begun_on", "forecast_on", "blocker"}
    assert not unknown, unknown
    trail = {f"{node.name} {label}": pair for label, pair in audit.difference(node, changes).items()}
    if trail:
        save_versioned(node, version=version, **changes)
        audit.record(by=by, action="更新节点", subject=node.project, changes=trail)
    return node


@transaction.atomic
def complete_node(
    *,
    node: Milestone,
    done_on: date,
    by: User | None,
    version: int,
    today: date,
    document_no: str = "",
    file: StoredFile | None = None,
    issued_by: str = "",
) -> Milestone:
    """Mark a node done on a day; where the node brings a paper, its number or file becomes the gate's evidence.

    Raises DomainError for a future day, StaleVersion when somebody was faster.
    """
    _must_be_open(node)
    if done_on > today:
        raise DomainError(f"实际完成日期 {done_on} 晚于今天。尚未完成的请填写预计完成日期。")
    save_versioned(node, version=version, done_on=done_on, done_by=by, blocker="", begun_on=node.begun_on or done_on)
    if (document_no.strip() or file) and node.evidence_code:
        supply_evidence(
            project=node.project,
            code=node.evidence_code,
            by=by,
            document_no=document_no,
            file=file,
            issued_on=done_on,
            issued_by=issued_by or node.department,
            milestone=node,
        )
    audit.record(by=by, action="完成节点", subject=node.project, changes={node.name: ["未完成", done_on]})
    return node


@transaction.atomic
def reopen_node(*, node: Milestone, reason: str, by: User | None, version: int) -> Milestone:
    """Take back a completion entered by mistake; reason mandatory, the trail keeps both."""
    if not reason.strip():
        raise DomainError("撤销节点完成须填写理由。")
    before = node.done_on
    save_versioned(node, version=version, done_on=None, done_by=None)
    audit.record(
        by=by, action="撤销节点完成", subject=node.project, changes={node.name: [before, "未完成"]}, reason=reason
    )
    return node


@transaction.atomic
def supply_evidence(
    *,
    project: Project,
    code: str,
    by: User | None,
    document_no: str = "",
    file: StoredFile | None = None,
    issued_by: str = "",
    issued_on: date | None = None,
    valid_until: date | None = None,
    note: str = "",
    milestone: Milestone | None = None,
) -> Evidence:
    """Add a paper to the project. It must have a number or a file: a gate does not take somebody's word."""
    if not document_no.strip() and file is None:
        raise DomainError("请填写文号，或上传文件：门槛只认有文号或有文件的要件。")
    if code not in EVIDENCE_LABELS and code != "DEDUP_OK":
        raise DomainError("没有这种要件。")
    evidence = Evidence.objects.create(
        project=project,
        code=code,
        document_no=document_no.strip(),
        file=file,
        issued_by=issued_by,
        issued_on=issued_on,
        valid_until=valid_until,
        note=note,
        milestone=milestone,
        supplied_by=by,
        supplied_at=clock.now(),
    )
    label = EVIDENCE_LABELS.get(code, "查重说明")
    audit.record(
        by=by, action="提交要件", subject=project, changes={label: ["", document_no or (file.name if file else "")]}
    )
    return evidence


@transaction.atomic
def withdraw_evidence(*, evidence: Evidence, reason: str, by: User | None) -> None:
    """Take back a wrong paper; it stays in the record."""
    if not reason.strip():
        raise DomainError("撤回要件须填写理由。")
    evidence.withdrawn_at = clock.now()
    evidence.withdrawn_reason = reason
    evidence.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    audit.record(
        by=by,
        action="撤回要件",
        subject=evidence.project,
        changes={EVIDENCE_LABELS.get(evidence.code, evidence.code): [evidence.document_no, "已撤回"]},
        reason=reason,
    )


def complete_start_node(project: Project, on: date, by: User | None) -> None:
    """开工 was recognised: the node 开工 is done on that day."""
    Milestone.objects.filter(project=project, code=START_NODE, done_on__isnull=True).update(
        done_on=on, done_by=by, version=F("version") + 1
    )


def _must_be_open(node: Milestone) -> None:
    if node.done_on:
        raise DomainError(f"节点“{node.name}”已于 {node.done_on} 完成。如填错，请先撤销完成。")
    if not node.is_applicable:
        raise DomainError(f"节点“{node.name}”不适用于这个项目。")


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
