"""Sending: claim with a lease, send, mark. A killed sender's mails go out again when its lease is over, under the same
Message-ID; the only window for a duplicate lies between the server's 250 and our commit (decisions §18)."""

import logging
import random
import smtplib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection as database
from django.db import transaction
from django.db.models import F

from accounts import audit
from accounts.models import User
from alerts import bell, channels, mailtext
from alerts.actions.digest import compose_digests
from alerts.actions.scan import SETTLED
from alerts.choices import Channel, MailState, NoticeState
from alerts.models import AlertNotice, Mail
from alerts.querysets import RETRY_CAP_SECONDS, RETRY_FIRST_SECONDS
from common import clock
from common.errors import DomainError, StaleVersion
from common.failpoints import failpoint

log = logging.getLogger(__name__)
BATCH = 20  # mails per lease
GIVE_UP_AFTER = timedelta(hours=72)
NO_SERVER = "连不上邮件服务器"


@dataclass(slots=True)
class Delivered:
    """What a run did. `error` is set when the mail server could not be used at all."""

    composed: int = 0
    sent: int = 0
    retry: int = 0
    dead: int = 0
    cancelled: int = 0
    tried: int = 0
    error: str = ""

    def __str__(self) -> str:
        line = (
            f"生成 {self.composed} 封，发出 {self.sent} 封，稍后重试 {self.retry} 封，"
            f"失败 {self.dead} 封，取消 {self.cancelled} 封"
        )
        return f"{line}；{self.error}" if self.error else line


def send_due(now: datetime, *, respect_hours: bool = True, limit: int | None = None) -> Delivered:
    """Compose what is owed and send every mail that is due at `now` (aware), at most `limit` of them.

    Any number of processes may run it at once. One connection serves the run; a recipient that is refused for good
    is given up at once and hinders nobody else.
    """
    started = time.monotonic()  # before composing, which may take long: a lease counts from when it is taken

    def moment() -> datetime:
        return now + timedelta(seconds=time.monotonic() - started)

    done = Delivered(composed=compose_digests(now, respect_hours=respect_hours).mails)
    for channel in channels.enabled():
        if limit is None or limit > done.tried:
            _drain(channel, moment, None if limit is None else limit - done.tried, done)
    return done


def _drain(channel: Channel, moment: Callable[[], datetime], limit: int | None, done: Delivered) -> None:
    """Send what is due on one channel over one connection."""
    if not Mail.objects.due(moment()).filter(channel=channel).exists():
        return
    way = channels.WAYS[channel]()
    try:
        way.open()
        _mark_at_leisure(True)
        while limit is None or limit > 0:
            batch = _claim(channel, moment(), BATCH if limit is None else min(BATCH, limit))
            if not batch:
                break
            limit = None if limit is None else limit - len(batch)
            _send_batch(way, batch, moment, done)
    except (OSError, smtplib.SMTPException) as error:
        _no_server(channel, error, moment(), done)
    finally:
        _mark_at_leisure(False)
        _quietly_close(way)


def _mark_at_leisure(yes: bool) -> None:
    """Mark mails without waiting for the disk of the database server: a killed process loses nothing by it, and after a
    power cut the mails of the last half second go out once more under the same Message-ID (ADR 0001)."""
    if database.vendor == "postgresql":
        with database.cursor() as cursor:
            cursor.execute("SET synchronous_commit TO off" if yes else "RESET synchronous_commit")


def _claim(channel: Channel, moment: datetime, size: int) -> list[Mail]:
    """Lease up to `size` due mails: row locks where the database has them, and compare-and-swap everywhere."""
    with transaction.atomic():
        due = Mail.objects.due(moment).filter(channel=channel).order_by("next_try_at", "pk")
        if database.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        wanted = Mail.objects.filter(pk__in=list(due.values_list("pk", flat=True)[:size]))
        until = wanted.claim(moment)
    failpoint("mail.leased")
    return list(wanted.filter(lease_until=until).order_by("pk"))


def _send_batch(way: channels.Way, batch: list[Mail], moment, done: Delivered) -> None:
    """Send leased mails one after the other. When half the lease is gone the rest is handed back."""
    tired = moment() + timedelta(seconds=settings.MAIL_LEASE_SECONDS / 2)
    left = list(batch)
    untried = [mail.pk for mail in batch if mail.attempts == 1]  # of the others a copy may have gone out already
    settled = set(Mail.objects.filter(pk__in=untried).settled().values_list("pk", flat=True))
    try:
        while left and moment() < tired:
            mail = left.pop(0)
            done.tried += 1
            if mail.pk in settled:
                _cancel(mail, done)
                continue
            try:
                way.send(mail)
            except (OSError, smtplib.SMTPException, ValueError) as error:
                _failed(mail, error, moment(), done)
                _reopen(way)
            else:
                failpoint("mail.after_smtp")
                _sent(mail, moment(), done)
                failpoint("mail.marked")
    finally:
        if left:
            mine = Mail.objects.filter(lease_until=batch[0].lease_until)  # who stood still may have lost the lease
            untouched = mine.filter(pk__in=[mail.pk for mail in left], state=MailState.PENDING)
            untouched.update(lease_until=None, attempts=F("attempts") - 1)


@transaction.atomic
def _cancel(mail: Mail, done: Delivered) -> None:
    if _finish(mail, MailState.CANCELLED, NoticeState.SUPPRESSED, last_error="发送前事项已全部销号"):
        AlertNotice.objects.filter(mail=mail).update(why_not=SETTLED)
        done.cancelled += 1


