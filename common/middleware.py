"""Domain errors become pages, once, for every view."""

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render

from common.errors import DomainError


def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The page that says why something was refused, with the error's status. What was typed stays behind it."""
    heading = "这一页不能打开" if request.method == "GET" else ""
    context = {
        "heading": heading,
        "message": error.message,
        "error": error,
        "back": request.headers.get("referer", "/"),
    }
    return render(request, "refused.html", context, status=error.status)


class OnlyPosted(DomainError):
    """An address of a button was opened as a page, as after logging in again: Django's own answer is empty."""

    status = 405
    code = "only_posted"


class DomainErrorMiddleware:
    """A DomainError that a view did not turn into a form error is shown on a page of its own."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method != "GET" or not isinstance(response, HttpResponseNotAllowed):
            return response
        page = refused(request, OnlyPosted("这个地址只接受提交，不能直接打开。请回到原来的页面，重新点一次按钮。"))
        page["Allow"] = response["Allow"]
        return page

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refused(request, exception) if isinstance(exception, DomainError) else None


class NullByteMiddleware:
    """A NUL character in an address or a field is nobody's typing, and PostgreSQL cannot store it: 400."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> None:
        for typed in (request.GET, request.POST):
            if any("\x00" in text for name, texts in typed.lists() for text in (name, *texts)):
                raise BadRequest("NUL")
