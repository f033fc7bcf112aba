"""Lists of key nodes of known projects."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from accounts.models import User
from accounts.roles import Can
from ingest.kind import Kind
from ingest.kinds.figures import BY_PROJECT, about_projects, editable, units_in_use
from ingest.recording import RecordJudge
from projects.import_nodes import NODES, node_names


def _filled(by: User, *, today: date) -> Iterable[Mapping[str, Any]]:
    return NODES.rows(editable(by))


def _options() -> dict[str, Sequence[str]]:
    return units_in_use() | {"node": node_names()}


_JUDGE = RecordJudge(NODES, of_projects=True)
NODE = Kind(
    code="node",
    label="关键节点",
    noun="节点",
    about="各项目关键节点的计划、预计和实际日期，一行一个节点。",
    identity=f"{BY_PROJECT}；再按节点名称或代码",
    permission=Can.IMPORT,
    columns=tuple(NODES.columns),
    understand=partial(about_projects, NODES.columns),
    judge=_JUDGE.judge,
    write=_JUDGE.write,
    records=NODES,
    filled=_filled,
    options=_options,
)
