"""How the views of this floor run a form: refused words stay in it (422), a stale version shows both sides (409)."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.roles import Can
from common.errors import DomainError, NotAllowed, StaleVersion
from projects.models import Project
from projects.permissions import may, require


def editable_project(request: HttpRequest, pk: int, capability: Can) -> Project:
    """The project for a write: 404 for strangers, 403 for those who may only look."""
    project = get_object_or_404(Project.objects.visible_to(request.user).select_related("lead_unit"), pk=pk)
    require(may(request.user, project, capability))
    return project


def done(form: forms.Form, action: Callable[[], Any]) -> bool:
    """Whether the form is valid and `action()` went through; a refusal becomes an error of the form.

    NotAllowed and StaleVersion are not the form's business and pass on.
    """
    if not form.is_valid():
        return False
    try:
        action()
    except (NotAllowed, StaleVersion):
        raise
    except DomainError as error:
        form.add_error(None, error.message)
        return False
    return True


def form_page(request: HttpRequest, template: str, form: forms.Form, **context: Any) -> HttpResponse:
    """The page of a form: 200 when opened, 422 when refused."""
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)


def conflict_page(request: HttpRequest, form: forms.Form, record: Any, *, url: str, version: str = "version") -> HttpResponse:
    """409: what somebody else saved beside what was typed; the form stays, with the version as it is now."""
    record.refresh_from_db()
    rows = []
    for name, field in form.fields.items():
        if name == version or isinstance(field, forms.FileField):
            continue
        mine, theirs = form.cleaned_data.get(name), getattr(record, name, None)
        if mine != theirs:
            rows.append({"label": field.label, "before": form[name].initial, "theirs": theirs, "mine": mine})
    data = form.data.copy()
    data[form.add_prefix(version)] = str(record.version)
    form.data = data
    context = {"title": "内容被他人先修改", "conflict": {"rows": rows}, "form": form, "record_url": url}
    return render(request, "409.html", context, status=409)
