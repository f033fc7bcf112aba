"""The form of a year's output."""

from django import forms

from common.form_fields import AmountField


class OutputForm(forms.Form):
    """Everything may stay empty but not all of it: unknown is not zero."""

    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    revenue = AmountField(label="产值或营业收入", required=False)
    tax = AmountField(label="税收", required=False)
    jobs = forms.IntegerField(
        label="就业",
        min_value=0,
        max_value=10_000_000,
        required=False,
        widget=forms.TextInput(attrs={"data-unit": "人"}),
    )
    capacity_percent = forms.DecimalField(
        label="达产率",
        min_value=0,
        max_value=999,
        decimal_places=1,
        required=False,
        widget=forms.TextInput(attrs={"data-unit": "%"}),
        help_text="实际产量与设计能力之比，达到 100% 为达产。",
    )
    note = forms.CharField(label="说明", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=0)

    def clean_version(self) -> int:
        return self.cleaned_data["version"] or 0
