"""Forms about how projects descend from one another."""

from typing import Any

from django import forms

from accounts.models import Unit
from common.form_fields import AmountField
from common.money import plain
from projects.actions.relation import Part
from projects.forms_detail import ReasonField

PARTS, DISTRICTS = 6, 5


class RenameForm(forms.Form):
    """更名."""

    name = forms.CharField(label="新名称", max_length=200, widget=forms.TextInput(attrs={"data-wide": ""}))
    reason = ReasonField("更名依据")
    version = forms.IntegerField(widget=forms.HiddenInput)


class RestartForm(forms.Form):
    """重启."""

    name = forms.CharField(label="新项目名称", max_length=200, widget=forms.TextInput(attrs={"data-wide": ""}))
    reason = ReasonField("重启依据")


class SplitForm(forms.Form):
    """Up to six parts; empty lines are left out."""

    reason = ReasonField("拆分依据（批准文件或会议纪要）")
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Unit.objects.active().order_by("order", "pk")
        for n in range(1, PARTS + 1):
            self.fields[f"name{n}"] = forms.CharField(label=f"子项{n}名称", max_length=200, required=n <= 2)
            self.fields[f"unit{n}"] = forms.ModelChoiceField(
                label=f"子项{n}责任单位", queryset=units, required=False, empty_label="同母项"
            )
            self.fields[f"total{n}"] = AmountField(label=f"子项{n}总投资", required=n <= 2)
        self.order_fields([f"{word}{n}" for n in range(1, PARTS + 1) for word in ("name", "unit", "total")])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for n in range(1, PARTS + 1):
            name, unit, total = (data.get(f"{word}{n}") for word in ("name", "unit", "total"))
            if name and total is None and not self.has_error(f"total{n}"):
                self.add_error(f"total{n}", "请填写这个子项的总投资。")
            if (unit or total is not None) and not name and not self.has_error(f"name{n}"):
                self.add_error(f"name{n}", "请填写这个子项的名称；不要这个子项的，把这一行清空。")
        return data

    def parts(self, default: Unit) -> list[Part]:
        """The lines filled in; the parent's unit where none is chosen."""
        data = self.cleaned_data
        return [
            Part(data[f"name{n}"], data[f"total{n}"], data[f"unit{n}"] or default)
            for n in range(1, PARTS + 1)
            if data.get(f"name{n}")
        ]


class SharesForm(forms.Form):
    """This district first, then up to four others; all empty: wholly here."""

    reason = forms.CharField(label="说明", max_length=200, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n in range(1, DISTRICTS + 1):
            label = "本区" if n == 1 else f"行政区{n}"  # one label each, or a message could mean any of them
            self.fields[f"district{n}"] = forms.CharField(label=label, max_length=40, required=False)
            self.fields[f"percent{n}"] = forms.DecimalField(
                label=f"{label}份额",
                decimal_places=2,
                min_value=0,
                max_value=100,
                required=False,
                widget=forms.TextInput(attrs={"data-unit": "%", "inputmode": "decimal"}),
            )
        self.order_fields([f"{word}{n}" for n in range(1, DISTRICTS + 1) for word in ("district", "percent")])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        held = {n: (data.get(f"district{n}"), data.get(f"percent{n}")) for n in range(1, DISTRICTS + 1)}
        shared = any(percent is not None for _, percent in held.values()) or any(held[n][0] for n in held if n > 1)
        for n, (district, percent) in held.items():
            if district and not percent and shared and not self.has_error(f"percent{n}"):
                self.add_error(f"percent{n}", f"请填写{district}的份额，应大于 0。")
            if percent is not None and not district and not self.has_error(f"district{n}"):
                self.add_error(f"district{n}", f"请填写占 {plain(percent)}% 的是哪个行政区。")
        return data

    @property
    def shares(self) -> list[tuple[str, Any]]:
        data = self.cleaned_data
        return [(data[f"district{n}"], data[f"percent{n}"]) for n in range(1, DISTRICTS + 1) if data.get(f"percent{n}")]
