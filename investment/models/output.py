"""What a project brings once it produces."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.fields import MoneyField


class YearlyOutput(models.Model):
    """经济和社会效益 of a project in a year: what it produced, paid and employed (handbook §1.1: 达产率)."""

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="outputs")
    year = models.PositiveIntegerField("年度")
    revenue = MoneyField("产值或营业收入（万元）", null=True, blank=True)
    tax = MoneyField("税收（万元）", null=True, blank=True)
    jobs = models.PositiveIntegerField("就业（人）", null=True, blank=True)
    capacity_percent = models.DecimalField("达产率（%）", max_digits=5, decimal_places=1, null=True, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reported_at = models.DateTimeField("填报时间")
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "年度效益"
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["project", "year"], name="yearlyoutput_one_per_year"),
            models.CheckConstraint(
                condition=Q(capacity_percent__isnull=True) | Q(capacity_percent__gte=0), name="yearlyoutput_capacity"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.year}年效益"
