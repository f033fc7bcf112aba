"""Step 6: the import on its way, its receipt, and what could not be imported."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import access
from common import clock
from common.errors import DomainError
from common.excel.writer import mark_errors
from ingest import files, selectors
from ingest.actions import cancel_commit, resume_commit, undo_import
from ingest.actions.batch import imported_sheets
from ingest.choices import Step, Verdict
from ingest.forms import StepForm
from ingest.models import ImportBatch
from ingest.views.batches import IMPORTERS, batch_of, download
from ingest.views.preview import page_of_rows


@access(*IMPORTERS)
@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the import has come; asked again every second until it has ended."""
    batch = batch_of(request.user, pk)
    if batch.state != ImportBatch.State.COMMITTING:
        return redirect("ingest:batch", pk)
    context = selectors.frame(batch, Step.RECEIPT, request.user) | selectors.progress(batch, clock.now())
    context["title"] = "正在导入"
    return render(request, "ingest/_progress.html" if request.htmx else "ingest/progress.html", context)


@access(*IMPORTERS)
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the order back; nothing is written."""
    cancel_commit(batch=batch_of(request.user, pk), by=request.user)
    return redirect("ingest:batch", pk)


@access(*IMPORTERS)
@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Wake the worker for an order that lies still."""
    resume_commit(batch=batch_of(request.user, pk), by=request.user)
    messages.info(request, "已再次通知后台处理。")
    return redirect("ingest:batch", pk)


@access(*IMPORTERS)
@require_safe
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of every row."""
    batch = batch_of(request.user, pk)
    if batch.state != ImportBatch.State.COMMITTED:
        return redirect("ingest:batch", pk)
    return page_of_rows(request, batch, None, 200)


@access(*IMPORTERS)
@require_http_methods(["GET", "POST"])
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """What taking the import back would do; sent, it is done."""
    batch = batch_of(request.user, pk)
    if selectors.undo_until(batch) is None:
        return redirect("ingest:batch", pk)
    form = StepForm(request.POST if request.method == "POST" else None, batch=batch)
    if form.is_valid():
        undo_import(batch=batch, by=request.user, version=form.cleaned_data["version"])
        messages.success(request, f"批次 {pk} 已撤销 {batch.counts['undone']} 行。")
        return redirect("ingest:receipt", pk)
    context = selectors.frame(batch, Step.RECEIPT, request.user) | selectors.undo_page(batch, clock.today())
    return render(request, "ingest/undo.html", context | {"title": "撤销导入", "step_form": form})


@access(*IMPORTERS)
@require_safe
def refused_rows(request: HttpRequest, pk: int) -> HttpResponse:
    """The person's own workbook with the rows to be corrected marked, as many as the page counts."""
    batch = batch_of(request.user, pk)
    rows = batch.rows.filter(verdict=Verdict.REFUSED)
    errors = [
        {"sheet": row.sheet, "row": row.row, "letter": error.get("letter"), "message": error["message"]}
        for row in rows
        for error in row.errors
    ]
    if not errors:
        raise DomainError("这个批次没有需改正的行。")
    headers = {sheet["name"]: sheet["header_rows"] for sheet in imported_sheets(batch.reading)}
    content = mark_errors(files.content_of(batch.file), errors, batch.file.name, headers)
    stem = batch.file.name.rpartition(".")[0] or batch.file.name
    return download(content, f"{stem}（需改正{len(rows)}行）.xlsx")
