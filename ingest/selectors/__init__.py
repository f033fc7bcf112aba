"""What the pages of the wizard show, step by step."""

from ingest.selectors.columns import column_cards, column_groups
from ingest.selectors.frame import (
    ORDER,
    batch_lines,
    batches,
    earlier,
    frame,
    progress,
    step_of,
    step_url,
    steps,
    to_write,
)
from ingest.selectors.offline import merge_page, offline_frame
from ingest.selectors.rows import STAGES, first_shown, grouped, questions_of, tally, with_sides
from ingest.selectors.sheets import tables
from ingest.selectors.undo import kept_rows, undo_page
from ingest.selectors.values import (
    date_rows,
    label_rows,
    nothing_to_ask,
    period_label,
    person_rows,
    unit_rows,
    value_questions,
)
from ingest.undoing import undo_until

__all__ = [
    "ORDER",
    "STAGES",
    "batch_lines",
    "batches",
    "column_cards",
    "column_groups",
    "date_rows",
    "earlier",
    "first_shown",
    "frame",
    "grouped",
    "kept_rows",
    "label_rows",
    "merge_page",
    "nothing_to_ask",
    "offline_frame",
    "period_label",
    "person_rows",
    "progress",
    "questions_of",
    "step_of",
    "step_url",
    "steps",
    "tables",
    "tally",
    "to_write",
    "undo_page",
    "undo_until",
    "unit_rows",
    "value_questions",
    "with_sides",
]
