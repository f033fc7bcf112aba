"""Everything that happened to a project, newest first: reports, stages, plans, notes, changed fields."""

from collections.abc import Callable, Iterable
from heapq import nlargest
from typing import Any

from django.urls import reverse

from accounts.models import AuditEntry
from projects.choices import RequestState
from projects.models import Attachment, ProgressReport, Project

KINDS = {"": "全部", "report": "进展", "stage": "阶段", "plan": "计划调整", "note": "工作日志", "change": "修改记录"}
PAGE = 30
# Audit entries whose fact has a richer line of its own.
_TOLD_BETTER = ("填报进展", "倒排计划", "调整节点")


def entries(project: Project, kind: str, page: int) -> tuple[list[dict], bool]:
    """One page of the trail (components/_timeline) and whether there is more. `kind` is a key of KINDS."""
    sources = [source for name, source in _SOURCES.items() if kind in ("", name)]
    wanted = page * PAGE + 1
    merged = nlargest(wanted, (line for source in sources for line in source(project, wanted)), key=lambda e: e["at"])
    return merged[(page - 1) * PAGE : page * PAGE], len(merged) == wanted


def report_entries(project: Project, limit: int) -> list[dict]:
    """The latest reports with their photos: two queries."""
    reports = project.reports.select_related("submitted_by__unit").prefetch_related("attachments__file")[:limit]
    return [_report(report) for report in reports]


def _report(report: ProgressReport) -> dict:
    lines = [report.text]
    if report.physical_percent is not None:
        lines.append(f"形象进度 {report.physical_percent}%。")
    if report.problem:
        lines.append(f"存在问题：{report.problem}")
    if report.help_wanted:
        lines.append(f"需协调：{report.help_wanted}")
    if report.next_plan:
        lines.append(f"下月计划：{report.next_plan}")
    return {
        "at": report.submitted_at,
        "text": "\n".join(lines),
        "by": _who(report.submitted_by),
        "tag": f"{report.month}月进展",
        "photos": [_photo(a) for a in report.attachments.all() if a.file.is_image],
        "files": [{"name": str(a), "url": file_url(a)} for a in report.attachments.all() if not a.file.is_image],
    }


def file_url(attachment: Attachment) -> str:
    """Where an attachment is handed out, behind the project's door."""
    return reverse("projects:attachment", args=[attachment.pk])


def _photo(attachment: Attachment) -> dict:
    return {"url": file_url(attachment) + "?inline=1", "caption": str(attachment).rpartition(".")[0] or str(attachment)}


def _who(user) -> str:
    return f"{user.full_name} {user.unit_label}".strip() if user else "系统"


def _stages(project: Project, limit: int) -> Iterable[dict]:
    for change in project.stage_changes.select_related("by__unit")[:limit]:
        moved = f"{change.before_label} → {change.after_label}" if change.before else f"登记为{change.after_label}"
        note = f"。{change.note}" if change.note else ""
        yield as_line(change.at, f"{moved}（{change.on:%Y-%m-%d}）{note}", change.by, "阶段", "good")
    returned = project.stage_requests.filter(state=RequestState.RETURNED).select_related("decided_by__unit")
    for request in returned[:limit]:
        text = f"“{request.label}”申请被退回：{request.decision_note}"
        yield as_line(request.decided_at, text, request.decided_by, "退回", "warn")


def _plans(project: Project, limit: int) -> Iterable[dict]:
    for replan in project.replans.select_related("by__unit")[:limit]:
        names = "、".join(move["name"] for move in replan.moved[:3])
        if replan.target_before == replan.target_after:
            text = f"调整节点日期：{names}"
        elif replan.target_before:
            text = f"目标日期由 {replan.target_before} 调整为 {replan.target_after}"
        else:
            text = f"目标日期定为 {replan.target_after}，按标准工期倒排"
        line = as_line(replan.at, f"{text}。{replan.reason}" if replan.reason else text, replan.by, "计划调整", "warn")
        line["changes"] = [{"label": m["name"], "old": m["before"], "new": m["after"]} for m in replan.moved]
        yield line


def _notes(project: Project, limit: int) -> Iterable[dict]:
    for note in project.journal.select_related("by__unit")[:limit]:
        tone = {"risk": "warn", "problem": "bad", "result": "good"}.get(note.kind, "blue")
        yield as_line(note.at, note.text, note.by, note.get_kind_display(), tone)


def _changes(project: Project, limit: int) -> Iterable[dict]:
    audit = AuditEntry.objects.filter(kind="project", object_id=project.pk).exclude(action__in=_TOLD_BETTER)
    for entry in audit[:limit]:
        line = {"at": entry.at, "text": entry.action, "by": entry.actor_label}
        if entry.reason:
            line["text"] += f"：{entry.reason}"
        changes = [{"label": label, "old": old, "new": new} for label, (old, new) in entry.changes.items()]
        if len(changes) == 1:  # one change reads as a sentence, several fold
            line["text"] += "：" + _sentence(**changes[0])
        else:
            line["changes"] = changes
        yield line


def _sentence(label: str, old: str, new: str) -> str:
    return f"{label} {old} → {new or '空'}" if old else f"{label} {new}"


def as_line(at: Any, text: str, by: Any, tag: str, tone: str) -> dict:
    """One entry of components/_timeline; `by` None is the system, `tone` colours the tag."""
    return {"at": at, "text": text, "by": _who(by), "tag": tag, "tag_tone": tone}


def register_source(kind: str, label: str, source: Callable[[Project, int], Iterable[dict]]) -> None:
    """Add what an upper floor knows of a project (from AppConfig.ready): up to `limit` lines, newest first."""
    KINDS[kind] = label
    _SOURCES[kind] = source


_SOURCES: dict[str, Callable[[Project, int], Iterable[dict]]] = {
    "report": report_entries,
    "stage": _stages,
    "plan": _plans,
    "note": _notes,
    "change": _changes,
}


def latest_report(project: Project) -> ProgressReport | None:
    """The report shown in grey as reference in the update sheet."""
    return project.reports.select_related("submitted_by").first()
