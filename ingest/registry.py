"""What can be imported: every kind of list, in the order in which they are offered. A new one is one line here."""

from ingest.kind import Kind
from ingest.kinds.projects import PROJECT

KINDS: dict[str, Kind] = {kind.code: kind for kind in (PROJECT,)}
