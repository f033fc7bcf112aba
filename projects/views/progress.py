"""更新进展: the sheet an official fills in under a minute, and its draft."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import access
from accounts.models import User
from accounts.roles import Can
from common import clock, settings
from common.errors import DomainError, StaleVersion
from common.periods import BadPeriod, Period
from common.workdays import due_text, work_calendar
from projects import actions
from projects.actions.progress import current_period, draft_of
from projects.choices import Status
from projects.forms_detail import NodeStepForm, ReportForm
from projects.models import Project, ReportDraft
from projects.permissions import may, require
from projects.selectors import nodes, trail
from projects.sheet_sections import Section, sections
from projects.views.forms import editable_project, posted

MONTHS_BACK = 11
PRIVATE = ("csrfmiddlewaretoken", "key", "version")


@dataclass
class Sheet:
    """The forms of one sheet: the report, a form per current node, the sections of upper floors."""

    project: Project
    period: Period
    report: ReportForm
    nodes: list[NodeStepForm]
    parts: list[tuple[Section, forms.Form]]

    @property
    def forms(self) -> list[forms.Form]:
        return [self.report, *(form for _, form in self.parts), *self.nodes]

    def is_valid(self) -> bool:
        """All forms are read, so every error is shown at once."""
        return not [form for form in self.forms if not form.is_valid()]

    def restore(self, kept: dict[str, list[str]]) -> None:
        """Fill unbound forms with a draft; versions and key stay those of now."""
        for form in self.forms:
            for name, field in form.fields.items():
                values = kept.get(form.add_prefix(name))
                if values and not form[name].is_hidden and not isinstance(field, forms.FileField):
                    form.initial[name] = values[-1]

    def writes(self, by: User) -> list[Callable[[], None]]:
        """What the sections write, each as a call without arguments."""
        return [partial(section.save, self.project, self.period, by, form) for section, form in self.parts]


@access(Can.REPORT)
def project_update(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet (GET), and sending it (POST). `?period=2026-10` reports for an earlier month."""
    project = editable_project(request, pk, Can.REPORT)
    require(project.status == Status.NORMAL, f"项目已{project.get_status_display()}，不需要填报进展。")
    today = clock.today()
    period = _period(request.GET.get("period"), today)
    data, files = posted(request)
    sheet = _sheet(request.user, project, period, today, data, files)
    if data is not None:
        return _send(request, sheet, today)
    draft = draft_of(project, request.user)
    if draft and draft.data.get("period", [str(period)])[-1] == str(period):
        sheet.restore(draft.data)
    return _page(request, sheet, today, draft=draft)


@require_POST
@access(Can.REPORT)
def project_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what is typed so far (form data); `discard` throws it away and returns to an empty sheet."""
    project = editable_project(request, pk, Can.REPORT)
    if "discard" in request.POST:
        actions.discard_draft(project=project, user=request.user)
        return redirect("projects:project_update", pk)
    kept = {name: values for name, values in request.POST.lists() if not name.endswith(PRIVATE)}
    draft = actions.save_draft(project=project, user=request.user, data=kept)
    return JsonResponse({"saved_at": draft.saved_at.isoformat()})


def _send(request: HttpRequest, sheet: Sheet, today: date) -> HttpResponse:
    project = sheet.project
    if not sheet.is_valid():
        return _page(request, sheet, today, status=422)
    try:
        _, fresh = actions.submit_sheet(
            project=project,
            period=sheet.period,
            by=request.user,
            key=sheet.report.cleaned_data["key"],
            today=today,
            report=sheet.report.report(),
            files=sheet.report.cleaned_data["files"],
            steps=[step for form in sheet.nodes if (step := form.step())],
            parts=sheet.writes(request.user),
        )
    except StaleVersion as error:
        return _conflict(request, sheet, error, today)
    except DomainError as error:
        sheet.report.add_error(None, error.message)
        return _page(request, sheet, today, status=422)
    moment = f"{clock.now():%m-%d %H:%M}"
    messages.success(
        request,
        f"{sheet.period.month}月进展已提交（{moment}）。" if fresh else "这份进展先前已经收到，没有重复登记。",
    )
    return redirect(project)


def _conflict(request: HttpRequest, sheet: Sheet, error: StaleVersion, today: date) -> HttpResponse:
    """409: everything typed stays; what others changed meanwhile is named, and the versions become those of now."""
    now = _sheet(request.user, sheet.project, sheet.period, today, None, None)
    changed = []
    data = request.POST.copy()
    for mine, theirs in zip(sheet.forms, now.forms, strict=False):
        if mine.prefix != theirs.prefix or "version" not in mine.fields:
            continue
        if str(theirs["version"].value() or "") != data.get(mine.add_prefix("version"), ""):
            changed += _differences(mine, theirs)
            data[mine.add_prefix("version")] = str(theirs["version"].value() or "")
    again = _sheet(request.user, sheet.project, sheet.period, today, data, request.FILES)
    return _page(request, again, today, status=409, conflict={"message": error.message, "rows": changed})


def _differences(mine: forms.Form, theirs: forms.Form) -> list[dict]:
    title = getattr(mine, "node", None) or "本月"
    return [
        {"label": f"{title} {field.label}", "theirs": theirs[name].value(), "mine": mine[name].value()}
        for name, field in mine.fields.items()
        if not mine[name].is_hidden and str(mine[name].value() or "") != str(theirs[name].value() or "")
    ]


def _sheet(user: User, project: Project, period: Period, today: date, data: Any, files: Any) -> Sheet:
    rows = nodes.current_rows(nodes.node_rows(project, today)) if may(user, project, Can.EDIT_PROJECTS) else []
    parts = [(section, section.form(project, period, user, data)) for section in sections()]
    return Sheet(
        project,
        period,
        ReportForm(data, files),
        [NodeStepForm(data, node=row.node, today=today) for row in rows],
        [(section, form) for section, form in parts if form is not None],
    )


def _page(
    request: HttpRequest, sheet: Sheet, today: date, *, draft: ReportDraft | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    project, period = sheet.project, sheet.period
    due = period.due(settings.get("report_day"), work_calendar())
    here = reverse("projects:project_update", args=[project.pk])
    context = {
        "project": project,
        "title": "更新进展",
        "sheet": sheet,
        "period": period,
        "form": sheet.report,
        "last": trail.latest_report(project),
        "draft": draft,
        "due": due,
        "due_word": due_text(due, today, work_calendar()),
        "months": [
            {"label": f"{p.month}月", "url": f"{here}?period={p}", "active": p == period}
            for p in sorted({period, *(Period.of(today).shift(-n) for n in range(3))})
        ],
        "errors": [
            {"field": form[name] if name != "__all__" else None, "text": text, "of": getattr(form, "node", "")}
            for form in sheet.forms
            for name, texts in form.errors.items()
            for text in texts
        ],
        "cancel_url": project.get_absolute_url(),
        "action": f"{here}?period={period}",
        **more,
    }
    return render(request, "projects/project_update.html", context, status=status)


def _period(text: str | None, today: date) -> Period:
    """The month asked for, when it lies within the last twelve; else the month of today."""
    current = current_period(today)
    try:
        asked = Period.parse(text or "")
    except BadPeriod:
        return current
    return asked if 0 <= current.months_since(asked) <= MONTHS_BACK else current
