"""Coming, going, and the password."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from accounts.access import LOGGED_IN, PUBLIC, access
from accounts.actions import change_password, edit_profile, note_login
from accounts.forms import ProfileForm
from accounts.models import User
from accounts.views.answers import data_of, done, form_page


class Login(LoginView):
    """Wrong name, wrong password and switched-off account answer alike; too many failures are axes' business."""

    template_name = "accounts/login.html"
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        note_login(user=form.get_user(), came=True)
        return response

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


class Logout(LogoutView):
    """POST only."""

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        note_login(user=request.user, came=False)
        return super().post(request, *args, **kwargs)


login = access(PUBLIC)(Login.as_view())
logout = access(LOGGED_IN)(Logout.as_view())


@access(LOGGED_IN)
@require_http_methods(["GET", "POST"])
def password_change(request: HttpRequest) -> HttpResponse:
    """One's own password; whoever holds an initial one is led here."""
    form = PasswordChangeForm(request.user, data_of(request))
    if form.is_valid():
        try:
            change_password(user=request.user, password=form.cleaned_data["new_password1"])
        except ValidationError as error:
            form.add_error("new_password1", error)
        else:
            update_session_auth_hash(request, request.user)
            messages.success(request, "密码已修改，其他设备上的登录已退出。")
            return redirect("dashboard:home")
    return form_page(request, "accounts/password_change.html", {"form": form})


@access(LOGGED_IN)
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Telephone, e-mail and 字号 of one's own."""
    user = User.objects.get(pk=request.user.pk)
    initial = {
        "phone": user.phone,
        "email": user.email,
        "version": user.version,
        "text_size": request.COOKIES.get("text_size", ""),
    }
    form = ProfileForm(data_of(request), initial=initial)
    ok, text_size = done(form, _save_profile, user=user)
    if ok:
        messages.success(request, "个人资料已保存。")
        response = redirect("accounts:profile")
        response.set_cookie(
            "text_size", text_size, max_age=31536000, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
        return response
    return form_page(request, "accounts/profile.html", {"form": form, "title": "个人资料", "roles": user.roles})


def _save_profile(*, user: User, version: int, phone: str, email: str, text_size: str) -> str:
    edit_profile(user=user, version=version, phone=phone, email=email)
    return text_size
