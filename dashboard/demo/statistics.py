"""The way of a demo project into the statistics: most enter in time, a few wait, explain themselves or say nothing."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from dashboard.demo.subject import Subject
from investment.actions import (
    decide_excuse,
    enter_statistics,
    explain_unenrolled,
    leave_statistics,
    return_enrolment,
    submit_enrolment,
)
from investment.papers import ENROLMENT
from projects import actions
from projects.gates import read_gate

RETURNED = "现场照片没有时间和地点水印，请补拍后重新申报。"
EXCUSE = "主体工程合同正在重新签订，预计下月取得发票后申报入库。"


class Statistics(Subject):
    """入库纳统."""

    def _plan_entry(self, first: date) -> None:
        """From `first` (开工, or the day of loading): by number, so that every state is to be seen."""
        day = first + timedelta(days=8 + self.number % 9)
        recent = (self.today - first).days < 130
        if recent and self.number % 6 == 1:  # waits for the officer
            self.timeline.on(self.timeline.ago(2, 7), self._submit)
        elif recent and self.number % 6 == 3:  # explained, and waits; most are approved
            self.timeline.on(first + timedelta(days=33), self._explain)
        elif recent and self.number % 12 == 5:
            return
        elif self.number % 5 == 2:
            self.timeline.on(day - timedelta(days=5), partial(self._submit, self._return))
        else:
            self.timeline.on(day, partial(self._submit, self._enter))

    @property
    def _stat(self):
        return self.cast.people["stat"]

    def _submit(self, then: Callable[[], None] | None = None) -> None:
        """Hand everything in; some working days later the officer decides as `then` says."""
        self.project.refresh_from_db()
        for item in read_gate(self.project, ENROLMENT, self._now()).missing:
            actions.supply_evidence(
                project=self.project, code=item.demand.code, by=self.reporter, document_no=self._document_no(),
                issued_on=self._now(),
            )  # fmt: skip
        submit_enrolment(project=self.project, by=self.reporter, today=self._now())
        if then:
            self.timeline.on(self._in_workdays(3), then)

    def _return(self) -> None:
        return_enrolment(project=self.project, by=self._stat, today=self._now(), note=RETURNED)
        self.timeline.on(self._in_workdays(3), partial(self._submit, self._enter))

    def _enter(self) -> None:
        code = f"990101{self.number:06d}"
        enter_statistics(project=self.project, by=self._stat, today=self._now(), on=self._now(), code=code)
        if self.ended and self.ended < self.today:
            self.timeline.on(self.ended + timedelta(days=40), self._leave)

    def _leave(self) -> None:
        self.project.refresh_from_db()
        if self.project.completed_on:
            leave_statistics(
                project=self.project, by=self._stat, today=self._now(), on=self._now(), exit_reason="completed",
                note="竣工验收合格，次月起不再报送。",
            )  # fmt: skip

    def _explain(self) -> None:
        self.project.refresh_from_db()
        explain_unenrolled(project=self.project, by=self.reporter, today=self._now(), reason="contract", note=EXCUSE)
        if self.number % 12 != 3:
            self.timeline.on(self._now() + timedelta(days=4), self._grant)

    def _grant(self) -> None:
        decide_excuse(project=self.project, by=self._stat, today=self._now(), grant=True)
