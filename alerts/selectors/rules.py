"""Reads shaped for the rules pages: what is on, with which numbers, how much it holds, who changed it when."""

from datetime import date
from typing import Any

from django.db.models import Count
from django.urls import reverse

from accounts.models import AuditEntry
from alerts import tuning
from alerts.models import Alert
from alerts.rules import BY_CODE, RULES

LADDER_NAME = "督办升级"
LADDER_TEXT = "逾期事项按工作日由提醒升到督办、约谈、通报，每升一级多通知一层；对“节点逾期”等带升级的规则起作用。"


def rules(today: date) -> list[dict[str, Any]]:
    """The ladder and every rule, with the number of open alerts: three queries."""
    settings = tuning.in_force(today)
    open_now = dict(Alert.objects.open().order_by().values_list("rule").annotate(n=Count("pk")))
    return [_row(code, settings[code], open_now.get(code)) for code in (tuning.LADDER_CODE, *(r.code for r in RULES))]


def name_of(code: str) -> tuple[str, str]:
    """A rule's (or the ladder's) name and explanation."""
    if code == tuning.LADDER_CODE:
        return LADDER_NAME, LADDER_TEXT
    return BY_CODE[code].name, BY_CODE[code].explanation


def _row(code: str, setting: tuning.Setting, count: int | None) -> dict[str, Any]:
    name, text = name_of(code)
    return {
        "code": code,
        "name": name,
        "text": text,
        "is_ladder": code == tuning.LADDER_CODE,
        "is_on": setting.is_on,
        "numbers": numbers(code, setting.values),
        "version": setting.version,
        "open": count or 0,
        "open_url": f"{reverse('alerts:inbox')}?who=all&rule={code}",
        "url": reverse("alerts:rule_edit", args=[code]),
    }


def numbers(code: str, values: dict[str, int]) -> str:
    """The tuned numbers in words."""
    return "；".join(f"{one.label} {values[one.name]} {one.unit}" for one in tuning.parameters_of(code))


def rule_page(code: str, today: date) -> dict[str, Any]:
    """One rule with its saved versions and who saved them."""
    name, text = name_of(code)
    versions = tuning.history(code)
    trail = AuditEntry.objects.filter(kind="ruleset", object_id__in=[row.pk for row in versions])
    by = dict(trail.values_list("object_id", "actor_label"))
    return {
        "title": f"预警规则：{name}",
        "code": code,
        "explanation": text,
        "setting": tuning.in_force(today)[code],
        "versions": [
            {
                "version": row.version,
                "since": row.effective_from,
                "by": by.get(row.pk, ""),
                "note": row.note,
                "text": ("" if row.values.get("on", True) else "停用；") + numbers(code, _known(code, row.values)),
            }
            for row in versions
        ],
    }


def _known(code: str, values: dict) -> dict[str, int]:
    return {one.name: values.get(one.name, one.default) for one in tuning.parameters_of(code)}
