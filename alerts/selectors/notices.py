"""Reads shaped for the ledger: every notice with why, to whom, when, and what became of it."""

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.utils.timezone import localtime

from alerts.choices import NoticeState
from alerts.models import AlertNotice
from alerts.rules import BY_CODE, RULES

PER_PAGE = 50
NOTICE_COLUMNS = (
    "时间:date", "通知谁", "单位", "因为", "规则", "事项:name", "说明:long_text", "结果", "发出时间:date",
    "没有送达的原因",
)  # fmt: skip


def notices(query: QueryDict, *, names_projects: bool) -> dict[str, Any]:
    """The page: states with counts (they add up to all), one filter, a search for person or matter."""
    rows = _narrowed(query, names_projects=names_projects)
    by_state = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    state = query.get("state", "")
    rule = query.get("rule", "")
    keep = f"&rule={rule}" if rule in BY_CODE else ""
    page = Paginator(_listed(rows, state), PER_PAGE).get_page(query.get("page"))
    counts = [("", "全部", sum(by_state.values())), *((s.value, s.label, by_state.get(s, 0)) for s in NoticeState)]
    return {
        "views": [
            {"label": label, "url": f"?state={value}{keep}", "active": value == state, "count": count}
            for value, label, count in counts
        ],
        "page_obj": page,
        "lines": [_line(notice, names_projects=names_projects) for notice in page],
        "total": page.paginator.count,
        "unit": "条",
        "q": query.get("q", "").strip()[:40],
        "q_label": "收件人" + ("、事项" if names_projects else ""),
        "filters": [
            {
                "name": "rule",
                "label": "规则",
                "single": True,
                "chosen": BY_CODE[rule].name if rule in BY_CODE else "",
                "options": [{"value": one.code, "label": one.name, "selected": one.code == rule} for one in RULES],
            }
        ],
        "filter_hidden": [("state", state)],
        "empty": {"title": "没有符合条件的通知", "text": "换个条件，或清除筛选。"},
    }


def notice_rows(query: QueryDict, *, names_projects: bool) -> Iterator[list[Any]]:
    """Every notice of the page, as rows of a workbook under `NOTICE_COLUMNS`."""
    rows = _listed(_narrowed(query, names_projects=names_projects), query.get("state", ""))
    for notice in rows.iterator():
        line = _line(notice, names_projects=names_projects)
        sent = line["mail"].sent_at if line["mail"] else None
        yield [
            localtime(line["at"]),
            *(line[key] for key in ("who", "unit", "because", "rule", "title", "detail", "state")),
            localtime(sent) if sent else None,
            line["why_not"],
        ]


def _listed(rows: QuerySet, state: str) -> QuerySet:
    rows = rows.filter(state=state) if state in NoticeState.values else rows
    return rows.select_related("alert", "recipient__unit", "mail").defer("mail__text", "mail__html")


def _narrowed(query: QueryDict, *, names_projects: bool) -> QuerySet:
    rows = AlertNotice.objects.all()
    if query.get("rule") in BY_CODE:
        rows = rows.filter(alert__rule=query["rule"])
    if q := query.get("q", "").strip()[:40]:
        who = Q(recipient__full_name__icontains=q) | Q(recipient_key=f"name:{q}")
        rows = rows.filter(who | Q(alert__title__icontains=q) if names_projects else who)
    return rows


def _line(notice: AlertNotice, *, names_projects: bool) -> dict[str, Any]:
    mail = notice.mail
    return {
        "at": notice.created_at,
        "who": notice.recipient_label,
        "unit": notice.recipient.unit_label if notice.recipient else "没有账号",
        "because": notice.because,
        "rule": BY_CODE[notice.alert.rule].name if notice.alert.rule in BY_CODE else notice.alert.rule,
        "title": notice.alert.title if names_projects else "",
        "detail": notice.alert.detail if names_projects else "",
        "is_urgent": notice.is_urgent,
        "state": notice.get_state_display(),
        "tone": {NoticeState.DEAD: "bad", NoticeState.UNDELIVERABLE: "warn"}.get(NoticeState(notice.state), ""),
        "why_not": notice.why_not or (mail.last_error if mail else ""),
        "mail": mail,
    }
