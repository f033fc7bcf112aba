"""The address of the visitor behind the proxy."""

import pytest
from django.http import HttpResponse

from common.proxy import VisitorAddressMiddleware


@pytest.mark.parametrize(
    ("headers", "seen"),
    [
        ({"X-Real-IP": "203.0.113.9"}, "203.0.113.9"),
        ({"X-Real-IP": "2001:db8::1"}, "2001:db8::1"),
        ({"X-Real-IP": "not an address"}, "127.0.0.1"),
        ({}, "127.0.0.1"),
    ],
)
def test_the_address_is_the_one_the_proxy_saw(rf, headers, seen):
    request = rf.get("/", headers=headers)
    VisitorAddressMiddleware(lambda request: HttpResponse())(request)
    assert request.META["REMOTE_ADDR"] == seen
