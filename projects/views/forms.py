"""How the views of this floor run a form: refused words stay in it (422), a stale version shows both sides (409)."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.roles import Can
from common.conflict import AsItStands, overtaken
from common.errors import DomainError, NotAllowed, StaleVersion
from projects.models import Project
from projects.permissions import may, require


def editable_project(request: HttpRequest, pk: int, capability: Can) -> Project:
    """The project for a write: 404 for strangers, 403 for those who may only look."""
    project = get_object_or_404(Project.objects.visible_to(request.user).select_related("lead_unit"), pk=pk)
    require(may(request.user, project, capability))
    return project


def posted(request: HttpRequest) -> tuple[Any, Any]:
    """The arguments of a form: (data, files) of a POST, even an empty one; (None, None) otherwise."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def done(form: forms.Form, action: Callable[[], Any], *, standing: AsItStands | None = None) -> bool:
    """Whether the form is valid and `action()` went through; a refusal becomes an error of the form.

    When somebody was faster the form keeps what was typed and shows both sides (common.conflict.overtaken, `standing`
    as there). NotAllowed is not the form's business and passes on.
    """
    if not form.is_valid():
        return False
    try:
        action()
    except NotAllowed:
        raise
    except StaleVersion as error:
        form.refused = error.status
        if "version" in form.fields:
            form.conflict = overtaken(form, error, standing)
        else:
            form.add_error(None, error.message)
    except DomainError as error:
        form.add_error(None, error.message)
    else:
        return True
    return False


def form_page(request: HttpRequest, template: str, form: forms.Form, **context: Any) -> HttpResponse:
    """The page of a form: 200 when opened, 422 when refused, 409 when somebody was faster."""
    status = getattr(form, "refused", 422 if form.is_bound and form.errors else 200)
    context = {"form": form, "conflict": getattr(form, "conflict", None), **context}
    return render(request, template, context, status=status)
