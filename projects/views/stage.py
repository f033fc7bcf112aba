"""推进阶段: the dialog, the requests that wait for a decision, corrections."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import access
from accounts.exports import columns_of, export
from accounts.roles import Can
from common import clock
from common.text import quoted
from projects import actions
from projects.choices import RequestState
from projects.forms_detail import CorrectionForm, DecisionForm, StageForm
from projects.gates import read_gate
from projects.lifecycle import EDGE, STATE_LABELS
from projects.models import Project, StageRequest
from projects.permissions import may, may_request, of_bureau, require
from projects.selectors import detail, stage
from projects.views.forms import done, form_page, posted


@access(Can.VIEW_PROJECTS)
def project_stage(request: HttpRequest, pk: int) -> HttpResponse:
    """推进阶段: every open edge with its demands (`?edge=` opens one); POST asks for the move."""
    project = get_object_or_404(Project.objects.visible_to(request.user).select_related("lead_unit"), pk=pk)
    today = clock.today()
    ways = stage.ways_on(request.user, project, today)
    asked = request.POST.get("edge") or request.GET.get("edge")
    way = next((w for w in ways if w.edge.code == asked), ways[0] if ways else None)
    requests = StageRequest.objects.filter(project=project).select_related("requested_by__unit", "decided_by")
    context = {
        "project": project,
        "title": "推进阶段",
        "ways": ways,
        "way": way,
        "plain": not may(request.user, project, Can.EDIT_PROJECTS),  # whoever may not supply gets no links to do so
        "pending": requests.filter(state=RequestState.PENDING).first(),
        "last": requests.exclude(state=RequestState.PENDING).first(),
        "cancel_url": project.get_absolute_url(),
        "action": request.path,
    }
    context["may_cancel"] = bool(context["pending"]) and may_request(
        request.user, project, EDGE[context["pending"].edge]
    )
    edge = EDGE.get(request.POST.get("edge", ""), way.edge if way else None)
    if edge is None:
        return render(request, "projects/project_stage.html", context)
    form = StageForm(*posted(request), edge=edge)
    if request.method == "POST" and done(
        form,
        lambda: actions.request_stage(
            project=project, edge=edge.code, by=request.user, today=today, **form.cleaned_data
        ),
    ):
        messages.success(request, f"“{edge.label}”申请已提交，等待审核。")
        return redirect(project)
    return form_page(request, "projects/project_stage.html", form, **context)


@access(Can.APPROVE_STAGE)
def request_list(request: HttpRequest) -> HttpResponse:
    """What waits for this person's decision, and what was decided lately."""
    today = clock.today()
    context = {
        "title": "审核",
        "lines": stage.pending_lines(request.user, today),
        "decided": stage.decided_requests(request.user),
        "corrections": stage.corrections_for(request.user) if of_bureau(request.user) else [],
    }
    return render(request, "projects/request_list.html", context)


@access(Can.APPROVE_STAGE)
@require_safe
def correction_export(request: HttpRequest) -> StreamingHttpResponse:
    """The corrections that wait, as .xlsx."""
    require(of_bureau(request.user), "更正单由发改局审核。")
    columns = columns_of(
        "项目编号", "项目:name", "责任单位", "更正内容", "原值", "更正为", "理由:long_text", "申请人", "申请时间:date"
    )
    return export(request, columns, stage.correction_rows(request.user), title="待审核的更正单")


@access(Can.APPROVE_STAGE)
def request_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: the gate as it stands now, the papers, approve or return."""
    asked = get_object_or_404(stage.requests_for(request.user), pk=pk)
    today = clock.today()
    project = asked.project
    report = read_gate(project, EDGE[asked.edge].gate, today)
    form = DecisionForm(*posted(request))
    if request.method == "POST" and done(
        form,
        lambda: actions.decide_stage(
            request=asked,
            approve=form.cleaned_data["decision"] == "approve",
            by=request.user,
            today=today,
            note=form.cleaned_data["note"],
        ),
    ):
        word = "通过" if form.cleaned_data["decision"] == "approve" else "退回"
        messages.success(request, f"已{word}{quoted(project.name)}的{asked.label}申请。")
        return redirect("projects:request_list")
    context = {
        "asked": asked,
        "edge": EDGE[asked.edge],
        "target_label": STATE_LABELS.get(EDGE[asked.edge].target, "恢复原阶段"),
        "project": project,
        "title": f"审核：{asked.label}",
        "report": report,
        "lines": stage.decision_lines(project, report),
        "cancel_url": reverse("projects:request_list"),
    }
    return form_page(request, "projects/request_decide.html", form, **context)


@require_POST
@access(Can.VIEW_PROJECTS)
def request_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a pending request: those who may ask for the move."""
    asked = get_object_or_404(
        StageRequest.objects.filter(project__in=Project.objects.visible_to(request.user)).select_related("project"),
        pk=pk,
    )
    require(may_request(request.user, asked.project, EDGE[asked.edge]))
    actions.cancel_request(request=asked, by=request.user)
    messages.success(request, f"已撤回“{asked.label}”申请。")
    return redirect(asked.project)


@access(Can.VIEW_PROJECTS)
def project_correction(request: HttpRequest, pk: int) -> HttpResponse:
    """更正单: ask to correct the stage or a date of fact."""
    project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    require(of_bureau(request.user) or may(request.user, project, Can.EDIT_PROJECTS))
    form = CorrectionForm(*posted(request))
    if request.method == "POST" and done(
        form,
        lambda: actions.request_correction(
            project=project,
            field=form.cleaned_data["field"],
            after=form.after,
            reason=form.cleaned_data["reason"],
            by=request.user,
        ),
    ):
        messages.success(request, "更正单已提交，等待发改局审核。")
        return redirect(project)
    return form_page(
        request,
        "projects/correction_form.html",
        form,
        project=project,
        title="提交更正单",
        current=detail.correctable(project),
        cancel_url=project.get_absolute_url(),
        submit_label="提交更正单",
    )


@access(Can.APPROVE_STAGE)
def correction_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve or return a correction."""
    asked = get_object_or_404(stage.corrections_for(request.user), pk=pk)
    require(of_bureau(request.user), "更正单由发改局审核。")
    form = DecisionForm(*posted(request))
    if request.method == "POST" and done(
        form,
        lambda: actions.decide_correction(
            request=asked,
            approve=form.cleaned_data["decision"] == "approve",
            by=request.user,
            today=clock.today(),
            note=form.cleaned_data["note"],
        ),
    ):
        messages.success(request, "更正单已处理。")
        return redirect("projects:request_list")
    return form_page(
        request,
        "projects/correction_decide.html",
        form,
        asked=asked,
        project=asked.project,
        title="审核更正单",
        line=stage.correction_line(asked),
        cancel_url=reverse("projects:request_list"),
    )
