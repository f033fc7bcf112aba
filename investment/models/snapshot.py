"""What the lights were when a month closed: taken once, never recomputed (handbook §3.3)."""

from typing import Any

from django.db import models
from django.db.models import Q

from common.fields import MoneyField
from common.lights import Light
from common.periods import Period
from investment.querysets.snapshot import LightSnapshotQuerySet


class LightSnapshot(models.Model):
    """The lights of a project at the close of a month, with the figures and the rules used. Append-only: neither a
    later plan nor a later rule changes it. `lights` is dimension code → light; `lead_unit` answered then."""

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="light_snapshots")
    year = models.PositiveIntegerField("年")
    month = models.PositiveIntegerField("月")
    light = models.CharField("状态灯", max_length=8, choices=Light.choices)
    lights = models.JSONField("各维度", default=dict)
    reason = models.CharField("理由", max_length=300, blank=True)
    target = MoneyField("年度计划投资（万元）", null=True)
    completed_to_date = MoneyField("本年完成（万元）", null=True)
    scheduled = MoneyField("时序应完成（万元，到元）", null=True)
    rules_version = models.PositiveIntegerField("规则版本", default=0)
    lead_unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="+")
    taken_on = models.DateField("存档日期")

    objects = LightSnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = "灯色存档"
        ordering = ["year", "month"]
        constraints = [
            models.UniqueConstraint(fields=["project", "year", "month"], name="lightsnapshot_once_per_month"),
            models.CheckConstraint(condition=Q(month__gte=1, month__lte=12), name="lightsnapshot_month_in_year"),
        ]
        indexes = [models.Index(fields=["year", "month", "light"], name="lightsnapshot_of_month")]

    def __str__(self) -> str:
        return f"{self.project} {self.year}-{self.month:02d} {self.get_light_display()}"

    @property
    def period(self) -> Period:
        return Period(self.year, self.month)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert only."""
        if self.pk is not None:
            raise TypeError("a light snapshot is never changed")
        super().save(*args, **kwargs)
