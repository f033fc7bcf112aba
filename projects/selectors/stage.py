"""Reads of the stage dialog, of the papers and of the approvals."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.timezone import localtime

from accounts.models import User
from common.workdays import work_calendar
from projects import lifecycle
from projects.choices import RequestState, Stage
from projects.gates import DEMANDS, STAGE_GATES, GateItem, GateReport, read_gate
from projects.lifecycle import Edge
from projects.models import CorrectionRequest, Evidence, Project, StageRequest
from projects.permissions import may_decide, may_request


@dataclass(frozen=True)
class Way:
    """One open edge in the dialog: what its gate says of the project, and whether this person may ask for it."""

    edge: Edge
    report: GateReport
    allowed: bool
    lines: tuple[dict, ...]

    @property
    def is_main(self) -> bool:
        return self.edge.code in lifecycle.MAIN_LINE

    @property
    def ready(self) -> bool:
        return self.allowed and self.report.ok

    @property
    def why_not(self) -> str:
        """Why the button is off; empty when it is not."""
        if not self.allowed:
            asker = "发改局" if self.edge.by_bureau else "责任单位"
            return f"“{self.edge.label}”由{asker}发起，您的账号不能提交。"
        if missing := self.report.missing:
            return f"还缺 {len(missing)} 项，补齐后才能提交。"
        return ""


def ways_on(user: User, project: Project, today: date) -> list[Way]:
    """Every open edge of the project, the main line first. One query per gate, at most two gates are open at once."""
    ways = []
    for edge in project.open_edges():
        report = read_gate(project, edge.gate, today)
        lines = tuple(gate_line(project, item) for item in report.items)
        ways.append(Way(edge, report, may_request(user, project, edge), lines))
    return sorted(ways, key=lambda way: not way.is_main)


def gate_line(project: Project, item: GateItem) -> dict[str, Any]:
    """One demand as the dialog shows it: {label, ok, state, detail, url, action}; the address supplies it."""
    state = "已具备" if item.held else "容缺受理中" if item.waived else "缺"
    url, action = place_of(project, item.demand.place, item.demand.code)
    return {
        "label": item.demand.label,
        "ok": item.ok,
        "held": item.held,
        "state": state,
        "detail": item.detail,
        "url": "" if item.held else url,
        "action": action,
    }


def place_of(project: Project, place: str, code: str) -> tuple[str, str]:
    """Where on the site a demand is met, and what the link says."""
    if place == "evidence":
        return f"{reverse('projects:evidence_new', args=[project.pk])}?code={code}", "补要件"
    name, action = {
        "edit": ("projects:project_edit", "补充信息"),
        "report": ("projects:project_update", "去填报"),
        "people": ("projects:project_people", "去指定"),
        "plan": ("investment:plan_edit", "填计划"),
    }[place]
    return reverse(name, args=[project.pk]), action


def decision_lines(project: Project, report: GateReport) -> list[dict]:
    """The gate for whoever decides: each demand with the papers that meet it. One query."""
    papers: dict[str, list[Evidence]] = {}
    codes = [item.demand.code for item in report.items]
    for paper in project.evidence.filter(code__in=codes, withdrawn_at=None).select_related("file", "supplied_by"):
        papers.setdefault(paper.code, []).append(paper)
    return [gate_line(project, item) | {"papers": papers.get(item.demand.code, [])} for item in report.items]


def correction_line(request: CorrectionRequest) -> dict[str, str]:
    """What a correction changes: {label, before, after} in words."""
    label = str(Project._meta.get_field(request.field).verbose_name)
    words = lifecycle.STATE_LABELS if request.field == "stage" else {}
    return {
        "label": label,
        "before": words.get(request.before, request.before),
        "after": words.get(request.after, request.after),
    }


def correction_rows(user: User) -> Iterator[list[Any]]:
    """The corrections that wait, in the order of the page, as rows of a workbook."""
    for asked in corrections_for(user):
        line = correction_line(asked)
        yield [
            asked.project.number,
            asked.project.name,
            asked.project.lead_unit.label,
            *line.values(),
            asked.reason,
            asked.requested_by.full_name,
            localtime(asked.requested_at),
        ]


def papers_of(project: Project, today: date, gates: tuple[str, ...] = STAGE_GATES) -> list[dict]:
    """All papers of the gates: {label, lines, missing, unneeded, past}, the gates ahead first. Two queries.

    A line carries its papers, the state in words, and the address that supplies it.
    """
    row = Project.objects.filter(pk=project.pk)
    for gate in gates:
        row = row.with_demands(gate, today)
    facts = row.get()
    supplied: dict[str, list[Evidence]] = {}
    for paper in project.evidence.filter(withdrawn_at=None).select_related("file", "supplied_by", "milestone"):
        supplied.setdefault(paper.code, []).append(paper)
    gates = [_gate_section(project, gate, facts, supplied, today) for gate in gates]
    return sorted(gates, key=lambda gate: gate["past"])


def _gate_section(project: Project, gate: str, facts: Project, supplied: dict, today: date) -> dict:
    lines, unneeded = [], []
    for demand in DEMANDS[gate]:
        papers = supplied.get(demand.code, [])
        if not getattr(facts, f"need_{demand.code}") and not papers:
            unneeded.append(demand.label)
            continue
        held, waived = getattr(facts, f"has_{demand.code}"), getattr(facts, f"waived_{demand.code}")
        url, action = place_of(project, demand.place, demand.code)
        expired = bool(papers) and not held
        state = "已具备" if held else "容缺受理中" if waived else "已过有效期" if expired else "待提供"
        lines.append(
            {
                "code": demand.code,
                "label": demand.label,
                "held": held,
                "waived": waived,
                "state": state,
                "papers": papers,
                "url": url,
                "action": action,
                "is_paper": demand.place == "evidence",
            }
        )
    missing = sum(1 for line in lines if not line["held"] and not line["waived"])
    return {
        "code": gate,
        "label": lifecycle.STATE_LABELS.get(gate, ""),
        "lines": lines,
        "missing": missing,
        "past": _is_past(project, gate),
        "unneeded": unneeded,
    }


def _is_past(project: Project, gate: str) -> bool:
    """Whether the project has gone through this gate (竣工 lies within 建设); other checklists stay."""
    if gate not in STAGE_GATES:
        return False
    here = Stage(project.stage).order
    if gate == lifecycle.COMPLETED:
        return bool(project.completed_on) or here > Stage.CONSTRUCTION.order
    return Stage(gate).order <= here


# --- approvals ------------------------------------------------------------------------------------------------------


def requests_for(user: User) -> QuerySet[StageRequest]:
    """Stage requests on edges that the person's roles decide, of projects the person sees."""
    codes = [edge.code for edge in lifecycle.EDGES if may_decide(user, edge)]
    return (
        StageRequest.objects.filter(edge__in=codes, project__in=Project.objects.visible_to(user))
        .select_related("project__lead_unit", "requested_by__unit", "decided_by")
        .annotate(times_returned=returned_before())
    )


def returned_before() -> Count:
    """How often a request of this project was returned before (any edge)."""
    return Count("project__stage_requests", filter=Q(project__stage_requests__state=RequestState.RETURNED))


def pending_lines(user: User, today: date) -> list[dict]:
    """Requests that wait for this person, the longest waiting first: {request, waited (working days)}."""
    calendar = work_calendar()
    waiting = requests_for(user).filter(state=RequestState.PENDING).order_by("requested_at")
    return [
        {"request": request, "waited": calendar.between(localtime(request.requested_at).date(), today)}
        for request in waiting
    ]


def decided_requests(user: User, limit: int = 20) -> QuerySet[StageRequest]:
    """What was decided lately."""
    states = [RequestState.APPROVED, RequestState.RETURNED]
    return requests_for(user).filter(state__in=states).order_by("-decided_at")[:limit]


def corrections_for(user: User) -> QuerySet[CorrectionRequest]:
    """Pending correction requests of projects the person sees."""
    return CorrectionRequest.objects.filter(
        state=RequestState.PENDING, project__in=Project.objects.visible_to(user)
    ).select_related("project__lead_unit", "requested_by__unit")
