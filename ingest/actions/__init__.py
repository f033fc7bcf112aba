"""Every write of the ingest floor: a list on its way through the wizard, and what was done with it."""

from ingest.actions.answers import choose_sheets, decide_rows, map_columns, map_values
from ingest.actions.batch import discard, follow_up, replace_file, stage_file
from ingest.actions.committing import PreviewOutdated
from ingest.actions.ordering import cancel_commit, carry_out, carry_out_waiting, commit, order_commit, resume_commit
from ingest.actions.previewing import preview
from ingest.actions.returning import MergeOutdated, apply_return, take_back
from ingest.actions.undoing import undo_import

__all__ = [
    "MergeOutdated",
    "PreviewOutdated",
    "apply_return",
    "cancel_commit",
    "carry_out",
    "carry_out_waiting",
    "choose_sheets",
    "commit",
    "decide_rows",
    "discard",
    "follow_up",
    "map_columns",
    "map_values",
    "order_commit",
    "preview",
    "replace_file",
    "resume_commit",
    "stage_file",
    "take_back",
    "undo_import",
]
