"""Forms of the alerts floor. What may be done is said by the actions."""

from typing import Any

from django import forms
from django.conf import settings

from alerts import tuning
from alerts.actions import OPTIONAL
from alerts.choices import Level


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


class UrgeForm(forms.Form):
    """提级督办: to which rung, and why."""

    level = forms.TypedChoiceField(label="提到", coerce=int)
    note = forms.CharField(
        label="理由",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3, "data-count": "200"}),
        help_text="写入项目动态和通知，责任单位能看到。",
        error_messages={"required": "请写明提级的理由。"},
    )

    def __init__(self, level: int, data: Any = None) -> None:
        super().__init__(data)
        self.fields["level"].choices = [(one.value, one.label) for one in Level if one > max(level, Level.REMIND)]


class PreferenceForm(forms.Form):
    """What a person wants by mail."""

    mail_hour = forms.TypedChoiceField(label="每日汇总", coerce=int, empty_value=None, required=False)
    wants_instant = forms.BooleanField(
        label="新红灯即时发送", required=False, help_text="关闭后并入次日汇总；督办升级、提到我不受影响，仍即时发送。"
    )
    wanted = forms.MultipleChoiceField(
        label="发邮件的类型",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(rule.code, f"{rule.name}：{rule.explanation}") for rule in OPTIONAL],
        help_text="不选的只在系统内提醒。其余为岗位职责提醒，不能关闭。",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, first_hour: int, initial: dict[str, Any], data: Any = None) -> None:
        super().__init__(data, initial=initial)
        hours = [(hour, f"{hour}:00 起") for hour in range(first_hour + 1, 19)]
        if settings.PUSH_SCHEMES:
            self.fields["push_address"] = forms.CharField(
                label="消息推送地址",
                max_length=300,
                required=False,
                help_text=f"与邮件同时发送一份。以 {'、'.join(f'{one}://' for one in settings.PUSH_SCHEMES)} 开头。",
            )
        self.fields["mail_hour"].choices = [("", f"{first_hour}:00 起（默认）"), *hours]

    def wishes(self) -> dict[str, Any]:
        """What `actions.set_preference` takes."""
        typed = self.cleaned_data
        muted = [rule.code for rule in OPTIONAL if rule.code not in typed["wanted"]]
        kept = {name: typed[name] for name in ("mail_hour", "wants_instant", "version")}
        return kept | {"muted": muted, "push_address": typed.get("push_address", "")}
