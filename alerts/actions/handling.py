"""What people do with alerts."""

from datetime import date

from django.db import transaction
from django.db.models import Q

from accounts import audit
from accounts.models import User
from alerts.actions.scan import scan
from alerts.choices import Level
from alerts.models import Alert, LadderStep
from alerts.rules import BY_CODE
from common import clock
from common.errors import DomainError, StaleVersion


@transaction.atomic
def acknowledge(*, alert: Alert, by: User, measure: str, promised_on: date, today: date) -> Alert:
    """Take up an alert: what will be done, and by when. Reminders rest until that day; the ladder does not.

    Raises DomainError without a measure or with a past day, StaleVersion when it was taken up or settled meanwhile.
    """
    if not measure.strip():
        raise DomainError("请填写措施：打算怎么解决。")
    if promised_on < today:
        raise DomainError(f"预计完成日期 {promised_on} 已经过去，请填写今天或以后的日期。")
    seen = Q(acknowledged_at=alert.acknowledged_at) if alert.acknowledged_at else Q(acknowledged_at__isnull=True)
    now = clock.now()
    changes = {"acknowledged_by": by, "acknowledged_at": now, "measure": measure.strip(), "promised_on": promised_on}
    if Alert.objects.open().filter(seen, pk=alert.pk).update(**changes) != 1:
        raise StaleVersion(alert, f"“{alert}”刚被他人知悉或已经销号，您的内容没有保存。")
    before = [alert.measure, alert.promised_on]
    alert.refresh_from_db()
    audit.record(
        by=by,
        action="知悉预警",
        subject=alert,
        changes={"措施": [before[0], alert.measure], "预计完成": [before[1], promised_on]},
    )
    return alert


@transaction.atomic
def acknowledge_all(*, alerts: list[Alert], by: User, measure: str, promised_on: date, today: date) -> None:
    """Take up several alerts with one measure and one day: all of them, or none when one was touched meanwhile."""
    for alert in alerts:
        acknowledge(alert=alert, by=by, measure=measure, promised_on=promised_on, today=today)


@transaction.atomic
def urge(*, alert: Alert, level: int, note: str, by: User, today: date) -> Alert:
    """Raise an alert to a higher rung by hand; whoever stands there is told at once, and it falls no lower again.

    Raises DomainError without a reason or for a rung that is not higher, StaleVersion when it was settled meanwhile.
    """
    if not note.strip():
        raise DomainError("请写明提级的理由。")
    if level <= alert.level:
        raise DomainError(f"现在已是“{alert.get_level_display()}”，只能提到更高的级别。")
    now = clock.now()
    changes = {"floor": level, "level": level, "level_since": today, "urged_by": by, "urged_at": now}
    if Alert.objects.open().filter(pk=alert.pk, level=alert.level).update(**changes) != 1:
        raise StaleVersion(alert, f"“{alert}”刚升级或已经销号，没有提级。")
    step = {"on": today, "at": now, "detail": alert.detail, "by": by, "note": note.strip()}
    LadderStep.objects.get_or_create(alert=alert, level=level, defaults=step)
    audit.record(
        by=by,
        action="提级督办",
        subject=alert,
        changes={"督办级别": [alert.get_level_display(), Level(level).label]},
        reason=note,
    )
    scan(max(today, alert.checked_on), [BY_CODE[alert.rule]])
    alert.refresh_from_db()
    return alert
