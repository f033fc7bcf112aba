"""Forms of the investment floor."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms

from common.form_fields import AmountField
from common.periods import Period
from investment.choices import AnnualKind, PlanSplit
from projects.choices import Category
from projects.forms_detail import DayField

MONTHS = [(month, f"{month}月") for month in range(1, 13)]


class PlanForm(forms.Form):
    """A year's planned investment (万元). `version` is the one the person saw, 0 when there was no plan."""

    target = AmountField(label="年度计划投资")
    annual_kind = forms.ChoiceField(label="年度类型", choices=[("", "未定"), *AnnualKind.choices], required=False)
    start_month = forms.TypedChoiceField(
        label="时序起始月", coerce=int, choices=MONTHS, help_text="新开工项目从计划开工月起算。"
    )
    end_month = forms.TypedChoiceField(label="时序截止月", coerce=int, choices=MONTHS)
    split = forms.ChoiceField(
        label="分月方式",
        choices=PlanSplit.choices,
        required=False,
        help_text="时序进度按分月计划计算；选“逐月填写”时填下面的十二个月，合计等于年度计划。",
    )
    effective_month = forms.TypedChoiceField(
        label="自几月起执行", coerce=int, required=False, empty_value=None, help_text="已经截止的月份仍按原计划评。"
    )
    reason = forms.CharField(label="调整理由", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, exists: bool, first_open: int = 1, **kwargs: Any) -> None:
        self.exists = exists
        super().__init__(*args, **kwargs)
        for month, label in MONTHS:
            self.fields[f"m{month}"] = AmountField(label=label, required=False)
        if exists:
            later = [(month, label) for month, label in MONTHS if month >= first_open]
            self.fields["effective_month"].choices = [("", "最早可执行的月份"), *later]
        else:
            del self.fields["reason"], self.fields["effective_month"]

    @property
    def month_fields(self) -> list[forms.BoundField]:
        return [self[f"m{month}"] for month, _ in MONTHS]

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return [field for field in self if field not in self.month_fields]

    @property
    def is_typed(self) -> bool:
        return self["split"].value() == PlanSplit.TYPED

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("start_month") and data.get("end_month") and data["start_month"] > data["end_month"]:
            self.add_error("end_month", "截止月早于起始月。")
        if self.exists and self.has_changed() and not data.get("reason", "").strip():
            self.add_error("reason", "计划已经定过，调整须说明理由。")
        return data

    def terms(self) -> dict[str, Any]:
        """What the (valid) form says of the plan, as the actions take it."""
        data = self.cleaned_data
        typed = [data.get(f"m{month}") or Decimal(0) for month, _ in MONTHS]
        split = data["split"] or PlanSplit.LINEAR
        names = ("target", "annual_kind", "start_month", "end_month")
        return {
            **{name: data[name] for name in names},
            "split": split,
            "months": typed if split == PlanSplit.TYPED else None,
        }


class ReviewForm(forms.Form):
    """A reviewer's word on the ticked figures; `entry` gives {key: the version seen}."""

    decision = forms.ChoiceField(choices=[("approve", "通过"), ("return", "退回")])
    note = forms.CharField(label="审核意见", max_length=500, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        pairs = [text.partition(":") for text in self.data.getlist("entry")]
        data["entry"] = {int(key): int(seen) for key, _, seen in pairs if key.isdecimal() and seen.isdecimal()}
        if not data["entry"]:
            self.add_error(None, "请先勾选要审核的月报。")
        if data.get("decision") == "return" and not data.get("note", "").strip():
            self.add_error("note", "退回须填写理由。")
        return data


class UnlockForm(forms.Form):
    """Which locked month of a project to open again, how long and why."""

    period = forms.TypedChoiceField(label="月份", coerce=Period.parse)
    until = DayField("开放至")
    reason = forms.CharField(label="理由", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: Any, *, today: date) -> None:
        super().__init__(data, initial={"until": today + timedelta(days=7)})
        months = [Period.of(today).shift(-back) for back in range(1, 25)]
        self.fields["period"].choices = [(str(month), month.label) for month in months]


class DecisionForm(forms.Form):
    """Approve or return, with a word."""

    decision = forms.ChoiceField(choices=[("approve", "通过"), ("return", "退回")])
    note = forms.CharField(label="审核意见", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class TargetForm(forms.Form):
    """年度目标 of a unit: as a whole and by category (万元); an empty field has no target."""

    def __init__(self, data: Any, *, held: dict[str, Any]) -> None:
        super().__init__(data, prefix="target")
        for code, label in [("", "全部"), *Category.choices]:
            row = held.get(code)
            name = code or "all"
            self.fields[name] = AmountField(label=label, required=False, initial=row.amount if row else None)
            version = forms.IntegerField(required=False, initial=row.version if row else None, widget=forms.HiddenInput)
            self.fields[f"{name}_version"] = version

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        parts = [data.get(code) for code in Category.values if data.get(code) is not None]
        if parts and data.get("all") is not None and sum(parts, Decimal(0)) > data["all"]:
            self.add_error("all", "各类别目标之和超过全部目标，请核对。")
        return data

    def targets(self) -> list[tuple[str, Decimal | None, int | None]]:
        """(category, amount, version seen) of every field."""
        data = self.cleaned_data
        return [(code, data[code or "all"], data[f"{code or 'all'}_version"]) for code in ("", *Category.values)]
