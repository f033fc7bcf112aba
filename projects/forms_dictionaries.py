"""Forms of the dictionaries."""

import re
from typing import Any

from django import forms
from django.db.models import Model

from projects.choices import DayType, WallColumn
from projects.models import MilestoneTemplate


class EntryForm(forms.Form):
    """A name of a dictionary."""

    name = forms.CharField(max_length=40)
    order = forms.IntegerField(label="排序", min_value=0, max_value=9999, initial=100, help_text="小的在前。")
    is_active = forms.BooleanField(
        label="启用", required=False, initial=True, help_text="停用后不能再选用，已选用的不变。"
    )

    def __init__(self, data: Any, *, entry: Model) -> None:
        """`entry` is the one to be changed, or a fresh one."""
        initial = {} if entry._state.adding else {name: getattr(entry, name) for name in self.base_fields}
        super().__init__(data, initial=initial)
        self.fields["name"].label = entry._meta.verbose_name


class TemplateForm(forms.Form):
    """A row of the standard node table."""

    name = forms.CharField(label="节点", max_length=40)
    duration = forms.IntegerField(
        label="时长", min_value=0, max_value=2000, help_text="从前置节点办结到本节点办结的标准天数，倒排时使用。"
    )
    day_type = forms.ChoiceField(label="计日方式", choices=DayType.choices)
    department = forms.CharField(label="牵头部门", max_length=40, required=False)
    legal_limit = forms.CharField(
        label="法定或通行上限", max_length=60, required=False, help_text="只作提示，例如：20个工作日。"
    )
    wall_column = forms.ChoiceField(label="挂图列", choices=WallColumn.choices)
    order = forms.IntegerField(label="排序", min_value=0, max_value=9999)
    deps = forms.CharField(
        label="前置节点",
        required=False,
        max_length=200,
        help_text="节点代码，用顿号隔开，例如：N02、N08。没有前置节点的留空。",
    )

    @staticmethod
    def standing(template: MilestoneTemplate) -> dict:
        """How the form opens."""
        plain = ("name", "duration", "day_type", "department", "legal_limit", "wall_column", "order")
        return {name: getattr(template, name) for name in plain} | {"deps": "、".join(template.deps)}

    def clean_deps(self) -> list[str]:
        return list(dict.fromkeys(filter(None, re.split(r"[、,，;；\s]+", self.cleaned_data["deps"]))))
