"""The side menu: what this person may open, in groups (ux §3.5)."""

from django.http import HttpRequest
from django.urls import reverse

from accounts.roles import Can

MENU: tuple[tuple[tuple[str, str, str, Can | None], ...], ...] = (
    (
        ("工作台", "dashboard:home", "house", None),
        ("驾驶舱", "dashboard:cockpit", "gauge", Can.SEE_COCKPIT),
        ("项目库", "projects:project_list", "folder-kanban", Can.VIEW_PROJECTS),
        ("储备库", "projects:reserve_library", "package-open", Can.VIEW_PROJECTS),
        ("投资总览", "investment:overview", "chart-column", Can.VIEW_PROJECTS),
        ("年度目标", "investment:targets", "target", Can.VIEW_PROJECTS),
        ("月报填报", "investment:month_grid", "table-2", Can.REPORT),
        ("月报审核", "investment:month_review", "clipboard-check", Can.REVIEW_FIGURES),
        ("滞后分析", "investment:lag", "trending-down", Can.VIEW_PROJECTS),
        ("政策资金", "investment:fund_overview", "hand-coins", Can.VIEW_PROJECTS),
        ("入库纳统", "investment:enrolment_list", "clipboard-check", Can.VIEW_PROJECTS),
        ("阶段审核", "projects:request_list", "stamp", Can.APPROVE_STAGE),
    ),
    (
        ("预警", "alerts:inbox", "bell", Can.USE_INBOX),
        ("导入", "ingest:batch_list", "file-spreadsheet", Can.IMPORT),
    ),
    (
        ("单位", "accounts:unit_list", "landmark", Can.MANAGE_UNITS),
        ("用户", "accounts:user_list", "users", Can.MANAGE_USERS),
        ("授权", "accounts:grant_list", "key-round", Can.GRANT_ROLES),
        ("字典", "projects:dictionary_list", "book-open", Can.MANAGE_DICTIONARIES),
        ("灯色规则", "investment:rules", "sliders-horizontal", Can.MANAGE_RULES),
        ("工作日历", "accounts:calendar", "calendar-days", Can.MANAGE_CALENDAR),
        ("邮件与任务", "alerts:operations", "send", Can.RUN_ALERTS),
        ("操作日志", "accounts:audit_list", "scroll-text", Can.READ_AUDIT),
    ),
)


BELONGS = {"ingest:word_list": "projects:dictionary_list"}  # pages without an entry → under which entry they stand


def navigation(request: HttpRequest) -> dict:
    """`menu`: groups of {label, url, icon, active} for the logged-in person."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"menu": []}
    groups = []
    for group in MENU:
        items = []
        for label, name, icon, capability in group:
            if capability and not user.may(capability):
                continue
            url = reverse(name)
            items.append({"label": label, "url": url, "icon": icon})
        if items:
            groups.append(items)
    path = next((reverse(of) for page, of in BELONGS.items() if _is_here(request.path, reverse(page))), request.path)
    matching = [item["url"] for items in groups for item in items if _is_here(path, item["url"])]
    here = max(matching, key=len, default=None)  # /projects/requests/ lies within /projects/: the nearest one counts
    for items in groups:
        for item in items:
            item["active"] = item["url"] == here
    return {"menu": groups}


def _is_here(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)
