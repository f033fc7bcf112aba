"""The books: nothing that was owed to a person may vanish."""

from dataclasses import dataclass

from django.db.models import Count, Q

from alerts.choices import MailState, NoticeState
from alerts.models import AlertNotice

MAILED = {
    NoticeState.SENT: MailState.SENT,
    NoticeState.DEAD: MailState.DEAD,
}


@dataclass(frozen=True, slots=True)
class Balance:
    """Notices by state. `astray` are those whose mail says something else than they do: always 0."""

    created: int
    pending: int
    sent: int
    dead: int
    suppressed: int
    undeliverable: int
    astray: int

    @property
    def holds(self) -> bool:
        """created = sent + pending + dead + suppressed + undeliverable, and every notice agrees with its mail."""
        accounted = self.sent + self.pending + self.dead + self.suppressed + self.undeliverable
        return self.created == accounted and self.astray == 0


def balance() -> Balance:
    """Count all notices, in one query."""
    agrees = Q(state=NoticeState.UNDELIVERABLE, mail__isnull=True)
    agrees |= Q(state=NoticeState.PENDING) & (Q(mail__isnull=True) | Q(mail__state=MailState.PENDING))
    agrees |= Q(state=NoticeState.SUPPRESSED) & (Q(mail__isnull=True) | Q(mail__state=MailState.CANCELLED))
    for state, mail_state in MAILED.items():
        agrees |= Q(state=state, mail__state=mail_state)
    counts = AlertNotice.objects.aggregate(
        created=Count("pk"),
        agreeing=Count("pk", filter=agrees),
        **{state.value: Count("pk", filter=Q(state=state)) for state in NoticeState},
    )
    agreeing = counts.pop("agreeing")
    return Balance(**counts, astray=counts["created"] - agreeing)
