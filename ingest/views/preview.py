"""Step 5: what would happen, the decisions it needs, the order to import, corrected files. Step 6 is in `results`."""

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import access
from common import clock
from common.excel.gate import FileRefused
from common.importing import SKIP
from common.text import whole_number
from ingest import selectors
from ingest.actions import PreviewOutdated, decide_rows, follow_up, order_commit, preview, replace_file
from ingest.choices import Step, Verdict, Writes
from ingest.decisions import Decisions, row_key
from ingest.forms import CommitForm, UploadForm
from ingest.models import ImportBatch
from ingest.registry import KINDS
from ingest.views.batches import IMPORTERS, batch_of
from ingest.views.steps import attempt, not_here

PER_PAGE = 50


@access(*IMPORTERS)
@require_safe
def preview_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 5: every row's fate, all errors at once; nothing is written yet."""
    batch = batch_of(request.user, pk)
    if not_here(batch, Step.PREVIEW):
        return redirect("ingest:batch", pk)
    if not batch.staged_hash:
        return redirect("ingest:values", pk)
    return page_of_rows(request, batch, CommitForm(batch=batch), 200)


@access(*IMPORTERS)
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Decisions on single rows; the list is judged again under them."""
    batch = batch_of(request.user, pk)
    if not_here(batch, Step.PREVIEW):
        return redirect("ingest:batch", pk)
    form = CommitForm(request.POST, batch=batch)
    form.full_clean()
    form.errors.clear()  # how the import is to be done is not asked yet
    status = _decide(request, batch, form, _answers(request, batch))
    return page_of_rows(request, batch, form, status) if status else redirect("ingest:preview", pk)


def _answers(request: HttpRequest, batch: ImportBatch) -> dict[str, dict[str, str]]:
    """What was decided on single rows, where it is news and was offered."""
    answers: dict[str, dict[str, str]] = {}
    for row in selectors.questions_of(batch):
        options = row.asks.get("match", {}).get("options", ())
        offered = {
            "match": {"", "new", SKIP, *(str(option["pk"]) for option in options)},
            "stage": set(selectors.STAGES),
        }
        told = {what: request.POST.get(f"{what}_{row.pk}") for what in row.asks}
        news = {
            what: answer
            for what, answer in told.items()
            if answer is not None and answer in offered[what] and answer != row.asks[what]["chosen"]
        }
        if news:
            answers[row_key(row.sheet, row.row)] = news
    return answers


def _writes(request: HttpRequest) -> str:
    """Which rows are to be written, as chosen on the page; "" leaves it."""
    chosen = request.POST.get("writes", "")
    return chosen if chosen in Writes.values else ""


def _decide(request: HttpRequest, batch: ImportBatch, form: CommitForm, answers: dict[str, dict[str, str]]) -> int:
    """Judge the list again under the decisions; 0 when it went through, else the status of the refusal."""
    version = whole_number(request.POST.get("version", "")) or 0

    def decided() -> None:
        decide_rows(batch=batch, rows=answers, writes=_writes(request), by=request.user, version=version)
        preview(batch=batch, by=request.user, version=batch.version)

    return attempt(form, decided)[0]


@access(*IMPORTERS)
@require_POST
def commit_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Order the import; a worker carries it out."""
    batch = batch_of(request.user, pk)
    if not_here(batch, Step.PREVIEW):
        return redirect("ingest:batch", pk)
    form = CommitForm(request.POST, batch=batch)
    answers = _answers(request, batch)
    if answers or _writes(request) not in ("", Decisions.of(batch).writes):  # chosen, but not yet judged: look again
        form.full_clean()
        form.errors.clear()
        status = _decide(request, batch, form, answers)
        if not status:
            messages.info(request, "已按您的决定重新预检，请核对后再导入。")
        return page_of_rows(request, batch, form, status) if status else redirect("ingest:preview", pk)
    status = _order(request, batch, form) if form.is_valid() else 422
    if not status:
        return redirect("ingest:progress", pk)
    return page_of_rows(request, batch_of(request.user, pk), form, status)


def _order(request: HttpRequest, batch: ImportBatch, form: CommitForm) -> int:
    """Order the import; 0 when it is on its way, else the status of the refusal, which is in the form."""
    data = form.cleaned_data
    how = {"mode": data["mode"], "reason": data["reason"], "by": request.user, "version": data["version"]}
    try:
        return attempt(form, lambda: order_commit(batch=batch, **how))[0]
    except PreviewOutdated as outdated:  # too old: judged again by what is there now
        preview(batch=batch, by=request.user, version=batch.version)
        form.take_version(batch.version)
        form.add_error(None, outdated.message)
        return outdated.status


