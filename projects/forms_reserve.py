"""Forms of the reserve library."""

from typing import Any

from django import forms

from projects.choices import BatchKind, Verdict, WithdrawReason
from projects.forms_detail import UNCHOSEN, DayField
from projects.models import ReserveBatch


def lines() -> forms.Textarea:
    """A few lines of words."""
    return forms.Textarea(attrs={"rows": 3})


class BatchForm(forms.Form):
    """A review meeting."""

    kind = forms.ChoiceField(
        label="类型",
        choices=BatchKind.choices,
        help_text="动态调整每年一次或按会议决定进行，发起时自动列入满 12 个月未推进的项目。",
    )
    meeting_on = DayField("评审会日期")


class ProposeForm(forms.Form):
    """One project before one of the open meetings."""

    batch = forms.ModelChoiceField(label="评审会", queryset=ReserveBatch.objects.none(), empty_label=None)
    withdraw_reason = forms.ChoiceField(
        label="提请退库的原因", choices=[("", "（入库评审不填）"), *WithdrawReason.choices], required=False
    )
    note = forms.CharField(label="说明", max_length=500, required=False, widget=lines())

    def __init__(self, *args: Any, batches: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["batch"].queryset = batches
        self.fields["batch"].label_from_instance = lambda one: f"{one}（{one.meeting_on}）"
        if not any(one.kind == BatchKind.ADJUST for one in batches):
            del self.fields["withdraw_reason"]


class JudgeForm(forms.Form):
    """What the meeting said of one project."""

    verdict = forms.ChoiceField(
        label="结论", choices=[UNCHOSEN, *(c for c in Verdict.choices if c[0] != Verdict.PENDING)]
    )
    opinion = forms.CharField(label="评审意见", max_length=500, required=False, widget=lines())

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind == BatchKind.ADJUST:
            self.fields["verdict"].choices = [UNCHOSEN, ("passed", "退库"), ("refused", "保留"), ("deferred", "暂缓")]


class CloseForm(forms.Form):
    """The minutes of the meeting."""

    document_no = forms.CharField(label="会议纪要文号", max_length=80)
    summary = forms.CharField(label="会议意见", max_length=500, required=False, widget=lines())
    version = forms.IntegerField(widget=forms.HiddenInput)
