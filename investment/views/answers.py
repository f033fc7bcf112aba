"""What the form and list pages of this floor have in common: try the action, hand out the workbook."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import audit
from common import clock
from common.conflict import compare
from common.errors import DomainError, NotAllowed, StaleVersion
from common.excel.aliases import Column as ExcelColumn
from common.excel.writer import write_table
from investment.selectors.listing import Column

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def run(request: HttpRequest, form: forms.Form, act: Callable[..., Any], **context: Any) -> HttpResponse | None:
    """Try `act(**what was typed)`. None when it was done; else the page of the form: opened, refused (422) or
    overtaken by somebody else (409), with what was typed."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                act(**form.cleaned_data)
            except NotAllowed:
                raise
            except StaleVersion as error:
                now = getattr(error.record, "version", 0)
                context["conflict"], status = compare(form, now={}, version=now, message=error.message), 409
            except DomainError as error:
                form.add_error(None, error.message)
            else:
                return None
    template = "projects/_form.html" if "project" in context else "layouts/form.html"
    context = {"form": form, "submit_label": "确定", **context}
    return render(request, template, context, status=status)


def workbook(
    request: HttpRequest, title: str, columns: Sequence[Column], rows: Iterable[Any], chips: list[dict]
) -> HttpResponse:
    """The rows as .xlsx, with who took them away, when and under which filters; the taking stands in the trail."""
    now = clock.now()
    chosen = "；".join(chip["label"] for chip in chips) or "无"
    notes = [f"导出时间：{now:%Y-%m-%d %H:%M}，导出人：{request.user.display_name}", f"筛选条件：{chosen}"]
    heads = [ExcelColumn(column.key, column.label, (), column.kind) for column in columns]
    body = write_table(
        heads, ([column.export(row) for column in columns] for row in rows), title=title, notes=notes, sheet=title
    )
    audit.record(by=request.user, action=f"导出{title}", subject=request.user, reason=notes[1])
    response = HttpResponse(body, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="export-{now:%Y%m%d-%H%M}.xlsx"'
    return response
