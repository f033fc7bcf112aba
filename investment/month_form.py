"""A month as it is typed: the form of the sheet and of each row of the grid, and what looks odd about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q, Sum

from common.errors import DomainError
from common.form_fields import MOST_WAN
from common.money import AmountError, parse_amount, plain, wan_column
from common.periods import Period
from investment.actions.reporting import COMPOSITION, PARTS, figures_of, locks_on, quote
from investment.choices import EntryState
from investment.models import MonthlyEntry, MonthUnlock, OpeningBalance, PlanVersion
from investment.statistics import month_return, soft_faults
from projects.choices import Stage
from projects.models import Project

OUTLIER = 3  # times the monthly average of the plan: worth a second look (ux §3.8)
CORRECTABLE_BACK = 24  # months
WHERE = {"correction": "corrects", "composition": "works"}  # the field at which a refusal is shown


@dataclass(frozen=True)
class MonthFacts:
    """What a month's figure is held against. Money in 万元."""

    entry: MonthlyEntry | None = None
    plan: PlanVersion | None = None
    before: Decimal = Decimal(0)  # told of the year's earlier months
    ever: Decimal = Decimal(0)  # told of all other months
    parts_before: tuple[Decimal, ...] = (Decimal(0),) * len(COMPOSITION)  # of the year's earlier months, where told
    last: Decimal | None = None  # the month before
    unlocked: bool = False

    def locked(self, period: Period, today: date) -> bool:
        """Whether the figure may no longer be changed without the bureau."""
        open_ = self.entry is None or self.entry.state == EntryState.RETURNED or self.unlocked
        return not open_ and today > locks_on(period)

    @property
    def average(self) -> Decimal | None:
        """万元 a month of the plan."""
        if self.plan is None or not self.plan.target:
            return None
        return self.plan.target / (self.plan.end_month - self.plan.start_month + 1)


def facts_of(projects: Iterable[Project], period: Period, today: date) -> dict[int, MonthFacts]:
    """The facts of many projects by key, in five queries."""
    keys = [project.pk for project in projects]
    entries = MonthlyEntry.objects.filter(project__in=keys)
    own = {entry.project_id: entry for entry in entries.of(period).select_related("reported_by", "decided_by")}
    others = entries.told().exclude(year=period.year, month=period.month).order_by().values("project")
    earlier, previous = Q(year=period.year, month__lt=period.month), period.previous()
    sums = {
        row["project"]: row
        for row in others.annotate(
            ever=Sum("completed"),
            before=Sum("completed", filter=earlier),
            last=Sum("completed", filter=Q(year=previous.year, month=previous.month)),
            **{f"{name}_before": Sum(name, filter=earlier) for name in COMPOSITION},
        )
    }
    opening = dict(OpeningBalance.objects.filter(project__in=keys).values_list("project", "amount"))
    plans = {plan.project_id: plan for plan in PlanVersion.objects.in_force(period).filter(project__in=keys)}
    open_ = MonthUnlock.objects.filter(project__in=keys, year=period.year, month=period.month, until__gte=today)
    unlocked = set(open_.values_list("project", flat=True))
    return {
        key: MonthFacts(
            entry=own.get(key),
            plan=plans.get(key),
            before=sums.get(key, {}).get("before") or Decimal(0),
            ever=(sums.get(key, {}).get("ever") or Decimal(0)) + opening.get(key, Decimal(0)),
            last=sums.get(key, {}).get("last"),
            parts_before=tuple(sums.get(key, {}).get(f"{name}_before") or Decimal(0) for name in COMPOSITION),
            unlocked=key in unlocked,
        )
        for key in keys
    }


def oddities(
    project: Project, facts: MonthFacts, completed: Decimal, parts: Sequence[Decimal | None] = ()
) -> tuple[str, ...]:
    """Sentences that ask for a second look, not for another figure. `parts`: 建安, 设备, 其他 of the month, if told."""
    found, ever = [], facts.ever + completed
    told = [part for part in parts if part is not None]
    if len(told) == len(COMPOSITION):
        return_ = month_return(completed, told, facts.parts_before, facts.ever - facts.before)
        found += [f"算上本年以前各月：{sentence}。" for sentence in soft_faults(return_)]
    if completed < 0:
        found.append(f"本月填的是负数（{wan_column(completed)} 万元），只在冲减以前多报的数时使用。")
    if facts.average and completed > OUTLIER * facts.average:
        shown = wan_column(facts.average.quantize(Decimal("0.1")))
        found.append(
            f"本月 {wan_column(completed)} 万元，超过计划月均 {shown} 万元的 {OUTLIER} 倍，请核对单位是否为万元。"
        )
    if project.total_investment and ever > project.total_investment:
        found.append(f"累计完成 {wan_column(ever)} 万元，超过总投资 {wan_column(project.total_investment)} 万元。")
    return tuple(found)


