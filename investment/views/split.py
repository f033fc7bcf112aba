"""拆分: one project into several, with its money."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.access import access
from accounts.choices import Role
from accounts.roles import Can
from common import clock
from common.money import wan_column
from investment.actions import split_with_money
from projects.forms_relation import SplitForm
from projects.permissions import require
from projects.views.forms import done, editable_project, form_page, posted

NOTE = (
    "各子项总投资合计须与母项一致（精确到元）。年度计划和各月完成额按子项总投资的比例分到子项，逐笔对平；"
    "母项转为历史，不再计入合计。办结后可分别调整子项计划。"
)


@access(Can.EDIT_PROJECTS)
def project_split(request: HttpRequest, pk: int) -> HttpResponse:
    """Split one project."""
    project = editable_project(request, pk, Can.EDIT_PROJECTS)
    require(request.user.has_role(Role.ADMIN), "拆分由发改局办理，您的账号不能提交。")
    form = SplitForm(posted(request)[0], initial={"version": project.version})
    if request.method == "POST" and done(
        form,
        lambda: split_with_money(
            project=project,
            parts=form.parts(project.lead_unit),
            reason=form.cleaned_data["reason"],
            by=request.user,
            today=clock.today(),
            version=form.cleaned_data["version"],
        ),
    ):
        messages.success(request, f"“{project.name}”已拆分，子项合计与母项一致。")
        return redirect("projects:project_relations", pk=pk)
    return form_page(
        request,
        "projects/split_form.html",
        form,
        project=project,
        title=f"拆分项目（总投资 {wan_column(project.total_investment)} 万元）",
        cancel_url=reverse("projects:project_relations", args=[pk]),
        submit_label="拆分",
        note=NOTE,
    )
