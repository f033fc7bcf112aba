"""The works of a demo project: year plans, a figure and a report every month, photos now and then."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from uuid import UUID

from common.periods import Period
from dashboard.demo import texts
from dashboard.demo.money import SILENT, months_done, year_plan
from dashboard.demo.photos import site_photo
from dashboard.demo.subject import Subject
from investment.actions import decide_month, report_month, request_plan_change, set_annual_plan
from investment.models import MonthlyEntry
from projects import actions


class Works(Subject):
    """Money and reports."""

    def _plan_money(self, first: date, last: date) -> None:
        """Year plans from `first` to `last`, a figure and a report every month, photos now and then."""
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
        if months := SILENT.get(self.entry.fate):
            return period > self.closed.shift(-months)
        return period > self.closed and self.number % 2 == 0

    def _set_plan(self, year: int) -> None:
        if self.project.annual_plans.filter(year=year).exists():
            return
        plan = year_plan(total=self.entry.total, year=year, begun=self.begun, ended=self.ended, rng=self.rng)
        set_annual_plan(
            project=self.project, year=year, target=plan.target, by=self.admin, annual_kind=plan.annual_kind,
            start_month=plan.start_month, end_month=plan.end_month, split="curve" if self.number % 5 == 4 else "linear",
        )  # fmt: skip
        if year == self.today.year and self.number % 11 == 5:
            self.timeline.on(self.today - timedelta(days=3), partial(self._ask_for_another_plan, year))

    def _ask_for_another_plan(self, year: int) -> None:
        plan = self.project.annual_plans.get(year=year)
        if plan.target and self.closed.next().year == year:
            request_plan_change(
                project=self.project, year=year, target=plan.target * 9 // 10, by=self.reporter, today=self._now(),
                reason="用地手续滞后，四季度工程量调减", version=plan.version, annual_kind=plan.annual_kind,
                start_month=plan.start_month, end_month=plan.end_month,
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
                self._told(report_month(
                    project=self.project, period=period, completed=completed, by=self.reporter,
                    statistics=completed if period.month % 3 else (completed * 9 / 10).quantize(Decimal(1)),
                ))  # fmt: skip
        self._report(period, with_photo=(self.number + period.month) % 4 == 0)

    def _told(self, entry: MonthlyEntry) -> None:
        """The bureau accepted what lies back; the last closed month waits; of the open one some were returned."""
        period = Period(entry.year, entry.month)
        if period < self.closed:
            decide_month(entry=entry, approve=True, by=self.admin, version=entry.version)
        elif period > self.closed and self.number % 7 == 3:
            note = "与监理月报的形象进度不符，请核对后重报"
            decide_month(entry=entry, approve=False, by=self.admin, version=entry.version, note=note)

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
