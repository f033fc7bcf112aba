"""Reads shaped for the inbox: tabs, filters, cards with their ladder."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.timezone import localtime

from accounts.models import User
from accounts.roles import Can
from alerts import tuning
from alerts.choices import Audience, Level, Severity
from alerts.models import Alert, AlertNotice
from alerts.rules import BY_CODE, RULES, Tuning
from alerts.rules.base import CLIMB, key_of
from common.workdays import work_calendar
from projects.models import Project
from projects.selectors.people import assignable_by

PER_PAGE = 20
TABS = {"waiting": "待处理", "resting": "已知悉", "closed": "已销号", "sent": "我发出的"}
SEVERITY_WORDS = {Severity.RED: "逾期", Severity.YELLOW: "提醒"}


@dataclass(frozen=True)
class Wanted:
    """What the address asks for. `everything` is open to those who look after the whole district."""

    tab: str
    everything: bool
    severities: list[str]
    rules: list[str]
    q: str

    @classmethod
    def read(cls, query: QueryDict, user: User) -> "Wanted":
        tab = query.get("tab", "")
        return cls(
            tab=tab if tab in TABS else "waiting",
            everything=query.get("who") == "all" and sees_everything(user),
            severities=[value for value in query.getlist("severity") if value in Severity.values],
            rules=[code for code in query.getlist("rule") if code in BY_CODE],
            q=query.get("q", "").strip()[:60],
        )


def sees_everything(user: User) -> bool:
    """Whether the person may switch from the own alerts to those of all visible projects."""
    return user.may(Can.SEE_COCKPIT)


def inbox(user: User, query: QueryDict, today: date) -> dict[str, Any]:
    """The page: counts of the tabs, filters with counts, cards of the chosen tab."""
    wanted = Wanted.read(query, user)
    visible = Alert.objects.visible_to(user)
    mine = visible if wanted.everything else visible.told_to(user)
    tabs = {"waiting": mine.waiting(today), "resting": mine.resting(today), "closed": mine.closed()}
    counts = _counts(mine, today)
    if user.may(Can.URGE):
        tabs["sent"] = visible.filter(urged_by=user)
        counts["sent"] = tabs["sent"].count()
    rows = tabs.get(wanted.tab, tabs["waiting"])
    listed = _listed(rows, wanted)
    page = Paginator(listed, PER_PAGE).get_page(query.get("page"))
    return {
        "views": _tabs(wanted, counts),
        "listed": listed,
        "may_export": user.may(Can.EXPORT),
        "tab": wanted.tab,
        "page_obj": page,
        "cards": cards(list(page.object_list), user, today),
        "q": wanted.q,
        "q_label": "项目名称",
        "filters": _filters(rows, wanted, may_widen=sees_everything(user)),
        "filter_hidden": [("tab", wanted.tab)],
        "total": page.paginator.count,
        "unit": "条",
        "rungs": rungs(today),
        "empty": _empty(wanted),
    }


def in_words(page: dict[str, Any]) -> str:
    """Tab, filters and search of a list page in words, for its workbook."""
    told = [view["label"] for view in page["views"] if view["active"]]
    told += [f"{one['label']}：{one['chosen']}" for one in page["filters"] if one["chosen"]]
    return "；".join(told + ([f"搜索：{page['q']}"] if page["q"] else []))


ALERT_COLUMNS = (
    "级别", "类型", "事项:name", "说明:long_text", "责任单位", "应完成:date", "发现日期:date", "知悉人",
    "措施:long_text", "承诺完成:date", "销号时间:date", "销号依据:long_text",
)  # fmt: skip


def alert_rows(listed: QuerySet) -> Iterator[list[Any]]:
    """Alerts of the page, all of them, as rows of a workbook under `ALERT_COLUMNS`."""
    for alert in listed.iterator():
        yield [
            _word(alert),
            BY_CODE[alert.rule].name if alert.rule in BY_CODE else alert.rule,
            alert.title,
            alert.detail,
            alert.unit.label if alert.unit else "",
            alert.due_on,
            alert.opened_on,
            str(alert.acknowledged_by or ""),
            alert.measure,
            alert.promised_on,
            localtime(alert.closed_at) if alert.closed_at else None,
            alert.closed_reason,
        ]


def _listed(rows: QuerySet, wanted: Wanted) -> QuerySet:
    listed = _narrowed(rows, wanted).select_related("unit", "acknowledged_by", "urged_by")
    return listed.order_by("-closed_at", "-pk") if wanted.tab == "closed" else listed


def _counts(alerts: QuerySet, today: date) -> dict[str, int]:
    resting = Q(closed_at__isnull=True, acknowledged_at__isnull=False, promised_on__gte=today)
    return alerts.order_by().aggregate(
        waiting=Count("pk", filter=Q(closed_at__isnull=True) & ~resting),
        resting=Count("pk", filter=resting),
        closed=Count("pk", filter=Q(closed_at__isnull=False)),
    )


def _narrowed(alerts: QuerySet, wanted: Wanted) -> QuerySet:
    if wanted.severities:
        alerts = alerts.filter(severity__in=wanted.severities)
    if wanted.rules:
        alerts = alerts.filter(rule__in=wanted.rules)
    if wanted.q:
        alerts = alerts.filter(Q(title__icontains=wanted.q) | Q(project__name_search__icontains=wanted.q.lower()))
    return alerts


def _tabs(wanted: Wanted, counts: dict[str, int]) -> list[dict]:
    who = "&who=all" if wanted.everything else ""
    return [
        {"label": label, "url": f"?tab={tab}{who}", "active": tab == wanted.tab, "count": counts[tab]}
        for tab, label in TABS.items()
        if tab in counts
    ]


def _filters(alerts: QuerySet, wanted: Wanted, *, may_widen: bool) -> list[dict]:
    by_severity = dict(alerts.order_by().values_list("severity").annotate(n=Count("pk")))
    by_rule = dict(alerts.order_by().values_list("rule").annotate(n=Count("pk")))
    filters = [
        _filter("severity", "级别", [(s.value, s.label) for s in reversed(Severity)], wanted.severities, by_severity),
        _filter("rule", "类型", [(rule.code, rule.name) for rule in RULES], wanted.rules, by_rule),
    ]
    if may_widen:
        chosen = ["all"] if wanted.everything else []
        filters.append(_filter("who", "范围", [("all", "全部项目")], chosen, {}) | {"single": True})
    return filters


def _filter(name: str, label: str, options: list, chosen: list[str], counts: dict) -> dict:
    return {
        "name": name,
        "label": label,
        "chosen": "、".join(text for value, text in options if value in chosen),
        "options": [
            {"value": value, "label": text, "count": counts.get(value), "selected": value in chosen}
            for value, text in options
        ],
    }


def _empty(wanted: Wanted) -> dict:
    if wanted.severities or wanted.rules or wanted.q:
        return {"title": "没有符合条件的预警", "text": "换个条件，或清除筛选。"}
    texts = {
        "waiting": ("没有待处理的预警", "您负责的项目目前没有需要处理的事项。"),
        "resting": ("没有已知悉的预警", "填写措施和预计完成日期的预警会在这里，到期前不再重复提醒。"),
        "closed": ("没有已销号的预警", "事由消除后预警自动销号，并写明依据。"),
        "sent": ("没有发出过督办", "在预警上“提级督办”后，可以在这里跟踪办理情况。"),
    }
    title, text = texts[wanted.tab]
    return {"title": title, "text": text, "icon": "bell"}


def cards(alerts: list[Alert], user: User, today: date) -> list[dict]:
    """Alerts as components/_alert_card wants them, with their ladder: one query for all notices of the page."""
    told = defaultdict(list)
    columns = ("alert_id", "window", "because", "recipient_id", "recipient__full_name", "recipient_key", "created_at")
    for notice in AlertNotice.objects.filter(alert__in=alerts).order_by("pk").values(*columns):
        told[notice["alert_id"]].append(notice)
    ladder = tuning.in_force(today)[tuning.LADDER_CODE].values
    others = _other_ways(alerts, user)
    return [_card(alert, told[alert.pk], others[alert.pk], user, today, ladder) for alert in alerts]


def _other_ways(alerts: list[Alert], user: User) -> dict[int, list[dict]]:
    """Besides doing what is due: another date, with its reason, or another person; where the reader may edit."""
    editable: set[int] = set()
    if user.may(Can.EDIT_PROJECTS):
        projects = Project.objects.editable_by(user).filter(pk__in={alert.project_id for alert in alerts})
        editable = set(projects.values_list("pk", flat=True))
    ways = defaultdict(list)
    _, duties = assignable_by(user)
    for alert in alerts:
        if alert.project_id not in editable:
            continue
        if alert.subject.startswith("milestone:"):
            move = reverse("projects:node_edit", args=[key_of(alert.subject)])
            ways[alert.pk].append({"label": "调整日期", "url": f"{move}?do=move", "sheet": True})
        if duties:
            assign = reverse("projects:project_assign", args=[alert.project_id])
            ways[alert.pk].append({"label": "指派他人", "url": assign, "sheet": True})
    return ways


def _card(alert: Alert, notices: list[dict], others: list[dict], user: User, today: date, ladder: Tuning) -> dict:
    mine = [notice for notice in notices if notice["recipient_id"] == user.pk]
    rule = BY_CODE[alert.rule]
    acts = []
    if alert.closed_at is None:
        acknowledge = reverse("alerts:acknowledge", args=[alert.pk])
        acts = [
            {"label": "去更新", "url": alert.path, "tint": True},
            {"label": "更新措施" if alert.acknowledged_at else "已知悉，填写措施", "url": acknowledge, "sheet": True},
            *others,
        ]
        if user.may(Can.URGE) and alert.level < Level.BULLETIN:
            acts.append({"label": "提级督办", "url": reverse("alerts:urge", args=[alert.pk]), "sheet": True})
    return {
        "pk": alert.pk,
        "light": alert.severity if alert.closed_at is None else "green",
        "word": _word(alert) if alert.closed_at is None else "已销号",
        "name": alert.title,
        "url": alert.path,
        "at": max((notice["created_at"] for notice in mine or notices), default=None),
        "what": alert.detail,
        "why": _why(alert, mine, today),
        "ladder": _ladder(alert, notices, ladder) if rule.has_ladder or alert.floor else [],
        "acts": [*acts, {"label": "经过", "url": reverse("alerts:alert", args=[alert.pk])}],
    }


def _word(alert: Alert) -> str:
    """The rung of an alert that climbs, the colour's word of one that does not."""
    climbs = alert.floor or (alert.rule in BY_CODE and BY_CODE[alert.rule].has_ladder)
    return alert.get_level_display() if climbs else SEVERITY_WORDS[Severity(alert.severity)]


