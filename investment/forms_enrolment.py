"""Forms of 入库纳统, one per step."""

from django import forms

from common.form_fields import AmountField
from investment.choices import EntryKind, ExitReason, UnenrolledReason
from projects.forms_detail import UNCHOSEN, DayField, ReasonField


class StepForm(forms.Form):
    """What every step carries: a note, and the version the person saw (0: nothing was done yet)."""

    note = ReasonField("说明", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


class SubmitForm(StepForm):
    """申报."""

    kind = forms.ChoiceField(label="统计类别", choices=EntryKind.choices)
    total = AmountField(label="统计口径计划总投资", required=False, help_text="不填即按项目总投资。")
    field_order = ["kind", "total", "note"]


class ExplainForm(StepForm):
    """未纳统原因."""

    reason = forms.ChoiceField(label="原因", choices=[UNCHOSEN, *UnenrolledReason.choices])
    note = ReasonField("具体情况与入库计划", max_length=300)
    field_order = ["reason", "note"]


class EnterForm(StepForm):
    """入库."""

    on = DayField("入库日期")
    code = forms.CharField(label="统计项目代码", max_length=40, required=False)
    field_order = ["on", "code", "note"]


class LeaveForm(StepForm):
    """退库."""

    on = DayField("退库日期")
    exit_reason = forms.ChoiceField(label="退库原因", choices=[UNCHOSEN, *ExitReason.choices])
    note = ReasonField("情况说明")
    field_order = ["on", "exit_reason", "note"]


class WhyForm(StepForm):
    """A reason that must be given."""

    note = ReasonField("理由")


FORMS: dict[str, type[StepForm]] = {
    "submit": SubmitForm,
    "explain": ExplainForm,
    "enter": EnterForm,
    "return": WhyForm,
    "leave": LeaveForm,
    "grant": StepForm,
    "refuse": WhyForm,
}
