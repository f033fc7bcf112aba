"""The scan: from what holds today to alerts and notices. Level-triggered, so missed or doubled runs do no harm."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime

from django.db import transaction

from alerts import tuning
from alerts.actions import steps
from alerts.choices import NoticeState
from alerts.models import Alert, AlertNotice, Preference
from alerts.recipients import Directory, Recipient
from alerts.rules import RULES, Finding, Rule
from alerts.tuning import Setting
from common import clock
from common.failpoints import failpoint

FACTS = ("project_id", "unit_id", "severity", "level", "title", "detail", "path", "facts", "due_on")
BATCH = 1000  # rows per statement
GONE, SWITCHED_OFF = "对象已删除", "规则已停用"
SETTLED, MUTED, OWN_ACT = "事由已消除", "本人设置不发邮件", "本人的操作"


@dataclass(slots=True)
class Scanned:
    """What a scan did. `open` counts the episodes that hold now."""

    opened: int = 0
    updated: int = 0
    closed: int = 0
    open: int = 0
    notices: int = 0
    undeliverable: int = 0

    def __iadd__(self, other: "Scanned") -> "Scanned":
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))
        return self

    def __str__(self) -> str:
        return (
            f"新增 {self.opened}，更新 {self.updated}，销号 {self.closed}，未销号 {self.open}，"
            f"新通知 {self.notices}（无法送达 {self.undeliverable}）"
        )


def scan(today: date, rules: Iterable[Rule] | None = None) -> Scanned:
    """Bring alerts and notices in line with what holds on the business date `today`; one transaction per rule.

    Running it again changes nothing. The unique keys of Alert (one open episode per rule and subject) and of
    AlertNotice (one word per window and person) decide when two scans meet.
    """
    total, settings = Scanned(), tuning.in_force(today)
    for rule in RULES if rules is None else rules:
        failpoint("scan.before")
        with transaction.atomic():
            total += _scan_rule(rule, today, clock.now(), settings)
        failpoint("scan.committed")
    return total


def findings_of(rule: Rule, today: date, settings: Mapping[str, Setting]) -> dict[str, Finding]:
    """What a rule finds as it is set, by subject; nothing when it is switched off."""
    if not settings[rule.code].is_on:
        return {}
    return {finding.subject: finding for finding in rule.find(today, tuning.values_for(rule, settings))}


def _scan_rule(rule: Rule, today: date, now: datetime, settings: Mapping[str, Setting]) -> Scanned:
    done = Scanned()
    before = {alert.subject: alert for alert in Alert.objects.open().filter(rule=rule.code)}
    findings = steps.raised(findings_of(rule, today, settings), before)
    failpoint("scan.computed")

    gone = [alert for subject, alert in before.items() if subject not in findings]
    done.closed = _close(rule, gone, today, now, is_on=settings[rule.code].is_on)
    fresh = [_episode(rule, finding, today) for subject, finding in findings.items() if subject not in before]
    Alert.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=BATCH)
    failpoint("scan.after_insert")
    done.opened = len(fresh)
    done.updated = _update([(before[s], f) for s, f in findings.items() if s in before], today)

    alerts = {alert.subject: alert for alert in Alert.objects.open().filter(rule=rule.code)}
    done.open = len(alerts)
    steps.record(rule, list(alerts.values()), today, now)
    held = [(alerts[subject], finding) for subject, finding in findings.items() if subject in alerts]
    done.notices, done.undeliverable = _notify(rule, held, today, now)
    return done


def _episode(rule: Rule, finding: Finding, today: date) -> Alert:
    dates = {"opened_on": today, "checked_on": today, "level_since": today}
    return Alert(rule=rule.code, subject=finding.subject, **dates, **_facts(finding))


def _facts(finding: Finding) -> dict:
    values = {name: getattr(finding, name) for name in FACTS}
    return values | {"title": finding.title[:200], "detail": finding.detail[:300]}


def _update(pairs: list[tuple[Alert, Finding]], today: date) -> int:
    """Write the current facts into open episodes: only the rows that changed, one statement per batch.

    An upsert on the primary key: the rows exist, so only the update part ever acts. (A bulk UPDATE with a CASE per
    column grows with the square of the batch.)
    """
    changed = []
    for alert, finding in pairs:
        facts = _facts(finding)
        if all(getattr(alert, name) == value for name, value in facts.items()):
            continue
        if alert.level != finding.level:
            alert.level_since = today
        for name, value in facts.items():
            setattr(alert, name, value)
        changed.append(alert)
    _upsert(changed, (*FACTS, "level_since"))
    stale = [alert.pk for alert, _ in pairs if alert.checked_on != today]
    if stale:
        rule = pairs[0][0].rule
        Alert.objects.open().filter(rule=rule).exclude(checked_on=today).update(checked_on=today)
    return len(changed)


def _close(rule: Rule, alerts: list[Alert], today: date, now: datetime, *, is_on: bool) -> int:
    """End episodes with the fact that ended them, and drop what was still owed about them."""
    if not alerts:
        return 0
    reasons = rule.cleared([alert.subject for alert in alerts], today) if is_on else {}
    other = GONE if is_on else SWITCHED_OFF
    for alert in alerts:
        alert.closed_at, alert.closed_reason = now, reasons.get(alert.subject, other)[:200]
    _upsert(alerts, ("closed_at", "closed_reason"))
    AlertNotice.objects.unmailed().filter(alert__rule=rule.code, alert__closed_at__isnull=False).update(
        state=NoticeState.SUPPRESSED, why_not=SETTLED
    )
    return len(alerts)


def _upsert(alerts: list[Alert], columns: tuple[str, ...]) -> None:
    names = [name.removesuffix("_id") for name in columns]
    if alerts:
        Alert.objects.bulk_create(
            alerts, update_conflicts=True, unique_fields=["id"], update_fields=names, batch_size=BATCH
        )


def _notify(rule: Rule, held: list[tuple[Alert, Finding]], today: date, now: datetime) -> tuple[int, int]:
    """Create the notices that are owed now and not there yet. Returns (created, of which undeliverable)."""
    if not held:
        return 0, 0
    told, current = _told(rule)
    directory, muted = Directory(rule.code, today), _muted(rule)
    owed: list[AlertNotice] = []
    keys: set[tuple[int, str]] = set()
    for alert, finding in held:
        window = window_of(rule, alert, finding, today)
        for person in directory.of(finding, steps.audiences(rule, alert, finding)):
            keys.add((alert.pk, person.key))
            if (alert.pk, finding.severity, window, person.key) not in told:
                owed.append(_notice(rule, alert, finding, window, person, now, muted))
    AlertNotice.objects.bulk_create(owed, ignore_conflicts=True, batch_size=BATCH)
    _hand_over(rule, current, keys)
    _owe_again(rule)
    return len(owed), sum(notice.state == NoticeState.UNDELIVERABLE for notice in owed)


def _muted(rule: Rule) -> set[int]:
    """People who do not want mails of this rule. Duty alerts cannot be refused."""
    if rule.duty:
        return set()
    rows = Preference.objects.exclude(muted=[]).values_list("user", "muted")
    return {user for user, codes in rows if rule.code in codes}


def window_of(rule: Rule, alert: Alert, finding: Finding, today: date) -> str:
    """The window that is told today: the finding's own, then its later reminders.

    An acknowledged alert rests until the promised day: no reminders, but a higher level has a window of its own and
    is told (the ladder is never muted). A promise that passed opens a new window, and reminders count from it.
    """
    window = finding.window
    if alert.acknowledged_at and alert.promised_on:
        if alert.promised_on >= today:
            return window
        window = f"{window}/{alert.promised_on:%y%m%d}"
    since = max(alert.level_since, alert.promised_on or alert.level_since)
    weeks = (today - since).days // rule.repeat_days if rule.repeat_days else 0
    later = finding.reminder + max(weeks, 0)
    return f"{window}+{later}" if later else window


def _told(rule: Rule) -> tuple[set[tuple[int, str, str, str]], dict[tuple[int, str], bool]]:
    """What was said about the rule's open alerts, and to whom: window keys, and (alert, person) → still answerable."""
    notices = AlertNotice.objects.filter(alert__rule=rule.code, alert__closed_at__isnull=True)
    told, current = set(), {}
    for alert_id, severity, window, key, is_current in notices.values_list(
        "alert_id", "severity", "window", "recipient_key", "is_current"
    ):
        told.add((alert_id, severity, window, key))
        current[alert_id, key] = current.get((alert_id, key), False) or is_current
    return told, current


