"""Forms of the alerts floor. What may be done is said by the actions."""

from typing import Any

from django import forms

from alerts import tuning


class AcknowledgeForm(forms.Form):
    """已知悉: a measure and a day."""

    measure = forms.CharField(
        label="措施",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4, "data-count": "500"}),
        help_text="打算怎么解决，需要谁配合。责任单位和督办人都能看到。",
        error_messages={"required": "请填写措施：打算怎么解决。"},
    )
    promised_on = forms.DateField(
        label="预计完成",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="到这一天以前不再重复提醒；督办升级照常进行。",
        error_messages={"required": "请填写预计完成日期。", "invalid": "请填写日期，例如 2026-12-05。"},
    )


class RuleForm(forms.Form):
    """A rule's numbers: one field per parameter."""

    is_on = forms.BooleanField(label="启用", required=False, help_text="停用后不再产生预警，已有的随下一次扫描销号。")
    reason = forms.CharField(
        label="理由",
        max_length=200,
        error_messages={"required": "请写明调整的理由。"},
        help_text="记入规则版本和操作日志。",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, code: str, setting: tuning.Setting, data: Any = None) -> None:
        super().__init__(data, initial={"is_on": setting.is_on, "version": setting.version, **setting.values})
        self.parameters = tuning.parameters_of(code)
        for one in self.parameters:
            self.fields[one.name] = forms.IntegerField(
                label=one.label,
                min_value=one.least,
                max_value=one.most,
                widget=forms.NumberInput(attrs={"data-unit": one.unit}),
                help_text=f"{one.least}–{one.most}，默认 {one.default}。",
            )
        if code == tuning.LADDER_CODE:  # the ladder is climbed as long as a rule climbs it
            del self.fields["is_on"]
        self.order_fields(["is_on", *(one.name for one in self.parameters), "reason"])

    def change(self) -> dict[str, Any]:
        """What `actions.tune_rule` takes."""
        return {name: self.cleaned_data[name] for name in ("version", "reason")} | self.numbers()

    def numbers(self) -> dict[str, Any]:
        """What `actions.preview` takes."""
        typed = self.cleaned_data
        return {"is_on": typed.get("is_on", True), "values": {one.name: typed[one.name] for one in self.parameters}}
