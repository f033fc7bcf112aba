"""合并: two records of one project side by side, decided by the bureau's administrator."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from accounts.access import access
from accounts.roles import Can
from common import clock
from projects.actions import merge_projects
from projects.forms_merge import MergeForm
from projects.models import Project
from projects.selectors.merging import side_by_side
from projects.views.forms import done, form_page, posted


@access(Can.IMPORT)
def project_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """`?other=` names the record that is to go; POST merges it into this one."""
    rows = Project.objects.visible_to(request.user).select_related("lead_unit")
    project = get_object_or_404(rows, pk=pk)
    number = request.POST.get("other") or request.GET.get("other", "")
    other = rows.filter(number=number).exclude(pk=pk).first()
    form = MergeForm(posted(request)[0], project=project, other=other, rows=rows)
    if request.method == "POST" and done(form, lambda: _merge(project, form.cleaned_data, request)):
        messages.success(request, "两个项目已合并。")
        return redirect(project)
    context = {
        "project": project,
        "other": other,
        "title": "合并项目",
        "submit_label": "合并",
        "cancel_url": project.get_absolute_url(),
    }
    sides = side_by_side(project, other) if other else []
    return form_page(request, "projects/project_merge.html", form, sides=sides, action=request.path, **context)


def _merge(project: Project, data: dict, request: HttpRequest) -> None:
    other = data["other"]
    seen = data["merged_version"] or other.version
    merge_projects(
        kept=project, merged=other, reason=data["reason"], by=request.user, today=clock.today(),
        version=data["version"], merged_version=seen,
    )  # fmt: skip
