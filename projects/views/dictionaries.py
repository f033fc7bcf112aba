"""字典: industry chains and the standard node table."""

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access import access
from accounts.roles import Can
from projects import actions
from projects.forms_dictionaries import EntryForm, TemplateForm
from projects.models import IndustryChain, MilestoneTemplate
from projects.selectors.dictionaries import dictionaries
from projects.views.forms import done, form_page


@access(Can.MANAGE_DICTIONARIES)
def dictionary_list(request: HttpRequest) -> HttpResponse:
    """All of them on one page; `?type=` chooses whose node table."""
    return render(request, "projects/dictionary_list.html", dictionaries(request.GET.get("type", "")))


@access(Can.MANAGE_DICTIONARIES)
def chain_new(request: HttpRequest) -> HttpResponse:
    """Add an industry chain."""
    return entry_page(request, IndustryChain(), back=reverse("projects:dictionary_list"))


@access(Can.MANAGE_DICTIONARIES)
def chain_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an industry chain."""
    return entry_page(request, get_object_or_404(IndustryChain, pk=pk), back=reverse("projects:dictionary_list"))


def entry_page(request: HttpRequest, entry: Model, *, back: str) -> HttpResponse:
    """The form of a name of a dictionary, fresh or known."""
    noun, name = entry._meta.verbose_name, str(entry)
    form = EntryForm(request.POST if request.method == "POST" else None, entry=entry)
    if request.method == "POST" and done(
        form, lambda: actions.save_entry(entry=entry, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, f"{noun}“{form.cleaned_data['name']}”已保存。")
        return redirect(back)
    title = f"{noun}：{name}" if name else f"新增{noun}"
    return form_page(request, "layouts/form.html", form, title=title, cancel_url=back)


@access(Can.MANAGE_DICTIONARIES)
def template_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a row of the standard node table."""
    template = get_object_or_404(MilestoneTemplate, pk=pk)
    form = TemplateForm(request.POST if request.method == "POST" else None, initial=TemplateForm.standing(template))
    back = f"{reverse('projects:dictionary_list')}?type={template.approval_type}#nodes"
    if request.method == "POST" and done(
        form, lambda: actions.edit_template(template=template, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, f"节点“{template.name}”已保存。新登记的项目按新的标准排期，已排的计划不变。")
        return redirect(back)
    context = {
        "title": f"{template.get_approval_type_display()}节点：{template.code} {template.name}",
        "cancel_url": back,
        "note": "只影响以后登记的项目；已经排好的计划保持不变。",
    }
    return form_page(request, "layouts/form.html", form, **context)