def _notice(
    rule: Rule, alert: Alert, finding: Finding, window: str, person: Recipient, now: datetime, muted: set[int]
) -> AlertNotice:
    why_not = ""
    if person.user_id in muted:
        why_not = MUTED
    elif person.user_id and person.user_id == alert.urged_by_id and alert.level == alert.floor:
        why_not = OWN_ACT
    return AlertNotice(
        alert=alert,
        severity=finding.severity,
        window=window,
        recipient_id=person.user_id,
        recipient_key=person.key,
        because=person.because,
        is_urgent=window == finding.window and steps.is_urgent(rule, finding),
        why_not=why_not,
        state=(
            NoticeState.UNDELIVERABLE
            if not person.reachable
            else NoticeState.SUPPRESSED
            if why_not
            else NoticeState.PENDING
        ),
        created_at=now,
    )


def _hand_over(rule: Rule, current: dict[tuple[int, str], bool], keys: set[tuple[int, str]]) -> None:
    """Alerts leave the inbox of whoever no longer answers for them, and come back with the duty."""
    of_rule = AlertNotice.objects.filter(alert__rule=rule.code, alert__closed_at__isnull=True)
    for is_current, pairs in (
        (False, [pair for pair, was in current.items() if was and pair not in keys]),
        (True, [pair for pair, was in current.items() if not was and pair in keys]),
    ):
        by_person: dict[str, list[int]] = {}
        for alert_id, key in pairs:
            by_person.setdefault(key, []).append(alert_id)
        for key, alert_ids in by_person.items():
            of_rule.filter(recipient_key=key, alert__in=alert_ids).update(is_current=is_current)


def _owe_again(rule: Rule) -> None:
    """An account that has got an e-mail address since is owed what could not be delivered and still holds."""
    reachable = AlertNotice.objects.unreachable().filter(recipient__is_active=True).exclude(recipient__email="")
    reachable.filter(alert__rule=rule.code).update(state=NoticeState.PENDING)
