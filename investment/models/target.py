"""年度目标 of the district and its units."""

from django.db import models
from django.db.models import Q

from common.fields import MoneyField
from projects.choices import Category


class AnnualTarget(models.Model):
    """What a unit (the district: the root unit) is to invest in a year, as a whole (`category` empty) or in one
    category of projects."""

    unit = models.ForeignKey("accounts.Unit", on_delete=models.CASCADE, related_name="annual_targets")
    year = models.PositiveIntegerField("年度")
    category = models.CharField("项目类别", max_length=16, choices=Category.choices, blank=True)
    amount = MoneyField("年度目标（万元）")
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "年度目标"
        ordering = ["-year", "unit", "category"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "year", "category"], name="annualtarget_one_per_category"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="annualtarget_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.year}年{self.get_category_display() or '全部'}目标"
