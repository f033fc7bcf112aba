"""附件 and 动态: files behind the project's door, the trail, the journal."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access import access
from accounts.files import serve_file
from accounts.models import User
from accounts.roles import Can
from common import clock
from common.text import whole_number
from projects import actions
from projects.forms_detail import JournalForm, UploadForm
from projects.models import Attachment, Project
from projects.permissions import require
from projects.selectors import detail, trail
from projects.views.forms import done, posted


@access(Can.VIEW_PROJECTS)
def project_files(request: HttpRequest, pk: int) -> HttpResponse:
    """The tab 附件; POST adds files."""
    today = clock.today()
    project = detail.open_project(request.user, pk, today)
    context = detail.frame(request.user, project, "files", today)
    form = UploadForm(*posted(request))
    if request.method == "POST":
        require(context["may_edit"] or context["may_report"])
        if done(form, lambda: _attach(project, form.cleaned_data, request.user)):
            messages.success(request, f"已上传 {len(form.cleaned_data['files'])} 个文件。")
            return redirect("projects:project_files", pk)
    files = project.attachments.select_related("file__uploaded_by", "report")
    context |= {"form": form, "files": files, "url_of": trail.file_url}
    context["photos"] = [one for one in files if one.file.is_image]
    context["papers"] = [one for one in files if not one.file.is_image]
    return render(request, "projects/project_files.html", context, status=422 if form.errors else 200)


def _attach(project: Project, data: dict, by: User) -> None:
    actions.attach_all(project=project, uploads=data["files"], by=by, caption=data["caption"])


@access(Can.VIEW_PROJECTS)
def attachment(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file, for those who see the project; `?inline=1` shows photos and PDF in place."""
    visible = Attachment.objects.filter(project__in=Project.objects.visible_to(request.user))
    return serve_file(get_object_or_404(visible.select_related("file"), pk=pk).file, inline="inline" in request.GET)


@access(Can.VIEW_PROJECTS)
def project_trail(request: HttpRequest, pk: int) -> HttpResponse:
    """The tab 动态, filtered by `?kind=`; POST adds a line to the journal."""
    today = clock.today()
    project = detail.open_project(request.user, pk, today)
    context = detail.frame(request.user, project, "trail", today)
    form = JournalForm(*posted(request))
    if request.method == "POST":
        require(context["may_edit"] or context["may_report"])
        if done(form, lambda: actions.note_journal(project=project, by=request.user, **form.cleaned_data)):
            messages.success(request, "已记入工作日志。")
            return redirect("projects:project_trail", pk)
    kind = request.GET.get("kind", "")
    kind = kind if kind in trail.KINDS else ""
    page = min(max(whole_number(request.GET.get("page", "")) or 1, 1), 50)
    entries, more = trail.entries(project, kind, page)
    here = reverse("projects:project_trail", args=[pk])
    context |= {
        "form": form,
        "entries": entries,
        "kinds": [
            {"label": label, "url": f"{here}?kind={code}", "active": code == kind}
            for code, label in trail.KINDS.items()
        ],
        "older_url": f"{here}?kind={kind}&page={page + 1}" if more else "",
        "newer_url": f"{here}?kind={kind}&page={page - 1}" if page > 1 else "",
    }
    return render(request, "projects/project_trail.html", context, status=422 if form.errors else 200)
