"""Refusals of Django's own fields, in the words of the house: what was found, what is expected."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.template.loader import render_to_string

from projects.forms_detail import DayField

ENGLISH_OR_STOCK = ("这个字段", "确保", "输入", "有效的选项", "Enter", "Ensure")


class Everything(forms.Form):
    word = forms.CharField(label="名称", max_length=3)
    kind = forms.ChoiceField(label="类型", choices=[("a", "甲")])
    kinds = forms.MultipleChoiceField(label="几类", choices=[("a", "甲")], widget=forms.CheckboxSelectMultiple)
    number = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    share = forms.DecimalField(label="份额", decimal_places=2, max_digits=4)
    day = DayField("日期")
    paper = forms.FileField(label="文件")
    read = forms.BooleanField(label="已读")
    version = forms.IntegerField(widget=forms.HiddenInput)


WRONG = {
    "word": "四个字了",
    "kind": "z",
    "kinds": ["z"],
    "number": "1999",
    "share": "1.234",
    "day": "x",
    "version": "1",
}


@pytest.mark.parametrize("data", [{}, WRONG, {"number": "3.5", "share": "一", "day": "9999-12-31"}])
def test_no_refusal_is_stock(data):
    form = Everything(data)
    said = [text for texts in form.errors.values() for text in texts]
    assert [text for text in said if any(mark in text for mark in ENGLISH_OR_STOCK)] == []


def test_a_refusal_names_what_was_found_and_what_is_expected():
    errors = Everything(WRONG).errors
    assert errors["word"] == ["最多 3 个字，现有 4 个。"]
    assert errors["kind"] == ["“z”不在可选范围内，请重新选择。"]
    assert errors["number"] == ["1999 太小，应不小于 2000。"]
    assert errors["share"] == ["1.234 的小数位太多，最多 2 位。"]
    assert errors["day"] == ["请填写日期，例如 2026-03-15。"]


@pytest.mark.parametrize(("day", "good"), [("1989-12-31", False), ("1990-01-01", True), ("2100-01-01", False)])
def test_a_day_lies_in_the_years_that_plans_know(day, good):
    form = Everything({"day": day})
    form.is_valid()
    assert ("day" not in form.errors) is good


def test_the_summary_leads_to_every_field_and_says_hidden_ones_in_words():
    html = render_to_string(
        "components/_form_errors.html", {"form": Everything({"share": Decimal(1), "day": date.max})}
    )
    assert 'href="#id_kinds_field"' in html
    assert 'href="#"' not in html
    assert "Version" not in html
    assert "这份表单不完整，请重新打开后填写。" in html
