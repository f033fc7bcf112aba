"""系统 / 字典 / 导入用词: the other names of columns and values that lists use."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import access
from accounts.roles import Can
from common.errors import DomainError
from ingest.actions.words import add_header, forget_header, forget_value
from ingest.forms_words import HeaderForm
from ingest.layouts import examples, forget_layout
from ingest.models import ColumnMapping, ValueMapping
from ingest.selectors import words as selectors


@access(Can.MANAGE_DICTIONARIES)
@require_http_methods(["GET", "POST"])
def word_list(request: HttpRequest) -> HttpResponse:
    """All words; a new header name is added here."""
    form = HeaderForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            word = add_header(by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error("header", error.message)
        else:
            messages.success(request, f"以后遇到列名“{word.header}”，自动按所选字段读取。")
            return redirect("ingest:word_list")
    context = {
        "title": "导入用词",
        "crumbs": [{"label": "字典", "url": reverse("projects:dictionary_list")}, {"label": "导入用词", "url": ""}],
        "form": form,
        "layouts": selectors.layouts(),
        "headers": (words := selectors.headers()),
        "used": sum(bool(row["word"].field) for row in words),
        "idle": sum(not row["word"].field for row in words),
        "values": selectors.values(),
    }
    return render(request, "ingest/words.html", context, status=422 if form.errors else 200)


@access(Can.MANAGE_DICTIONARIES)
@require_POST
def header_forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a header name back."""
    forget_header(word=get_object_or_404(ColumnMapping, pk=pk), by=request.user)
    return redirect("ingest:word_list")


@access(Can.MANAGE_DICTIONARIES)
@require_POST
def value_forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a value back."""
    forget_value(word=get_object_or_404(ValueMapping, pk=pk), by=request.user)
    return redirect("ingest:word_list")


@access(Can.MANAGE_DICTIONARIES)
@require_POST
def layout_forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the example of a layout back."""
    forget_layout(batch=get_object_or_404(examples(), pk=pk), by=request.user)
    messages.success(request, "已忘记这种格式，下次上传从“选表与表头”开始。")
    return redirect("ingest:word_list")
