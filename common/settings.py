"""Settings of the site that administrators may change, with their defaults (handbook §11)."""

from typing import Any

from common.models import SiteSetting

DEFAULTS: dict[str, Any] = {
    "report_day": 25,  # closing day of the monthly report, rolled forward over holidays (handbook §8.2)
    "node_warn_workdays": 10,  # a node is yellow when due within so many working days (light.node)
    "node_remind_workdays": 3,  # and its official is told when due within so many (handbook §6.2, L1)
    "report_remind_workdays": 3,  # the monthly report is asked for so many working days before its closing day
    "escalation_workdays": [3, 5, 15],  # 提醒 before, 督办 up to, 约谈 up to, then 通报 (handbook §6.2)
    "requester_may_approve": False,  # decisions §6: two persons by default
}


def get(key: str) -> Any:
    """The value of `key`: as saved, else the default. Raises KeyError for a name nobody declared."""
    default = DEFAULTS[key]
    row = SiteSetting.objects.filter(key=key).first()
    return default if row is None else row.value
