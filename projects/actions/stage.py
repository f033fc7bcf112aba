"""Moving a project along its lifecycle: asked for, judged by the gate, decided by the role, recorded."""

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F
from django_fsm import ConcurrentTransition

from accounts import audit
from accounts.choices import Role
from accounts.models import User
from common import clock, settings
from common.errors import DomainError, NotAllowed, StaleVersion
from projects import lifecycle
from projects.actions.nodes import complete_start_node
from projects.choices import RequestState, Status, WithdrawReason
from projects.gates import GateReport, read_gate
from projects.models import Project, StageChange, StageRequest
from projects.permissions import may_decide, may_request


class StageNotReady(DomainError):
    """Papers are missing. `report` names each of them."""

    code = "gate"

    def __init__(self, report: GateReport) -> None:
        self.report = report
        missing = "、".join(item.demand.label for item in report.missing)
        super().__init__(f"还缺 {len(report.missing)} 项：{missing}。请补齐后再提交。")


@transaction.atomic
def request_stage(
    *,
    project: Project,
    edge: str,
    by: User,
    today: date,
    effective_on: date | None = None,
    note: str = "",
    withdraw_reason: str = "",
) -> StageRequest:
    """Ask for a move. Checked here: the person, the edge, reason and date, and every demand of the gate.

    Raises NotAllowed, DomainError, StageNotReady. Nothing moves before the approver has decided.
    """
    way = _open_edge(project, edge)
    if not may_request(by, project, way):
        raise NotAllowed(f"“{way.label}”由{'发改局' if way.by_bureau else '责任单位'}发起，您的账号不能提交。")
    if way.needs_reason and not note.strip():
        raise DomainError(f"“{way.label}”须填写理由。")
    _check_date(project, way, effective_on, today)
    if way.code == "withdraw" and not withdraw_reason:
        raise DomainError("退库须选择退库原因。")
    if not (report := read_gate(project, way.gate, today)).ok:
        raise StageNotReady(report)
    try:
        with transaction.atomic():
            request = StageRequest.objects.create(
                project=project,
                edge=edge,
                effective_on=effective_on,
                note=note,
                withdraw_reason=withdraw_reason,
                requested_by=by,
                requested_at=clock.now(),
            )
    except IntegrityError:
        raise DomainError("这个项目已有一份待审核的阶段申请，请等待审核或先撤回。") from None
    audit.record(by=by, action=f"申请{way.label}", subject=project, reason=note)
    return request


@transaction.atomic
def decide_stage(*, request: StageRequest, approve: bool, by: User, today: date, note: str = "") -> StageRequest:
    """Approve (the project moves) or return (with a reason, counted) a pending request.

    The gate is asked again: it judges what is saved now. Raises NotAllowed, StageNotReady, DomainError.
    """
    way = lifecycle.EDGE[request.edge]
    if not may_decide(by, way):
        roles = "、".join(Role(role).label for role in way.approvers)
        raise NotAllowed(f"“{way.label}”由{roles}审核，您的账号不能审核。")
    if by == request.requested_by and not settings.get("requester_may_approve"):
        raise NotAllowed("申请人不能审核自己提交的申请，请由另一位审核人员办理。")
    if not approve and not note.strip():
        raise DomainError("退回须填写理由。")
    _close_request(request, RequestState.APPROVED if approve else RequestState.RETURNED, by, note)
    if approve:
        _move(request, way, by, today)
    else:
        audit.record(by=by, action=f"退回{way.label}申请", subject=request.project, reason=note)
    return request


@transaction.atomic
def cancel_request(*, request: StageRequest, by: User) -> None:
    """Take back one's own unit's pending request."""
    _close_request(request, RequestState.CANCELLED, by, "")
    audit.record(by=by, action=f"撤回{request.label}申请", subject=request.project)


