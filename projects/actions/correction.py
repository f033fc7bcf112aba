"""更正单: a mistake after 开工 is corrected by two people and stays visible (decisions §5)."""

from datetime import date

from django.db import transaction
from django.db.models import F

from accounts import audit
from accounts.models import User
from common import clock
from common.dates import parse_date
from common.errors import DomainError, NotAllowed
from projects import lifecycle
from projects.choices import RequestState, Stage
from projects.models import CorrectionRequest, Project, StageChange
from projects.permissions import of_bureau

CORRECTABLE = ("stage", "actual_start_date", "completed_on", "production_date")


@transaction.atomic
def request_correction(*, project: Project, field: str, after: str, reason: str, by: User) -> CorrectionRequest:
    """Ask to correct the stage or one of the dates of fact. `after` is a stage value or an ISO date ("" empties)."""
    if field not in CORRECTABLE:
        raise DomainError("这一项不能用更正单修改，请在“修改项目”中办理。")
    if not reason.strip():
        raise DomainError("更正须填写理由。")
    _parsed(field, after)
    request = CorrectionRequest.objects.create(
        project=project,
        field=field,
        before=str(getattr(project, field) or ""),
        after=after,
        reason=reason,
        requested_by=by,
        requested_at=clock.now(),
    )
    audit.record(by=by, action="申请更正", subject=project, reason=reason)
    return request


@transaction.atomic
def decide_correction(*, request: CorrectionRequest, approve: bool, by: User, today: date, note: str = "") -> None:
    """Approve or return a correction. The record before and after stays in StageChange and the trail."""
    if not of_bureau(by):
        raise NotAllowed("更正单由发改局审核。")
    if by == request.requested_by:
        raise NotAllowed("申请人不能审核自己提交的更正单。")
    if not approve and not note.strip():
        raise DomainError("退回须填写理由。")
    won = CorrectionRequest.objects.filter(pk=request.pk, state=RequestState.PENDING).update(
        state=RequestState.APPROVED if approve else RequestState.RETURNED,
        decided_by=by,
        decided_at=clock.now(),
        decision_note=note,
    )
    if not won:
        raise DomainError("这份更正单已经处理过了。")
    project = request.project
    before = project.state
    if approve:
        value = _parsed(request.field, request.after)
        # The one lawful way around the machine: decided by two people, recorded as a correction.
        Project.objects.filter(pk=project.pk).update(
            **{request.field: value}, version=F("version") + 1, updated_at=clock.now()
        )
        project = Project.objects.get(pk=project.pk)
        StageChange.objects.create(
            project=project,
            edge="correction",
            before=before,
            after=project.state,
            on=today,
            at=clock.now(),
            by=by,
            note=request.reason,
        )
    label = str(Project._meta.get_field(request.field).verbose_name)
    audit.record(
        by=by,
        action="更正" if approve else "退回更正",
        subject=project,
        changes={label: [request.before, request.after]} if approve else {},
        reason=note or request.reason,
    )


def _parsed(field: str, text: str) -> str | date | None:
    if field == "stage":
        if text not in Stage.values:
            raise DomainError(f"没有“{lifecycle.STATE_LABELS.get(text, text)}”这个阶段。")
        return text
    if not text:
        return None
    parsed = parse_date(text)
    if not parsed.date_to or parsed.date_from != parsed.date_to:
        raise DomainError("请填写确切日期，例如 2026-03-15。")
    return parsed.date_to
