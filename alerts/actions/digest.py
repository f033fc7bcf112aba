"""Digests: one mail per person and working day, composed from what is still owed, then frozen."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef

from accounts.models import User
from alerts import bell, channels, mailtext
from alerts.actions.scan import SETTLED, scan
from alerts.choices import Channel, NoticeState
from alerts.models import Alert, AlertNotice, Mail, Preference
from alerts.rules import RULES
from common.failpoints import failpoint
from common.workdays import work_calendar

DIGEST, INSTANT = "digest", "instant"
QUIET_FROM = 20  # o'clock: from then on what comes up waits for the next digest
PROMPT = [rule for rule in RULES if rule.prompt]


@dataclass(slots=True)
class Composed:
    """What composing did."""

    mails: int = 0
    notices: int = 0
    suppressed: int = 0


def compose_digests(now: datetime, *, respect_hours: bool = True) -> Composed:
    """Gather what is owed into one digest per person and business date of `now` (aware, Asia/Shanghai).

    With `respect_hours` only on working days from the person's hour on (settings.MAIL_HOUR unless chosen later) until
    QUIET_FROM. The state is looked at again first: what was settled since the scan is not mailed. Whoever has had
    today's digest gets urgent news in an instant mail, one per hour, and the rest on the next working day.
    """
    today = now.date()
    done = Composed()
    if respect_hours:
        if not settings.MAIL_HOUR <= now.hour < QUIET_FROM or not work_calendar().is_workday(today):
            return done
        scan(_day_of_judgement(today), PROMPT)
    waiting = _people_waiting(today, now.hour if respect_hours else None)
    urgent = _people_with_urgent_news(today, f"{INSTANT} {now:%H}") - set(waiting)
    if not waiting and not urgent:
        return done
    scan(_day_of_judgement(today))
    for person in User.objects.filter(pk__in=[*waiting, *urgent]).order_by("pk"):
        _compose(person, today, now, f"{INSTANT} {now:%H}" if person.pk in urgent else DIGEST, done)
    if done.mails:
        bell.wake()
    return done


def _day_of_judgement(today: date) -> date:
    """Today, or the later date as of which the open alerts were last scanned by hand."""
    return max(today, Alert.objects.open().aggregate(last=Max("checked_on"))["last"] or today)


def _people_waiting(today: date, hour: int | None) -> list[int]:
    """People who are owed a word, have no digest of this date yet, and whose hour has come."""
    had = Mail.objects.filter(recipient=OuterRef("recipient"), business_date=today, kind=DIGEST)
    owed = AlertNotice.objects.unmailed().filter(~Exists(had))
    if hour is not None:
        owed = owed.exclude(recipient__alert_preference__mail_hour__gt=hour)
    return list(owed.order_by().values_list("recipient", flat=True).distinct())


def _people_with_urgent_news(today: date, kind: str) -> set[int]:
    """People who had today's digest, are owed urgent news, want it at once, and had no instant mail this hour."""
    mails = Mail.objects.filter(recipient=OuterRef("recipient"), business_date=today)
    owed = AlertNotice.objects.urgent().filter(Exists(mails.filter(kind=DIGEST)), ~Exists(mails.filter(kind=kind)))
    return set(owed.order_by().values_list("recipient", flat=True).distinct())


@transaction.atomic
def _compose(person: User, today: date, now: datetime, kind: str, done: Composed) -> None:
    """One person's mail in one transaction; the unique key of Mail decides when two processes compose."""
    owed = AlertNotice.objects.unmailed() if kind == DIGEST else AlertNotice.objects.urgent()
    owed = owed.filter(recipient=person).select_related("alert__unit")
    notices = list(owed.select_for_update(of=("self",)).order_by("pk"))
    settled = [notice for notice in notices if _is_settled(notice)]
    notices = [notice for notice in notices if not _is_settled(notice)]
    done.suppressed += _mark(settled, NoticeState.SUPPRESSED, SETTLED)
    if not notices:
        return
    if not _is_address(person):
        _mark(notices, NoticeState.UNDELIVERABLE, "没有可用的邮箱")
        return
    mail = _insert(person, today, now, kind, notices)
    if mail is None:
        return
    failpoint("digest.inserted")
    _copy_to_push(person, mail)
    AlertNotice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mail=mail)
    done.mails += 1
    done.notices += len(notices)


def _is_settled(notice: AlertNotice) -> bool:
    """Closed meanwhile, or taken up by this very person before the mail could tell it."""
    alert = notice.alert
    return alert.closed_at is not None or (
        alert.acknowledged_by_id == notice.recipient_id
        and alert.acknowledged_at is not None
        and alert.acknowledged_at >= notice.created_at
    )


def _is_address(person: User) -> bool:
    try:
        validate_email(person.email)
    except ValidationError:
        return False
    return person.is_active


def _mark(notices: list[AlertNotice], state: NoticeState, why_not: str) -> int:
    if not notices:
        return 0
    return AlertNotice.objects.filter(pk__in=[notice.pk for notice in notices]).update(state=state, why_not=why_not)


def _insert(person: User, today: date, now: datetime, kind: str, notices: list[AlertNotice]) -> Mail | None:
    """The mail row, or None when another process has just made it."""
    rendered = mailtext.digest(person, notices, now, instant=kind != DIGEST)
    try:
        with transaction.atomic():
            return Mail.objects.create(
                recipient=person,
                address=person.email,
                business_date=today,
                kind=kind,
                subject=rendered.subject,
                text=rendered.text,
                html=rendered.html,
                message_id=mailtext.message_id(kind, person.pk, person.username, today),
                next_try_at=now,
                created_at=now,
            )
    except IntegrityError:
        return None


def _copy_to_push(person: User, mail: Mail) -> None:
    """The same words to the person's own push address, where the site and the person want it. The e-mail carries the
    obligation; the copy has no notices of its own."""
    if not settings.PUSH_SCHEMES:
        return
    address = Preference.objects.filter(user=person).values_list("push_address", flat=True).first()
    if address and channels.push_allowed(address):
        copy = Mail.objects.get(pk=mail.pk)
        copy.pk, copy.channel, copy.address = None, Channel.PUSH, address
        copy.message_id = f"{mail.message_id[:-1]}.push>"
        copy.save(force_insert=True)
