"""The life of one demo project, from registration to the stage where it stands today, by the real actions."""

from datetime import date, timedelta
from functools import partial
from random import Random

from accounts.choices import Role
from common.periods import Period
from dashboard.demo import REGION, texts
from dashboard.demo import catalogue as fate
from dashboard.demo.cast import BARE_NAMES, Cast
from dashboard.demo.catalogue import Entry
from dashboard.demo.nodes import Nodes
from dashboard.demo.statistics import Statistics
from dashboard.demo.timeline import Timeline
from dashboard.demo.works import Works
from projects import actions, lifecycle
from projects.choices import (
    ApprovalType,
    Category,
    Duty,
    EiaKind,
    FundingNature,
    Level,
    Precision,
    Stage,
    WithdrawReason,
)
from projects.gates import read_gate
from projects.models import Enterprise, IndustryChain

LEVELS = ((120000, Level.PROVINCIAL), (45000, Level.MUNICIPAL), (0, Level.DISTRICT))  # from so many 万元 on


class Life(Nodes, Statistics, Works):
    """Plans the events of one project on the timeline."""

    def __init__(self, entry: Entry, number: int, cast: Cast, timeline: Timeline, rng: Random) -> None:
        super().__init__(entry, number, cast, timeline, rng)
        self.to_be_returned = {"admit_to_reserve"} if number % 7 == 2 else set()  # asked for too early, once

    # --- the dates of a life, per stage -------------------------------------------------------------------------
    def plan(self) -> None:
        """Put everything that happened onto the timeline."""
        ago, rng = self.timeline.ago, self.rng
        if self.entry.stage == Stage.PLANNING:
            self._register(ago(60, 230))
        elif self.entry.stage == Stage.RESERVE:
            admitted = ago(70, 180)
            self.begun = ago(6, 9) if self.entry.fate == fate.PENDING else None
            self._register(admitted - timedelta(days=rng.randint(45, 100)))
            self._then("admit_to_reserve", admitted)
        elif self.entry.stage == Stage.COMMENCED or self._grew_here():
            recent = self.entry.stage == Stage.COMMENCED
            begun = ago(70, 110) if recent else ago(150, 230)
            self._register(begun - timedelta(days=rng.randint(200, 270)))
            self.begun, self.ended = begun, begun + timedelta(days=rng.randint(480, 700))
            self._then("admit_to_reserve", self.registered + timedelta(days=rng.randint(45, 70)))
        else:
            self._take_over()

    def _grew_here(self) -> bool:
        """Some projects under construction went through the whole process in the system; the rest came from a list."""
        return self.entry.stage == Stage.CONSTRUCTION and self.entry.fate == fate.OK and self.number % 3 == 0

    def _take_over(self) -> None:
        """Loaded from the district's list a good year ago, already under construction."""
        loaded = self.today - timedelta(days=385)
        what = self.entry.fate
        self.begun = loaded - timedelta(days=self.rng.randint(60, 420))
        if self.entry.stage == Stage.PRODUCTION:
            self.ended = self.timeline.ago(110, 220)
        elif what == fate.COMPLETED:
            self.ended = self.timeline.ago(30, 80)
        elif what == fate.PENDING:
            self.ended = self.timeline.ago(12, 20)
        else:
            self.ended = self.today + timedelta(days=self.rng.randint(120, 300))
        self._register(loaded, stage=Stage.CONSTRUCTION, actual_start_date=self.begun, construction_at=self.begun)
        if self.entry.stage == Stage.PRODUCTION or what in (fate.COMPLETED, fate.PENDING):
            self._then("complete", self.timeline.calendar.add(self.ended, 2), effective_on=self.ended)

    # --- registration and people --------------------------------------------------------------------------------
    def _register(self, day: date, *, stage: str = Stage.PLANNING, **dates: date) -> None:
        self.registered = self.timeline.calendar.roll_back(day)
        self.timeline.on(self.registered, partial(self._do_register, stage, dates))

    def _do_register(self, stage: str, dates: dict[str, date]) -> None:
        entry, rng = self.entry, self.rng
        incomplete = entry.stage == Stage.PLANNING and entry.fate == fate.PLAIN
        government = entry.approval == ApprovalType.APPROVAL
        level = next(level for least, level in LEVELS if entry.total >= least)
        chain = IndustryChain.objects.filter(name=entry.chain).first()
        self.project = actions.register_project(
            by=self.admin if stage != Stage.PLANNING else self.reporter,
            lead_unit=self.cast.units[entry.unit],
            name=entry.name,
            stage=stage,
            since=self.registered,
            note="首次建库导入" if stage != Stage.PLANNING else "",
            national_code="" if incomplete else self._national_code(),
            category=entry.category,
            approval_type=entry.approval,
            total_investment=entry.total,
            industry_code=entry.industry,
            chain=chain,
            level=level,
            funding_nature=FundingNature.GOVERNMENT if government else FundingNature.PRIVATE,
            fund_source="" if incomplete else rng.choice(texts.SUPPLY),
            content="" if incomplete else texts.content_of(entry.category, entry.total, rng),
            location=self._location(),
            region_code=REGION,
            new_land="L" in entry.traits,
            has_building="B" in entry.traits,
            high_risk="R" in entry.traits,
            bid_required="X" in entry.traits,
            is_attraction="A" in entry.traits,
            is_livelihood="M" in entry.traits,
            eia_kind=EiaKind.EXEMPT if "E" in entry.traits else EiaKind.REQUIRED,
            energy_tce=rng.randint(1200, 9000) if "G" in entry.traits else 0,
            owner_name=self._owner(),
            owner=None if government else Enterprise.objects.get_or_create(name=self._owner())[0],
            **self._planned_dates(),
            **dates,
        )
        self._assign_people()
        if not self.begun and entry.fate not in (fate.PLAIN, fate.WITHDRAWN):
            wait = 12 if entry.stage == Stage.PLANNING else 110
            self.timeline.on(self.registered + timedelta(days=min(wait, self._age() - 15)), self._set_start_target)
        if stage == Stage.CONSTRUCTION:
            self._plan_production_target(self.registered + timedelta(days=9))
            self._begin_works(self.registered)
        if entry.fate == fate.WITHDRAWN:
            self._then("withdraw", self.timeline.ago(20, 40), withdraw_reason=WithdrawReason.LAND)

    def _national_code(self) -> str:
        month = (
            self.registered if self.entry.stage in (Stage.PLANNING, Stage.RESERVE) else self.begun or self.registered
        )
        kind = {Category.INDUSTRY: "07"}.get(self.entry.category, "04")
        return f"{min(month, self.registered):%y%m}-{REGION}-{kind}-01-{100000 + self.number * 137:06d}"

    def _location(self) -> str:
        places = {"jkq": "云岭经济开发区", "xsz": "西山镇", "dhjd": "东河街道", "yljd": "云岭街道"}
        return places.get(
            self.entry.unit, self.rng.choice(("云岭街道", "东河街道", "西山镇", "北塘乡", "云岭经济开发区"))
        )

    def _owner(self) -> str:
        if self.entry.approval == ApprovalType.APPROVAL:
            return self.cast.units[self.entry.unit].name
        stem = ("恒川", "启岳", "澄江", "云衡", "瑞岭", "东禾", "山屿", "景澜")[self.number % 8]
        return f"云岭{stem}{self.entry.chain or '实业'}有限公司"

    def _planned_dates(self) -> dict[str, object]:
        start = Period.of(self.begun or self.today + timedelta(days=75 + self.number % 4 * 20))
        drift = {fate.DRIFT1: 0, fate.DRIFT3: -2}.get(self.entry.fate)
        if drift is not None:  # planned for a month that has passed, without a start
            start = Period.of(self.today + timedelta(days=1)).previous().shift(drift)
        end = Period.of(self.ended) if self.ended else start.shift(16 + self.number % 8)
        dates: dict[str, object] = {}
        for name, period in (("start", start), ("completion", end), ("production", end.shift(2))):
            dates[f"planned_{name}_from"] = period.first_day()
            dates[f"planned_{name}_to"] = period.last_day()
            dates[f"planned_{name}_precision"] = Precision.MONTH
        return dates

    def _assign_people(self) -> None:
        people, day = self.cast.people, self.registered
        leader = people[("leader2", "leader3", "leader4")[self.number % 3]]
        assign = partial(actions.assign, project=self.project, starts_on=day, by=self.admin)
        assign(duty=Duty.LEADER, user=leader)
        if self.number % 15 == 7:
            assign(duty=Duty.OFFICIAL, name=BARE_NAMES[self.number // 15 % len(BARE_NAMES)])
        else:
            assign(duty=Duty.OFFICIAL, user=self.official)
        if self.entry.stage != Stage.PLANNING:
            assign(duty=Duty.STEWARD, user=people[("steward", "steward2", "steward3")[self.number % 3]])
            assign(duty=Duty.TASK_FORCE, user=people[("member", "member2")[self.number % 2]])
        if self.number % 6 == 1 and self.number % 15 != 7 and self._age() > 100:
            self.timeline.on(self.timeline.ago(25, 90), self._hand_over)
        if "X" in self.entry.traits and "B" in self.entry.traits:
            self.timeline.on(day + timedelta(days=6), self._invite_co_units)
        if self.number % 3 == 0:
            self.timeline.on(self.timeline.ago(10, 50), self._note)

    def _hand_over(self) -> None:
        actions.assign(
            project=self.project, duty=Duty.OFFICIAL, user=self.reporter, starts_on=self._now(), by=self.admin
        )

    def _invite_co_units(self) -> None:
        self.project.refresh_from_db()
        units = [self.cast.units[key] for key in ("zrj", "hbj", "zjj") if key != self.entry.unit][:2]
        actions.edit_project(project=self.project, by=self.admin, version=self.project.version, co_units=units)

    def _note(self) -> None:
        kind, text = self.rng.choice(texts.NOTES)
        actions.note_journal(project=self.project, kind=kind, text=text, by=self.reporter)

    # --- stages -------------------------------------------------------------------------------------------------
    def _then(self, edge: str, day: date, **about: object) -> None:
        """Ask for `edge` on `day` with everything the gate demands, and have it decided some days later."""
        self.timeline.on(day, partial(self._ask, edge, about))

    def _ask(self, edge: str, about: dict) -> None:
        self.project.refresh_from_db()
        way = lifecycle.EDGE[edge]
        self._supply(read_gate(self.project, way.gate, self._now()).missing)
        request = actions.request_stage(
            project=self.project,
            edge=edge,
            by=self.cast.people["admin"] if way.by_bureau else self.reporter,
            today=self._now(),
            **{"note": self._reason(edge), **about},
        )
        if edge in self.to_be_returned:
            self.to_be_returned.remove(edge)
            note = self.rng.choice(texts.RETURNED)
            self.timeline.on(self._in_workdays(2), partial(self._decide, request, False, note))
            self._then(edge, self._in_workdays(5), **about)
        elif not (self.entry.fate == fate.PENDING and edge == self._last_edge()):
            self.timeline.on(self._in_workdays(2), partial(self._decide, request, True, ""))

    def _begin_works(self, first: date) -> None:
        """Money is planned and reported from `first` until 竣工, a suspension, or today."""
        last = min(self.ended, self.today)
        if self.entry.fate == fate.SUSPENDED and self.entry.stage == Stage.CONSTRUCTION:
            last = self.timeline.ago(60, 80)
            self._then("suspend", last, effective_on=self.today + timedelta(days=90))
        self._plan_money(first, last)
        self._plan_entry(first)

    def _last_edge(self) -> str:
        return {Stage.RESERVE: "commence", Stage.COMMENCED: "enter_construction"}.get(self.entry.stage, "complete")

    def _decide(self, request, approve: bool, note: str) -> None:
        approvers = lifecycle.EDGE[request.edge].approvers
        by = self.cast.people["leader" if Role.LEADER in approvers else "reviewer"]
        actions.decide_stage(request=request, approve=approve, by=by, today=self._now(), note=note)
        if approve:
            self.project.refresh_from_db()
            self._after(request.edge)

    def _after(self, edge: str) -> None:
        """What follows a move, up to the stage where the project stands today."""
        stage, what, now = self.entry.stage, self.entry.fate, self._now()
        if edge == "admit_to_reserve":
            if self.begun:
                self.timeline.on(now + timedelta(days=4), self._set_start_target)
                self._then("commence", self.timeline.calendar.add(self.begun, 2), effective_on=self.begun)
            elif what == fate.TERMINATED:
                self._then("terminate", self.timeline.ago(12, 40))
        elif edge == "commence":
            self._plan_production_target(now + timedelta(days=6))
            self._begin_works(self.begun)
            if stage == Stage.CONSTRUCTION:
                self._then("enter_construction", now + timedelta(days=45))
            elif what == fate.PENDING:
                self._then("enter_construction", self.timeline.ago(3, 9))
        elif edge == "complete" and stage == Stage.PRODUCTION:
            begins = self._workday(self.ended + timedelta(days=self.rng.randint(28, 50)))
            self.timeline.on(begins, partial(self._complete_node, "N17"))
            self._then("commission", self.timeline.calendar.add(begins, 1), effective_on=begins)
        elif edge == "commission" and what == fate.CLOSED:
            day = self.timeline.ago(10, 30)
            self._then("close", day, effective_on=day)
        elif edge == "commission" and what == fate.SUSPENDED:
            self._then("suspend", self.timeline.ago(15, 40), effective_on=self.today + timedelta(days=60))

    def _reason(self, edge: str) -> str:
        return {
            "suspend": "资金方案调整，经专题会议研究暂停建设，待方案明确后复工。",
            "terminate": "投资方主动放弃，经区政府专题会议研究同意终止。",
            "withdraw": "用地不符合国土空间规划，短期内无法落实。",
        }.get(edge, "")

    def _supply(self, missing: list) -> None:
        """Bring what a gate still lacks, each thing where the pages ask for it."""
        for item in missing:
            if item.demand.place == "evidence":
                actions.supply_evidence(
                    project=self.project,
                    code=item.demand.code,
                    by=self.reporter,
                    document_no=self._document_no(),
                    issued_on=self._now(),
                )
            elif item.demand.place == "report":
                self._report(Period.of(self._now()), with_photo=True)
            elif item.demand.code == "YEAR_PLAN":
                self._set_plan(self._now().year)
