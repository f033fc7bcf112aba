"""The lifecycle as a table: states, edges, who asks and who decides (handbook §1.1–1.2, vectors.md §6).

A *state* is what people call the project's condition; it is stored as stage + status + dates (decisions §5).
"""

from dataclasses import dataclass
from datetime import date

from accounts.choices import Role
from projects.choices import Stage, Status

PLANNING, RESERVE, COMMENCED, CONSTRUCTION, PRODUCTION = (stage.value for stage in Stage)
COMPLETED, CLOSED = "completed", "closed"
SUSPENDED, WITHDRAWN, TERMINATED = Status.SUSPENDED.value, Status.WITHDRAWN.value, Status.TERMINATED.value
RESUME = "resume_state"

STATE_LABELS = {
    **dict(Stage.choices),
    COMPLETED: "竣工",
    CLOSED: "办结",
    SUSPENDED: "暂停",
    WITHDRAWN: "退库",
    TERMINATED: "终止",
}


@dataclass(frozen=True)
class Edge:
    """One way from a state to another.

    `code` names the FSM method or dated fact; `approvers` decide on the request; `gate` is the stage (or state)
    whose demands must be met; `needs_reason` and `asks_date` shape the dialog.
    """

    code: str
    label: str
    sources: tuple[str, ...]
    target: str
    approvers: tuple[Role, ...]
    gate: str = ""
    needs_reason: bool = False
    asks_date: str = ""
    by_bureau: bool = False  # asked for by the bureau (发改局), not by the responsible unit


_BUREAU = (Role.REVIEWER, Role.ADMIN)
_LEADER = (Role.LEADER,)

EDGES: tuple[Edge, ...] = (
    Edge("admit_to_reserve", "入库", (PLANNING,), RESERVE, _BUREAU, gate=RESERVE),
    Edge("send_back", "退回谋划", (RESERVE,), PLANNING, _BUREAU, needs_reason=True, by_bureau=True),
    Edge("commence", "开工认定", (RESERVE,), COMMENCED, _BUREAU, gate=COMMENCED, asks_date="实际开工日期"),
    Edge("enter_construction", "转建设", (COMMENCED,), CONSTRUCTION, _BUREAU, gate=CONSTRUCTION),
    Edge("complete", "竣工", (CONSTRUCTION,), COMPLETED, _BUREAU, gate=COMPLETED, asks_date="竣工验收日期"),
    Edge(
        "commission", "投产", (CONSTRUCTION, COMPLETED), PRODUCTION, _BUREAU, gate=PRODUCTION, asks_date="投产日期"
    ),
    Edge("close", "办结", (PRODUCTION,), CLOSED, _LEADER, by_bureau=True, asks_date="达产（办结）日期"),
    Edge(
        "suspend",
        "暂停",
        (PLANNING, RESERVE, COMMENCED, CONSTRUCTION, COMPLETED, PRODUCTION),
        SUSPENDED,
        _LEADER,
        needs_reason=True,
        asks_date="预计复工日期",
    ),
    Edge("resume", "复工", (SUSPENDED,), RESUME, _LEADER, needs_reason=True),
    Edge("withdraw", "退库", (PLANNING, RESERVE), WITHDRAWN, _LEADER, needs_reason=True, by_bureau=True),
    Edge(
        "terminate", "终止", (PLANNING, RESERVE, COMMENCED, CONSTRUCTION, COMPLETED), TERMINATED, _LEADER,
        needs_reason=True,
    ),
)  # fmt: skip
EDGE = {edge.code: edge for edge in EDGES}
MAIN_LINE = ("admit_to_reserve", "commence", "enter_construction", "complete", "commission", "close")


def state_of(*, stage: str, status: str, completed_on: date | None, closed_on: date | None) -> str:
    """The state of a project as stored: status first, then 办结, then 竣工 (only in 建设), then the stage."""
    if status != Status.NORMAL:
        return status
    if closed_on:
        return CLOSED
    if completed_on and stage == Stage.CONSTRUCTION:
        return COMPLETED
    return stage


def edges_from(state: str, *, resume_state: str | None = None) -> list[Edge]:
    """Edges leaving `state`. From 暂停 one may resume, and leave for good where the kept stage might."""
    edges = [edge for edge in EDGES if state in edge.sources and (edge.target != RESUME or resume_state)]
    if state == SUSPENDED and resume_state:
        edges += [e for e in EDGES if e.target in (WITHDRAWN, TERMINATED) and resume_state in e.sources]
    return edges


def allowed(source: str, target: str, *, resume_state: str | None = None) -> bool:
    """Whether an edge leads from `source` to `target`; roles and evidence are not asked (rule `fsm.allowed`)."""
    targets = {resume_state if e.target == RESUME else e.target for e in edges_from(source, resume_state=resume_state)}
    return target != source and target in targets
