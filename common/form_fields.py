"""Form fields that read what officials type: amounts in 万元, plain numbers, loosely dated plans."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from common.dates import LooseDate, StatusText, parse_date
from common.errors import DomainError
from common.money import MAX_LENGTH, parse_amount, plain

MOST_WAN = Decimal(100_000_000)  # 1 万亿元: a larger amount is a slip of the unit


class AmountField(forms.Field):
    """An amount, cleaned to Decimal 万元 (None when empty). “1.2亿” and “1,200” are understood; shown plain."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"data-unit": "万元", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        _refuse_long(value)
        try:
            wan = parse_amount(value, default_unit="万元").wan
        except DomainError as error:
            raise ValidationError(error.message, code=error.code) from None
        if wan is not None and not 0 <= wan <= MOST_WAN:
            raise ValidationError(f"金额“{value}”应在 0 到 1 万亿元之间，请核对金额和单位（不写单位的按万元）。")
        return wan

    def prepare_value(self, value: Any) -> Any:
        return plain(value) if isinstance(value, Decimal) else value


class NumberField(forms.DecimalField):
    """A number that is not negative, shown without trailing zeros."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs |= {"min_value": 0, "widget": forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})}
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return plain(value) if isinstance(value, Decimal) else value


class LooseDateField(forms.Field):
    """A planned date as plans write it (2026年3月, 2026年四季度), cleaned to a LooseDate (None when empty)."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"placeholder": "如 2026年3月", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> LooseDate | None:
        if value is None or isinstance(value, LooseDate):
            return value
        _refuse_long(value)
        try:
            found = parse_date(value)
        except DomainError as error:
            raise ValidationError(error.message, code=error.code) from None
        if isinstance(found, StatusText):
            raise ValidationError(f"“{found.text}”不是计划日期。请填写计划的日期；阶段在项目页“推进阶段”中办理。")
        return found and LooseDate(found.date_from, found.date_to, found.precision)

    def prepare_value(self, value: Any) -> Any:
        return value.label if isinstance(value, LooseDate) else value


def _refuse_long(value: str) -> None:
    if len(value) > MAX_LENGTH:
        raise ValidationError(f"最多 {MAX_LENGTH} 个字，现有 {len(value)} 个。")
