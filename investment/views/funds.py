"""State funds: overview, list, programmes, an application with its flow, the project's tab."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access import access
from accounts.files import serve_file, store_file
from accounts.models import User
from accounts.roles import Can
from common import clock
from investment import actions
from investment.forms_funds import ApplicationForm, CorrectForm, FundStepForm, ProgrammeForm
from investment.fund_text import STEPS
from investment.models import FundAmount, FundApplication, FundProgramme
from investment.selectors import funds as select
from investment.selectors import programmes
from investment.views.answers import run, workbook
from projects.models import Project
from projects.permissions import may, require
from projects.selectors import detail
from projects.views.forms import editable_project, posted


@access(Can.VIEW_PROJECTS)
def fund_overview(request: HttpRequest) -> HttpResponse:
    """Money by kind or unit; every figure opens its applications."""
    return render(
        request, "investment/fund_overview.html", select.overview_page(request.user, request.GET, clock.today())
    )


@access(Can.VIEW_PROJECTS)
def fund_list(request: HttpRequest) -> HttpResponse:
    """The applications."""
    return render(request, "investment/listing.html", select.list_page(request.user, request.GET, clock.today()))


@access(Can.EXPORT)
def fund_export(request: HttpRequest) -> HttpResponse:
    """资金申报进度表: the list as filtered, as .xlsx."""
    listing, window = select.fund_listing(request.user, request.GET, clock.today())
    rows = select.told_rows(listing, window, clock.today())
    return workbook(request, "资金申报进度表", select.columns(), rows, listing.chips())


@access(Can.VIEW_PROJECTS)
def programme_list(request: HttpRequest) -> HttpResponse:
    """The programmes, those with a deadline ahead first."""
    return render(
        request, "investment/programme_list.html", programmes.list_page(request.user, request.GET, clock.today())
    )


@access(Can.VIEW_PROJECTS)
def programme_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A programme: which projects fit, which of them are ready, who applied."""
    programme = get_object_or_404(FundProgramme, pk=pk)
    context = programmes.detail_page(request.user, programme, request.GET, clock.today())
    return render(request, "investment/programme_detail.html", context)


@access(Can.FUNDS)
def programme_new(request: HttpRequest) -> HttpResponse:
    """Announce a programme."""
    form = ProgrammeForm(*posted(request), initial={"version": 0, "year": clock.today().year})
    return _programme(request, form, None, "新增资金批次", reverse("investment:programme_list"))


@access(Can.FUNDS)
def programme_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a programme."""
    programme = get_object_or_404(FundProgramme, pk=pk)
    form = ProgrammeForm(*posted(request), initial=ProgrammeForm.opening(programme))
    return _programme(request, form, programme, "修改资金批次", reverse("investment:programme_detail", args=[pk]))


def _programme(
    request: HttpRequest, form: ProgrammeForm, programme: FundProgramme | None, title: str, back: str
) -> HttpResponse:
    act = partial(actions.save_programme, by=request.user, programme=programme)

    def standing() -> tuple[dict, int]:
        programme.refresh_from_db()
        return ProgrammeForm.opening(programme), programme.version

    if refusal := run(request, form, act, standing=standing, title=title, cancel_url=back, submit_label="保存"):
        return refusal
    messages.success(request, "资金批次已保存。")
    return redirect(back)


@access(Can.VIEW_PROJECTS)
def project_funds(request: HttpRequest, pk: int) -> HttpResponse:
    """The tab 资金."""
    today = clock.today()
    project = detail.open_project(request.user, pk, today)
    context = detail.frame(request.user, project, "funds", today)
    return render(request, "investment/project_funds.html", context | select.tab_of(project, today))


@access(Can.EDIT_PROJECTS)
def fund_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Prepare an application (`?programme=` says for which programme)."""
    project = editable_project(request, pk, Can.EDIT_PROJECTS)
    form = ApplicationForm(
        *posted(request),
        programmes=FundProgramme.objects.open(clock.today()),
        initial={"version": 0, "programme": request.GET.get("programme", "")},
    )
    back = reverse("investment:project_funds", args=[pk])
    act = partial(_apply, project, request.user)
    if refusal := run(request, form, act, project=project, title="申报资金", cancel_url=back, submit_label="存为储备"):
        return refusal
    messages.success(request, "已存为储备，材料齐备后申报。")
    return redirect(back)


