"""The audit trail, for the auditor."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import access
from accounts.exports import columns_of, export
from accounts.forms import AuditFilter
from accounts.roles import Can
from accounts.selectors import audit_entries, audit_kinds
from accounts.views.answers import page_of
from common import clock


@access(Can.READ_AUDIT)
@require_safe
def audit_list(request: HttpRequest) -> HttpResponse:
    """What was done, newest first."""
    form = AuditFilter(request.GET)
    form.is_valid()
    page = page_of(request, audit_entries(**form.cleaned_data), per_page=50)
    kinds = audit_kinds()
    for entry in page:
        entry.kind_label = kinds.get(entry.kind, entry.kind)
    context = {
        "title": "操作日志",
        "page_obj": page,
        "form": form,
        "kinds": kinds,
        "chosen_kind": form.cleaned_data.get("kind", ""),
        "total": page.paginator.count,
        "empty": {"title": "没有符合条件的记录", "text": "换个条件，或清除筛选。"},
    }
    return render(request, "accounts/audit_list.html", context)


@access(Can.READ_AUDIT)
@require_safe
def audit_export(request: HttpRequest) -> StreamingHttpResponse:
    """The trail as it is filtered, as .xlsx."""
    form = AuditFilter(request.GET)
    form.is_valid()
    kinds = audit_kinds()
    asked = {form.fields[name].label or "对象类型": value for name, value in form.cleaned_data.items() if value}
    columns = columns_of(
        "时间:date", "操作人", "来源地址", "操作", "对象类型", "对象:name", "变更:long_text", "说明:long_text"
    )
    rows = (
        [
            entry.at.astimezone(clock.SHANGHAI),
            entry.actor_label,
            entry.ip,
            entry.action,
            kinds.get(entry.kind, entry.kind),
            entry.label,
            "\n".join(
                f"{label}：{before or '（空）'} → {after or '（空）'}"
                for label, (before, after) in entry.changes.items()
            ),
            entry.reason,
        ]
        for entry in audit_entries(**form.cleaned_data).iterator(chunk_size=500)
    )
    return export(request, columns, rows, title="操作日志", chosen="；".join(f"{k} {v}" for k, v in asked.items()))
