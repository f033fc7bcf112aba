"""Redirects for htmx: the browser goes to the address, instead of the page landing inside a fragment."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirectBase


class RedirectMiddleware:
    """Turns a redirect that answers an htmx request into HX-Redirect, so views say `redirect(...)` in both worlds."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.htmx and isinstance(response, HttpResponseRedirectBase):
            response["HX-Redirect"] = response["Location"]
            del response["Location"]
            response.status_code = 200
        return response
