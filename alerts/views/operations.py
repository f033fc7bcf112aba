"""邮件与任务: jobs, the mail ledger, whom nobody reaches."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import access
from accounts.exports import columns_of, export
from accounts.roles import Can
from alerts import actions, jobs, selectors
from common import clock

SEND_AT_ONCE = 50


@access(Can.RUN_ALERTS)
@require_safe
def operations(request: HttpRequest) -> HttpResponse:
    """邮件与任务: jobs, mail ledger, whom nobody reaches."""
    context = selectors.operations(clock.now(), request.GET)
    context["names_projects"] = request.user.may(Can.VIEW_PROJECTS)
    return render(request, "alerts/operations.html", context | {"title": "邮件与任务"})


@access(Can.RUN_ALERTS)
@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """通知台账: why, to whom, when, with which result. Those who only run the machine see no projects."""
    context = selectors.notices(request.GET, names_projects=request.user.may(Can.VIEW_PROJECTS))
    return render(request, "alerts/ledger.html", context | {"title": "通知台账"})


@access(Can.RUN_ALERTS)
@require_safe
def ledger_export(request: HttpRequest) -> StreamingHttpResponse:
    """The ledger as it is filtered, as .xlsx."""
    names = request.user.may(Can.VIEW_PROJECTS)
    page = selectors.notices(request.GET, names_projects=names)
    rows = selectors.notice_rows(request.GET, names_projects=names)
    return export(
        request, columns_of(*selectors.NOTICE_COLUMNS), rows, title="通知台账", chosen=selectors.in_words(page)
    )


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
