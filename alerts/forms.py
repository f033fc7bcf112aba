"""Forms of the alerts floor. What may be done is said by the actions."""

from django import forms


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
