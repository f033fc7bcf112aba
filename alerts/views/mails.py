"""Mails: what was written to whom, the test mail, sending again."""

from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from accounts.access import LOGGED_IN, access
from accounts.models import User
from accounts.roles import Can
from alerts import actions
from alerts.models import Mail
from projects.permissions import require


@access(LOGGED_IN)
@require_safe
def mail_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A mail as it was composed, with its ledger. Those who only run the machine see the ledger without the words."""
    mail = get_object_or_404(Mail.objects.visible_to(request.user).select_related("recipient__unit"), pk=pk)
    context = {
        "title": "邮件",
        "mail": mail,
        "readable": _may_read(request.user, mail),
        "may_operate": request.user.may(Can.RUN_ALERTS),
        "notices": mail.notices.select_related("alert") if _may_read(request.user, mail) else [],
    }
    return render(request, "alerts/mail_detail.html", context)


@access(LOGGED_IN)
@require_safe
@xframe_options_sameorigin
@csp_replace(
    {
        "default-src": [NONE],
        "style-src": ["'unsafe-inline'"],
        "script-src": [NONE],
        "form-action": [NONE],
        "frame-ancestors": [SELF],
    }
)
def mail_html(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML part alone, for the frame of `mail_detail`: its own embedded sheet, and nothing else, may act."""
    mail = get_object_or_404(Mail.objects.visible_to(request.user), pk=pk)
    require(_may_read(request.user, mail), "这封邮件的正文含业务内容，只有收件人和业务管理员可以查看。")
    return HttpResponse(mail.html)


def _may_read(user: User, mail: Mail) -> bool:
    return mail.recipient_id == user.pk or user.may(Can.VIEW_PROJECTS)


@access(Can.RUN_ALERTS)
@require_POST
def mail_test(request: HttpRequest) -> HttpResponse:
    """A test mail to oneself, through the outbox like any other."""
    mail = actions.send_test(to=request.user)
    messages.success(request, f"测试邮件已放入发件箱，收件地址 {mail.address}，一分钟内发出。")
    return redirect("alerts:mail_detail", pk=mail.pk)


@access(Can.RUN_ALERTS)
@require_POST
def mail_resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a given-up mail back into the outbox."""
    mail = get_object_or_404(Mail.objects.select_related("recipient"), pk=pk)
    actions.resend(mail=mail, by=request.user)
    messages.success(request, f"已重新放入发件箱，收件地址 {mail.address}。")
    return redirect("alerts:mail_detail", pk=pk)
