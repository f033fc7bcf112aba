"""Batches: the list, the template, where one goes on, giving one up."""

from urllib.parse import quote

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import access
from accounts.exports import columns_of, export
from accounts.models import User
from accounts.roles import Can
from common import clock
from common.errors import DomainError
from common.excel.writer import write_template
from ingest import selectors
from ingest.actions import discard
from ingest.forms import StepForm
from ingest.models import ImportBatch
from ingest.registry import kinds_for

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IMPORTERS = (Can.IMPORT, Can.MANAGE_UNITS, Can.MANAGE_USERS)  # each kind of list says which of them it needs


def download(content: bytes, name: str) -> HttpResponse:
    """A workbook of ours to keep."""
    response = HttpResponse(content, content_type=SHEET)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "private, no-store"
    return response


def batch_of(user: User, pk: int) -> ImportBatch:
    """A batch with what its pages show; lists of a kind the person may not import are not there."""
    found = ImportBatch.objects.select_related("file", "created_by", "committed_by").filter(
        kind__in=[kind.code for kind in kinds_for(user)]
    )
    return get_object_or_404(found, pk=pk)


@access(*IMPORTERS)
@require_safe
def batch_list(request: HttpRequest) -> HttpResponse:
    """All batches, newest first."""
    page = Paginator(selectors.batches(request.user), 20).get_page(request.GET.get("page"))
    return render(request, "ingest/batch_list.html", {"title": "导入", "page_obj": page})


@access(*IMPORTERS)
@require_safe
def batch_export(request: HttpRequest) -> StreamingHttpResponse:
    """The batches as .xlsx."""
    columns = columns_of(
        "批次:int", "文件:name", "内容", "上传:date", "上传人", "进度",
        "新增:int", "更新:int", "无变化:int", "跳过:int", "未导入:int",
    )  # fmt: skip
    return export(request, columns, selectors.batch_lines(request.user), title="导入批次")


@access(*IMPORTERS)
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """The list to fill in, with drop-down lists; `filled` with the person's own records."""
    kinds = kinds_for(request.user)
    asked = request.GET.get("kind") or kinds[0].code
    kind = next((kind for kind in kinds if kind.code == asked), None)
    if kind is None:
        raise DomainError("没有这种清单的模板，或您的账号没有导入它的权限。")
    today = clock.today()
    rows = kind.filled(request.user, today=today) if request.GET.get("filled") else ()
    content = write_template(kind.template_columns(), kind.drop_downs(), rows, sheet=kind.label, noun=kind.noun)
    return download(content, f"{kind.label}{today.year}年.xlsx" if rows else kind.template_name)


@access(*IMPORTERS)
@require_safe
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the batch stands."""
    found = batch_of(request.user, pk)
    if found.state == ImportBatch.State.DISCARDED:
        messages.info(request, f"批次 {pk} 已放弃，没有写入任何数据。")
        return redirect("ingest:batch_list")
    return redirect(selectors.step_url(found, selectors.step_of(found)))


@access(*IMPORTERS)
@require_POST
def discard_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the batch up."""
    found = batch_of(request.user, pk)
    form = StepForm(request.POST, batch=found)
    version = form.cleaned_data["version"] if form.is_valid() else found.version
    discard(batch=found, by=request.user, version=version)
    messages.success(request, f"批次 {pk} 已放弃，没有写入任何数据。")
    return redirect("ingest:batch_list")
