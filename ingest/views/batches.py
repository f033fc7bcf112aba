"""Batches: the list, a new file, the template, where one goes on, giving one up."""

from urllib.parse import quote

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import access
from accounts.roles import Can
from common.errors import DomainError, NotAllowed
from common.excel.writer import write_template
from ingest import selectors
from ingest.actions import discard, preview, replace_file, stage_file
from ingest.choices import Step
from ingest.forms import StepForm, UploadForm
from ingest.models import ImportBatch
from ingest.registry import KINDS

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(content: bytes, name: str) -> HttpResponse:
    """A workbook of ours to keep."""
    response = HttpResponse(content, content_type=SHEET)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "private, no-store"
    return response


def batch_of(pk: int) -> ImportBatch:
    """A batch with what its pages show."""
    return get_object_or_404(ImportBatch.objects.select_related("file", "created_by", "committed_by"), pk=pk)


@access(Can.IMPORT)
@require_safe
def batch_list(request: HttpRequest) -> HttpResponse:
    """All batches, newest first."""
    page = Paginator(selectors.batches(request.user), 20).get_page(request.GET.get("page"))
    return render(request, "ingest/batch_list.html", {"title": "导入", "page_obj": page})


@access(Can.IMPORT)
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Step 1: a file. A refused one is told in one sentence."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        try:
            batch = stage_file(upload=form.cleaned_data["file"], by=request.user)
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error("file", error.message)
        else:
            return redirect("ingest:sheets", batch.pk)
    context = {
        "title": "导入项目清单",
        "form": form,
        "steps": selectors.steps(None, Step.UPLOAD),
        "crumbs": [{"label": "导入", "url": reverse("ingest:batch_list")}, {"label": "上传", "url": ""}],
        "recent": selectors.batches(request.user)[:5],
    }
    return render(request, "ingest/upload.html", context, status=422 if form.errors else 200)


@access(Can.IMPORT)
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """The empty list to fill in, with drop-down lists."""
    kind = KINDS["project"]
    return download(write_template(kind.template_columns(), kind.drop_downs()), kind.template_name)


@access(Can.IMPORT)
@require_safe
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the batch stands."""
    found = batch_of(pk)
    if found.state == ImportBatch.State.DISCARDED:
        messages.info(request, f"批次 {pk} 已放弃，没有写入任何数据。")
        return redirect("ingest:batch_list")
    return redirect(selectors.step_url(found, selectors.step_of(found)))


@access(Can.IMPORT)
@require_POST
def discard_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the batch up."""
    found = batch_of(pk)
    form = StepForm(request.POST, batch=found)
    version = form.cleaned_data["version"] if form.is_valid() else found.version
    discard(batch=found, by=request.user, version=version)
    messages.success(request, f"批次 {pk} 已放弃，没有写入任何数据。")
    return redirect("ingest:batch_list")


@access(Can.IMPORT)
@require_POST
def replace(request: HttpRequest, pk: int) -> HttpResponse:
    """The corrected file instead of the first one: goes on where the batch stood."""
    found = batch_of(pk)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        raise DomainError("".join(form.errors["file"]))
    replace_file(batch=found, upload=form.cleaned_data["file"], by=request.user, version=found.version)
    if found.state == ImportBatch.State.PREVIEW:
        preview(batch=found, by=request.user, version=found.version)
    messages.success(request, f"已换成“{found.file.name}”，接着这个批次继续。")
    return redirect("ingest:batch", pk)
