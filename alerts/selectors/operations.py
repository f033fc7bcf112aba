"""Reads shaped for the operations page: jobs, beat, the books, mails, whom nobody reaches."""

from datetime import datetime
from typing import Any

from celery import current_app
from django.core.paginator import Paginator
from django.db.models import Count, F, Max
from django.http import QueryDict
from django.urls import reverse

from alerts import jobs, ledger
from alerts.choices import MailState
from alerts.models import AlertNotice, JobRun, Mail
from projects.models import Assignment

PER_PAGE = 20


def operations(now: datetime, query: QueryDict) -> dict[str, Any]:
    """Jobs, beat, mails and whom nobody reaches."""
    state = query.get("state", "")
    mails = Mail.objects.select_related("recipient__unit").defer("text", "html")
    if state in MailState.values:
        mails = mails.filter(state=state)
    page = Paginator(mails, PER_PAGE).get_page(query.get("page"))
    by_state: dict[str, int] = dict(Mail.objects.order_by().values_list("state").annotate(n=Count("pk")))
    return {
        "problems": jobs.problems(now),
        "jobs": _jobs(now),
        "runs": JobRun.objects.all()[:10],
        "beat": _beat(),
        "stats": _books(),
        "page_obj": page,
        "total": page.paginator.count,
        "views": [
            {
                "label": label,
                "url": f"?state={value}",
                "active": value == state,
                "count": by_state.get(value, 0) if value else sum(by_state.values()),
            }
            for value, label in [("", "全部"), *MailState.choices]
        ],
        "unreachable": unreachable(),
    }


def _jobs(now: datetime) -> list[dict]:
    latest = dict(
        JobRun.objects.filter(finished_at__isnull=False).order_by().values_list("job").annotate(at=Max("finished_at"))
    )
    return [{"code": job.code, "name": job.name, "at": job.at, "last": latest.get(job.code)} for job in jobs.JOBS]


def _beat() -> list[dict]:
    return [
        {"name": name, "task": entry["task"], "every": f"{entry['schedule']:g} 秒"}
        for name, entry in sorted(current_app.conf.beat_schedule.items())
    ]


def _books() -> list[dict]:
    books = ledger.balance()
    note = "＝ 右侧各项之和" if books.holds else "账不平，请联系维护人员"
    rows = [
        {"label": "产生通知", "value": books.created, "note": note, "tone": "" if books.holds else "bad", "state": ""},
        {"label": "已发送", "value": books.sent, "state": "sent"},
        {"label": "待发送", "value": books.pending, "state": "pending"},
        {"label": "未发送（不再需要）", "value": books.suppressed, "state": "suppressed"},
        {"label": "发送失败", "value": books.dead, "tone": "bad" if books.dead else "", "state": "dead"},
        {
            "label": "无法送达",
            "value": books.undeliverable,
            "tone": "warn" if books.undeliverable else "",
            "state": "undeliverable",
        },
    ]
    return [row | {"url": f"{reverse('alerts:ledger')}?state={row['state']}"} for row in rows]


def unreachable() -> dict[str, list[dict]]:
    """Whom no mail reaches: refused addresses, names without account, accounts without address, nobody at all."""
    owed = AlertNotice.objects.unreachable().order_by()
    accounts = owed.filter(recipient__isnull=False).values(
        "recipient_id", "recipient__full_name", "recipient__unit__name", "recipient__is_active"
    )
    names = Assignment.objects.unreachable().exclude(name="").order_by()
    return {
        "refused": list(
            Mail.objects.filter(refused=True, address=F("recipient__email"))
            .order_by()
            .values("recipient__full_name", "recipient__unit__name", "address")
            .annotate(n=Count("pk"))[:50]
        ),
        "names": list(names.values("name").annotate(n=Count("project", distinct=True)).order_by("-n", "name")[:50]),
        "accounts": list(accounts.annotate(n=Count("alert", distinct=True)).order_by("-n")[:50]),
        "nobody": list(
            owed.filter(recipient_key="nobody")
            .values("alert__project_id", "alert__title")
            .annotate(n=Count("alert", distinct=True))
            .order_by("-n")[:50]
        ),
    }
