"""Domain errors become pages, once, for every view."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from common.errors import DomainError


class DomainErrorMiddleware:
    """A DomainError that a view did not turn into a form error is shown on a page of its own with its status.

    For htmx the page is a message inside the swap target; nothing the person typed is lost, since the form stays.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DomainError):
            return None
        back = request.headers.get("referer", "/")
        context = {"message": exception.message, "error": exception, "back": back}
        return render(request, "refused.html", context, status=exception.status)
