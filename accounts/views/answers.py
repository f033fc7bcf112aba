"""What the form pages of this floor have in common: try the action, answer 422 with the form, page the lists."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from common.conflict import overtaken
from common.errors import DomainError, NotAllowed, StaleVersion


def data_of(request: HttpRequest) -> Any:
    """What a form is bound to: the posted fields, or nothing."""
    return request.POST if request.method == "POST" else None


def done(form: Form, act: Callable[..., Any], **given: Any) -> tuple[bool, Any]:
    """When the form is valid run `act(**given, **what was typed)`: (whether it was done, its result).

    A refusal becomes an error of the form, a stale version a comparison above it; 403 is a page of its own.
    """
    if not form.is_valid():
        return False, None
    try:
        return True, act(**given, **form.cleaned_data)
    except NotAllowed:
        raise
    except StaleVersion as error:
        form.conflict = overtaken(form, error)
    except DomainError as error:
        form.add_error(None, error.message)
    return False, None


def form_page(request: HttpRequest, template: str, context: dict, *also: Form) -> HttpResponse:
    """The page with its form: 200 when opened, 422 when one of its forms was refused, 409 when somebody was faster."""
    form = context["form"]
    conflict = getattr(form, "conflict", None)
    refused = any(one.errors for one in (form, *also))
    return render(
        request, template, {**context, "conflict": conflict}, status=409 if conflict else 422 if refused else 200
    )


def page_of(request: HttpRequest, rows: QuerySet, per_page: int = 30) -> Page:
    """The page the address asks for; anything else is the first or the last one."""
    return Paginator(rows, per_page).get_page(request.GET.get("page"))
