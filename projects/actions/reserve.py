"""储备库: proposal → review meeting → minutes → admitted; once a year what rests is put before one again."""

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Max

from accounts import audit
from accounts.models import User
from accounts.roles import Can
from common import clock
from common.db import save_versioned
from common.errors import DomainError, NotAllowed
from common.text import quoted
from projects.actions.nodes import supply_evidence
from projects.actions.stage import decide_stage, request_stage
from projects.choices import BatchKind, Stage, Status, Verdict, WithdrawReason
from projects.gates import read_gate
from projects.models import Project, ReserveBatch, ReserveProposal
from projects.permissions import may, may_move, of_bureau

MINUTES = "REVIEW_MINUTES"


@transaction.atomic
def open_batch(*, kind: str, meeting_on: date, by: User, today: date) -> ReserveBatch:
    """Call a review meeting. One of adjustment begins with every project that has not moved for a year."""
    _bureau(by)
    last = ReserveBatch.objects.filter(kind=kind, year=meeting_on.year).aggregate(n=Max("number"))["n"] or 0
    try:
        with transaction.atomic():
            batch = ReserveBatch.objects.create(
                kind=kind,
                year=meeting_on.year,
                number=last + 1,
                meeting_on=meeting_on,
                opened_by=by,
                opened_at=clock.now(),
            )
    except IntegrityError:
        raise DomainError("另一个人刚发起了同一批次，请刷新后查看。") from None
    audit.record(by=by, action="发起评审会", subject=batch)
    if kind == BatchKind.ADJUST:
        waiting = ReserveProposal.objects.filter(verdict=Verdict.PENDING).values("project")
        ReserveProposal.objects.bulk_create(
            ReserveProposal(
                batch=batch,
                project=project,
                withdraw_reason=WithdrawReason.STALE,
                note="入库满一年未推进，提请会议研究去留。",
                proposed_by=by,
                proposed_at=clock.now(),
            )
            for project in Project.objects.stale_reserve(today).exclude(pk__in=waiting).order_by("pk")
        )
    return batch


@transaction.atomic
def propose(
    *, project: Project, batch: ReserveBatch, by: User, today: date, note: str = "", withdraw_reason: str = ""
) -> ReserveProposal:
    """Put a project before a meeting. 入库 is asked for by the unit, with every paper but the minutes at hand;
    whether a project stays is asked by the bureau, with a reason. Raises NotAllowed, DomainError."""
    batch = _open(batch)
    if batch.kind == BatchKind.ENTRY:
        _check_entry(project, by, today)
    else:
        _bureau(by)
        if project.stage not in (Stage.PLANNING, Stage.RESERVE) or project.status not in (
            Status.NORMAL,
            Status.SUSPENDED,
        ):
            raise DomainError("只有谋划、储备阶段的项目可以退库；已开工的项目请走终止。")
        if not withdraw_reason:
            raise DomainError("请选择提请退库的原因。")
    try:
        with transaction.atomic():
            proposal = ReserveProposal.objects.create(
                batch=batch,
                project=project,
                note=note,
                withdraw_reason=withdraw_reason if batch.kind == BatchKind.ADJUST else "",
                proposed_by=by,
                proposed_at=clock.now(),
            )
    except IntegrityError:
        raise DomainError("这个项目已经提请评审，请等待会议结论或先撤回。") from None
    audit.record(by=by, action="提请评审", subject=project, reason=note, changes={"批次": ["", str(batch)]})
    return proposal


def _check_entry(project: Project, by: User, today: date) -> None:
    if not may(by, project, Can.REQUEST_STAGE):
        raise NotAllowed("入库由责任单位提请，您的账号不能提交。")
    if project.stage != Stage.PLANNING or project.status != Status.NORMAL:
        raise DomainError(f"项目现在是“{project.state_label}”，只有谋划中的项目可以提请入库。")
    lacking = [i.demand.label for i in read_gate(project, Stage.RESERVE, today).missing if i.demand.code != MINUTES]
    if lacking:
        raise DomainError(f"还缺 {len(lacking)} 项：{'、'.join(lacking)}。请补齐后再提请评审。")


