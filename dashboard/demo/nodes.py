"""The nodes of a demo project: scheduled backward from a target, done or left open as its fate asks."""

from datetime import date, timedelta
from functools import partial

from dashboard.demo import catalogue as fate
from dashboard.demo.subject import Subject
from projects import actions
from projects.choices import Stage, TargetKind
from projects.models import Milestone
from projects.node_templates import AFTER_START

OVERDUE_DAYS = (3, 50)  # calendar days: 1 to some 35 working days
OWN_WAY = 12  # calendar days by which a node may differ from its project's own lateness
SOON_WORKDAYS = 9


class Nodes(Subject):
    """Targets and nodes."""

    def _set_start_target(self) -> None:
        """Schedule backward from the start, then do what the fate says about the nodes of the months since."""
        if self.begun:
            slip = (13, 20) if self.entry.stage == Stage.RESERVE else (-3, 12)  # not recognised yet: no node is late
            target = self.begun + timedelta(days=self.rng.randint(*slip))
        else:
            target = self._target_that_fits(TargetKind.START, range(14, 120))
        self._adopt(TargetKind.START, target)

    def _plan_production_target(self, day: date) -> None:
        self.timeline.on(day, self._set_production_target)

    def _set_production_target(self) -> None:
        if self.entry.fate == fate.LATE:
            target = self._target_that_fits(TargetKind.PRODUCTION, range(-20, 90))
        elif self.entry.stage == Stage.PRODUCTION:
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
        """Whether a node due then is overdue by about as much as this project is late."""
        late = (self.today - due).days
        own = OVERDUE_DAYS[0] + self.number * 17 % (OVERDUE_DAYS[1] - OVERDUE_DAYS[0])
        return OVERDUE_DAYS[0] <= late <= OVERDUE_DAYS[1] and abs(late - own) <= OWN_WAY

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
