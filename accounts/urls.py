"""URLs of the floor. Each view declares its policy."""

from django.urls import path

from accounts.views import calendar, delegation, grants, people, session, trail, units

app_name = "accounts"
urlpatterns = [
    path("login/", session.login, name="login"),
    path("logout/", session.logout, name="logout"),
    path("password/", session.password_change, name="password_change"),
    path("profile/", session.profile, name="profile"),
    path("delegation/", delegation.delegation, name="delegation"),
    path("delegation/<int:pk>/end/", delegation.delegation_end, name="delegation_end"),
    path("units/", units.unit_list, name="unit_list"),
    path("units/export/", units.unit_export, name="unit_export"),
    path("units/new/", units.unit_new, name="unit_new"),
    path("units/<int:pk>/", units.unit_edit, name="unit_edit"),
    path("units/<int:pk>/aliases/", units.alias_new, name="alias_new"),
    path("aliases/<int:pk>/delete/", units.alias_delete, name="alias_delete"),
    path("users/", people.user_list, name="user_list"),
    path("users/export/", people.user_export, name="user_export"),
    path("users/new/", people.user_new, name="user_new"),
    path("users/<int:pk>/", people.user_edit, name="user_edit"),
    path("users/<int:pk>/password/", people.user_password, name="user_password"),
    path("users/<int:pk>/active/", people.user_active, name="user_active"),
    path("grants/", grants.grant_list, name="grant_list"),
    path("grants/new/", grants.grant_new, name="grant_new"),
    path("grants/<int:pk>/end/", grants.grant_end, name="grant_end"),
    path("audit/", trail.audit_list, name="audit_list"),
    path("audit/export/", trail.audit_export, name="audit_export"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/notice/", calendar.calendar_notice, name="calendar_notice"),
    path("calendar/<int:year>/<int:month>/<int:day>/", calendar.calendar_day, name="calendar_day"),
]