@transaction.atomic
def take_back(*, proposal: ReserveProposal, by: User) -> None:
    """Take a proposal off the agenda before the meeting has judged it."""
    _open(proposal.batch)
    if not (may_move(by, proposal.project)):
        raise NotAllowed("只有提请单位和发改局可以撤回提请。")
    if proposal.verdict != Verdict.PENDING:
        raise DomainError("会议已经有了结论，不能撤回。")
    audit.record(by=by, action="撤回提请", subject=proposal.project, changes={"批次": [str(proposal.batch), ""]})
    proposal.delete()


@transaction.atomic
def judge(*, proposal: ReserveProposal, verdict: str, opinion: str, by: User) -> None:
    """Write down what the meeting said of one project; it takes effect when the batch is closed."""
    _bureau(by)
    batch = _open(proposal.batch)
    if verdict != Verdict.PASSED and not opinion.strip():
        raise DomainError("没有通过的请写明评审意见。" if batch.kind == BatchKind.ENTRY else "请写明会议意见。")
    ReserveProposal.objects.filter(pk=proposal.pk).update(verdict=verdict, opinion=opinion.strip())
    proposal.refresh_from_db()
    changes = {str(batch): ["", proposal.verdict_label]}
    audit.record(by=by, action="评审", subject=proposal.project, reason=opinion, changes=changes)


@transaction.atomic
def close_batch(
    *, batch: ReserveBatch, document_no: str, by: User, today: date, version: int, summary: str = ""
) -> ReserveBatch:
    """The minutes are issued: projects that passed get them as their paper and are admitted; those to be withdrawn
    become requests for the leader. All of it or nothing. Raises DomainError naming the project that cannot move."""
    _bureau(by)
    _open(batch)
    if not document_no.strip():
        raise DomainError("请填写会议纪要文号。")
    proposals = list(batch.proposals.select_related("project", "proposed_by", "batch").order_by("pk"))
    if waiting := [one.project.name for one in proposals if one.verdict == Verdict.PENDING]:
        raise DomainError(f"还有 {len(waiting)} 个项目没有结论：{'、'.join(waiting[:3])}。请先记录评审结论。")
    save_versioned(
        batch, version=version, document_no=document_no.strip(), summary=summary, closed_by=by, closed_at=clock.now()
    )
    for proposal in proposals:
        if proposal.verdict != Verdict.PASSED:
            continue
        try:
            carry_out = _admit if batch.kind == BatchKind.ENTRY else _ask_to_withdraw
            carry_out(proposal, batch, by, today)
        except DomainError as error:
            raise DomainError(f"{quoted(proposal.project.name)}：{error.message}") from error
    audit.record(by=by, action="印发会议纪要", subject=batch, changes={"文号": ["", document_no]}, reason=summary)
    return batch


def _admit(proposal: ReserveProposal, batch: ReserveBatch, by: User, today: date) -> None:
    """Two persons: who proposed asks, who closes the batch decides."""
    project = proposal.project
    supply_evidence(
        project=project,
        code=MINUTES,
        by=by,
        document_no=batch.document_no,
        issued_on=batch.meeting_on,
        note=str(batch),
    )
    asked = request_stage(
        project=project, edge="admit_to_reserve", by=proposal.proposed_by, today=today, note=proposal.note
    )
    decide_stage(request=asked, approve=True, by=by, today=today, note=proposal.opinion or f"{batch}评审通过")
    ReserveProposal.objects.filter(pk=proposal.pk).update(request=asked)


def _ask_to_withdraw(proposal: ReserveProposal, batch: ReserveBatch, by: User, today: date) -> None:
    asked = request_stage(
        project=proposal.project,
        edge="withdraw",
        by=by,
        today=today,
        note=proposal.opinion or proposal.note or str(batch),
        withdraw_reason=proposal.withdraw_reason,
    )
    ReserveProposal.objects.filter(pk=proposal.pk).update(request=asked)


def _bureau(by: User) -> None:
    if not of_bureau(by):
        raise NotAllowed("评审会由发改局组织，您的账号不能办理。")


def _open(batch: ReserveBatch) -> ReserveBatch:
    """The batch, locked, as long as nothing has closed it."""
    batch = ReserveBatch.objects.select_for_update().get(pk=batch.pk)
    if not batch.is_open:
        raise DomainError(f"{batch}已经办结，不能再改。")
    return batch
