"""The life of one demo project, from registration to the stage where it stands today, by the real actions."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from uuid import UUID

from accounts.choices import Role
from accounts.models import User
from common import clock
from common.periods import Period
from dashboard.demo import REGION, texts
from dashboard.demo import catalogue as fate
from dashboard.demo.cast import BARE_NAMES, Cast
from dashboard.demo.catalogue import Entry
from dashboard.demo.money import months_done, year_plan
from dashboard.demo.photos import site_photo
from dashboard.demo.timeline import Timeline
from investment.actions import report_month, set_annual_plan
from investment.lights import closed_period
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
    TargetKind,
    WithdrawReason,
)
from projects.gates import read_gate
from projects.models import Enterprise, IndustryChain, Milestone, Project
from projects.node_templates import AFTER_START

OVERDUE_DAYS = (3, 45)  # calendar days: 1 to some 30 working days
SOON_WORKDAYS = 9


class Life:
    """Plans the events of one project on the timeline. `project` exists once its registration has been played."""

    def __init__(self, entry: Entry, number: int, cast: Cast, timeline: Timeline, rng: Random) -> None:
        self.entry, self.number, self.cast, self.timeline, self.rng = entry, number, cast, timeline, rng
        self.today = timeline.today
        self.closed = closed_period(self.today)
        self.project: Project
        self.registered: date
        self.begun: date | None = None  # 实际开工
        self.ended: date | None = None  # 竣工, real or planned
        self.to_be_returned = {"admit_to_reserve"} if number % 7 == 2 else set()  # asked for too early, once

    # --- the dates of a life, per stage -------------------------------------------------------------------------
    def plan(self) -> None:
        """Put everything that happened onto the timeline."""
        ago, rng = self.timeline.ago, self.rng
        if self.entry.stage == Stage.PLANNING:
            self._register(ago(60, 230))
        elif self.entry.stage == Stage.RESERVE:
            admitted = ago(70, 180)
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
            level=Level.PROVINCIAL
            if entry.total > 120000
            else Level.MUNICIPAL
            if entry.total > 45000
            else Level.DISTRICT,
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
        if entry.stage in (Stage.PLANNING, Stage.RESERVE) and entry.fate not in (fate.PLAIN, fate.WITHDRAWN):
            wait = 12 if entry.stage == Stage.PLANNING else 110
            self.timeline.on(self.registered + timedelta(days=min(wait, self._age() - 15)), self._set_start_target)
        if stage == Stage.CONSTRUCTION:
            self._plan_production_target(self.registered + timedelta(days=9))
            self._plan_money(self.registered)
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

    # --- nodes --------------------------------------------------------------------------------------------------
    def _set_start_target(self) -> None:
        """Schedule backward from the start, then do what the fate says about the nodes of the months since."""
        if self.begun:
            target = self.begun + timedelta(days=self.rng.randint(-3, 12))
        else:
            target = self._target_that_fits(TargetKind.START, range(14, 120))
        self._adopt(TargetKind.START, target)

    def _plan_production_target(self, day: date) -> None:
        self.timeline.on(day, self._set_production_target)

    def _set_production_target(self) -> None:
        if self.entry.fate == fate.LATE:
            target = self._target_that_fits(TargetKind.PRODUCTION, range(5, 90))
        elif self.ended and self.ended < self.today:
            target = self.ended + timedelta(days=self.rng.randint(20, 45))
        else:
            target = max(self.ended, self.today + timedelta(days=75))
        self._adopt(TargetKind.PRODUCTION, target, reason="开工后按投产目标倒排" if self.project.target_on else "")

    def _target_that_fits(self, kind: str, days_ahead: range) -> date:
        """The first target whose schedule leaves a node overdue, due soon, or neither, as the fate asks."""
        days = list(days_ahead)
        if self.entry.fate not in (fate.LATE, fate.SOON):
            days = [day for day in days if day >= 60]
        self.rng.shuffle(days)
        for ahead in days:
            target = self.today + timedelta(days=ahead)
            plan = actions.preview_schedule(project=self.project, kind=kind, target=target, today=self._now())
            due = [node.latest_finish for node in plan.nodes.values()]
            if self.entry.fate == fate.LATE and any(self._is_overdue(day) for day in due):
                return target
            if self.entry.fate == fate.SOON and any(self._is_soon(day) for day in due):
                return target
            if self.entry.fate not in (fate.LATE, fate.SOON):
                return target
        return self.today + timedelta(days=days[0])

    def _is_overdue(self, due: date) -> bool:
        return OVERDUE_DAYS[0] <= (self.today - due).days <= OVERDUE_DAYS[1]

    def _is_soon(self, due: date) -> bool:
        return self.today < due <= self.timeline.calendar.add(self.today, SOON_WORKDAYS)

    def _adopt(self, kind: str, target: date, reason: str = "") -> None:
        self.project.refresh_from_db()
        plan = actions.set_target(
            project=self.project, kind=kind, target=target, by=self.reporter, version=self.project.version,
            reason=reason, today=self._now(),
        )  # fmt: skip
        done_before: dict[str, date] = {}
        for node in sorted(plan.nodes, key=lambda code: plan.nodes[code].latest_finish):
            day = self._done_day(node, plan.nodes[node].latest_finish)
            if day:
                deps = self.project.milestones.get(code=node).deps
                day = max([day, self._now(), *(done_before[dep] for dep in deps if dep in done_before)])
                done_before[node] = day
                self.timeline.on(day, partial(self._complete_node, node))

    def _done_day(self, code: str, due: date) -> date | None:
        """When a node with that due date was done; None when it is still open."""
        early = timedelta(days=self.rng.randint(1, 9))
        if code in AFTER_START:
            if not (self.ended and self.ended < self.today):
                return None
            before = {"N15": 25, "N16": 1}.get(code)
            return self.ended - timedelta(days=before) if before else None  # N17 is done when production begins
        if code == "N13":
            return None  # recognised with 开工
        if self.begun:
            return min(due - early, self.begun - timedelta(days=2))
        if self.entry.fate == fate.LATE:
            return None if due >= self.today or self._is_overdue(due) else due - early
        if self.entry.fate == fate.SOON:
            return due - early if due <= self.today else None
        ahead = self.timeline.calendar.add(self.today, SOON_WORKDAYS + 6)
        return min(due - early, self.today - timedelta(days=self.rng.randint(2, 9))) if due <= ahead else None

    def _complete_node(self, code: str) -> None:
        node = Milestone.objects.select_related("project").get(project=self.project, code=code)
        if node.done_on or not node.is_applicable:
            return
        number = self._document_no() if node.evidence_code else ""
        actions.complete_node(
            node=node, done_on=self._now(), by=self.reporter, version=node.version, today=self._now(),
            document_no=number,
        )  # fmt: skip

    def _document_no(self) -> str:
        word = self.rng.choice(("云发改审", "云自然资", "云环审", "云住建", "云行审", "云应急"))
        return f"{word}〔{self._now().year}〕{self.rng.randint(3, 290)}号"

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
        soon = partial(self.rng.randint, 3, 9)
        if edge == "admit_to_reserve":
            if self.begun:
                self.timeline.on(now + timedelta(days=4), self._set_start_target)
                self._then("commence", self.timeline.calendar.add(self.begun, 2), effective_on=self.begun)
            elif what == fate.PENDING:
                started = self.timeline.ago(6, 9)
                self._then("commence", self.today - timedelta(days=2), effective_on=started)
            elif what == fate.TERMINATED:
                self._then("terminate", self.timeline.ago(12, 40))
        elif edge == "commence":
            self._plan_production_target(now + timedelta(days=6))
            self._plan_money(self.begun)
            if stage == Stage.CONSTRUCTION:
                self._then("enter_construction", now + timedelta(days=45))
            elif what == fate.PENDING:
                self._then("enter_construction", self.today - timedelta(days=soon()))
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

    # --- money and reports --------------------------------------------------------------------------------------
    def _plan_money(self, first: date) -> None:
        """Year plans from `first` on, a figure and a report every month, photos now and then."""
        last = self.ended if self.ended < self.today else self.today
        if self.entry.fate == fate.SUSPENDED and self.entry.stage == Stage.CONSTRUCTION:
            last = self.timeline.ago(60, 80)
            self._then("suspend", last, effective_on=self.today + timedelta(days=90))
        if self.registered.year == first.year and first.month > 1 and self.begun.year < first.year:
            self.timeline.on(first, partial(self._opening_figure, Period.of(first).previous()))
        period = Period.of(first)
        for year in range(first.year, last.year + 1):
            self.timeline.on(max(first, date(year, 1, 14)), partial(self._set_plan, year))
        while period <= Period.of(last):
            if not self._is_silent(period):
                day = max(first + timedelta(days=3), period.first_day() + timedelta(days=self.rng.randint(15, 22)))
                self.timeline.on(day, partial(self._report_month, period))
            period = period.next()

    def _is_silent(self, period: Period) -> bool:
        """Months that were not reported. This month's figure is still missing in half of the units."""
        if self.entry.fate in (fate.SILENT1, fate.SILENT2):
            months = 1 if self.entry.fate == fate.SILENT1 else 2
            return period > self.closed.shift(-months)
        return period > self.closed and self.number % 2 == 0

    def _set_plan(self, year: int) -> None:
        if self.project.annual_plans.filter(year=year).exists():
            return
        plan = year_plan(total=self.entry.total, year=year, begun=self.begun, ended=self.ended, rng=self.rng)
        set_annual_plan(
            project=self.project, year=year, target=plan.target, by=self.admin, annual_kind=plan.annual_kind,
            start_month=plan.start_month,
        )  # fmt: skip

    def _months(self, year: int) -> dict[int, Decimal]:
        """month → 万元 of a year, the same whenever asked."""
        self._set_plan(year)
        saved = self.project.annual_plans.get(year=year)
        rng = Random(self.number * 10_000 + year)  # noqa: S311 - invented data
        return months_done(saved, closed=self.closed, what=self.entry.fate, rng=rng)

    def _opening_figure(self, period: Period) -> None:
        """The list gave one figure for the year so far."""
        total = sum(value for month, value in self._months(period.year).items() if month <= period.month)
        report_month(project=self.project, period=period, completed=total, by=self.admin, covers_from=1)

    def _report_month(self, period: Period) -> None:
        if not self.project.monthly_entries.filter(year=period.year, month=period.month).exists():
            completed = self._months(period.year).get(period.month)
            if completed is not None:
                report_month(project=self.project, period=period, completed=completed, by=self.reporter)
        self._report(period, with_photo=(self.number + period.month) % 4 == 0)

    def _report(self, period: Period, *, with_photo: bool) -> None:
        percent = self._percent()
        problem, help_wanted = self.rng.choice(texts.PROBLEMS) if self.rng.random() < 0.25 else ("", "")
        photos = [site_photo(self._now(), percent, self.rng)] if with_photo else []
        actions.report_progress(
            project=self.project,
            period=period,
            text=texts.progress_of(percent, self.rng),
            by=self.reporter,
            key=UUID(int=self.rng.getrandbits(128), version=4),
            files=photos,
            physical_percent=percent,
            problem=problem,
            help_wanted=help_wanted,
            next_plan=self.rng.choice(texts.PLANS),
        )
        if not self.project.monthly_entries.exists():  # the gate 建设 asks for money spent
            self._report_month(period)

    def _percent(self) -> int:
        if not (self.begun and self.ended):
            return 5
        whole = max(1, (self.ended - self.begun).days)
        return max(2, min(98, round(100 * (self._now() - self.begun).days / whole)))

    # --- who and when -------------------------------------------------------------------------------------------
    @property
    def reporter(self) -> User:
        return self.cast.reporter(self.entry.unit)

    @property
    def official(self) -> User:
        return self.cast.official(self.entry.unit)

    @property
    def admin(self) -> User:
        return self.cast.people["admin"]

    def _workday(self, day: date) -> date:
        return self.timeline.calendar.roll_back(day)

    def _in_workdays(self, number: int) -> date:
        """Working days, so that a holiday does not turn the order of two events around."""
        return self.timeline.calendar.add(self._now(), number)

    def _age(self) -> int:
        return (self.today - self.registered).days

    @staticmethod
    def _now() -> date:
        return clock.today()
