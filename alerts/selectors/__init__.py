"""Reads shaped for pages."""

from alerts.selectors.inbox import inbox
from alerts.selectors.operations import operations
from alerts.selectors.rules import rule_page, rules

__all__ = ["inbox", "operations", "rule_page", "rules"]
