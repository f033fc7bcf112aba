"""我的项目: taken away as a workbook, brought back, merged."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts import audit
from accounts.access import access
from accounts.roles import Can
from accounts.views.answers import data_of
from common import clock
from common.errors import DomainError, NotAllowed
from common.text import whole_number
from ingest import offline, selectors
from ingest.actions import MergeOutdated, apply_return, take_back
from ingest.forms import UploadForm
from ingest.models import OfflineReturn
from ingest.views.batches import download


@access(Can.EDIT_PROJECTS)
@require_http_methods(["GET", "POST"])
def offline_page(request: HttpRequest) -> HttpResponse:
    """Download on one side, bring back on the other."""
    form = UploadForm(data_of(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            back = take_back(upload=form.cleaned_data["file"], by=request.user)
        except DomainError as error:
            form.add_error("file", error.message)
        else:
            return redirect("ingest:merge", back.pk)
    context = selectors.offline_frame(request.user) | {"form": form}
    return render(request, "ingest/offline.html", context, status=422 if form.errors else 200)


@access(Can.EDIT_PROJECTS)
@require_safe
def workbook(request: HttpRequest) -> HttpResponse:
    """The workbook with the projects the person may change."""
    today = clock.today()
    audit.record(by=request.user, action="下载“我的项目”", subject=request.user)
    return download(offline.workbook(request.user, today), f"我的项目{today:%Y%m%d}.xlsx")


@access(Can.EDIT_PROJECTS)
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """What came back against what stands: applied, unchanged, in conflict; written when the person says so."""
    back = get_object_or_404(OfflineReturn.objects.select_related("file"), pk=pk, created_by=request.user)
    refused: DomainError | None = None
    if request.method == "POST":
        refused = _apply(request, back)
        if refused is None:
            messages.success(request, "已写入。")
            return redirect("ingest:merge", pk)
    context = selectors.merge_page(back, request.user, request.POST) | {"refused": refused}
    return render(request, "ingest/merge.html", context, status=refused.status if refused else 200)


def _apply(request: HttpRequest, back: OfflineReturn) -> DomainError | None:
    """Write it; a refusal belongs to the page."""
    given = request.POST
    version = whole_number(given.get("version", "")) or 0
    chosen = {key: value for key, value in given.items() if key[:2] in ("c_", "r_")}
    try:
        apply_return(
            back=back,
            chosen=chosen,
            seen=given.get("seen", ""),
            reason=given.get("reason", "")[:500],
            by=request.user,
            version=version,
        )
    except NotAllowed:
        raise
    except (MergeOutdated, DomainError) as error:
        return error
    return None