def page_of_rows(request: HttpRequest, batch: ImportBatch, form: CommitForm | None, status: int) -> HttpResponse:
    """Preview and receipt show the same rows; only the first can still be acted on."""
    step = Step.PREVIEW if form is not None else Step.RECEIPT
    url = reverse(f"ingest:{step.value}", args=[batch.pk])
    shown = request.GET.get("show", "")
    shown = shown if shown in Verdict.values else selectors.first_shown(batch)
    rows = batch.rows.filter(verdict=shown).select_related("project")
    refused = batch.rows.filter(verdict=Verdict.REFUSED)
    errors = selectors.grouped(refused, "errors", without="undecided")
    only_undecided = [row for row in refused.only("errors") if {e["code"] for e in row.errors} == {"undecided"}]
    context = selectors.frame(batch, step, request.user) | {
        "form": form,
        "step_action": reverse("ingest:commit", args=[batch.pk]),
        "shown": shown,
        "shown_label": Verdict(shown).label,
        "tally": selectors.tally(batch, shown, url),
        "tally_total": f"{batch.counts.get('rows', 0)} 行",
        "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "errors": errors,
        "error_rows": batch.counts.get(Verdict.REFUSED, 0) - len(only_undecided),
        "undecided": len(only_undecided),
        "warnings": selectors.grouped(batch.rows.exclude(verdict=Verdict.SKIPPED), "warnings"),
        "merged_word": "将并入" if form is not None else "已并入",
        "questions": selectors.with_sides(selectors.questions_of(batch)) if form is not None else [],
        "stages": selectors.STAGES,
        "writes": Writes.choices,
        "writes_now": Decisions.of(batch).writes,
        "period": selectors.period_label(batch),
        "general": [item for item in batch.reading["warnings"] if not item.get("row")],
        "to_write": selectors.to_write(batch),
        "undo_until": (last_day := selectors.undo_until(batch)),
        "undo_late": last_day is not None and clock.today() > last_day,
        "home": (KINDS[batch.kind].home, KINDS[batch.kind].place),
        "kept": selectors.kept_rows(batch),
    }
    return render(request, f"ingest/{step.value}.html", context, status=status)


@access(*IMPORTERS)
@require_POST
def replace(request: HttpRequest, pk: int) -> HttpResponse:
    """The corrected file instead of the first one: goes on where the batch stood."""
    found = batch_of(request.user, pk)
    try:
        replace_file(batch=found, upload=_uploaded(request), by=request.user, version=found.version)
    except FileRefused as refused:
        return _refused_file(request, found, refused)
    if found.state == ImportBatch.State.PREVIEW:
        preview(batch=found, by=request.user, version=found.version)
    messages.success(request, f"已换成“{found.file.name}”，接着这个批次继续。")
    return redirect("ingest:batch", pk)


@access(*IMPORTERS)
@require_POST
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """The corrected rows of an import that has ended: goes on where nothing is to be answered twice."""
    found = batch_of(request.user, pk)
    try:
        after, same = follow_up(batch=found, upload=_uploaded(request), by=request.user)
    except FileRefused as refused:
        return _refused_file(request, found, refused)
    if same:
        preview(batch=after, by=request.user, version=after.version)
        messages.success(request, f"接着批次 {pk}：列和值的对应已带出，请核对后导入。")
    else:
        messages.info(request, f"接着批次 {pk}：表头与那一批不同，请从头核对。")
    return redirect("ingest:batch", after.pk)


def _uploaded(request: HttpRequest) -> UploadedFile:
    """The file of a form with nothing else. Raises FileRefused."""
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        raise FileRefused("".join(form.errors["file"]))
    return form.cleaned_data["file"]


def _refused_file(request: HttpRequest, batch: ImportBatch, refused: FileRefused) -> HttpResponse:
    """The page the file was sent from, with the sentence that refuses it."""
    if batch.state not in (ImportBatch.State.PREVIEW, ImportBatch.State.COMMITTED):
        raise refused
    messages.error(request, refused.message)
    form = CommitForm(batch=batch) if batch.state == ImportBatch.State.PREVIEW else None
    return page_of_rows(request, batch, form, 422)
