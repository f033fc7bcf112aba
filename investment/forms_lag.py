"""Forms of lag work."""

from typing import Any

from django import forms

from investment.models import LagCause
from projects.forms_detail import DayField


class CatchUpForm(forms.Form):
    """Why a project is behind, what is done, and by when its light is to be green again."""

    cause = forms.ModelChoiceField(
        label="滞后原因", queryset=LagCause.objects.filter(is_active=True), empty_label="请选择"
    )
    cause_note = forms.CharField(label="原因说明", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    measures = forms.CharField(
        label="追赶措施",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明做什么、谁负责，例如：增加两个作业班组，由施工单位项目经理负责，每周五报送。",
    )
    target_on = DayField(
        "计划转绿日期",
        help_text="保存后按每周五（节假日提前）自动分出周节点，须追赶的投资平均分到各周。",
    )


class StepForm(forms.Form):
    """How a weekly step was reached. `version` is the one the person saw."""

    note = forms.CharField(label="完成情况", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    version = forms.IntegerField(widget=forms.HiddenInput)


class WithdrawForm(forms.Form):
    """Why a catch-up plan is taken back."""

    reason = forms.CharField(label="撤销理由", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    version = forms.IntegerField(widget=forms.HiddenInput)


def versioned(row: Any) -> dict[str, Any]:
    """How a form about a row opens."""
    return {"version": row.version}
