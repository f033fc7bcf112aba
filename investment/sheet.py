"""本月完成投资 in the update sheet: the figure, what the year comes to with it, and what looks odd about it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Value

from accounts.models import User
from common import clock
from common.lights import Light
from common.money import percent
from common.periods import Period
from common.rules import light_rules
from investment.actions import submit_month
from investment.actions.reporting import COMPOSITION
from investment.models import PlanVersion
from investment.month_form import MonthForm, facts_of, oddities
from investment.querysets import progress_light
from projects.choices import Stage
from projects.models import Project
from projects.sheet_sections import Section

CODE = "month"
MONEY = PlanVersion._meta.get_field("target")


@dataclass(frozen=True)
class MonthCalc:
    """What the year comes to when a month is reported. Money in 万元; `done` and `due` in percent.

    `warnings` are sentences that need a tick, not a block. `light` is the progress light after the report.
    """

    total: Decimal
    target: Decimal | None
    done: Decimal | None
    due: Decimal | None
    light: str
    warnings: tuple[str, ...]


class SheetForm(MonthForm):
    """The section's form, with the consequences of what is typed."""

    @property
    def shown(self) -> MonthCalc | None:
        """The consequences of what stands in the field now."""
        amount = self._amount("completed")
        return None if amount is None else self._calc(amount)

    def _amount(self, name: str) -> Decimal | None:
        try:
            return self.fields[name].clean(self[name].value())
        except forms.ValidationError:
            return None

    def _calc(self, completed: Decimal) -> MonthCalc:
        total = self.facts.before + completed
        warnings = oddities(self.project, self.facts, completed, [self._amount(name) for name in COMPOSITION])
        rules = light_rules(self.period)
        judged = PlanVersion.objects.filter(project=self.project).with_progress(self.period, rules)
        judged = judged.annotate(told=Value(total, MONEY), of_month=Value(completed, MONEY))
        plan = judged.annotate(light_after=progress_light(rules, done="told", month_done="of_month")).first()
        if plan is None:
            return MonthCalc(total, None, None, None, Light.GRAY, warnings)
        done, due = percent(total, plan.target), percent(plan.due_part, plan.due_whole)
        return MonthCalc(total, plan.target, done, due, plan.light_after, warnings)


def month_form(project: Project, period: Period, user: User, data: Any) -> SheetForm | None:
    """The section's form; None before 开工, when nothing is invested yet."""
    if project.stage in (Stage.PLANNING, Stage.RESERVE):
        return None
    facts = facts_of([project], period, clock.today())[project.pk]
    return SheetForm(data, project=project, period=period, facts=facts, prefix=CODE)


def save_month(project: Project, period: Period, by: User, form: MonthForm) -> None:
    """Write the figures when they are news, held to the version that the person saw."""
    entry = form.facts.entry
    if form.cleaned_data["completed"] is None:
        return
    if form.is_news or (entry and form.cleaned_data["version"] != entry.version):
        submit_month(project=project, period=period, by=by, today=clock.today(), **form.figures())


SECTION = Section(code=CODE, order=10, template="investment/_sheet_month.html", form=month_form, save=save_month)
