"""What would become of the rows of a batch: its kind judges them, and the person says which are wanted at all."""

from accounts.models import User
from common import clock
from common.collecting import uncollected
from ingest.choices import Verdict, Writes
from ingest.decisions import Decisions
from ingest.models import ImportBatch
from ingest.plans import Judgement
from ingest.registry import KINDS

_UNWANTED: dict[str, tuple[Verdict, ...]] = {
    Writes.BOTH: (),
    Writes.NEW: (Verdict.CHANGED,),
    Writes.CHANGED: (Verdict.NEW,),
}


@uncollected()
def judged(batch: ImportBatch, by: User) -> Judgement:
    """The judgement of a batch by what is there now. Pure reading: the same for preview and commit."""
    decisions, kind = Decisions.of(batch), KINDS[batch.kind]
    found = kind.judge(batch.reading, decisions, kind, by=by, today=clock.today())
    for plan in found.plans:
        if plan.verdict in _UNWANTED[decisions.writes]:
            plan.skip(f"本次{Writes(decisions.writes).label}")
    return found
