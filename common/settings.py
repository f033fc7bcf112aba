"""Settings of the site that administrators may change, with their defaults (handbook §11)."""

from typing import Any

from common.models import SiteSetting

DEFAULTS: dict[str, Any] = {
    "report_day": 25,  # closing day of the monthly report, rolled forward over holidays (handbook §8.2)
    "report_grace_workdays": 5,  # after the closing day a told month may still be changed so long, then it is locked
    "season_curve": [1, 1, 6, 9, 11, 11, 11, 11, 11, 11, 10, 7],  # monthly weights of a plan split by season (§3.2)
    "withdraw_stale_months": 12,  # a project of the reserve library that has not moved for so long is up for 退库
    "stat_threshold": 500,  # 万元 of total investment from which a project must enter the statistics (handbook §3.4)
    "stat_tier": 5000,  # 万元 from which it belongs to the upper reporting tier
    "fund_spend_denominator": "received",  # 支出进度 is taken of what was received, or "issued" (handbook §4.3)
    "requester_may_approve": False,  # decisions §6: two persons by default
}


def get(key: str) -> Any:
    """The value of `key`: as saved, else the default. Raises KeyError for a name nobody declared."""
    default = DEFAULTS[key]
    row = SiteSetting.objects.filter(key=key).first()
    return default if row is None else row.value


def saved() -> list[tuple[str, Any]]:
    """What administrators changed, as (key, value) in order of the keys."""
    return list(SiteSetting.objects.order_by("key").values_list("key", "value"))
