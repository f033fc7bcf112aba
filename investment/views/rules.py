"""灯色规则: read by everybody, drafted, tried and published by the bureau."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import access
from accounts.roles import Can
from common import clock
from common.errors import DomainError
from common.models import RuleSet
from common.periods import Period
from common.rules import CODE, light_rules
from common.text import whole_number
from investment import actions
from investment.forms_rules import RulesForm, TermsForm, opening
from investment.lights import closed_period
from investment.selectors.rules import rules_page, trial_page
from projects.views.forms import done, form_page, posted


@access(Can.VIEW_PROJECTS)
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """The rules in force, their versions, the draft."""
    return render(request, "investment/rules.html", rules_page(request.user, clock.today()))


@access(Can.MANAGE_RULES)
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest) -> HttpResponse:
    """Edit the draft, or begin one from the rules in force."""
    today = clock.today()
    last: Period = closed_period(today)

    def standing() -> tuple[dict, int]:
        initial = opening(light_rules(last), RuleSet.objects.draft(CODE), last.next())
        return initial, initial["version"] or 0

    form = RulesForm(posted(request)[0], initial=standing()[0])
    if request.method == "POST" and done(form, lambda: _save(form, request, today), standing=standing):
        messages.success(request, "草稿已保存。发布前请先试算最近 12 个月。")
        return redirect("investment:rules_trial")
    context = {"title": "灯色规则草稿", "cancel_url": reverse("investment:rules"), "submit_label": "保存并试算"}
    return form_page(request, "layouts/form.html", form, **context)


@access(Can.MANAGE_RULES)
@require_http_methods(["GET", "POST"])
def terms(request: HttpRequest) -> HttpResponse:
    """Edit the season's curve and the days of grace."""
    form = TermsForm(posted(request)[0], held=actions.reporting_terms())
    if request.method == "POST" and done(form, lambda: _save_terms(form, request)):
        messages.success(request, "填报与分月参数已保存，已经分月的计划不变。")
        return redirect("investment:rules")
    context = {"title": "填报与分月参数", "cancel_url": reverse("investment:rules"), "submit_label": "保存"}
    context["note"] = "权重按比例使用，不必合计 100。只影响以后按季节曲线分月的计划。"
    return form_page(request, "layouts/form.html", form, **context)


def _save_terms(form: TermsForm, request: HttpRequest) -> None:
    data = form.cleaned_data
    actions.save_reporting_terms(curve=form.curve, grace=data["grace"], seen=data["seen"], by=request.user)


def _save(form: RulesForm, request: HttpRequest, today: date) -> None:
    kept = {name: form.cleaned_data[name] for name in ("rules", "effective", "note")}
    actions.save_rules_draft(by=request.user, today=today, revision=form.cleaned_data["version"] or None, **kept)


@access(Can.MANAGE_RULES)
@require_safe
def trial(request: HttpRequest) -> HttpResponse:
    """Which lights of the last twelve months the draft would change."""
    context = trial_page(_draft(), clock.today(), request.GET.get("page", "1"))
    return render(request, "investment/rules_trial.html", context)


@access(Can.MANAGE_RULES)
@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    """Let the draft hold."""
    kept = actions.publish_rules(draft=_draft(), revision=_revision(request), by=request.user, today=clock.today())
    messages.success(request, f"灯色规则第 {kept.version} 版已发布，自 {kept.effective_from:%Y-%m} 起生效。")
    return redirect("investment:rules")


@access(Can.MANAGE_RULES)
@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """Throw the draft away."""
    actions.discard_rules(draft=_draft(), revision=_revision(request), by=request.user)
    messages.success(request, "草稿已放弃。")
    return redirect("investment:rules")


def _draft() -> RuleSet:
    found = RuleSet.objects.draft(CODE)
    if found is None:
        raise DomainError("没有草稿：可能已被发布或放弃，请在“灯色规则”查看。")
    return found


def _revision(request: HttpRequest) -> int:
    text = request.POST.get("revision", "")
    return whole_number(text) or 0
