"""Truths about alerts, notices and mails, in SQL. Time is always an argument."""

import secrets
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts.roles import Can
from alerts.choices import Level, MailState, NoticeState
from common.db import keys_of
from projects.models import Project

RETRY_FIRST_SECONDS, RETRY_CAP_SECONDS = 60, 3600  # a mail that failed waits twice as long each time, up to the cap


class AlertQuerySet(QuerySet):
    """The only door to alerts is `visible_to`."""

    def visible_to(self, user) -> "AlertQuerySet":
        """Alerts of projects that the person may see; those without a project are for whom they were told."""
        seen = Q(project__in=keys_of(Project.objects.visible_to(user)))
        notices = self.model.notices.rel.related_model.objects
        return self.filter(seen | Q(Exists(notices.filter(alert=OuterRef("pk"), recipient=user)), project=None))

    def told_to(self, user) -> "AlertQuerySet":
        """Alerts of which the person was told and is still answerable."""
        notices = self.model.notices.rel.related_model.objects
        return self.filter(Exists(notices.filter(alert=OuterRef("pk"), recipient=user, is_current=True)))

    def open(self) -> "AlertQuerySet":
        """Episodes whose condition still holds."""
        return self.filter(closed_at__isnull=True)

    def closed(self) -> "AlertQuerySet":
        """Episodes that ended."""
        return self.filter(closed_at__isnull=False)

    def resting(self, today: date) -> "AlertQuerySet":
        """Open and acknowledged, the promised day not yet over: no reminders until then (decisions §10)."""
        return self.open().filter(acknowledged_at__isnull=False, promised_on__gte=today)

    def waiting(self, today: date) -> "AlertQuerySet":
        """Open and nobody has taken it up, or the promised day passed."""
        return self.open().filter(Q(acknowledged_at__isnull=True) | Q(promised_on__lt=today))


class NoticeQuerySet(QuerySet):
    """Truths about what is owed to people."""

    def unmailed(self) -> "NoticeQuerySet":
        """Owed, and in no mail yet."""
        return self.filter(state=NoticeState.PENDING, mail__isnull=True)

    def urgent(self) -> "NoticeQuerySet":
        """Unmailed, and to be told at once: steps up and what is prompt always, a new red unless the person waits."""
        patient = Q(recipient__alert_preference__wants_instant=False, alert__level__lte=Level.REMIND)
        return self.unmailed().filter(is_urgent=True).exclude(patient)

    def unreachable(self) -> "NoticeQuerySet":
        """Owed today to somebody whom no mail reaches, about things that still hold."""
        return self.filter(state=NoticeState.UNDELIVERABLE, is_current=True, alert__closed_at__isnull=True)


class MailQuerySet(QuerySet):
    """Truths about the outbox."""

    def visible_to(self, user) -> "MailQuerySet":
        """One's own mails; all of them for those who run the machine."""
        return self if user.may(Can.RUN_ALERTS) else self.filter(recipient=user)

    def due(self, moment: datetime) -> "MailQuerySet":
        """Pending, its time has come, and nobody holds a lease.

        A lease or a retry that lies further ahead than either ever is was written under a clock since set back:
        it counts as over.
        """
        never = moment + timedelta(seconds=max(2 * settings.MAIL_LEASE_SECONDS, 2 * RETRY_CAP_SECONDS))
        free = Q(lease_until__isnull=True) | Q(lease_until__lte=moment) | Q(lease_until__gt=never)
        return self.filter(free, Q(next_try_at__lte=moment) | Q(next_try_at__gt=never), state=MailState.PENDING)

    def held(self, moment: datetime) -> "MailQuerySet":
        """Leased by a process that is sending them."""
        return self.filter(state=MailState.PENDING, lease_until__gt=moment)

    def stuck(self, moment: datetime, minutes: int) -> "MailQuerySet":
        """Pending for longer than `minutes` beyond their time: the sender or the mail server is down."""
        return self.filter(state=MailState.PENDING, next_try_at__lt=moment - timedelta(minutes=minutes))

    def claim(self, moment: datetime) -> datetime:
        """Lease the mails of this queryset that are still due (compare-and-swap).

        Returns the end of the lease, made unique by its microseconds: the rows that carry it were won.
        """
        until = moment + timedelta(seconds=settings.MAIL_LEASE_SECONDS, microseconds=secrets.randbelow(1_000_000))
        self.due(moment).update(lease_until=until, attempts=F("attempts") + 1)
        return until

    def settled(self) -> "MailQuerySet":
        """Digests in which nothing holds any more."""
        notices = self.model.notices.rel.related_model.objects.filter(mail=OuterRef("pk"))
        return self.filter(Exists(notices)).exclude(Exists(notices.filter(alert__closed_at__isnull=True)))
