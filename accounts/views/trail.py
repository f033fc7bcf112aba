"""The audit trail, for the auditor."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import access
from accounts.forms import AuditFilter
from accounts.roles import Can
from accounts.selectors import audit_entries, audit_kinds
from accounts.views.answers import page_of


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
