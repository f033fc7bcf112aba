"""The world in which the doors are tried: four projects that differ only in what they are to a person.

own      led by 工信局, the unit of reader, reporter and counter
joined   led by 住建局, 工信局 helps (协办): its people look, they do not write
assigned led by 住建局; steward, member and scout answer for it
stranger led by 住建局: only those who see the whole district
Each carries its token in its name; a page must never show a person the token of a project that he or she may not see.
"""

import io
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from accounts.actions import add_alias
from accounts.choices import Role
from accounts.models import Delegation, Membership, SavedView, StoredFile, UnitAlias
from alerts.choices import MailState, Severity
from alerts.models import Alert, AlertNotice, Mail
from common.clock import SHANGHAI
from common.models import RuleSet
from common.periods import Period
from ingest import threeway
from ingest.actions import preview, stage_file, take_back
from ingest.actions.returning import lines_of
from ingest.models import ColumnMapping, ImportBatch, ValueMapping
from ingest.offline import workbook
from investment.actions import (
    apply_for_fund,
    record_amount,
    report_month,
    request_plan_change,
    save_programme,
    set_annual_plan,
    step_application,
    submit_application,
    submit_enrolment,
)
from investment.choices import FundKind
from investment.models import (
    CatchUpPlan,
    CatchUpStep,
    FundApplication,
    FundProgramme,
    MonthlyEntry,
    PlanVersion,
)
from investment.papers import ENROLMENT, fund_gate
from projects.actions import (
    assign,
    attach_all,
    note_journal,
    open_batch,
    request_correction,
    request_stage,
    set_target,
    supply_evidence,
)
from projects.choices import Duty, JournalKind, Stage, Status, TargetKind
from projects.lifecycle import RESERVE
from projects.models import (
    Assignment,
    Attachment,
    CorrectionRequest,
    Evidence,
    IndustryChain,
    Milestone,
    MilestoneTemplate,
    Project,
    ReserveBatch,
    ReserveProposal,
    StageRequest,
)
from tests.cast import TODAY, Cast, make_unit, make_user
from tests.factories import lag_cause, make_project, supply_all

RELATIONS = ("own", "joined", "assigned", "stranger")
TOKENS = {relation: f"{relation.upper()}Q7X" for relation in RELATIONS}
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
NOW = datetime(2026, 11, 24, 9, tzinfo=SHANGHAI)


def photo() -> SimpleUploadedFile:
    """The smallest picture."""
    return SimpleUploadedFile("现场.png", PIXEL, "image/png")


@dataclass
class Things:
    """One project and what hangs on it; `asked` is its twin on whose stage and dates a decision waits."""

    project: Project
    node: Milestone
    paper: Evidence
    term: Assignment
    file: Attachment
    alert: Alert
    asked: Project
    request: StageRequest
    correction: CorrectionRequest
    plan_change: PlanVersion
    catch_up: CatchUpPlan
    running: Project  # started in January, not in the statistics
    entering: Project  # has applied
    fund: FundApplication  # approved
    fund_draft: FundApplication


@dataclass
class World:
    """Everything a URL may name."""

    cast: Cast
    things: dict[str, Things] = field(default_factory=dict)
    alias: UnitAlias | None = None
    mail: Mail | None = None
    extra: dict = field(default_factory=dict)

    @property
    def entries(self) -> list[MonthlyEntry]:
        """This month's figures of the twins."""
        return list(MonthlyEntry.objects.order_by("pk"))

    @property
    def membership(self) -> Membership:
        """A grant that may be revoked."""
        return self.cast.reader.memberships.get()


