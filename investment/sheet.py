"""本月完成投资 in the update sheet: the figure, what the year comes to with it, and what looks odd about it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Sum, Value

from accounts.models import User
from common.form_fields import MOST_WAN
from common.lights import Light
from common.money import AmountError, parse_amount, percent, wan_column
from common.periods import Period
from investment.actions import report_month
from investment.models import AnnualPlan, MonthlyEntry
from investment.querysets import progress_light
from projects.choices import Stage
from projects.models import Project
from projects.sheet_sections import Section

CODE = "month"
OUTLIER = 3  # times the monthly average of the plan: worth a second look (ux §3.8)


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


def calc(project: Project, period: Period, completed: Decimal) -> MonthCalc:
    """The consequences of reporting `completed` 万元 for `period`. Three queries, nothing written."""
    others = MonthlyEntry.objects.filter(project=project).exclude(year=period.year, month=period.month)
    before = others.up_to(period).aggregate(total=Sum("completed"))["total"] or Decimal(0)
    ever = others.aggregate(total=Sum("completed"))["total"] or Decimal(0)
    total = before + completed
    plan = AnnualPlan.objects.filter(project=project).with_progress(period).first()
    if plan is None:
        return MonthCalc(total, None, None, None, Light.GRAY, _warnings(project, None, completed, ever + completed))
    judged = AnnualPlan.objects.with_progress(period).annotate(
        told=Value(total, output_field=AnnualPlan._meta.get_field("target")),
        light_after=progress_light("told"),
    )
    light = judged.values_list("light_after", flat=True).get(pk=plan.pk)
    return MonthCalc(
        total=total,
        target=plan.target,
        done=percent(total, plan.target),
        due=percent(plan.due_part, plan.due_whole),
        light=light,
        warnings=_warnings(project, plan, completed, ever + completed),
    )


def _warnings(project: Project, plan: AnnualPlan | None, completed: Decimal, ever: Decimal) -> tuple[str, ...]:
    found = []
    if completed < 0:
        found.append(f"本月填的是负数（{wan_column(completed)} 万元），只在冲减以前多报的数时使用。")
    if plan and plan.target:
        average = plan.target / (plan.end_month - plan.start_month + 1)
        if completed > OUTLIER * average:
            shown = wan_column(average.quantize(Decimal("0.1")))
            found.append(
                f"本月 {wan_column(completed)} 万元，超过计划月均 {shown} 万元的 {OUTLIER} 倍，请核对单位是否为万元。"
            )
    if project.total_investment and ever > project.total_investment:
        found.append(f"累计完成 {wan_column(ever)} 万元，超过总投资 {wan_column(project.total_investment)} 万元。")
    return tuple(found)


class MonthForm(forms.Form):
    """The month's figure. Odd figures are taken once the person has ticked `confirm`."""

    completed = forms.CharField(label="本月完成投资", max_length=30)
    confirm = forms.BooleanField(label="已核对，数字无误", required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, project: Project, period: Period, entry: MonthlyEntry | None) -> None:
        self.project, self.period = project, period
        told = {"completed": wan_column(entry.completed), "version": entry.version} if entry else {}
        super().__init__(data, prefix=CODE, initial=told)
        must = project.stage in (Stage.COMMENCED, Stage.CONSTRUCTION) and not project.completed_on
        self.fields["completed"].required = must
        self.fields["completed"].error_messages["required"] = "请填写本月完成投资；确实没有完成的填 0。"
        self.result: MonthCalc | None = None

    def clean_completed(self) -> Decimal | None:
        """Decimal 万元; 1.2亿 and 1,200 are understood."""
        text = self.cleaned_data["completed"]
        try:
            wan = parse_amount(text, default_unit="万元").wan
        except AmountError as error:
            raise forms.ValidationError(error.message) from None
        if wan is not None and abs(wan) > MOST_WAN:
            raise forms.ValidationError(f"“{text}”超过 1 万亿元，请核对金额和单位（不写单位的按万元）。")
        return wan

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("completed") is None:
            if "completed" in data and self.fields["completed"].required:
                self.add_error("completed", "请填写本月完成投资；确实没有完成的填 0。")
            return data
        self.result = calc(self.project, self.period, data["completed"])
        if self.result.warnings and not data.get("confirm"):
            self.add_error("confirm", "请核对上面的提示，确认无误后勾选，再提交。")
        return data

    @property
    def shown(self) -> MonthCalc | None:
        """The consequences of what stands in the field now."""
        if self.result:
            return self.result
        text = self["completed"].value()
        try:
            amount = parse_amount(text, default_unit="万元").wan if text else None
        except AmountError:
            return None
        return None if amount is None or abs(amount) > MOST_WAN else calc(self.project, self.period, amount)


def month_form(project: Project, period: Period, user: User, data: Any) -> MonthForm | None:
    """The section's form; None before 开工, when nothing is invested yet."""
    if project.stage in (Stage.PLANNING, Stage.RESERVE):
        return None
    entry = MonthlyEntry.objects.filter(project=project, year=period.year, month=period.month).first()
    return MonthForm(data, project=project, period=period, entry=entry)


def save_month(project: Project, period: Period, by: User, form: MonthForm) -> None:
    """Write the figure when one was given and it is news."""
    completed = form.cleaned_data["completed"]
    if completed is None:
        return
    entry = MonthlyEntry.objects.filter(project=project, year=period.year, month=period.month).first()
    version = form.cleaned_data["version"]
    if entry and entry.version == version and entry.completed == completed:
        return
    report_month(
        project=project,
        period=period,
        completed=completed,
        by=by,
        version=version,
        covers_from=entry.covers_from if entry else None,
    )


SECTION = Section(code=CODE, order=10, template="investment/_sheet_month.html", form=month_form, save=save_month)
