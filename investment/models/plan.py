"""Money in time: the year's plan and what was done month by month."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.fields import MoneyField
from investment.choices import AnnualKind
from investment.querysets import AnnualPlanQuerySet, MonthlyEntryQuerySet


class AnnualPlan(models.Model):
    """年度计划投资 of a project for a year. `start_month` is where 时序 begins: 1 for 续建, the planned start month
    for 新开工 (handbook §0.6)."""

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="annual_plans")
    year = models.PositiveIntegerField("年度")
    target = MoneyField("年度计划投资（万元）", null=True, blank=True)
    annual_kind = models.CharField("年度类型", max_length=12, choices=AnnualKind.choices, blank=True)
    start_month = models.PositiveIntegerField("起始月", default=1)
    end_month = models.PositiveIntegerField("截止月", default=12)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = AnnualPlanQuerySet.as_manager()

    class Meta:
        verbose_name = "年度计划"
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["project", "year"], name="annualplan_one_per_year"),
            models.CheckConstraint(
                condition=Q(start_month__gte=1, end_month__lte=12, start_month__lte=models.F("end_month")),
                name="annualplan_months_in_order",
            ),
            models.CheckConstraint(condition=Q(target__isnull=True) | Q(target__gte=0), name="annualplan_not_negative"),
        ]
        indexes = [models.Index(fields=["year", "project"], name="annualplan_of_year")]

    def __str__(self) -> str:
        return f"{self.project} {self.year}年度计划"


class MonthlyEntry(models.Model):
    """本月完成投资 as dispatched by the platform (调度数), one row per month. No row is not zero (handbook §10.8).

    `covers_from` is set on an opening figure from a list: it holds the year's total from that month on.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="monthly_entries")
    year = models.PositiveIntegerField("年")
    month = models.PositiveIntegerField("月")
    completed = MoneyField("本月完成投资（万元）")
    covers_from = models.PositiveIntegerField("含自几月起", null=True, blank=True)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reported_at = models.DateTimeField("报送时间")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = MonthlyEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "月度完成"
        ordering = ["year", "month"]
        constraints = [
            models.UniqueConstraint(fields=["project", "year", "month"], name="monthlyentry_one_per_month"),
            models.CheckConstraint(condition=Q(month__gte=1, month__lte=12), name="monthlyentry_month_in_year"),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.year}-{self.month:02d}"
