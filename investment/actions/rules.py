"""Writing the rules of the lights: one draft at a time, tried, then published from a month on (handbook §11)."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max

from accounts import audit
from accounts.models import Unit, User
from common import settings
from common.errors import DomainError, StaleVersion
from common.models import RuleSet, SiteSetting
from common.periods import Period
from common.rules import CODE, LightRules, light_rules
from investment.lights import closed_period

TERMS = {"season_curve": "季节曲线", "report_grace_workdays": "锁定前宽限（工作日）"}
TAKEN = "这份草稿刚被他人改过，您的改动没有保存，请核对后重新填写。"


@transaction.atomic
def save_rules_draft(
    *, rules: LightRules, effective: Period, note: str, by: User | None, today: date, revision: int | None = None
) -> RuleSet:
    """Keep a draft. `revision` is the one the person saw, None when there was no draft.

    Raises DomainError when thresholds contradict or the month has closed, StaleVersion.
    """
    rules.check()
    _check_month(effective, today)
    values = {"values": rules.values(), "effective_from": effective.first_day(), "note": note.strip()[:200]}
    draft = RuleSet.objects.draft(CODE)
    if (draft.revision if draft else None) != revision:
        raise StaleVersion(draft or RuleSet(code=CODE, version=0), TAKEN)
    if draft is None:
        latest = RuleSet.objects.filter(code=CODE).aggregate(n=Max("version"))["n"] or 0
        try:
            with transaction.atomic():
                draft = RuleSet.objects.create(code=CODE, version=latest + 1, is_draft=True, **values)
        except IntegrityError as error:
            raise StaleVersion(RuleSet(code=CODE, version=latest + 1), TAKEN) from error
    else:
        _swap(draft, **values)
    audit.record(by=by, action="修改灯色规则草稿", subject=draft, changes=changes_of(rules, effective), reason=note)
    return draft


@transaction.atomic
def publish_rules(*, draft: RuleSet, revision: int, by: User | None, today: date) -> RuleSet:
    """Let the draft hold from its month on. Months already closed are never judged again."""
    effective, rules = Period.of(draft.effective_from), LightRules.of(draft)
    rules.check()
    _check_month(effective, today)
    if draft.revision != revision:
        raise StaleVersion(draft, TAKEN)
    _swap(draft, is_draft=False)
    audit.record(by=by, action="发布灯色规则", subject=draft, changes=changes_of(rules, effective), reason=draft.note)
    return draft


@transaction.atomic
def discard_rules(*, draft: RuleSet, revision: int, by: User | None) -> None:
    """Throw the draft away."""
    if RuleSet.objects.filter(pk=draft.pk, is_draft=True, revision=revision).count() != 1:
        raise StaleVersion(draft, TAKEN)
    audit.record(by=by, action="放弃灯色规则草稿", subject=draft)
    draft.delete()


@transaction.atomic
def save_reporting_terms(*, curve: Sequence[int], grace: int, seen: dict[str, Any], by: User) -> None:
    """The season's curve by which plans fall into months from now on (plans that are split stay), and for how many
    working days after the closing day a told month may still be changed. `seen` holds what the person saw of both.

    Raises StaleVersion, DomainError.
    """
    district = Unit.objects.select_for_update().filter(parent=None).order_by("pk").first()
    if reporting_terms() != seen:
        raise StaleVersion(district or by, "填报与分月参数刚被他人改过，您的改动没有保存，请核对后重新填写。")
    if len(curve) != 12 or min(curve) < 0 or not sum(curve):
        raise DomainError("季节曲线须有十二个月的权重，不能为负，也不能全部为 0。")
    if not 0 <= grace <= 20:
        raise DomainError(f"宽限 {grace} 个工作日超出范围，请填 0 至 20。")
    wanted = {"season_curve": list(curve), "report_grace_workdays": grace}
    changes = {TERMS[key]: [seen[key], value] for key, value in wanted.items() if seen[key] != value}
    for key, value in wanted.items():
        if seen[key] != value:
            SiteSetting.objects.update_or_create(key=key, defaults={"value": value})
    if changes:
        audit.record(by=by, action="填报与分月参数", subject=district or by, changes=changes)


def reporting_terms() -> dict[str, Any]:
    """The settings that `save_reporting_terms` writes, as they are."""
    return {key: settings.get(key) for key in TERMS}


def changes_of(rules: LightRules, effective: Period) -> dict[str, list]:
    """What differs from the rules that would hold without it: name → [before, after]."""
    before, after = asdict(light_rules(effective)), asdict(rules)
    return {name: [before[name], after[name]] for name in after if name != "version" and before[name] != after[name]}


def _check_month(effective: Period, today: date) -> None:
    last = closed_period(today)
    if effective <= last:
        raise DomainError(f"{effective.label}已经截止，历史灯色不重算；生效月份最早为{last.next().label}。")
    if effective.year > today.year + 1:
        raise DomainError(f"生效月份{effective.label}太远，请填写今明两年的月份。")


def _swap(draft: RuleSet, **values) -> None:
    """Write to the draft if nobody did meanwhile."""
    mine = RuleSet.objects.filter(pk=draft.pk, is_draft=True, revision=draft.revision)
    if mine.update(revision=F("revision") + 1, **values) != 1:
        raise StaleVersion(draft, TAKEN)
    draft.refresh_from_db()
