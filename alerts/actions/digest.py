"""Digests: one mail per person and working day, composed from what is still owed, then frozen."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef

from accounts.models import User
from alerts import bell, mailtext
from alerts.actions.scan import scan
from alerts.choices import NoticeState
from alerts.models import Alert, AlertNotice, Mail
from common.failpoints import failpoint
from common.workdays import work_calendar

DIGEST = "digest"


@dataclass(slots=True)
class Composed:
    """What composing did."""

    mails: int = 0
    notices: int = 0
    suppressed: int = 0


def compose_digests(now: datetime, *, respect_hours: bool = True) -> Composed:
    """Gather what is owed into one digest per person and business date of `now` (aware, Asia/Shanghai).

    With `respect_hours` only on working days from settings.MAIL_HOUR on. The state is looked at again first: what was
    settled since the scan is not mailed. Whoever has had today's digest gets the rest on the next working day.
    """
    today = now.date()
    done = Composed()
    if respect_hours and (now.hour < settings.MAIL_HOUR or not work_calendar().is_workday(today)):
        return done
    if not (waiting := _people_waiting(today)):
        return done
    scan(_day_of_judgement(today))
    for person in User.objects.filter(pk__in=waiting).order_by("pk"):
        _compose(person, today, now, done)
    if done.mails:
        bell.wake()
    return done


def _day_of_judgement(today: date) -> date:
    """Today, or the later date as of which the open alerts were last scanned by hand."""
    return max(today, Alert.objects.open().aggregate(last=Max("checked_on"))["last"] or today)


def _people_waiting(today: date) -> list[int]:
    """People who are owed a word and have no digest of this date yet."""
    had = Mail.objects.filter(recipient=OuterRef("recipient"), business_date=today, kind=DIGEST)
    owed = AlertNotice.objects.unmailed().filter(~Exists(had))
    return list(owed.order_by().values_list("recipient", flat=True).distinct())


@transaction.atomic
def _compose(person: User, today: date, now: datetime, done: Composed) -> None:
    """One person's digest in one transaction; the unique key of Mail decides when two processes compose."""
    owed = AlertNotice.objects.unmailed().filter(recipient=person).select_related("alert__unit")
    notices = list(owed.select_for_update(of=("self",)).order_by("pk"))
    settled = [notice for notice in notices if _is_settled(notice)]
    notices = [notice for notice in notices if not _is_settled(notice)]
    done.suppressed += _mark(settled, NoticeState.SUPPRESSED)
    if not notices:
        return
    if not _is_address(person):
        _mark(notices, NoticeState.UNDELIVERABLE)
        return
    mail = _insert(person, today, now, notices)
    if mail is None:
        return
    failpoint("digest.inserted")
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


def _mark(notices: list[AlertNotice], state: NoticeState) -> int:
    if not notices:
        return 0
    return AlertNotice.objects.filter(pk__in=[notice.pk for notice in notices]).update(state=state)


def _insert(person: User, today: date, now: datetime, notices: list[AlertNotice]) -> Mail | None:
    """The mail row, or None when another process has just made it."""
    rendered = mailtext.digest(person, notices, now)
    try:
        with transaction.atomic():
            return Mail.objects.create(
                recipient=person,
                address=person.email,
                business_date=today,
                kind=DIGEST,
                subject=rendered.subject,
                text=rendered.text,
                html=rendered.html,
                message_id=mailtext.message_id(DIGEST, person.pk, person.username, today),
                next_try_at=now,
                created_at=now,
            )
    except IntegrityError:
        return None
