"""The rules, one file each, listed explicitly. Adding one: a file, a line here, a row in docs/rules.md, a test."""

from alerts.rules.base import LADDER, Finding, Parameter, Rule, Tuning
from alerts.rules.calendar import CALENDAR_MISSING
from alerts.rules.catch_up_missed import CATCH_UP_MISSED
from alerts.rules.fund_deadline import FUND_DEADLINE
from alerts.rules.fund_slow import FUND_SLOW
from alerts.rules.money_lag import MONEY_LAG
from alerts.rules.node_due import NODE_DUE
from alerts.rules.node_overdue import NODE_OVERDUE
from alerts.rules.people import NAMELESS, OVERLOADED, PEOPLE_MISSING
from alerts.rules.personal import MENTION, NEW_DUTY
from alerts.rules.production import PRODUCTION_DUE, PRODUCTION_MISSED
from alerts.rules.quality import QUALITY
from alerts.rules.report_missing import REPORT_MISSING
from alerts.rules.stale_reserve import STALE_RESERVE
from alerts.rules.stalled import STALLED
from alerts.rules.start import START_DUE, START_MISSED
from alerts.rules.unenrolled import UNENROLLED

RULES: tuple[Rule, ...] = (  # in the order of a digest
    NODE_OVERDUE,
    START_MISSED,
    PRODUCTION_MISSED,
    MONEY_LAG,
    CATCH_UP_MISSED,
    UNENROLLED,
    FUND_SLOW,
    REPORT_MISSING,
    STALLED,
    STALE_RESERVE,
    NODE_DUE,
    FUND_DEADLINE,
    START_DUE,
    PRODUCTION_DUE,
    NEW_DUTY,
    MENTION,
    QUALITY,
    PEOPLE_MISSING,
    NAMELESS,
    OVERLOADED,
    CALENDAR_MISSING,
)
BY_CODE: dict[str, Rule] = {rule.code: rule for rule in RULES}

__all__ = ["BY_CODE", "LADDER", "RULES", "Finding", "Parameter", "Rule", "Tuning"]
