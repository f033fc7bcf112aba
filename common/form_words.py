"""What Django's own form fields say when they refuse, in the words of the house: what was found, what is expected.

Read in by common.apps before any form is made; a field with messages of its own keeps them.
"""

from django import forms
from django.core import validators

SAID: dict[type[forms.Field], dict[str, str]] = {
    forms.Field: {"required": "请填写这一项。"},
    forms.BooleanField: {"required": "请先勾选这一项。"},
    forms.FileField: {"required": "请选择文件。", "empty": "这是一个空文件，请重新选择。"},
    forms.IntegerField: {"invalid": "请填写整数，例如 12。"},
    forms.FloatField: {"invalid": "请填写数字，例如 1200 或 0.5。"},
    forms.DecimalField: {"invalid": "请填写数字，例如 1200 或 0.5。"},
    forms.DateField: {"invalid": "请填写日期，例如 2026-03-15。"},
    forms.ChoiceField: {"required": "请选择一项。", "invalid_choice": "“%(value)s”不在可选范围内，请重新选择。"},
    forms.MultipleChoiceField: {"invalid_choice": "“%(value)s”不在可选范围内，请重新选择。"},
    forms.ModelChoiceField: {"invalid_choice": "所选的已经不能选用，请重新选择。"},
    forms.ModelMultipleChoiceField: {"invalid_choice": "所选的有一项已经不能选用，请重新选择。"},
}


def install() -> None:
    """Let Django's fields and validators speak so."""
    for field, words in SAID.items():
        field.default_error_messages = field.default_error_messages | words
    validators.MaxLengthValidator.message = "最多 %(limit_value)d 个字，现有 %(show_value)d 个。"
    validators.MinValueValidator.message = "%(show_value)s 太小，应不小于 %(limit_value)s。"
    validators.MaxValueValidator.message = "%(show_value)s 太大，应不大于 %(limit_value)s。"
    validators.DecimalValidator.messages = {
        "invalid": "请填写数字，例如 1200 或 0.5。",
        "max_digits": "%(value)s 的位数太多，最多 %(max)s 位。",
        "max_decimal_places": "%(value)s 的小数位太多，最多 %(max)s 位。",
        "max_whole_digits": "%(value)s 太大，整数最多 %(max)s 位。",
    }
