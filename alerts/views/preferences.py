"""提醒设置: what a person wants by mail."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from accounts.access import access
from accounts.roles import Can
from accounts.views.answers import data_of, form_page
from alerts import actions, selectors
from alerts.forms import PreferenceForm
from common.conflict import compare
from common.errors import DomainError, StaleVersion


@access(Can.USE_INBOX)
@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """One's own settings."""
    form = PreferenceForm(settings.MAIL_HOUR, selectors.preference(request.user), data_of(request))
    if form.is_valid():
        try:
            actions.set_preference(user=request.user, **form.wishes())
        except StaleVersion as error:
            now = selectors.preference(request.user)
            form.conflict = compare(form, now=now, version=now["version"], message=error.message)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, "提醒设置已保存，下一次扫描起生效。")
            return redirect("alerts:inbox")
    context = {"title": "提醒设置", "form": form, "duties": selectors.duty_rules()}
    return form_page(request, "alerts/preferences.html", context)
