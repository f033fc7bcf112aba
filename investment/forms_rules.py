"""The form of a rule draft."""

import json
from dataclasses import fields
from typing import Any

from django import forms

from common.errors import DomainError
from common.models import RuleSet
from common.periods import Period
from common.rules import LightRules, Preset
from investment.dimensions import DIMENSIONS

NUMBERS = {
    "red": ("红灯界限", "百分数；“落后百分点”按个百分点"),
    "yellow": ("黄灯界限", "“达序时率”“当月任务”红小于黄；“落后”“欠额”红大于黄"),
    "start_yellow": ("开工灯：几个月末转黄", ""),
    "start_red": ("开工灯：几个月末转红", ""),
    "node_workdays": ("节点灯：剩几个工作日转黄", ""),
    "stat_yellow": ("纳统灯：开工后几个月转黄", ""),
    "stat_red": ("纳统灯：开工后几个月转红", ""),
    "fund_yellow_months": ("资金灯：到位几个月起看黄线", ""),
    "fund_yellow_rate": ("资金灯：黄线支出率（%）", ""),
    "fund_red_months": ("资金灯：到位几个月起看红线", ""),
    "fund_red_rate": ("资金灯：红线支出率（%）", ""),
    "report_yellow": ("填报灯：漏报几个月转黄", ""),
    "report_red": ("填报灯：漏报几个月转红", ""),
}


class RulesForm(forms.Form):
    """A draft of the rules: preset, limits, dimensions left out, and from which month on."""

    preset = forms.ChoiceField(label="进度灯口径", choices=Preset.choices)
    off = forms.MultipleChoiceField(
        label="不参评的维度",
        required=False,
        choices=[(one.code, one.label) for one in DIMENSIONS],
        widget=forms.CheckboxSelectMultiple,
    )
    effective = forms.CharField(label="生效月份", help_text="写成 2027-01；已截止的月份不重算。")
    note = forms.CharField(label="调整说明", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)  # the revision of the draft, none: no draft

    field_order = ("preset", *NUMBERS, "off", "effective", "note", "version")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, help_text) in NUMBERS.items():
            self.fields[name] = forms.IntegerField(label=label, min_value=0, max_value=100, help_text=help_text)
        self.order_fields(self.field_order)

    def clean_effective(self) -> Period:
        try:
            return Period.parse(self.cleaned_data["effective"].strip())
        except DomainError as error:
            raise forms.ValidationError(error.message) from error

    def clean_off(self) -> list[str]:
        if len(self.cleaned_data["off"]) == len(DIMENSIONS):
            raise forms.ValidationError("至少保留一个参评的维度。")
        return self.cleaned_data["off"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.errors:
            known = {field.name for field in fields(LightRules)} - {"version", "off"}
            data["rules"] = LightRules(**{name: data[name] for name in known}, off=tuple(data["off"]))
            try:
                data["rules"].check()
            except DomainError as error:
                self.add_error(None, error.message)
        return data


class TermsForm(forms.Form):
    """The season's curve and the days of grace. `seen` is what stood when the form was opened."""

    grace = forms.IntegerField(
        label="锁定前宽限",
        min_value=0,
        max_value=20,
        help_text="截止日以后，已报的月份还可以修改几个工作日；过后锁定，由发改局解锁。",
        widget=forms.NumberInput(attrs={"data-unit": "工作日", "data-wide": ""}),
    )

    def __init__(self, data: Any, *, held: dict[str, Any]) -> None:
        curve = held["season_curve"]
        initial = {"grace": held["report_grace_workdays"], "seen": json.dumps(held)}
        super().__init__(data, initial=initial | {f"s{n}": weight for n, weight in enumerate(curve, 1)})
        for n in range(1, 13):
            self.fields[f"s{n}"] = forms.IntegerField(label=f"季节曲线：{n}月权重", min_value=0, max_value=1000)
        self.fields["seen"] = forms.CharField(widget=forms.HiddenInput)

    def clean_seen(self) -> dict[str, Any]:
        try:
            return dict(json.loads(self.cleaned_data["seen"]))
        except (TypeError, ValueError):
            raise forms.ValidationError("表单不完整，请重新打开后填写。") from None

    @property
    def curve(self) -> list[int]:
        return [self.cleaned_data[f"s{n}"] for n in range(1, 13)]


def opening(rules: LightRules, draft: RuleSet | None, first: Period) -> dict[str, Any]:
    """How the form opens: the draft, else the rules in force, from the first month still open."""
    kept = LightRules.of(draft) if draft else rules
    about = {
        "effective": str(Period.of(draft.effective_from) if draft else first),
        "note": draft.note if draft else "",
        "version": draft.revision if draft else None,
    }
    return kept.values() | about
