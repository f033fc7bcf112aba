"""Model fields of the house."""

from decimal import ROUND_HALF_UP, Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

YUAN_PER_WAN = 10_000


class MoneyField(models.BigIntegerField):
    """An amount: `Decimal` in 万元 (up to 4 decimals = 元) in Python, whole 元 in the database.

    Integers let SQL add and compare exactly on SQLite too, where decimals are floats (decisions §2, ADR 0004).
    More than 4 decimals is refused, never rounded away.
    """

    description = "Money in 万元"

    def from_db_value(self, value, expression, connection):
        return None if value is None else _as_wan(value)

    def to_python(self, value):
        if value is None or value == "":
            return None
        try:
            wan = Decimal(str(value))
        except ArithmeticError as error:
            raise ValidationError(f"“{value}”不是金额，请填写数字（单位：万元）。") from error
        if not wan.is_finite():
            raise ValidationError(f"“{value}”不是金额，请填写数字（单位：万元）。")
        if wan * YUAN_PER_WAN % 1:
            raise ValidationError("金额精确到元，万元最多4位小数。")
        return wan

    def get_prep_value(self, value):
        if value is None or hasattr(value, "resolve_expression"):
            return value
        wan = self.to_python(value)
        return None if wan is None else int(wan * YUAN_PER_WAN)

    def formfield(self, **kwargs):
        return models.Field.formfield(
            self,
            **{"form_class": forms.DecimalField, "max_digits": 14, "decimal_places": 4, **kwargs},
        )

    def value_to_string(self, obj):
        value = self.value_from_object(obj)
        return "" if value is None else str(value)


def _as_wan(yuan: int | Decimal) -> Decimal:
    """Whole 元 → 万元 without trailing zeros noise: 5000000 → Decimal('500'). Averages may carry fractions."""
    if isinstance(yuan, int):  # nearly always; this runs for every amount of every row
        whole, rest = divmod(yuan, YUAN_PER_WAN)
        if not rest:
            return Decimal(whole)
    wan = Decimal(str(yuan)) / YUAN_PER_WAN
    if wan == wan.to_integral_value():
        return wan.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return wan.normalize()
