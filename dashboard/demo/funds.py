"""State funds of the demo district: programmes of two years, and applications at every point of their way."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from common import clock
from common.errors import DomainError
from dashboard.demo.cast import Cast
from dashboard.demo.timeline import Timeline
from investment import actions
from investment.choices import AmountKind, FundKind
from investment.models import FundApplication, FundProgramme
from investment.papers import fund_gate
from investment.querysets.funds import fitting
from projects.actions import supply_evidence
from projects.choices import FundingNature, Stage
from projects.gates import read_gate
from projects.models import Project

STARTED = [Stage.COMMENCED.value, Stage.CONSTRUCTION.value]
# kind, name, direction, stages, industries, most percent, days from today to the deadline, months ago announced
PROGRAMMES = (
    (
        FundKind.CENTRAL_BUDGET,
        "城市基础设施和保障性安居工程",
        "排水防涝、老旧小区配套",
        STARTED,
        ["N", "E"],
        45,
        -290,
        12,
    ),
    (FundKind.SPECIAL_BOND, "新增专项债券第一批", "有收益的公益性项目", STARTED, [], 70, -270, 11),
    (FundKind.PROVINCIAL, "省级产业转型升级专项", "技术改造和产业链配套", STARTED, ["C"], 20, -230, 9),
    (FundKind.ULTRA_LONG_BOND, "“两重”建设第二批", "水利、教育、医疗重点领域", [], ["N", "P", "Q"], 60, -120, 6),
    (FundKind.SPECIAL_BOND, "新增专项债券第三批", "园区配套和市政设施", [], [], 70, 8, 1),
    (
        FundKind.CENTRAL_BUDGET,
        "下年度中央预算内投资储备",
        "粮食安全、生态保护、社会事业",
        [],
        ["A", "N", "P", "Q"],
        45,
        26,
        1,
    ),
    (FundKind.DISTRICT, "区级前期工作经费", "储备项目前期", ["planning", "reserve"], [], None, 40, 2),
)
ROAD = (AmountKind.APPROVED, AmountKind.ISSUED, AmountKind.RECEIVED, AmountKind.PAID, AmountKind.SPENT)
SHARES = {"approved": 0.9, "issued": 0.9, "received": 0.8, "paid": 0.72, "spent": 0.68}
OLD_DAYS = 200  # money of older programmes is spent, but for one project whose light shows what happens otherwise
DOCUMENT = "云财建〔{}〕{}号"


def ask_for_funds(cast: Cast, timeline: Timeline, rng: Random) -> None:
    """Announce the programmes and lead some projects along the way, each a little less far than the one before."""
    today = timeline.today
    for number, programme in enumerate(_announce(cast, timeline)):
        late = programme.deadline < today
        projects = fitting(Project.objects.filter(status="normal", total_investment__gt=0), programme)
        wanted = projects.exclude(funding_nature=FundingNature.PRIVATE) if programme.kind in PUBLIC else projects
        for place, project in enumerate(wanted.order_by("pk")[number % 2 :: 2][: 5 if late else 3]):
            _lead(cast, timeline, rng, project, programme, late=late, place=place)


PUBLIC = (FundKind.CENTRAL_BUDGET, FundKind.SPECIAL_BOND, FundKind.ULTRA_LONG_BOND)


def _announce(cast: Cast, timeline: Timeline) -> list[FundProgramme]:
    made = []
    for kind, name, direction, stages, industries, most, days, months in PROGRAMMES:
        deadline = timeline.calendar.roll_back(timeline.today + timedelta(days=days))
        opened = min(deadline - timedelta(days=20), timeline.today - timedelta(days=30 * months))
        with clock.standing_at(timeline.now - (timeline.today - opened)):
            made.append(
                actions.save_programme(
                    by=cast.people["reviewer"],
                    kind=kind,
                    name=name,
                    year=deadline.year,
                    batch="",
                    document_no=f"省发改投资〔{opened.year}〕{40 + days % 97}号",
                    direction=direction,
                    stages=stages,
                    industries=industries,
                    most_percent=most,
                    open_from=opened,
                    deadline=deadline,
                    start_by=deadline + timedelta(days=180) if stages == STARTED else None,
                    quota=Decimal(30000 + 5000 * (days % 7)),
                )
            )
    return made


def _lead(
    cast: Cast, timeline: Timeline, rng: Random, project: Project, programme: FundProgramme, *, late: bool, place: int
) -> None:
    """Apply before the deadline (or lately) and go on as far as the place in the row says."""
    bureau = cast.people["reviewer"]
    unit = next(key for key, value in cast.units.items() if value == project.lead_unit)
    reporter = cast.reporter(unit)
    day = max(programme.open_from, programme.deadline - timedelta(days=18)) if late else timeline.ago(3, 9)
    day = max(day, timeline.calendar.roll_forward(project.created_at.date() + timedelta(days=2)))
    percent = min(programme.most_percent or 5, 8 + 4 * place)
    applied = Decimal(int(project.total_investment * percent / 100 / 10) * 10 or 10)
    with _on(timeline, day):
        application = actions.apply_for_fund(
            project=project,
            programme=programme,
            by=reporter,
            applied=applied,
            usage=f"用于{project.name}主体工程和配套设施建设。",
            unit_person="项目负责人",
            regulator_person="主管科室负责人",
            target="按期建成并发挥效益。",
        )
        if not late and place == 2:
            return
        for item in read_gate(project, fund_gate(programme.kind), day).missing:
            if item.demand.place == "evidence":
                supply_evidence(
                    project=project, code=item.demand.code, by=reporter, document_no=DOCUMENT.format(day.year, 60)
                )
        try:
            actions.submit_application(application=application, by=reporter, today=day)
        except DomainError:  # a project code is still missing: it stays in 储备
            return
    if late:
        _on_the_way(timeline, rng, application, bureau, reporter, place)
    elif place == 1:
        with _on(timeline, timeline.today):
            actions.step_application(
                application=application, step="send_back", by=bureau, today=timeline.today, note="绩效目标须量化。"
            )


def _on_the_way(timeline: Timeline, rng: Random, application: FundApplication, bureau, reporter, place: int) -> None:
    day = application.programme.deadline + timedelta(days=4)
    for step, number in (("review", ""), ("report", "云发改〔{}〕{}号")):
        day = min(day + timedelta(days=6), timeline.today)
        with _on(timeline, day):
            document = number.format(day.year, 20 + place) if number else ""
            actions.step_application(application=application, step=step, by=bureau, today=day, document_no=document)
    if place == 4:
        with _on(timeline, day):
            note = "本批额度有限，列入下批优先支持。"
            actions.step_application(application=application, step="reject", by=bureau, today=day, note=note)
        return
    old = (timeline.today - application.programme.deadline).days > OLD_DAYS
    stuck = place == 3 and application.programme.kind == FundKind.PROVINCIAL
    for kind in ROAD if old and not stuck else ROAD[: 5 - place // 2]:
        day = min(day + timedelta(days=rng.randint(14, 30)), timeline.today)
        with _on(timeline, day):
            actions.record_amount(
                application=application,
                kind=kind,
                amount=Decimal(int(application.applied * Decimal(str(SHARES[kind])) / 10) * 10 or 5),
                on=day,
                by=reporter if kind == AmountKind.SPENT else bureau,
                today=day,
                document_no=DOCUMENT.format(day.year, rng.randint(10, 200)),
            )


def _on(timeline: Timeline, day: date):
    """Office hours of a day, or now."""
    return clock.standing_at(timeline.now - (timeline.today - day))
