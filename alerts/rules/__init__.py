"""The rules, one file each, listed explicitly. Adding one: a file, a line here, a row in docs/rules.md, a test."""

from alerts.rules.base import Finding, Rule
from alerts.rules.node_due import NODE_DUE
from alerts.rules.node_overdue import NODE_OVERDUE
from alerts.rules.report_missing import REPORT_MISSING

RULES: tuple[Rule, ...] = (NODE_OVERDUE, REPORT_MISSING, NODE_DUE)
BY_CODE: dict[str, Rule] = {rule.code: rule for rule in RULES}

__all__ = ["BY_CODE", "RULES", "Finding", "Rule"]
