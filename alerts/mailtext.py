"""What a digest says: composed once, frozen in the outbox, the same in its plain and its HTML part (ux §3.12, N1)."""

import unicodedata
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string

from accounts.models import User
from alerts.choices import Severity
from alerts.models import Alert, AlertNotice
from alerts.rules import BY_CODE, RULES

CAP = 20  # rows in one digest; the rest is counted
WEEKDAYS = "一二三四五六日"
DIRECTION = {chr(code) for code in (0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF)}
MARK = {Severity.RED: ("bad", "✖"), Severity.YELLOW: ("warn", "▲")}


@dataclass(frozen=True, slots=True)
class Row:
    """One alert in a digest."""

    css: str
    word: str
    name: str
    detail: str
    sub: str
    url: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail, ready to be kept."""

    subject: str
    text: str
    html: str


def one_line(text: str, limit: int = 300) -> str:
    """`text` as a single line: control characters and line breaks of every kind become blanks, marks that turn the
    writing direction and broken characters go. Safe for a header, and for a line of the plain part."""
    kept = []
    for mark in text[: limit * 4]:
        category = unicodedata.category(mark)
        if mark in DIRECTION or category == "Cs":
            continue
        kept.append(" " if category in ("Cc", "Zl", "Zp") else mark)
    line = " ".join("".join(kept).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def link_to(alert: Alert) -> str:
    """The address a mail may carry: only a public id, the page behind it asks for the login."""
    return f"{settings.BASE_URL.rstrip('/')}/go/{alert.public_id}/"


def message_id(*keys: object) -> str:
    """A Message-ID that follows from the keys of a mail, so that a mail sent twice can be recognised."""
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    return f"<{uuid.uuid5(uuid.NAMESPACE_URL, '|'.join(map(str, keys)))}@{host}>"


def digest(person: User, notices: Iterable[AlertNotice], now: datetime, *, instant: bool = False) -> Rendered:
    """The digest of a person, or an instant mail about urgent news: what reached a new step today and the most severe
    first, at most CAP rows, grouped by rule. Notices come with alert, unit."""
    because = {notice.alert_id: notice.because for notice in notices}
    told = {notice.alert_id: notice.alert for notice in notices}.values()
    alerts = sorted(told, key=lambda alert: (alert.level_since != now.date(), *_urgency(alert)))
    red = sum(alert.severity == Severity.RED for alert in alerts)
    yellow = len(alerts) - red
    shown = alerts[:CAP]
    sections = [
        (rule.section, [_row(alert, because[alert.pk]) for alert in shown if alert.rule == rule.code]) for rule in RULES
    ]
    context = {
        "name": one_line(person.display_name, 40),
        "count": len(alerts),
        "headline": f"{'新增急办' if instant else '今日需办'} {len(alerts)} 项",
        "buckets": _buckets(red, yellow, "，", " "),
        "sections": [(heading, rows) for heading, rows in sections if rows],
        "more": len(alerts) - len(shown),
        "inbox_url": f"{settings.BASE_URL.rstrip('/')}/alerts/",
        "preferences_url": f"{settings.BASE_URL.rstrip('/')}/alerts/preferences/",
        "reasons": "、".join(sorted({because[alert.pk] for alert in shown})),
        "composed": f"{now.year}年{_day(now)} 周{WEEKDAYS[now.weekday()]} {now:%H:%M}",
        "mail_hour": settings.MAIL_HOUR,
        "district": settings.DISTRICT_NAME,
    }
    subject = f"【重大项目】{context['headline']}（{_buckets(red, yellow, ' ', '')}）- {_day(now)}"
    return Rendered(
        one_line(subject, 200),
        render_to_string("emails/digest.txt", context),
        render_to_string("emails/digest.html", context | {"title": subject}),
    )


def test_mail(person: User, now: datetime) -> Rendered:
    """A mail that only shows that mails arrive."""
    text = (
        f"{one_line(person.display_name, 40)}：\n\n这是一封测试邮件，生成于 {now:%Y-%m-%d %H:%M}。"
        f"收到它，说明{settings.DISTRICT_NAME}重大项目平台的邮件可以送达。\n"
    )
    html = render_to_string("emails/test.html", {"paragraphs": text.split("\n\n")})
    return Rendered(f"【重大项目】测试邮件 - {_day(now)}", text, html)


def _urgency(alert: Alert) -> tuple:
    return alert.severity != Severity.RED, -alert.level, alert.due_on or date.max, alert.pk


def _row(alert: Alert, because: str) -> Row:
    css, mark = MARK[Severity(alert.severity)]
    red_word = alert.get_level_display() if BY_CODE[alert.rule].has_ladder else "逾期"
    return Row(
        css=css,
        word=f"{mark} {red_word if alert.severity == Severity.RED else '提醒'}",
        name=one_line(alert.title, 200),
        detail=one_line(alert.detail),
        sub=one_line(f"{alert.unit.label if alert.unit else ''}　因您是{because}", 120),
        url=link_to(alert),
    )


def _buckets(red: int, yellow: int, joint: str, gap: str) -> str:
    parts = [f"{word}{gap}{count}" for word, count in (("红", red), ("黄", yellow)) if count]
    return joint.join(parts)


def _day(moment: datetime) -> str:
    return f"{moment.month}月{moment.day}日"