def make_world(cast: Cast) -> World:
    """Everything, made by the real actions where there are such."""
    world = World(cast)
    for key, name in (("programme", "区级配套资金"), ("programme2", "区级前期经费")):
        world.extra[key] = save_programme(by=None, kind=FundKind.DISTRICT, name=name, year=2026)
    for relation in RELATIONS:
        world.things[relation] = _things(cast, relation, world.extra["programme"])
    owing = make_project(
        cast.other_unit, name=f"丙{TOKENS['stranger']}厂房", stage="construction", since=date(2026, 1, 5)
    )
    set_annual_plan(project=owing, year=2026, target=Decimal(1200), by=None)
    world.alias = add_alias(unit=cast.unit, name="经信局", by=None)
    world.mail = _mail(cast)
    world.extra["meeting"], world.extra["judged"] = _meetings(cast, world)
    world.extra["ended"] = make_project(cast.unit, name=f"丙{TOKENS['own']}旧厂房", status=Status.WITHDRAWN)
    world.extra["producing"] = make_project(cast.unit, name=f"丁{TOKENS['own']}厂", stage=Stage.PRODUCTION)
    world.extra["idle_unit"] = make_unit("空编办", cast.root)
    world.extra["view"] = SavedView.objects.create(
        owner=cast.reporter, module="projects", name="视图", query="stage=reserve"
    )
    world.extra["chain"] = IndustryChain.objects.create(name="新材料", order=1)
    world.extra["template"] = MilestoneTemplate.objects.order_by("pk").first()
    world.extra["rules"] = RuleSet.objects.create(
        code="lights", version=1, is_draft=True, effective_from=date(2026, 12, 1), values={"yellow": 85}
    )
    world.extra["batch"] = _batch(cast)
    world.extra["layout"] = _layout(cast)
    world.extra["header_word"] = ColumnMapping.objects.create(header_key="挂点", header="挂点", field="lead_officials")
    world.extra["value_word"] = ValueMapping.objects.create(field="category", key="产业", value="")
    colleague = make_user("colleague", "未同事", cast.unit, Role.REPORTER)
    world.extra["colleague"] = colleague
    world.extra["delegation"] = Delegation.objects.create(
        user=cast.reporter, delegate=colleague, starts_on=TODAY, ends_on=date(2026, 11, 27)
    )
    world.extra["returned"] = take_back(upload=own_workbook(cast), by=cast.admin)
    world.extra["idle_user"] = make_user("idle", "巳闲人", cast.other_unit, is_active=True)
    return world


def _meetings(cast: Cast, world: World) -> tuple[ReserveBatch, ReserveBatch]:
    """One before which every project stands, one that only waits for its minutes."""
    meeting, judged = (open_batch(kind="entry", meeting_on=TODAY, by=cast.reviewer, today=TODAY) for _ in range(2))
    ReserveProposal.objects.bulk_create(
        ReserveProposal(batch=meeting, project=things.project, proposed_by=cast.reporter, proposed_at=NOW)
        for things in world.things.values()
    )
    return meeting, judged


def _things(cast: Cast, relation: str, programme: FundProgramme) -> Things:
    unit = cast.unit if relation == "own" else cast.other_unit
    official = cast.reporter if relation == "own" else cast.stranger
    made = []
    started = {"stage": "construction", "since": date(2026, 1, 5), "actual_start_date": date(2026, 1, 5)}
    for word in ("甲", "乙", "丙", "丁"):
        fields = started if word in "丙丁" else {}
        project = make_project(unit, name=f"{word}{TOKENS[relation]}厂房{word}", **fields)
        if relation == "joined":
            project.co_units.add(cast.unit)
        if relation == "assigned":
            for duty, user in (
                (Duty.STEWARD, cast.steward),
                (Duty.TASK_FORCE, cast.member),
                (Duty.TASK_FORCE, cast.scout),
            ):
                assign(project=project, duty=duty, user=user, starts_on=date(2026, 1, 1), by=None)
        assign(project=project, duty=Duty.OFFICIAL, user=official, starts_on=date(2026, 1, 1), by=None)
        made.append(project)
    project, asked, running, entering = made
    set_target(
        project=project,
        kind=TargetKind.PRODUCTION,
        target=date(2030, 12, 31),
        by=None,
        version=Project.objects.get(pk=project.pk).version,
        today=TODAY,
    )
    note_journal(project=project, kind=JournalKind.NOTE, text=f"{TOKENS[relation]}已到现场", by=official)
    attach_all(project=project, uploads=[photo()], by=official, caption="现场")
    supply_evidence(project=project, code="PROPOSAL", by=official, document_no="云发改〔2026〕9号")
    paper = Evidence.objects.get(project=project)
    paper.file = Attachment.objects.get(project=project).file
    paper.save()
    supply_all(asked, RESERVE)
    supply_all(entering, ENROLMENT)
    submit_enrolment(project=entering, by=official, today=TODAY)
    request = request_stage(project=asked, edge="admit_to_reserve", by=official, today=TODAY)
    correction = request_correction(
        project=asked, field="actual_start_date", after="2026-03-01", reason="填错", by=official
    )
    plan = set_annual_plan(project=asked, year=2026, target=Decimal(1000), by=official)
    plan_change = request_plan_change(
        project=asked,
        year=2026,
        target=Decimal(1500),
        by=official,
        reason="追加设备",
        today=TODAY,
        version=plan.version,
    )
    report_month(project=asked, period=Period(2026, 11), completed=Decimal(10), by=official)
    project.refresh_from_db()
    return Things(
        project=project,
        node=Milestone.objects.filter(project=project, is_applicable=True).order_by("order").first(),
        paper=paper,
        term=Assignment.objects.get(project=project, duty=Duty.OFFICIAL),
        file=Attachment.objects.get(project=project),
        alert=_alert(project, official),
        asked=asked,
        request=request,
        correction=correction,
        plan_change=plan_change,
        catch_up=_catch_up(project, asked),
        running=running,
        entering=entering,
        fund=_approved_fund(running, programme, paper.file),
        fund_draft=_fund_draft(entering, programme),
    )


