"""Forms of the investment floor."""

from typing import Any

from django import forms

from common.form_fields import AmountField
from investment.choices import AnnualKind

MONTHS = [(month, f"{month}月") for month in range(1, 13)]


class PlanForm(forms.Form):
    """A year's planned investment (万元). `version` is the one the person saw, 0 when there was no plan."""

    target = AmountField(label="年度计划投资")
    annual_kind = forms.ChoiceField(label="年度类型", choices=[("", "未定"), *AnnualKind.choices], required=False)
    start_month = forms.TypedChoiceField(
        label="时序起始月", coerce=int, choices=MONTHS, help_text="新开工项目从计划开工月起算。"
    )
    end_month = forms.TypedChoiceField(label="时序截止月", coerce=int, choices=MONTHS)
    reason = forms.CharField(label="调整理由", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, exists: bool, **kwargs: Any) -> None:
        self.exists = exists
        super().__init__(*args, **kwargs)
        if not exists:
            del self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("start_month") and data.get("end_month") and data["start_month"] > data["end_month"]:
            self.add_error("end_month", "截止月早于起始月。")
        if self.exists and self.has_changed() and not data.get("reason", "").strip():
            self.add_error("reason", "计划已经定过，调整须说明理由。")
        return data
