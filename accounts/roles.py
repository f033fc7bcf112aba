"""Who may do what, and where: one table of role × capability × scope (handbook §9, decisions §26).

The matrix test compares this with a table written by hand (tests/architecture/access_matrix.csv).
"""

from dataclasses import dataclass
from enum import Enum, StrEnum

from accounts.choices import Role


class Can(StrEnum):
    """Capabilities. A URL declares one; a person has those of his or her roles."""

    VIEW_PROJECTS = "projects.view"
    CREATE_PROJECTS = "projects.create"
    EDIT_PROJECTS = "projects.edit"  # fields, nodes, evidence, target dates
    REPORT = "projects.report"  # progress reports and monthly figures
    REVIEW_FIGURES = "investment.review"  # a month's figures: the unit's second person, then the bureau
    DECIDE_FIGURES = "investment.decide"  # the bureau's last word: plan changes, unlocking, reminders, targets
    REQUEST_STAGE = "projects.request_stage"
    APPROVE_STAGE = "projects.approve_stage"  # which edge: the gate table names the role
    ASSIGN = "projects.assign"
    EXPORT = "projects.export"
    STATISTICS = "investment.statistics"  # 入库纳统: returns, enters, judges reasons
    FUNDS = "investment.funds"  # programmes, and the district's steps of an application
    SEE_COCKPIT = "dashboard.cockpit"
    USE_INBOX = "alerts.inbox"
    URGE = "alerts.urge"  # raise an alert by hand
    RUN_ALERTS = "alerts.operate"  # mail ledger, job runs, rules
    IMPORT = "ingest.import"
    MANAGE_UNITS = "accounts.units"
    MANAGE_USERS = "accounts.users"
    GRANT_ROLES = "accounts.grant"
    READ_AUDIT = "accounts.audit"
    MANAGE_DICTIONARIES = "projects.dictionaries"
    MANAGE_CALENDAR = "common.calendar"
    MANAGE_RULES = "common.rules"  # the rules of the lights


class Scope(Enum):
    """Where a capability holds."""

    DISTRICT = "全区"
    UNIT = "本单位及下级"
    ASSIGNED = "本人负责的项目"
    NONE = "与项目无关"


@dataclass(frozen=True)
class Grant:
    """What one role brings."""

    scope: Scope
    capabilities: frozenset[Can]


def _grant(scope: Scope, *capabilities: Can) -> Grant:
    return Grant(scope, frozenset(capabilities))


ROLES: dict[Role, Grant] = {
    Role.READER: _grant(Scope.UNIT, Can.VIEW_PROJECTS, Can.EXPORT, Can.USE_INBOX),
    Role.REPORTER: _grant(
        Scope.UNIT,
        Can.VIEW_PROJECTS,
        Can.CREATE_PROJECTS,
        Can.EDIT_PROJECTS,
        Can.REPORT,
        Can.REVIEW_FIGURES,
        Can.REQUEST_STAGE,
        Can.EXPORT,
        Can.USE_INBOX,
    ),
    Role.REVIEWER: _grant(
        Scope.DISTRICT,
        Can.VIEW_PROJECTS,
        Can.APPROVE_STAGE,
        Can.REVIEW_FIGURES,
        Can.DECIDE_FIGURES,
        Can.FUNDS,
        Can.EXPORT,
        Can.SEE_COCKPIT,
        Can.USE_INBOX,
    ),
    Role.STEWARD: _grant(
        Scope.ASSIGNED, Can.VIEW_PROJECTS, Can.EDIT_PROJECTS, Can.REPORT, Can.REQUEST_STAGE, Can.EXPORT, Can.USE_INBOX
    ),
    Role.MEMBER: _grant(Scope.ASSIGNED, Can.VIEW_PROJECTS, Can.REPORT, Can.USE_INBOX),
    Role.SCOUT: _grant(Scope.ASSIGNED, Can.VIEW_PROJECTS, Can.USE_INBOX),
    Role.SUPERVISOR: _grant(Scope.DISTRICT, Can.VIEW_PROJECTS, Can.EXPORT, Can.SEE_COCKPIT, Can.USE_INBOX, Can.URGE),
    Role.STAT: _grant(Scope.DISTRICT, Can.VIEW_PROJECTS, Can.STATISTICS, Can.EXPORT, Can.SEE_COCKPIT, Can.USE_INBOX),
    Role.COUNTER: _grant(Scope.UNIT, Can.VIEW_PROJECTS, Can.USE_INBOX),
    Role.LEADER: _grant(
        Scope.DISTRICT, Can.VIEW_PROJECTS, Can.APPROVE_STAGE, Can.EXPORT, Can.SEE_COCKPIT, Can.USE_INBOX, Can.URGE
    ),
    Role.ADMIN: _grant(
        Scope.DISTRICT,
        Can.VIEW_PROJECTS,
        Can.CREATE_PROJECTS,
        Can.EDIT_PROJECTS,
        Can.REPORT,
        Can.REVIEW_FIGURES,
        Can.DECIDE_FIGURES,
        Can.REQUEST_STAGE,
        Can.APPROVE_STAGE,
        Can.ASSIGN,
        Can.STATISTICS,
        Can.FUNDS,
        Can.EXPORT,
        Can.SEE_COCKPIT,
        Can.USE_INBOX,
        Can.URGE,
        Can.RUN_ALERTS,
        Can.IMPORT,
        Can.MANAGE_UNITS,
        Can.MANAGE_DICTIONARIES,
        Can.MANAGE_CALENDAR,
        Can.MANAGE_RULES,
    ),
    Role.SYSADMIN: _grant(
        Scope.NONE,
        Can.MANAGE_UNITS,
        Can.MANAGE_USERS,
        Can.MANAGE_DICTIONARIES,
        Can.MANAGE_CALENDAR,
        Can.RUN_ALERTS,
    ),
    Role.SECADMIN: _grant(Scope.NONE, Can.GRANT_ROLES),
    Role.AUDITOR: _grant(Scope.NONE, Can.READ_AUDIT),
}
