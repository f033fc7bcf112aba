"""The ladder: which rung an alert stands on, who is told there, and the record of each step (decisions §10, §12).

A person may raise an alert above what the calendar says (急事从高): it never falls below that rung while it is open.
`services.actions` draws its papers (督办单、约谈) from the rows of LadderStep.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from alerts.choices import Audience, Level, Severity
from alerts.models import Alert, LadderStep
from alerts.rules import Finding, Rule
from alerts.rules.base import CLIMB


def raised(findings: dict[str, Finding], before: Mapping[str, Alert]) -> dict[str, Finding]:
    """The findings, those of urged alerts at least on the rung to which they were raised."""
    for subject, alert in before.items():
        finding = findings.get(subject)
        if finding and alert.floor > finding.level:
            level = Level(alert.floor)
            findings[subject] = replace(finding, level=level, window=f"level:{level.value}")
    return findings


def audiences(rule: Rule, alert: Alert, finding: Finding) -> tuple[Audience, ...]:
    """Who is told: what the rule says, and on a rung reached by hand whoever stands there."""
    if alert.floor and finding.level == alert.floor:
        return tuple(dict.fromkeys((*rule.told(Level.REMIND), *CLIMB[finding.level])))
    return rule.told(finding.level)


def is_urgent(rule: Rule, finding: Finding) -> bool:
    """Told at once rather than with the next digest: a new red, a step up, an assignment, a mention."""
    return rule.prompt or finding.severity == Severity.RED or finding.level > Level.REMIND


def record(rule: Rule, alerts: list[Alert], today: date, now: datetime) -> None:
    """Write the rungs that open alerts of the rule have reached and that are not on record yet."""
    least = Level.REMIND if rule.has_ladder else Level.SUPERVISE
    there = {alert.pk: alert for alert in alerts if alert.level >= least}
    if not there:
        return
    known = LadderStep.objects.filter(alert__rule=rule.code, alert__closed_at__isnull=True)
    told = set(known.values_list("alert", "level"))
    LadderStep.objects.bulk_create(
        [
            LadderStep(alert=alert, level=alert.level, on=today, at=now, detail=alert.detail)
            for alert in there.values()
            if (alert.pk, alert.level) not in told
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )
