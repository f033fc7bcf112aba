"""Users: the list, adding, editing, initial passwords, switching off and on."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions
from accounts.access import access
from accounts.exports import columns_of, export
from accounts.forms import UserEditForm, UserNewForm
from accounts.models import Unit, User
from accounts.roles import Can
from accounts.selectors import namesakes, people
from accounts.views.answers import data_of, done, form_page, page_of
from common import clock
from common.errors import DomainError
from common.text import whole_number

FIELDS = ("full_name", "unit", "title", "phone", "email", "version")
STATES = [("", "在用"), ("no_password", "未发密码"), ("no_role", "未授权"), ("off", "已停用"), ("all", "全部")]


@access(Can.MANAGE_USERS)
@require_safe
def user_list(request: HttpRequest) -> HttpResponse:
    """Everybody with an account."""
    q, unit, state = _asked(request)
    users = people(today=clock.today(), q=q, unit=unit, state=state)
    page = page_of(request, users)
    context = {
        "title": "用户",
        "page_obj": page,
        "q": q,
        "q_label": "姓名、账号、电话、拼音",
        "filters": people_filters(unit, state),
        "total": page.paginator.count,
        "unit": "人",
        "empty": {"title": "没有符合条件的用户", "text": "换个条件，或清除筛选。"},
    }
    return render(request, "accounts/user_list.html", context)


def _asked(request: HttpRequest) -> tuple[str, str, str]:
    return request.GET.get("q", ""), request.GET.get("unit", ""), request.GET.get("state", "")


@access(Can.MANAGE_USERS)
@require_safe
def user_export(request: HttpRequest) -> StreamingHttpResponse:
    """The list as it is filtered, as .xlsx."""
    q, unit, state = _asked(request)
    chosen = [part["chosen"] for part in people_filters(unit, state) if part["chosen"]] + ([f"搜索：{q}"] if q else [])
    columns = columns_of("账号", "姓名", "单位:unit", "职务", "角色", "电话", "邮箱", "最近登录:date", "状态")
    rows = (
        [
            user.username,
            user.full_name,
            user.unit.name if user.unit else None,
            user.title,
            [term.get_role_display() for term in user.current],
            user.phone,
            user.email,
            user.last_login and user.last_login.astimezone(clock.SHANGHAI),
            "在用" if user.is_active else "停用",
        ]
        for user in people(today=clock.today(), q=q, unit=unit, state=state).iterator(chunk_size=500)
    )
    return export(request, columns, rows, title="用户", chosen="；".join(chosen))


@access(Can.MANAGE_USERS)
@require_http_methods(["GET", "POST"])
@never_cache
def user_new(request: HttpRequest) -> HttpResponse:
    """Add a person; the answer shows the initial password, once."""
    form = UserNewForm(data_of(request))
    ok, result = done(form, actions.add_user, by=request.user)
    if ok:
        user, password, matched = result
        return _password_page(request, user, password, "账号已建好", matched)
    return form_page(request, "accounts/user_new.html", {"form": form, "title": "新增用户"})


@access(Can.MANAGE_USERS)
@require_http_methods(["GET", "POST"])
def user_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a person."""
    user = get_object_or_404(User.objects.select_related("unit"), pk=pk)
    form = UserEditForm(data_of(request), initial={name: getattr(user, name) for name in FIELDS})
    ok, matched = done(form, actions.edit_user, user=user, by=request.user)
    if ok:
        note = f"另有 {matched} 条只记了姓名的责任已关联到此账号。" if matched else ""
        messages.success(request, f"“{user}”的资料已保存。{note}")
        return redirect("accounts:user_list")
    context = {"form": form, "title": f"用户：{user.full_name}", "person": user, "namesakes": namesakes(user)}
    return form_page(request, "accounts/user_edit.html", context)


@access(Can.MANAGE_USERS)
@require_POST
@never_cache
def user_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Reset the password; the answer shows the new initial one, once."""
    user = get_object_or_404(User, pk=pk)
    return _password_page(request, user, actions.reset_password(user=user, by=request.user), "密码已重置")


@access(Can.MANAGE_USERS)
@require_POST
@never_cache
def user_active(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch the account off (`active` = 0) or on (1, with a new initial password)."""
    user = get_object_or_404(User, pk=pk)
    version = whole_number(request.POST.get("version", ""))
    if version is None:
        raise DomainError("请求不完整，请回到用户页面重新操作。")
    if request.POST.get("active") == "1":
        password = actions.reactivate_user(user=user, version=version, by=request.user)
        return _password_page(request, user, password, "账号已启用")
    actions.deactivate_user(user=user, version=version, by=request.user)
    messages.success(request, f"“{user}”的账号已停用，登录已退出。")
    return redirect("accounts:user_list")


def people_filters(unit: str, state: str) -> list[dict]:
    """The filters of a list of people, for components/_filters."""
    units = Unit.objects.active().values_list("pk", "name")
    return [
        _single("unit", "单位", [(str(pk), name) for pk, name in units], unit),
        _single("state", "状态", STATES[1:], state),
    ]


def _single(name: str, label: str, options: list[tuple[str, str]], chosen: str) -> dict:
    picked = dict(options).get(chosen)
    return {
        "name": name,
        "label": label,
        "single": True,
        "chosen": picked,
        "options": [{"value": value, "label": text, "selected": value == chosen} for value, text in options],
    }


def _password_page(request: HttpRequest, user: User, password: str, title: str, matched: int = 0) -> HttpResponse:
    context = {"title": title, "person": user, "password": password, "matched": matched, "namesakes": namesakes(user)}
    return render(request, "accounts/user_password.html", context)
