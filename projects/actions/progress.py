"""What officials tell: progress reports with photos, drafts, journal notes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from accounts import audit
from accounts.files import store_file
from accounts.models import User
from common import clock
from common.errors import DomainError
from common.periods import Period
from projects.actions.nodes import complete_node, update_node
from projects.models import Attachment, JournalEntry, Milestone, ProgressReport, Project, ReportDraft

MAX_FILES = 9


@transaction.atomic
def report_progress(
    *,
    project: Project,
    period: Period,
    text: str,
    by: User,
    key: UUID,
    files: Iterable[UploadedFile] = (),
    **fields: Any,
) -> tuple[ProgressReport, bool]:
    """Add a report for a month with its photos and papers. Returns (report, whether it is new).

    `key` makes it idempotent: the same form sent twice (a lost connection, a double tap) is one report.
    Deletes the person's draft. Raises DomainError for too many or unacceptable files.
    """
    if sent := ProgressReport.objects.filter(key=key, project=project).first():
        return sent, False
    uploads = list(files)
    if len(uploads) > MAX_FILES:
        raise DomainError(f"一次最多上传 {MAX_FILES} 个文件，现有 {len(uploads)} 个。")
    try:
        with transaction.atomic():
            report = ProgressReport.objects.create(
                project=project,
                year=period.year,
                month=period.month,
                text=text.strip(),
                submitted_by=by,
                submitted_at=clock.now(),
                key=key,
                **fields,
            )
    except IntegrityError:
        return ProgressReport.objects.get(key=key, project=project), False
    Attachment.objects.bulk_create(
        Attachment(project=project, report=report, file=store_file(upload, by=by)) for upload in uploads
    )
    ReportDraft.objects.filter(project=project, user=by).delete()
    audit.record(by=by, action="填报进展", subject=project, changes={str(period): ["", report.text[:200]]})
    return report, True


@dataclass(frozen=True)
class NodeStep:
    """What the update sheet says of one node. `done_on` completes it; otherwise begun, forecast and 卡点 are kept."""

    node: Milestone
    version: int
    begun_on: date | None = None
    forecast_on: date | None = None
    blocker: str = ""
    done_on: date | None = None


@transaction.atomic
def submit_sheet(
    *,
    project: Project,
    period: Period,
    by: User,
    key: UUID,
    today: date,
    report: dict[str, Any],
    files: Iterable[UploadedFile] = (),
    steps: Iterable[NodeStep] = (),
    parts: Iterable[Callable[[], None]] = (),
) -> tuple[ProgressReport, bool]:
    """The whole update sheet at once: the report with its files, the steps of nodes, the parts of upper floors.

    `report` holds text and the optional fields of ProgressReport; each of `parts` writes a section. All or nothing.
    Sent twice with one `key` it is one report and nothing else is written again: returns (report, False).
    Raises DomainError, StaleVersion (somebody changed a node or a figure meanwhile).
    """
    sent, fresh = report_progress(project=project, period=period, by=by, key=key, files=files, **report)
    if not fresh:
        return sent, False
    for write in parts:
        write()
    for step in steps:
        if step.done_on:
            complete_node(node=step.node, done_on=step.done_on, by=by, version=step.version, today=today)
        else:
            update_node(
                node=step.node,
                by=by,
                version=step.version,
                begun_on=step.begun_on,
                forecast_on=step.forecast_on,
                blocker=step.blocker,
            )
    return sent, True


def save_draft(*, project: Project, user: User, data: dict[str, Any]) -> ReportDraft:
    """Keep what was typed so far (never shown to others)."""
    draft, _ = ReportDraft.objects.update_or_create(
        project=project, user=user, defaults={"data": data, "saved_at": clock.now()}
    )
    return draft


@transaction.atomic
def attach(*, project: Project, upload: UploadedFile, by: User, caption: str = "") -> Attachment:
    """Add a file to the project itself."""
    attachment = Attachment.objects.create(project=project, file=store_file(upload, by=by), caption=caption)
    audit.record(by=by, action="上传附件", subject=project, changes={"附件": ["", attachment.file.name]})
    return attachment


@transaction.atomic
def attach_all(*, project: Project, uploads: Iterable[UploadedFile], by: User, caption: str = "") -> list[Attachment]:
    """Add several files, all or none. Raises DomainError for too many or unacceptable ones."""
    uploads = list(uploads)
    if len(uploads) > MAX_FILES:
        raise DomainError(f"一次最多上传 {MAX_FILES} 个文件，现有 {len(uploads)} 个。")
    return [attach(project=project, upload=upload, by=by, caption=caption) for upload in uploads]


@transaction.atomic
def note_journal(*, project: Project, kind: str, text: str, by: User) -> JournalEntry:
    """Write a line into the journal."""
    if not text.strip():
        raise DomainError("请填写内容。")
    return JournalEntry.objects.create(project=project, kind=kind, text=text.strip(), by=by, at=clock.now())


def discard_draft(*, project: Project, user: User) -> None:
    """Throw away what the person had not sent."""
    ReportDraft.objects.filter(project=project, user=user).delete()


def draft_of(project: Project, user: User) -> ReportDraft | None:
    """The person's draft for this project."""
    return ReportDraft.objects.filter(project=project, user=user).first()


def current_period(today: date) -> Period:
    """The month being reported: the calendar month of today."""
    return Period(today.year, today.month)
