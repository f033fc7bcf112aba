"""The form of a header word."""

from typing import Any

from django import forms

from ingest.registry import KINDS


class HeaderForm(forms.Form):
    """Another name of a column."""

    header = forms.CharField(
        label="表中的列名", max_length=200, help_text="照表里写，如 县级挂包领导；年份和单位不用写。"
    )
    target = forms.ChoiceField(label="是系统的哪个字段")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].choices = [
            ("", "请选择"),
            *(
                (kind.label, [(f"{kind.code}:{column.source}", column.label) for column in kind.columns])
                for kind in KINDS.values()
            ),
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        data["kind"], _, data["field"] = data.pop("target", "").partition(":")
        return data
