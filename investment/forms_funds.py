"""Forms of state funds: programmes, applications, steps, amounts, corrections."""

from typing import Any

from django import forms

from common.form_fields import AmountField
from investment.choices import FundKind
from investment.fund_text import STEPS
from investment.models import FundProgramme
from projects.choices import Level, Stage
from projects.forms_detail import PAPERS, DayField, ReasonField


class ProgrammeForm(forms.Form):
    """A programme. `version` is the one the person saw, 0 for a new one."""

    kind = forms.ChoiceField(label="资金类型", choices=FundKind.choices)
    name = forms.CharField(label="名称", max_length=120)
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    batch = forms.CharField(label="批次", max_length=40, required=False)
    document_no = forms.CharField(label="文号", max_length=80, required=False)
    quota = AmountField(label="额度", required=False)
    open_from = DayField("申报开始", required=False)
    deadline = DayField("区内截止", required=False, help_text="截止当日仍可申报。")
    start_by = DayField("开工期限", required=False)
    most_percent = forms.IntegerField(label="最高支持比例（%）", min_value=1, max_value=100, required=False)
    least_total = AmountField(label="最低总投资", required=False)
    industries = forms.CharField(
        label="行业代码", max_length=200, required=False, help_text="门类或大类前缀，顿号分隔，如 C、N76；不填即不限。"
    )
    stages = forms.MultipleChoiceField(
        label="阶段", choices=Stage.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    levels = forms.MultipleChoiceField(
        label="级别", choices=Level.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    direction = ReasonField("支持方向", required=False, max_length=300, rows=2)
    note = ReasonField("说明", required=False, rows=2)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean_industries(self) -> list[str]:
        text = self.cleaned_data["industries"]
        for mark in "、，,；; ":
            text = text.replace(mark, " ")
        codes = text.upper().split()
        for code in codes:
            if not (code[0].isascii() and code[0].isalpha() and (code[1:] == "" or code[1:].isdigit())):
                raise forms.ValidationError(f"“{code}”不是行业代码，请写门类字母加数字，如 C 或 N76。")
        return codes

    @staticmethod
    def opening(programme: FundProgramme) -> dict[str, Any]:
        """How the form opens for a programme."""
        fields = [*ProgrammeForm.base_fields]
        return {name: getattr(programme, name) for name in fields} | {"industries": "、".join(programme.industries)}


class ApplicationForm(forms.Form):
    """What is asked. `version` is the one the person saw, 0 for a new one."""

    programme = forms.ModelChoiceField(label="资金批次", queryset=FundProgramme.objects.none(), empty_label="请选择")
    applied = AmountField(label="申报金额")
    matching = AmountField(label="配套资金", required=False)
    unit_person = forms.CharField(label="日常监管责任人（项目单位）", max_length=40, required=False)
    regulator_person = forms.CharField(label="监管责任人（主管部门）", max_length=40, required=False)
    usage = ReasonField("资金用途（建设内容）", rows=3)
    target = ReasonField("绩效目标", rows=2, max_length=300, required=False)
    duplicate_note = ReasonField("与其他中央资金不重复的说明", rows=2, max_length=300, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, programmes: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if programmes is None:
            del self.fields["programme"]
        else:
            self.fields["programme"].queryset = programmes

    def clean_applied(self) -> Any:
        if not self.cleaned_data["applied"]:
            raise forms.ValidationError("申报金额应大于 0。")
        return self.cleaned_data["applied"]


class FundStepForm(forms.Form):
    """What a step asks: money, a paper, a score, a reason."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, step: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asks = STEPS[step].asks
        if "amount" in asks:
            self.fields["amount"] = AmountField(label="金额", help_text="本次金额，不是累计。")
            self.fields["on"] = DayField("日期")
        if "amount" in asks or "paper" in asks:
            self.fields["document_no"] = forms.CharField(label="文号或凭证号", max_length=80, required="paper" in asks)
        if "amount" in asks:
            self.fields["file"] = forms.FileField(
                label="文件",
                required=False,
                help_text="文号与文件至少有一项。",
                widget=forms.FileInput(attrs={"accept": PAPERS, "data-images": "", "data-wide": ""}),
            )
        if "score" in asks:
            self.fields["score"] = forms.IntegerField(label="绩效得分", min_value=0, max_value=100)
        reason = "reason" in asks
        self.fields["note"] = ReasonField("原因" if reason else "说明", required=reason, max_length=300)


class CorrectForm(forms.Form):
    """The right amount in place of a wrong one."""

    correct = AmountField(label="更正后的金额")
    on = DayField("更正日期")
    document_no = forms.CharField(label="文号或凭证号", max_length=80, required=False)
    note = ReasonField("更正原因", max_length=300)
