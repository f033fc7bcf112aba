"""Pages of the alerts floor: the inbox, taking up alerts, mails, the operations page."""

from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import LOGGED_IN, access
from accounts.models import User
from accounts.roles import Can
from alerts import actions, jobs, selectors
from alerts.forms import AcknowledgeForm
from alerts.models import Alert, Mail
from common import clock
from common.errors import DomainError
from projects.models import Project
from projects.permissions import require

BULK = 100  # alerts taken up at once
SEND_AT_ONCE = 50


@access(Can.USE_INBOX)
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """预警: what waits for me, what I have taken up, what was settled."""
    context = selectors.inbox(request.user, request.GET, clock.today())
    return render(request, "alerts/inbox.html", context | {"title": "预警"})


@access(Can.USE_INBOX)
@require_http_methods(["GET", "POST"])
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Take up one alert."""
    return _acknowledge(request, [get_object_or_404(Alert.objects.visible_to(request.user), pk=pk)])


@access(Can.USE_INBOX)
@require_http_methods(["GET", "POST"])
def acknowledge_many(request: HttpRequest) -> HttpResponse:
    """Take up the chosen alerts (`?pk=1&pk=2`) with one measure and one day; all of them or none."""
    wanted = [int(key) for key in request.GET.getlist("pk")[:BULK] if key.isascii() and key.isdigit()]
    alerts = list(Alert.objects.open().visible_to(request.user).filter(pk__in=wanted))
    if not alerts:
        raise Http404("没有选中可以知悉的预警。")
    return _acknowledge(request, alerts)


def _acknowledge(request: HttpRequest, alerts: list[Alert]) -> HttpResponse:
    for alert in alerts:
        require(_may_take_up(request.user, alert), "这条预警没有发给您，您也不负责这个项目，不能代为知悉。")
    form = AcknowledgeForm(request.POST or None)
    if form.is_valid():
        try:
            actions.acknowledge_all(alerts=alerts, by=request.user, today=clock.today(), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, f"已知悉 {len(alerts)} 条预警。")
            return redirect("alerts:inbox")
    context = {
        "title": "已知悉，填写措施",
        "form": form,
        "alerts": alerts,
        "cancel_url": reverse("alerts:inbox"),
        "submit_label": "确认知悉",
    }
    return render(request, "alerts/acknowledge.html", context, status=422 if form.is_bound else 200)


def _may_take_up(user: User, alert: Alert) -> bool:
    """Those who were told, and those who report for the project."""
    if alert.notices.filter(recipient=user, is_current=True).exists():
        return True
    return user.may(Can.REPORT) and Project.objects.editable_by(user, Can.REPORT).filter(pk=alert.project_id).exists()


# --- mails ----------------------------------------------------------------------------------------------------------
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


# --- operations -----------------------------------------------------------------------------------------------------
@access(Can.RUN_ALERTS)
@require_safe
def operations(request: HttpRequest) -> HttpResponse:
    """邮件与任务: jobs, mail ledger, whom nobody reaches."""
    context = selectors.operations(clock.now(), request.GET)
    context["names_projects"] = request.user.may(Can.VIEW_PROJECTS)
    return render(request, "alerts/operations.html", context | {"title": "邮件与任务"})


@access(Can.RUN_ALERTS)
@require_POST
def job_run(request: HttpRequest, code: str) -> HttpResponse:
    """Run a job at once."""
    if code not in jobs.BY_CODE:
        raise Http404("没有这个任务。")
    job = jobs.BY_CODE[code]
    messages.success(request, f"{job.name}已运行：{jobs.run_now(job, clock.now())}。")
    return redirect("alerts:operations")


@access(Can.RUN_ALERTS)
@require_POST
def mails_send(request: HttpRequest) -> HttpResponse:
    """Send what is due now, within this request; the sweep goes on with the rest."""
    done = actions.send_due(clock.now(), limit=SEND_AT_ONCE)
    if done.error:
        messages.error(request, f"没有发出：{done.error}。邮件都在，系统每分钟会重试。")
    else:
        messages.success(request, f"{done}。")
    return redirect("alerts:operations")


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
