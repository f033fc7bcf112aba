"""Which two records are one project."""

from typing import Any

from django import forms

from projects.forms_detail import ReasonField
from projects.models import Project


class MergeForm(forms.Form):
    """The other project by its number, the versions that were compared, and why."""

    other = forms.CharField(label="要并入本项目的项目编号", max_length=40)
    version = forms.IntegerField(widget=forms.HiddenInput)
    merged_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = ReasonField()

    def __init__(self, *args: Any, project: Project, other: Project | None, rows: Any, **kwargs: Any) -> None:
        self.project, self.rows = project, rows
        told = {"version": project.version}
        told |= {"other": other.number, "merged_version": other.version} if other else {}
        super().__init__(*args, initial=told, **kwargs)

    def clean_other(self) -> Project:
        found = self.rows.filter(number=self.cleaned_data["other"].strip()).first()
        if found is None:
            raise forms.ValidationError("没有这个编号的项目，请核对。")
        if found.pk == self.project.pk:
            raise forms.ValidationError("请填写另一个项目的编号。")
        return found
