"""The inbox, and taking up alerts."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import access
from accounts.exports import columns_of, export
from accounts.models import User
from accounts.roles import Can
from accounts.views.answers import data_of, done, form_page
from alerts import actions, selectors
from alerts.forms import AcknowledgeForm, UrgeForm
from alerts.models import Alert
from common import clock
from common.errors import DomainError
from common.text import whole_number
from projects.models import Project
from projects.permissions import require

BULK = 100  # alerts taken up at once


@access(Can.USE_INBOX)
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """预警: what waits for me, what I have taken up, what was settled."""
    context = selectors.inbox(request.user, request.GET, clock.today())
    return render(request, "alerts/inbox.html", context | {"title": "预警"})


@access(Can.EXPORT)
@require_safe
def inbox_export(request: HttpRequest) -> StreamingHttpResponse:
    """The alerts of the chosen tab as they are filtered, as .xlsx."""
    page = selectors.inbox(request.user, request.GET, clock.today())
    rows = selectors.alert_rows(page["listed"])
    return export(request, columns_of(*selectors.ALERT_COLUMNS), rows, title="预警", chosen=selectors.in_words(page))


@access(Can.USE_INBOX)
@require_safe
def alert(request: HttpRequest, pk: int) -> HttpResponse:
    """One alert: its steps, who was told, through whose hands the days went."""
    rows = Alert.objects.visible_to(request.user).select_related("unit", "acknowledged_by", "urged_by")
    context = selectors.alert_page(get_object_or_404(rows, pk=pk), request.user, clock.today())
    return render(request, "alerts/alert.html", context)


@access(Can.USE_INBOX)
@require_http_methods(["GET", "POST"])
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Take up one alert."""
    return _acknowledge(request, [get_object_or_404(Alert.objects.visible_to(request.user), pk=pk)])


@access(Can.USE_INBOX)
@require_http_methods(["GET", "POST"])
def acknowledge_many(request: HttpRequest) -> HttpResponse:
    """Take up the chosen alerts (`?pk=1&pk=2`) with one measure and one day; all of them or none."""
    wanted = [key for text in request.GET.getlist("pk")[:BULK] if (key := whole_number(text))]
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


@access(Can.URGE)
@require_http_methods(["GET", "POST"])
def urge(request: HttpRequest, pk: int) -> HttpResponse:
    """提级督办: raise an alert by hand."""
    alert = get_object_or_404(Alert.objects.open().visible_to(request.user), pk=pk)
    form = UrgeForm(alert.level, data_of(request))
    ok, _ = done(form, actions.urge, alert=alert, by=request.user, today=clock.today())
    if ok:
        messages.success(request, "已提级，相关人员即时收到通知。")
        return redirect("alerts:inbox")
    context = {"title": "提级督办", "form": form, "alerts": [alert], "cancel_url": reverse("alerts:inbox")}
    return form_page(request, "alerts/acknowledge.html", context | {"submit_label": "确认提级"})