def _catch_up(project: Project, asked: Project) -> CatchUpPlan:
    """A catch-up plan with one step; `asked` is late to start, so that one may be made for it."""
    Project.objects.filter(pk=asked.pk).update(baseline_start_to=date(2026, 8, 31))
    plan = CatchUpPlan.objects.create(
        project=project, light="red", cause=lag_cause(), cause_note=f"{project.name}资金未到", measures="增加班组",
        opened_on=date(2026, 11, 2), target_on=date(2026, 12, 31),
    )  # fmt: skip
    CatchUpStep.objects.create(plan=plan, due_on=date(2026, 11, 20), text="基础完工")
    return plan


def _fund_draft(project: Project, programme: FundProgramme) -> FundApplication:
    """With everything at hand that handing it in asks for."""
    Project.objects.filter(pk=project.pk).update(national_code=f"2107-320505-89-01-{project.pk:06d}")
    supply_all(project, fund_gate(programme.kind))
    return apply_for_fund(project=project, programme=programme, by=None, applied=Decimal(100), usage="主体工程")


def _approved_fund(project: Project, programme: FundProgramme, file: StoredFile) -> FundApplication:
    fund = _fund_draft(project, programme)
    submit_application(application=fund, by=None, today=TODAY)
    for step in ("review", "report"):
        step_application(application=fund, step=step, by=None, today=TODAY, document_no="云发改〔2026〕3号")
    record_amount(application=fund, kind="approved", amount=Decimal(90), on=TODAY, by=None, today=TODAY, file=file)
    fund.refresh_from_db()
    return fund


def _alert(project: Project, official) -> Alert:
    alert = Alert.objects.create(
        rule="node_overdue",
        subject=f"milestone:{project.pk}",
        project=project,
        unit=project.lead_unit,
        severity=Severity.RED,
        level_since=TODAY,
        title=f"{project.name}节点逾期",
        path=f"/projects/{project.pk}/",
        due_on=date(2026, 11, 20),
        opened_on=TODAY,
        checked_on=TODAY,
    )
    AlertNotice.objects.create(
        alert=alert,
        severity=alert.severity,
        window="once",
        recipient=official,
        recipient_key=f"user:{official.pk}",
        because="责任人",
        created_at=NOW,
    )
    return alert


def project_list() -> SimpleUploadedFile:
    """A list of two projects, one of them without a name."""
    book = Workbook()
    for row in (
        ("序号", "项目名称", "责任单位", "总投资（万元）", "建设内容"),
        (1, "新材料厂房", "工信局", 12000, "厂房2万平方米"),
        (2, "污水处理厂", "没有的局", 8000, "日处理1万吨"),
    ):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return SimpleUploadedFile("清单.xlsx", content.getvalue())


def own_workbook(cast: Cast) -> SimpleUploadedFile:
    """我的项目 of the administrator, as it was taken."""
    return SimpleUploadedFile("我的项目.xlsx", workbook(cast.admin, TODAY))


def seen(world: "World") -> str:
    """The fingerprint of the merge of that workbook."""
    return threeway.fingerprint(lines_of(world.extra["returned"], world.cast.admin))


def _batch(cast: Cast) -> ImportBatch:
    batch = stage_file(upload=project_list(), by=cast.admin)
    preview(batch=batch, by=cast.admin, version=batch.version)
    return ImportBatch.objects.get(pk=batch.pk)


def _layout(cast: Cast) -> ImportBatch:
    """An import whose layout is known for the next list of its kind."""
    batch = stage_file(upload=project_list(), by=cast.admin)
    done = {"kind": "plan", "state": ImportBatch.State.COMMITTED, "committed_by": cast.admin}
    ImportBatch.objects.filter(pk=batch.pk).update(**done, committed_at=batch.created_at)
    return ImportBatch.objects.get(pk=batch.pk)


def _mail(cast: Cast) -> Mail:
    return Mail.objects.create(
        recipient=cast.reporter,
        address=cast.reporter.email,
        business_date=TODAY,
        kind="digest",
        subject="今日提醒",
        text=f"{TOKENS['own']}节点逾期",
        html=f"<p>{TOKENS['own']}节点逾期</p>",
        state=MailState.DEAD,
        message_id=f"<{uuid4()}@test>",
        next_try_at=NOW,
        created_at=NOW,
    )


ROLES = ("anonymous", *(role.value for role in Role))
DISTRICT = ("reviewer", "supervisor", "stat", "leader", "admin")
SEES = {  # which tokens a role may ever read (handbook §9: 数据范围)
    **dict.fromkeys(DISTRICT, RELATIONS),
    **dict.fromkeys(("reader", "reporter", "counter"), ("own", "joined")),
    **dict.fromkeys(("steward", "member", "scout"), ("assigned",)),
}
