"""Reads shaped for the page of one alert: its steps, who was told, and through whose hands the days went."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from accounts.models import User
from alerts.models import Alert
from alerts.selectors.inbox import cards
from common.workdays import work_calendar
from projects.choices import Duty
from projects.models import Assignment

NOBODY = "无责任人"
TOLD = 100  # notices shown


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody's share of the overdue working days: the term, cut to the delay."""

    person: str
    since: date
    until: date
    days: int


def alert_page(alert: Alert, user: User, today: date) -> dict[str, Any]:
    """Everything about one alert."""
    end = alert.closed_at.date() if alert.closed_at else max(today, alert.checked_on)
    shares = hands(alert, end)
    card = cards([alert], user, today)[0]
    card["acts"].pop()  # the link to this page
    return {
        "title": alert.title,
        "alert": alert,
        "card": card,
        "hands": shares,
        "days": sum(hand.days for hand in shares),
        "steps": alert.steps.select_related("by"),
        "notices": alert.notices.select_related("recipient__unit", "mail").defer("mail__text", "mail__html")[:TOLD],
    }


def hands(alert: Alert, end: date) -> list[Hand]:
    """责任倒追: the working days between due date and `end`, by the officials in office on them (handbook §10.6).

    The shares add up to the whole delay; days on which nobody was responsible are shown as such. Empty while nothing
    is overdue.
    """
    if alert.project_id is None or alert.due_on is None or end <= alert.due_on:
        return []
    terms = Assignment.objects.filter(project=alert.project_id, duty=Duty.OFFICIAL).select_related("user", "unit")
    return shares_of(terms.order_by("starts_on", "pk"), alert.due_on, end)


def shares_of(terms: Iterable[Assignment], due: date, end: date) -> list[Hand]:
    """The delay from `due` to `end`, split over terms in order of their beginning."""
    calendar = work_calendar()
    shares: list[Hand] = []
    known = due  # everything up to here is accounted for
    for term in terms:
        first, last = max(term.starts_on, known + timedelta(days=1)), min(term.ends_on or end, end)
        if last < first:
            continue
        shares += _gap(known, first - timedelta(days=1))
        before = first - timedelta(days=1)
        shares.append(Hand(term.person_label, first, last, calendar.between(before, last)))
        known = last
    return shares + _gap(known, end)


def _gap(known: date, until: date) -> list[Hand]:
    days = work_calendar().between(known, until) if until > known else 0
    return [Hand(NOBODY, known + timedelta(days=1), until, days)] if days else []
