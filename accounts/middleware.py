"""Sessions that end, passwords that must change, URLs that say who may call them."""

import time
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.audit import client_ip
from common.errors import NotAllowed
from common.middleware import refused


class SessionLimitsMiddleware:
    """Ends a session after idle and absolute limits, and leads holders of an initial password to change it.

    Times are the machine's monotonic business: the wall clock of the server, not the product's movable clock.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        client_ip.set(request.META.get("REMOTE_ADDR"))
        user = request.user
        if user.is_authenticated:
            if self._is_over(request):
                logout(request)
                there = urlencode({"next": request.get_full_path(), "expired": 1})
                return redirect(f"{reverse('accounts:login')}?{there}")
            if user.must_change_password and not user.is_demo and request.path not in self._open_paths():
                return redirect("accounts:password_change")
        response = self.get_response(request)
        if user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")  # nothing to see after the logout
        return response

    @staticmethod
    def _is_over(request: HttpRequest) -> bool:
        now = int(time.time())
        session = request.session
        started = session.setdefault("started", now)
        seen = session.get("seen", now)
        if now - seen > settings.SESSION_IDLE_MINUTES * 60 or now - started > settings.SESSION_ABSOLUTE_HOURS * 3600:
            return True
        if now - seen > 60 or "seen" not in session:  # one write a minute is enough
            session["seen"] = now
        return False

    @staticmethod
    def _open_paths() -> set[str]:
        return {reverse("accounts:password_change"), reverse("accounts:logout")}


class AccessPolicyMiddleware:
    """Refuses views without a declared policy, and people without the declared capability (403, in words)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        policy = getattr(view, "policy", None)
        if policy is None:
            return refused(request, NotAllowed("这个地址没有登记访问权限，已按禁止处理。请联系系统管理员。"))
        if policy.public or not request.user.is_authenticated:
            return None  # anonymous visitors of private pages are sent to the login by LoginRequiredMiddleware
        if not policy.admits(request.user):
            return refused(request, NotAllowed("您的账号没有这项权限。如工作需要，请联系本单位管理员开通。"))
        return None