@transaction.atomic
def _sent(mail: Mail, moment: datetime, done: Delivered) -> None:
    if _finish(mail, MailState.SENT, NoticeState.SENT, sent_at=moment, last_error="", failing_since=None):
        done.sent += 1


def _finish(mail: Mail, state: MailState, notices: NoticeState, **changes) -> bool:
    """Move a pending mail and its notices to their last state; whoever comes second changes nothing."""
    pending = Mail.objects.filter(pk=mail.pk, state=MailState.PENDING)
    if pending.update(state=state, lease_until=None, **changes) != 1:
        return False
    AlertNotice.objects.filter(mail=mail).update(state=notices)
    return True


@transaction.atomic
def _failed(mail: Mail, error: Exception, moment: datetime, done: Delivered) -> None:
    """Back off with jitter, or give up: at once when the recipient is refused for good, else after 72 hours."""
    since = mail.failing_since or moment
    changes = {"last_error": describe(error), "failing_since": since}
    if is_permanent(error) or moment - since > GIVE_UP_AFTER:
        if _finish(mail, MailState.DEAD, NoticeState.DEAD, refused=channels.refuses_recipient(error), **changes):
            done.dead += 1
        log.warning("mail %s given up: %s", mail.message_id, describe(error))
        return
    wait = min(RETRY_FIRST_SECONDS * 2 ** (mail.attempts - 1), RETRY_CAP_SECONDS)
    later = moment + timedelta(seconds=wait * random.uniform(0.75, 1.25))  # noqa: S311 (spreads load)
    Mail.objects.filter(pk=mail.pk, state=MailState.PENDING).update(lease_until=None, next_try_at=later, **changes)
    done.retry += 1


def _no_server(channel: Channel, error: Exception, moment: datetime, done: Delivered) -> None:
    """The server cannot be used: every due mail keeps its turn and says why it waits; the sweep tries again."""
    done.error = f"{NO_SERVER}：{describe(error)}"[:500]
    log.warning("mail server unusable: %s", error)
    due = Mail.objects.due(moment).filter(channel=channel)
    due.filter(failing_since__isnull=True).update(failing_since=moment)
    due.update(last_error=done.error)
    hopeless = due.filter(failing_since__lt=moment - GIVE_UP_AFTER)
    for mail in hopeless.order_by("pk"):
        with transaction.atomic():
            if _finish(mail, MailState.DEAD, NoticeState.DEAD):
                done.dead += 1


def is_permanent(error: Exception) -> bool:
    """Whether trying again is pointless: the recipient or the message is refused with 5xx. A refused sender, a failed
    login or a lost connection is the installation's trouble, not the recipient's."""
    if channels.refuses_recipient(error):
        return True
    if isinstance(error, ValueError):  # an address or a header that cannot be written
        return True
    return isinstance(error, smtplib.SMTPDataError) and 500 <= error.smtp_code < 600


def describe(error: Exception) -> str:
    """The server's own words, on one line."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = "；".join(f"{code} {_words(reply)}" for code, reply in error.recipients.values())
    elif isinstance(error, smtplib.SMTPResponseException):
        answers = f"{error.smtp_code} {_words(error.smtp_error)}"
    else:
        answers = f"{type(error).__name__} {error}"
    return mailtext.one_line(answers, 400)


def _words(reply: bytes | str) -> str:
    return reply.decode("utf-8", "replace") if isinstance(reply, bytes) else str(reply)


def _reopen(way: channels.Way) -> None:
    """A connection after a failure is not trusted. Raises when there is no server any more."""
    _quietly_close(way)
    way.open()


def _quietly_close(way: channels.Way) -> None:
    try:
        way.close()
    except (OSError, smtplib.SMTPException) as error:
        log.info("closing the connection: %s", error)


# --- what administrators do ---------------------------------------------------------------------------------------
@transaction.atomic
def resend(*, mail: Mail, by: User) -> Mail:
    """Put a given-up mail back into the outbox, to the person's present address. Raises StaleVersion, DomainError."""
    address = mail.recipient.email
    if not address:
        raise DomainError(f"{mail.recipient.display_name}没有填写邮箱，请先在用户页补上。")
    given_up = Mail.objects.filter(pk=mail.pk, state=MailState.DEAD)
    fresh = {
        "attempts": 0,
        "lease_until": None,
        "failing_since": None,
        "last_error": "",
        "refused": False,
        "next_try_at": clock.now(),
    }
    if given_up.update(state=MailState.PENDING, address=address, **fresh) != 1:
        raise StaleVersion(mail, "这封邮件已不是“发送失败”状态，无须重发。")
    AlertNotice.objects.filter(mail=mail).update(state=NoticeState.PENDING)
    audit.record(by=by, action="重发邮件", subject=mail, changes={"收件地址": [mail.address, address]})
    bell.wake()
    mail.refresh_from_db()
    return mail


@transaction.atomic
def send_test(*, to: User) -> Mail:
    """Put a test mail to oneself into the outbox. Raises DomainError when there is no address."""
    if not to.email:
        raise DomainError("您的账号没有邮箱，请先请系统管理员补上，再发测试邮件。")
    now = clock.now()
    kind = f"test {now:%H:%M:%S.%f}"
    rendered = mailtext.test_mail(to, now)
    mail = Mail.objects.create(
        recipient=to,
        address=to.email,
        business_date=now.date(),
        kind=kind,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        message_id=mailtext.message_id(kind, to.pk, to.username, now.isoformat()),
        next_try_at=now,
        created_at=now,
    )
    bell.wake()
    return mail
