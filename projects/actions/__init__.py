"""Every write of the projects floor. Each action is one sentence: lock, check, change, record."""

from projects.actions.correction import CORRECTABLE, decide_correction, request_correction
from projects.actions.dictionaries import edit_template, save_entry
from projects.actions.loading import NewProject, load_projects, unload_projects
from projects.actions.merging import merge_projects
from projects.actions.nodes import (
    complete_node,
    move_node,
    preview_schedule,
    reopen_node,
    set_target,
    supply_evidence,
    sync_nodes,
    update_node,
    withdraw_due,
    withdraw_evidence,
)
from projects.actions.people import assign, end_assignment, match_names
from projects.actions.personal import choose_columns, delete_view, follow, save_view
from projects.actions.progress import (
    NodeStep,
    attach,
    attach_all,
    discard_draft,
    note_journal,
    report_progress,
    save_draft,
    submit_sheet,
)
from projects.actions.project import edit_project, register_project
from projects.actions.relation import (
    Part,
    rename_project,
    restart_project,
    set_district_shares,
    split_project,
)
from projects.actions.reserve import close_batch, judge, open_batch, propose, take_back
from projects.actions.stage import StageNotReady, cancel_request, decide_stage, request_stage

__all__ = [
    "CORRECTABLE",
    "NewProject",
    "NodeStep",
    "Part",
    "StageNotReady",
    "assign",
    "attach",
    "attach_all",
    "cancel_request",
    "choose_columns",
    "close_batch",
    "complete_node",
    "decide_correction",
    "decide_stage",
    "delete_view",
    "discard_draft",
    "edit_project",
    "edit_template",
    "end_assignment",
    "follow",
    "judge",
    "load_projects",
    "match_names",
    "merge_projects",
    "move_node",
    "note_journal",
    "open_batch",
    "preview_schedule",
    "propose",
    "register_project",
    "rename_project",
    "reopen_node",
    "report_progress",
    "request_correction",
    "request_stage",
    "restart_project",
    "save_draft",
    "save_entry",
    "save_view",
    "set_district_shares",
    "set_target",
    "split_project",
    "submit_sheet",
    "supply_evidence",
    "sync_nodes",
    "take_back",
    "unload_projects",
    "update_node",
    "withdraw_due",
    "withdraw_evidence",
]