def _why(alert: Alert, mine: list[dict], today: date) -> list[str]:
    reasons = [f"因您是{mine[-1]['because']}"] if mine else []
    reasons.append(f"规则：{BY_CODE[alert.rule].name}")
    if alert.unit:
        reasons.append(alert.unit.label)
    if len(mine) > 1:
        reasons.append(f"第 {len(mine)} 次提醒，首次 {mine[0]['created_at']:%m-%d}")
    if alert.urged_by_id:
        reasons.append(f"{alert.urged_by} 提级至{Level(alert.floor).label}")
    if alert.closed_at:
        reasons.append(alert.closed_reason)
    elif alert.acknowledged_at:
        promise = f"承诺 {alert.promised_on} 完成" + ("，已过期" if alert.promised_on < today else "")
        reasons.append(f"{alert.acknowledged_by} 已知悉：{alert.measure}（{promise}）")
    return reasons


def _ladder(alert: Alert, notices: list[dict], ladder: Tuning) -> list[dict]:
    """The rungs of an alert: who was told and when, and from which day the next ones begin."""
    starts = _starts(alert.due_on, ladder) if BY_CODE[alert.rule].has_ladder else {}
    steps = []
    for level in (Level.REMIND, Level.SUPERVISE, Level.INTERVIEW, Level.BULLETIN):
        here = [notice for notice in notices if notice["window"].startswith(f"level:{level.value}")]
        if level > alert.level:
            note = f"{starts[level]:%m-%d} 起" if level in starts and not alert.closed_at else ""
        else:
            people = dict.fromkeys(n["recipient__full_name"] or n["recipient_key"].removeprefix("name:") for n in here)
            note = f"{'、'.join(people).replace('nobody', '无人负责')} {here[0]['created_at']:%m-%d}" if here else ""
        state = "next" if level > alert.level else "now" if level == alert.level else "past"
        steps.append({"label": level.label, "note": note, "state": state})
    return steps


def _starts(due: date | None, ladder: Tuning) -> dict[Level, date]:
    """The day on which each level after 提醒 begins (rule issue.escalation)."""
    if due is None:
        return {}
    calendar = work_calendar()
    return {
        Level.SUPERVISE: calendar.add(due, 1),
        Level.INTERVIEW: calendar.add(due, ladder["supervise"] + 1),
        Level.BULLETIN: calendar.add(due, ladder["interview"] + 1),
    }


def rungs(today: date) -> list[dict]:
    """The ladder in words, from the thresholds in force."""
    ladder = tuning.in_force(today)[tuning.LADDER_CODE].values
    supervised, interviewed = ladder["supervise"], ladder["interview"]
    spans = {
        Level.REMIND: "到期后首个工作日前",
        Level.SUPERVISE: f"逾期 1–{supervised} 个工作日",
        Level.INTERVIEW: f"逾期 {supervised + 1}–{interviewed} 个工作日",
        Level.BULLETIN: f"逾期 {interviewed} 个工作日以上",
    }
    return [
        {"name": level.label, "span": span, "told": "、".join(Audience(one).label for one in CLIMB[level])}
        for level, span in spans.items()
    ]
