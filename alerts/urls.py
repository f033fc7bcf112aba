"""URLs of the floor. Each view declares its policy."""

from django.urls import path

from alerts.views import inbox, mails, operations, preferences, rules

app_name = "alerts"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("export/", inbox.inbox_export, name="inbox_export"),
    path("acknowledge/", inbox.acknowledge_many, name="acknowledge_many"),
    path("<int:pk>/", inbox.alert, name="alert"),
    path("<int:pk>/acknowledge/", inbox.acknowledge, name="acknowledge"),
    path("<int:pk>/urge/", inbox.urge, name="urge"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("rules/", rules.rule_list, name="rule_list"),
    path("rules/<slug:code>/", rules.rule_edit, name="rule_edit"),
    path("rules/<slug:code>/preview/", rules.rule_preview, name="rule_preview"),
    path("mails/<int:pk>/", mails.mail_detail, name="mail_detail"),
    path("mails/<int:pk>/html/", mails.mail_html, name="mail_html"),
    path("mails/<int:pk>/resend/", mails.mail_resend, name="mail_resend"),
    path("operations/", operations.operations, name="operations"),
    path("ledger/", operations.ledger, name="ledger"),
    path("ledger/export/", operations.ledger_export, name="ledger_export"),
    path("operations/run/<slug:code>/", operations.job_run, name="job_run"),
    path("operations/send/", operations.mails_send, name="mails_send"),
    path("operations/test/", mails.mail_test, name="mail_test"),
]
