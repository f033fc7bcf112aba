"""Reads shaped for pages."""

from alerts.selectors.alert import alert_page
from alerts.selectors.inbox import inbox
from alerts.selectors.notices import notices
from alerts.selectors.operations import operations
from alerts.selectors.preferences import duty_rules, preference
from alerts.selectors.rules import rule_page, rules

__all__ = ["alert_page", "duty_rules", "inbox", "notices", "operations", "preference", "rule_page", "rules"]
