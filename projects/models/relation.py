"""Projects that reach beyond the district."""

from django.db import models
from django.db.models import Q

from projects.models.project import Project


class DistrictShare(models.Model):
    """跨区分摊: which part of a project counts in which district (handbook §10.16). The parts make 100 %."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="district_shares")
    district = models.CharField("行政区", max_length=40)
    percent = models.DecimalField("份额（%）", max_digits=5, decimal_places=2)
    is_own = models.BooleanField("本区", default=False)

    class Meta:
        verbose_name = "跨区分摊"
        ordering = ["-is_own", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "district"], name="districtshare_once"),
            models.UniqueConstraint(fields=["project"], condition=Q(is_own=True), name="districtshare_one_own"),
            models.CheckConstraint(condition=Q(percent__gt=0, percent__lte=100), name="districtshare_within_whole"),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.district} {self.percent}%"
