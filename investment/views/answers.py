"""What the form and list pages of this floor have in common: try the action, hand out the workbook."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse

from accounts import audit
from common import clock
from common.conflict import AsItStands
from common.excel.aliases import Column as ExcelColumn
from common.excel.writer import write_table
from investment.selectors.listing import Column
from projects.views.forms import done, form_page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def run(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[..., Any],
    *,
    standing: AsItStands | None = None,
    **context: Any,
) -> HttpResponse | None:
    """Try `act(**what was typed)`. None when it was done; else the page of the form: opened, refused (422) or
    overtaken by somebody else (409), with what was typed."""
    if request.method == "POST" and done(form, lambda: act(**form.cleaned_data), standing=standing):
        return None
    template = "projects/_form.html" if "project" in context else "layouts/form.html"
    return form_page(request, template, form, **{"submit_label": "确定", **context})


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
