"""Steps 1 to 4: the file, sheets and headers, columns, values. Each can be left and opened again."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import access
from accounts.models import User
from accounts.views.answers import data_of
from common.errors import DomainError, NotAllowed, StaleVersion
from ingest import selectors
from ingest.actions import PreviewOutdated, choose_sheets, map_columns, map_values, preview, stage_file
from ingest.actions.batch import CLOSED
from ingest.choices import Step
from ingest.decisions import Decisions
from ingest.forms import ColumnsForm, NewListForm, SheetsForm, StepForm, ValuesForm
from ingest.models import ImportBatch
from ingest.registry import kinds_for
from ingest.views.batches import IMPORTERS, batch_of


def not_here(batch: ImportBatch, step: Step) -> bool:
    """Whether the step cannot be opened: the batch has ended or is being written, or has not come so far."""
    if batch.state in CLOSED:
        return True
    return selectors.ORDER.index(step) > selectors.ORDER.index(Step(batch.state))


def posted(request: HttpRequest) -> Any:
    """What was sent, None when the page is merely opened; an empty POST is sent too."""
    return request.POST if request.method == "POST" else None


def attempt(form: StepForm, action: Callable[[], Any]) -> tuple[int, Any]:
    """(status, answer) of an action whose refusals belong to the form: 0 went through, 409 stale, 422 refused.

    NotAllowed and PreviewOutdated are not the form's business and pass on.
    """
    try:
        return 0, action()
    except (NotAllowed, PreviewOutdated):
        raise
    except StaleVersion:
        form.batch.refresh_from_db()
        form.take_version(form.batch.version)
        form.add_error(None, "这个批次刚在另一个窗口里改过。您的选择还在下面，再次提交将以您的为准。")
        return 409, None
    except DomainError as error:
        form.add_error(None, error.message)
        return 422, None


@access(*IMPORTERS)
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Step 1: a file. A refused one is told in one sentence."""
    kinds = kinds_for(request.user)
    asked = request.GET.get("kind", kinds[0].code)
    form = NewListForm(data_of(request), request.FILES or None, kinds=kinds, initial={"kind": asked})
    if request.method == "POST" and form.is_valid():
        try:
            batch = stage_file(upload=form.cleaned_data["file"], by=request.user, kind=form.cleaned_data["kind"])
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error("file", error.message)
        else:
            if batch.state == ImportBatch.State.VALUES:
                go_on(batch, request.user)
            return redirect(selectors.step_url(batch, selectors.step_of(batch)))
    context = {
        "title": "导入清单",
        "kinds": kinds,
        "chosen": str(form["kind"].value()),
        "form": form,
        "steps": selectors.steps(None, Step.UPLOAD),
        "crumbs": [{"label": "导入", "url": reverse("ingest:batch_list")}, {"label": "上传", "url": ""}],
        "recent": selectors.batches(request.user)[:5],
    }
    return render(request, "ingest/upload.html", context, status=422 if form.errors else 200)


@access(*IMPORTERS)
@require_http_methods(["GET", "POST"])
def sheets(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 2: which sheets, where the header is, what is left out."""
    batch = batch_of(request.user, pk)
    if not_here(batch, Step.SHEETS):
        return redirect("ingest:batch", pk)
    form = SheetsForm(posted(request), batch=batch)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        status, settled = attempt(
            form,
            lambda: choose_sheets(
                batch=batch,
                sheets=data["sheets"],
                header_rows=data["header_rows"],
                rows=data["rows"],
                by=request.user,
                version=data["version"],
            ),
        )
        if not status:
            if not settled:
                messages.info(request, "已按新的设置重新识别，请核对。")
            return redirect("ingest:columns" if settled else "ingest:sheets", pk)
    context = selectors.frame(batch, Step.SHEETS, request.user) | {
        "form": form,
        "tables": selectors.tables(batch, form),
        "next_label": "下一步：列对应",
    }
    return render(request, "ingest/sheets.html", context, status=status)


@access(*IMPORTERS)
@require_http_methods(["GET", "POST"])
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 3: every column to its field."""
    batch = batch_of(request.user, pk)
    if not_here(batch, Step.COLUMNS):
        return redirect("ingest:batch", pk)
    cards = selectors.column_cards(batch)
    form = ColumnsForm(posted(request), batch=batch, cards=cards, fixed=Decisions.of(batch).fixed)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        status, _ = attempt(
            form,
            lambda: map_columns(
                batch=batch,
                columns=data["columns"],
                units=data["money_units"],
                fixed=data["fixed"],
                remember=data["remember"],
                by=request.user,
                version=data["version"],
            ),
        )
        if not status:
            return redirect("ingest:values", pk)
    context = selectors.frame(batch, Step.COLUMNS, request.user) | {
        "form": form,
        "groups": selectors.column_groups(form),
        "next_label": "下一步：值对应",
    }
    return render(request, "ingest/columns.html", context, status=status)


def _answer(form: ValuesForm, by: User) -> None:
    """The answers of step 4, and the preview under them."""
    batch, data = form.batch, form.cleaned_data
    answers = {
        name: data[name] for name in ("year", "month", "stage", "units", "labels", "dates", "people", "remember")
    }
    map_values(batch=batch, **answers, by=by, version=data["version"])
    preview(batch=batch, by=by, version=batch.version)


def go_on(batch: ImportBatch, by: User) -> None:
    """A list whose columns are settled goes straight to its preview where nothing is to be asked."""
    questions = selectors.value_questions(batch, by)
    if not selectors.nothing_to_ask(questions):
        return
    page = ValuesForm(batch=batch, questions=questions)
    form = ValuesForm({name: page[name].value() for name in page.fields}, batch=batch, questions=questions)
    if form.is_valid():
        _answer(form, by)


@access(*IMPORTERS)
@require_http_methods(["GET", "POST"])
def values(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 4: year and month, units and labels that we do not know."""
    batch = batch_of(request.user, pk)
    if not_here(batch, Step.VALUES):
        return redirect("ingest:batch", pk)
    questions = selectors.value_questions(batch, request.user)
    form = ValuesForm(posted(request), batch=batch, questions=questions)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        status, _ = attempt(form, lambda: _answer(form, request.user))
        if not status:
            return redirect("ingest:preview", pk)
    context = selectors.frame(batch, Step.VALUES, request.user) | {
        "form": form,
        "asked": questions,
        "unit_rows": selectors.unit_rows(form),
        "label_rows": selectors.label_rows(form),
        "person_rows": selectors.person_rows(form),
        "date_rows": selectors.date_rows(form),
        "next_label": "下一步：预检",
    }
    return render(request, "ingest/values.html", context, status=status)