@transaction.atomic
def end_project(*, project: Project, by: User, today: date, note: str, withdraw_reason: str = "") -> None:
    """End a project whose work goes on in others (拆分、合并), by the decision that `note` names: 退库 before 开工,
    终止 after it. Raises DomainError for one in 投产 or with a request pending."""
    code = "withdraw" if project.stage in (lifecycle.PLANNING, lifecycle.RESERVE) else "terminate"
    way = _open_edge(project, code)
    if StageRequest.objects.filter(project=project, state=RequestState.PENDING).exists():
        raise DomainError("这个项目有一份待审核的阶段申请，请先审核或撤回。")
    now = clock.now()
    decided = StageRequest.objects.create(
        project=project,
        edge=code,
        state=RequestState.APPROVED,
        note=note,
        withdraw_reason=(withdraw_reason or WithdrawReason.OTHER) if code == "withdraw" else "",
        requested_by=by,
        requested_at=now,
        decided_by=by,
        decided_at=now,
    )
    _move(decided, way, by, today)


def _close_request(request: StageRequest, state: str, by: User, note: str) -> None:
    """Claim the decision: only one of two simultaneous deciders touches the pending row."""
    won = StageRequest.objects.filter(pk=request.pk, state=RequestState.PENDING).update(
        state=state, decided_by=by, decided_at=clock.now(), decision_note=note
    )
    if not won:
        raise DomainError("这份申请已经处理过了，请刷新页面查看结果。")
    request.refresh_from_db()


def _move(request: StageRequest, way: lifecycle.Edge, by: User, today: date) -> None:
    """The only caller of the machine's methods: lock, re-check, move, record."""
    project = Project.objects.select_for_update().get(pk=request.project_id)
    _open_edge(project, way.code)
    if not (report := read_gate(project, way.gate, today)).ok:
        raise StageNotReady(report)
    before, on = project.state, request.effective_on if way.code != "suspend" else today
    on = on or today
    getattr(project, way.code)(on)
    project.stage_since = on if way in _STAGE_EDGES else project.stage_since
    if way.code in ("suspend", "withdraw", "terminate", "resume"):
        project.status_reason, project.status_since = request.note, on
        project.resume_expected_on = request.effective_on if way.code == "suspend" else None
        project.withdraw_reason = request.withdraw_reason
    if project.status == Status.NORMAL and way.code == "resume":
        project.status_reason = ""
    project.updated_at = clock.now()
    project.version = F("version") + 1
    try:
        project.save()
    except ConcurrentTransition:
        raise StaleVersion(project, "这个项目刚被他人推进或变更，请刷新后再办理。") from None
    project.refresh_from_db()
    if way.code == "commence":
        complete_start_node(project, on, by)
    StageChange.objects.create(
        project=project,
        edge=way.code,
        before=before,
        after=project.state,
        on=on,
        at=clock.now(),
        by=by,
        note=request.note,
        request=request,
    )
    audit.record(
        by=by,
        action=way.label,
        subject=project,
        changes={"阶段": [lifecycle.STATE_LABELS[before], project.state_label]},
        reason=request.decision_note or request.note,
    )


_STAGE_EDGES = tuple(
    lifecycle.EDGE[c] for c in ("admit_to_reserve", "send_back", "commence", "enter_construction", "commission")
)


def _open_edge(project: Project, code: str) -> lifecycle.Edge:
    for way in project.open_edges():
        if way.code == code:
            return way
    label = lifecycle.EDGE[code].label if code in lifecycle.EDGE else code
    raise DomainError(f"项目现为“{project.state_label}”，不能办理“{label}”。阶段须逐级推进，不得越级或倒退。")


def _check_date(project: Project, way: lifecycle.Edge, on: date | None, today: date) -> None:
    """Dates of fact lie in the past and in order; the expected resumption lies ahead (handbook §10.20)."""
    if not way.asks_date:
        return
    if on is None:
        raise DomainError(f"请填写{way.asks_date}。")
    if way.code == "suspend":
        if on <= today:
            raise DomainError(f"预计复工日期 {on} 应晚于今天。")
        return
    if on > today:
        raise DomainError(f"{way.asks_date} {on} 晚于今天。")
    earlier = {
        "complete": ("实际开工日期", project.actual_start_date),
        "commission": ("竣工验收日期", project.completed_on or project.actual_start_date),
        "close": ("投产日期", project.production_date),
    }.get(way.code)
    if earlier and earlier[1] and on < earlier[1]:
        raise DomainError(f"{way.asks_date} {on} 早于{earlier[0]} {earlier[1]}。")
