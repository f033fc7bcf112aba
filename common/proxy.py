"""Behind the reverse proxy: who is really asking. Lockout and the audit trail record this address."""

from contextlib import suppress
from ipaddress import ip_address

from django.http import HttpRequest, HttpResponse


class VisitorAddressMiddleware:
    """Puts the proxy's X-Real-IP in the place of the proxy's own address. Only installed with TRUST_PROXY=1."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with suppress(ValueError):  # a request that did not come through the proxy keeps its own address
            request.META["REMOTE_ADDR"] = str(ip_address(request.headers.get("X-Real-IP", "").strip()))
        return self.get_response(request)
