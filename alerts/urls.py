"""URLs of the floor. Each view declares its policy."""

from django.urls import path

from alerts import views

app_name = "alerts"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("acknowledge/", views.acknowledge_many, name="acknowledge_many"),
    path("<int:pk>/acknowledge/", views.acknowledge, name="acknowledge"),
    path("mails/<int:pk>/", views.mail_detail, name="mail_detail"),
    path("mails/<int:pk>/html/", views.mail_html, name="mail_html"),
    path("mails/<int:pk>/resend/", views.mail_resend, name="mail_resend"),
    path("operations/", views.operations, name="operations"),
    path("operations/run/<slug:code>/", views.job_run, name="job_run"),
    path("operations/send/", views.mails_send, name="mails_send"),
    path("operations/test/", views.mail_test, name="mail_test"),
]
