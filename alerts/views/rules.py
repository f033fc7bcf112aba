"""预警规则: which rules are on, with which numbers; a preview before a change is saved."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import access
from accounts.roles import Can
from accounts.views.answers import data_of, form_page
from alerts import actions, selectors, tuning
from alerts.forms import RuleForm
from alerts.rules import BY_CODE
from common import clock
from common.conflict import compare
from common.errors import DomainError, StaleVersion


@access(Can.RUN_ALERTS)
@require_safe
def rule_list(request: HttpRequest) -> HttpResponse:
    """The ladder and every rule."""
    context = {"title": "预警规则", "rules": selectors.rules(clock.today())}
    return render(request, "alerts/rule_list.html", context)


@access(Can.RUN_ALERTS)
@require_http_methods(["GET", "POST"])
def rule_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Switch or tune one rule; saving makes a new version."""
    form = _form(code, data_of(request))
    if form.is_valid():
        try:
            actions.tune_rule(code, by=request.user, today=clock.today(), **form.change())
        except StaleVersion as error:
            setting = tuning.in_force(clock.today())[code]
            form.conflict = compare(form, now=setting.values, version=setting.version, message=error.message)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, "规则已保存，下一次扫描起按新版本判断。")
            return redirect("alerts:rule_list")
    return form_page(request, "alerts/rule_edit.html", selectors.rule_page(code, clock.today()) | {"form": form})


@access(Can.RUN_ALERTS)
@require_safe
def rule_preview(request: HttpRequest, code: str) -> HttpResponse:
    """What the next scan would do with the numbers as typed; nothing is saved."""
    form = _form(code, request.GET)
    form.fields["reason"].required = False
    if not form.is_valid():
        said, level = "请先改正填写的数值。", "warn"
    else:
        try:
            said, level = str(actions.preview(code, today=clock.today(), **form.numbers())), "info"
        except DomainError as error:
            said, level = error.message, "warn"
    return render(request, "components/_notice.html", {"level": level, "text": said})


def _form(code: str, data: QueryDict | None) -> RuleForm:
    if code not in (tuning.LADDER_CODE, *BY_CODE):
        raise Http404("没有这条规则。")
    setting = tuning.in_force(clock.today())[code]
    return RuleForm(code, setting, data)
