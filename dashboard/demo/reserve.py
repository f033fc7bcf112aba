"""The review meetings of the demo's reserve library: those that admitted what is there, and one being prepared."""

from datetime import datetime, time, timedelta

from common import clock
from dashboard.demo.cast import Cast
from dashboard.demo.timeline import Timeline
from projects.actions import open_batch, propose, supply_evidence
from projects.choices import Stage, Verdict
from projects.gates import DEMANDS, read_gate
from projects.models import Project, ReserveBatch, ReserveProposal, StageRequest

READY = 3  # projects put before the meeting being prepared


def hold_meetings(cast: Cast, timeline: Timeline) -> None:
    """One closed batch for each month in which projects were admitted, then the open one with its proposals."""
    admitted: dict[tuple[int, int], list[StageRequest]] = {}
    requests = StageRequest.objects.filter(edge="admit_to_reserve", state="approved").select_related("project")
    for request in requests.order_by("decided_at"):
        day = request.decided_at.astimezone(clock.SHANGHAI).date()
        admitted.setdefault((day.year, day.month), []).append(request)
    numbers: dict[int, int] = {}
    for (year, _), passed in admitted.items():
        numbers[year] = numbers.get(year, 0) + 1
        _closed(cast, year, numbers[year], passed)
    batch = open_batch(
        kind="entry",
        meeting_on=timeline.calendar.add(timeline.today, 4),
        by=cast.people["reviewer"],
        today=timeline.today,
    )
    candidates = Project.objects.filter(stage=Stage.PLANNING, status="normal").exclude(content="").order_by("pk")
    for project in [one for one in candidates if one.milestones.filter(due_on__isnull=False).exists()][:READY]:
        _propose(cast, project, batch, timeline)


def _closed(cast: Cast, year: int, number: int, passed: list[StageRequest]) -> None:
    first = passed[0].decided_at
    meeting_on = first.astimezone(clock.SHANGHAI).date()
    batch = ReserveBatch.objects.create(
        year=year,
        number=number,
        meeting_on=meeting_on,
        document_no=f"云发改纪要〔{year}〕{number + 4}号",
        opened_by=cast.people["reviewer"],
        opened_at=datetime.combine(meeting_on - timedelta(days=9), time(10), clock.SHANGHAI),
        closed_by=cast.people["reviewer"],
        closed_at=passed[-1].decided_at,
    )
    ReserveProposal.objects.bulk_create(
        ReserveProposal(
            batch=batch,
            project=request.project,
            proposed_by=request.requested_by,
            proposed_at=request.requested_at,
            verdict=Verdict.PASSED,
            opinion="同意入库",
            request=request,
        )
        for request in passed
    )


def _propose(cast: Cast, project: Project, batch: ReserveBatch, timeline: Timeline) -> None:
    """The unit brings what is lacking and asks for the meeting; nothing is proposed while a request is pending."""
    reporter = project.created_by
    papers = {demand.code for demand in DEMANDS[Stage.RESERVE] if demand.place == "evidence"} - {"REVIEW_MINUTES"}
    for item in read_gate(project, Stage.RESERVE, timeline.today).missing:
        if item.demand.code in papers:
            supply_evidence(project=project, code=item.demand.code, by=reporter, document_no="云发改函〔2026〕31号")
    lacking = [item.demand.code for item in read_gate(project, Stage.RESERVE, timeline.today).missing]
    if set(lacking) <= {"REVIEW_MINUTES"} and not project.stage_requests.filter(state="pending").exists():
        propose(
            project=project, batch=batch, by=reporter, today=timeline.today, note="前期工作已达到入库深度，请予评审。"
        )
