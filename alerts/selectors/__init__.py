"""Reads shaped for pages."""

from alerts.selectors.alert import alert_page
from alerts.selectors.inbox import ALERT_COLUMNS, alert_rows, in_words, inbox
from alerts.selectors.notices import NOTICE_COLUMNS, notice_rows, notices
from alerts.selectors.operations import operations
from alerts.selectors.preferences import duty_rules, preference
from alerts.selectors.rules import rule_page, rules

__all__ = [
    "ALERT_COLUMNS",
    "NOTICE_COLUMNS",
    "alert_page",
    "alert_rows",
    "duty_rules",
    "in_words",
    "inbox",
    "notice_rows",
    "notices",
    "operations",
    "preference",
    "rule_page",
    "rules",
]
