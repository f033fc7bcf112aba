"""Every write of the ingest floor: a list on its way through the wizard, and what was done with it."""

from ingest.actions.answers import choose_sheets, decide_rows, map_columns, map_values
from ingest.actions.batch import discard, replace_file, stage_file
from ingest.actions.committing import PreviewOutdated, commit
from ingest.actions.previewing import preview

__all__ = [
    "PreviewOutdated",
    "choose_sheets",
    "commit",
    "decide_rows",
    "discard",
    "map_columns",
    "map_values",
    "preview",
    "replace_file",
    "stage_file",
]
