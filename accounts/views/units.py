"""Units and their aliases."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions
from accounts.access import access
from accounts.exports import columns_of, export
from accounts.forms import AliasForm, UnitEditForm, UnitForm
from accounts.models import Unit, UnitAlias
from accounts.roles import Can
from accounts.selectors import unit_tree
from accounts.views.answers import data_of, done, form_page

FIELDS = ("name", "short_name", "kind", "parent", "head", "order", "is_active", "version")


@access(Can.MANAGE_UNITS)
@require_safe
def unit_list(request: HttpRequest) -> HttpResponse:
    """The tree."""
    return render(request, "accounts/unit_list.html", {"title": "单位", "units": unit_tree()})


@access(Can.MANAGE_UNITS)
@require_safe
def unit_export(request: HttpRequest) -> StreamingHttpResponse:
    """The tree as .xlsx."""
    columns = columns_of("单位名称:name", "简称", "类型", "上级单位", "在用人员:number", "别名", "状态")
    units = unit_tree()
    names = {unit.pk: unit.name for unit in units}
    rows = (
        [
            unit.name,
            unit.short_name,
            unit.get_kind_display(),
            names.get(unit.parent_id),
            unit.people_count,
            [alias.name for alias in unit.aliases.all()],
            "启用" if unit.is_active else "停用",
        ]
        for unit in units
    )
    return export(request, columns, rows, title="单位")


@access(Can.MANAGE_UNITS)
@require_http_methods(["GET", "POST"])
def unit_new(request: HttpRequest) -> HttpResponse:
    """Add a unit; `?parent=` chooses where."""
    form = UnitForm(data_of(request), initial={"parent": request.GET.get("parent")})
    ok, unit = done(form, actions.add_unit, by=request.user)
    if ok:
        messages.success(request, f"已新增单位“{unit}”。")
        return redirect("accounts:unit_list")
    return form_page(request, "accounts/unit_form.html", {"form": form, "title": "新增单位"})


@access(Can.MANAGE_UNITS)
@require_http_methods(["GET", "POST"])
def unit_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a unit."""
    unit = get_object_or_404(Unit, pk=pk)
    form = UnitEditForm(data_of(request), initial={name: getattr(unit, name) for name in FIELDS})
    ok, _ = done(form, actions.edit_unit, unit=unit, by=request.user)
    if ok:
        messages.success(request, f"单位“{form.cleaned_data['name']}”已保存。")
        return redirect("accounts:unit_list")
    return _page(request, unit, form, AliasForm())


@access(Can.MANAGE_UNITS)
@require_POST
def alias_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an alias to the unit."""
    unit = get_object_or_404(Unit, pk=pk)
    form = AliasForm(request.POST)
    ok, alias = done(form, actions.add_alias, unit=unit, by=request.user)
    if ok:
        messages.success(request, f"已登记别名“{alias.name}”。")
        return redirect("accounts:unit_edit", unit.pk)
    return _page(request, unit, UnitEditForm(initial={name: getattr(unit, name) for name in FIELDS}), form)


@access(Can.MANAGE_UNITS)
@require_POST
def alias_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove an alias."""
    alias = get_object_or_404(UnitAlias.objects.select_related("unit"), pk=pk)
    actions.remove_alias(alias=alias, by=request.user)
    messages.success(request, f"已删除别名“{alias.name}”。")
    return redirect("accounts:unit_edit", alias.unit_id)


def _page(request: HttpRequest, unit: Unit, form: UnitEditForm, alias_form: AliasForm) -> HttpResponse:
    context = {"form": form, "title": f"单位：{unit.name}", "unit": unit, "alias_form": alias_form}
    context["aliases"] = unit.aliases.order_by("name")
    return form_page(request, "accounts/unit_form.html", context, alias_form)
