"""Every write of the investment floor."""

from investment.actions.enrolment import (
    decide_excuse,
    enter_statistics,
    explain_unenrolled,
    leave_statistics,
    return_enrolment,
    submit_enrolment,
)
from investment.actions.funds import (
    apply_for_fund,
    correct_amount,
    edit_application,
    record_amount,
    save_programme,
    step_application,
    submit_application,
)
from investment.actions.grid import decide_months, remind_units
from investment.actions.lag import close_caught_up, finish_step, open_catch_up, withdraw_catch_up
from investment.actions.loading import FirstFigures, load_figures
from investment.actions.output import report_output
from investment.actions.plans import (
    cancel_plan_change,
    carry_over,
    decide_plan_change,
    request_plan_change,
    retract_plan,
    set_annual_plan,
    set_opening_balance,
)
from investment.actions.reporting import (
    decide_month,
    locks_on,
    report_month,
    retract_month,
    save_draft,
    submit_month,
    unlock_month,
)
from investment.actions.rules import (
    discard_rules,
    publish_rules,
    reporting_terms,
    save_reporting_terms,
    save_rules_draft,
)
from investment.actions.snapshots import take_snapshots
from investment.actions.split import split_with_money
from investment.actions.targets import set_annual_target

__all__ = [
    "FirstFigures",
    "apply_for_fund",
    "cancel_plan_change",
    "carry_over",
    "close_caught_up",
    "correct_amount",
    "decide_excuse",
    "decide_month",
    "decide_months",
    "decide_plan_change",
    "discard_rules",
    "edit_application",
    "enter_statistics",
    "explain_unenrolled",
    "finish_step",
    "leave_statistics",
    "load_figures",
    "locks_on",
    "open_catch_up",
    "publish_rules",
    "record_amount",
    "remind_units",
    "report_month",
    "report_output",
    "reporting_terms",
    "request_plan_change",
    "retract_month",
    "retract_plan",
    "return_enrolment",
    "save_draft",
    "save_programme",
    "save_reporting_terms",
    "save_rules_draft",
    "set_annual_plan",
    "set_annual_target",
    "set_opening_balance",
    "split_with_money",
    "step_application",
    "submit_application",
    "submit_enrolment",
    "submit_month",
    "take_snapshots",
    "unlock_month",
    "withdraw_catch_up",
]