def _apply(project: Project, by: User, version: int, **values: object) -> None:
    actions.apply_for_fund(project=project, by=by, **values)


@access(Can.VIEW_PROJECTS)
def fund_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One application: flow, money row by row, checklist, log."""
    application = _visible(request.user, pk)
    return render(request, "investment/fund_detail.html", select.detail_page(request.user, application, clock.today()))


@access(Can.EDIT_PROJECTS)
def fund_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is asked, before it is handed in."""
    application = _visible(request.user, pk)
    require(may(request.user, application.project, Can.EDIT_PROJECTS))
    names = [name for name in ApplicationForm.base_fields if name != "programme"]
    form = ApplicationForm(*posted(request), initial={name: getattr(application, name) for name in names})
    back = reverse("investment:fund_detail", args=[pk])
    act = partial(actions.edit_application, application=application, by=request.user)
    if refusal := run(request, form, act, project=application.project, title="修改申报", cancel_url=back):
        return refusal
    messages.success(request, "申报已修改。")
    return redirect(back)


@access(Can.EDIT_PROJECTS)
def fund_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """What the responsible unit does: hand in, record spending."""
    return _step(request, pk, step, Can.EDIT_PROJECTS)


@access(Can.FUNDS)
def fund_decide(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """What the district does: review, report, return, and the money from approval to payment."""
    return _step(request, pk, step, Can.FUNDS)


def _step(request: HttpRequest, pk: int, code: str, capability: Can) -> HttpResponse:
    application = _visible(request.user, pk)
    if (step := STEPS.get(code)) is None or step.capability != capability:
        raise Http404
    require(may(request.user, application.project, capability))
    today = clock.today()
    form = FundStepForm(*posted(request), step=code, initial={"version": application.version, "on": today})
    back = reverse("investment:fund_detail", args=[pk])
    act = partial(_take_step, application, code, request.user)
    about = {"project": application.project, "title": step.label, "cancel_url": back, "note": step.note}
    if refusal := run(request, form, act, **about):
        return refusal
    messages.success(request, step.done)
    return redirect(back)


def _take_step(application: FundApplication, code: str, by: User, file=None, **values: object) -> None:
    given = {"application": application, "by": by, "today": clock.today(), **values}
    if STEPS[code].amount:
        stored = store_file(file, by=by) if file else None
        actions.record_amount(kind=STEPS[code].amount, file=stored, **given)
    elif code == "submit":
        actions.submit_application(**given)
    else:
        actions.step_application(step=code, **given)


@access(Can.FUNDS)
def fund_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct an amount; the wrong row stays and is quoted."""
    rows = FundAmount.objects.filter(application__project__in=Project.objects.visible_to(request.user))
    row = get_object_or_404(rows.select_related("application__project__lead_unit", "application__programme"), pk=pk)
    form = CorrectForm(*posted(request), initial={"on": clock.today()})
    back = reverse("investment:fund_detail", args=[row.application_id])
    act = partial(actions.correct_amount, row=row, by=request.user, today=clock.today())
    title = f"更正{row.get_kind_display()}"
    if refusal := run(request, form, act, project=row.application.project, title=title, cancel_url=back):
        return refusal
    messages.success(request, "已更正，原记录保留。")
    return redirect(back)


@access(Can.VIEW_PROJECTS)
def fund_paper(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file of an amount, for those who see the project."""
    rows = FundAmount.objects.filter(application__project__in=Project.objects.visible_to(request.user))
    row = get_object_or_404(rows.exclude(file=None).select_related("file"), pk=pk)
    return serve_file(row.file, inline="inline" in request.GET)


def _visible(user: User, pk: int) -> FundApplication:
    rows = FundApplication.objects.filter(project__in=Project.objects.visible_to(user))
    return get_object_or_404(rows.select_related("project__lead_unit", "programme"), pk=pk)
