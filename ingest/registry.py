"""What can be imported: every kind of list, in the order in which they are offered. A new one is one line here."""

from accounts.models import User
from ingest.kind import Kind
from ingest.kinds.accounts import UNIT, USER
from ingest.kinds.figures import MONTH, PLAN
from ingest.kinds.nodes import NODE
from ingest.kinds.projects import PROJECT

KINDS: dict[str, Kind] = {kind.code: kind for kind in (PROJECT, PLAN, MONTH, NODE, UNIT, USER)}


def kinds_for(user: User) -> list[Kind]:
    """The kinds of lists a person may import."""
    return [kind for kind in KINDS.values() if user.may(kind.permission)]