class SignedAmountField(forms.CharField):
    """An amount that may be negative, cleaned to Decimal 万元 (None when empty); 1.2亿 and 1,200 are understood."""

    def to_python(self, value: Any) -> Any:
        try:
            wan = parse_amount(super().to_python(value), default_unit="万元").wan
        except AmountError as error:
            raise forms.ValidationError(error.message) from None
        if wan is not None and abs(wan) > MOST_WAN:
            raise forms.ValidationError(f"“{value}”超过 1 万亿元，请核对金额和单位（不写单位的按万元）。")
        return wan

    def validate(self, value: Any) -> None:
        if value is None and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """The range was checked while reading."""

    def prepare_value(self, value: Any) -> Any:
        return plain(value) if isinstance(value, Decimal) else value


def _amount(label: str) -> SignedAmountField:
    return SignedAmountField(label=label, required=False, max_length=30)


class MonthForm(forms.Form):
    """The month's figures (万元). Odd ones are taken once the person has ticked `confirm`."""

    completed = SignedAmountField(label="本月完成投资", max_length=30)
    statistics = _amount("统计数")
    works = _amount("建筑安装工程")
    equipment = _amount("设备工器具购置")
    other_costs = _amount("其他费用")
    corrects = forms.ChoiceField(label="更正哪个月", required=False)
    note = forms.CharField(label="说明", max_length=500, required=False)
    confirm = forms.BooleanField(label="已核对，数字无误", required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any,
        *,
        project: Project,
        period: Period,
        facts: MonthFacts,
        prefix: str,
        required: bool | None = None,
    ) -> None:
        self.project, self.period, self.facts = project, period, facts
        super().__init__(data, prefix=prefix, initial=_standing(facts.entry))
        if required is None:
            required = project.stage in (Stage.COMMENCED, Stage.CONSTRUCTION) and not project.completed_on
        self.fields["completed"].required = required
        self.fields["completed"].error_messages["required"] = "请填写本月完成投资；确实没有完成的填 0。"
        months = [period.shift(-back) for back in range(1, CORRECTABLE_BACK + 1)]
        self.fields["corrects"].choices = [("", "不是更正"), *((str(month), month.label) for month in months)]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        completed = data.get("completed")
        if completed is None and "completed" in data and self.facts.entry:
            self.add_error("completed", "已经报送的数不能清空；没有完成的填 0。")
        if completed is None or self.errors:
            return data
        try:
            quote(completed, self.corrected, data["note"], self.period)
            entry = self.facts.entry
            figures_of(self.period, completed, entry.completed if entry else None, self.parts)
        except DomainError as error:
            self.add_error(WHERE.get(error.code), error.message)
        if oddities(self.project, self.facts, completed, self.composition) and not data.get("confirm"):
            self.add_error("confirm", "请核对上面的提示，确认无误后勾选，再提交。")
        return data

    @property
    def corrected(self) -> Period | None:
        """The month that a negative figure corrects."""
        text = self.cleaned_data.get("corrects")
        return Period.parse(text) if text else None

    @property
    def parts(self) -> dict[str, Decimal | None]:
        return {name: self.cleaned_data.get(name) for name in PARTS}

    @property
    def composition(self) -> list[Decimal | None]:
        """建安, 设备 and 其他 as far as they are given."""
        return [self.cleaned_data.get(name) for name in COMPOSITION]

    @property
    def folded(self) -> bool:
        """Whether nothing but the figure itself is given or wrong, so that the rest may stay folded away."""
        rest = (*PARTS, "corrects", "note")
        return not any(self[name].value() or self[name].errors for name in rest)

    @property
    def is_news(self) -> bool:
        """Whether the (valid) form says anything else than what stands."""
        if self.cleaned_data["completed"] is None:
            return False
        entry = self.facts.entry
        if entry is None or entry.state == EntryState.RETURNED:
            return True
        said = {"completed": self.cleaned_data["completed"], "note": self.cleaned_data["note"].strip(), **self.parts}
        return any(getattr(entry, name) != value for name, value in said.items()) or self.corrected != entry.corrects

    def figures(self) -> dict[str, Any]:
        """What `submit_month` takes from the (valid) form."""
        return {
            "completed": self.cleaned_data["completed"],
            "version": self.cleaned_data["version"],
            "corrects": self.corrected,
            "note": self.cleaned_data["note"],
            "covers_from": self.facts.entry.covers_from if self.facts.entry else None,
            **self.parts,
        }


def _standing(entry: MonthlyEntry | None) -> dict[str, Any]:
    if entry is None:
        return {}
    amounts = {name: wan_column(value) for name in ("completed", *PARTS) if (value := getattr(entry, name)) is not None}
    return {**amounts, "corrects": str(entry.corrects or ""), "note": entry.note, "version": entry.version}
