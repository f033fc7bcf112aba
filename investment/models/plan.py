"""Year plans and their versions."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from common.fields import MoneyField
from investment.apportion import cumulate, months_of, weights_of
from investment.choices import AnnualKind, PlanSplit
from investment.querysets import AnnualPlanQuerySet, PlanVersionQuerySet
from projects.choices import RequestState


class PlanTerms(models.Model):
    """What a plan says. 时序 begins with `start_month`: 1 for 续建, the planned start for 新开工 (handbook §0.6)."""

    target = MoneyField("年度计划投资（万元）", null=True, blank=True)
    annual_kind = models.CharField("年度类型", max_length=12, choices=AnnualKind.choices, blank=True)
    start_month = models.PositiveIntegerField("起始月", default=1)
    end_month = models.PositiveIntegerField("截止月", default=12)

    class Meta:
        abstract = True


class AnnualPlan(PlanTerms):
    """年度计划投资 of a project for a year, as last decided. Months are judged by the PlanVersion then in force."""

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="annual_plans")
    year = models.PositiveIntegerField("年度")
    carried_over = MoneyField("上年结转（万元）", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = AnnualPlanQuerySet.as_manager()

    class Meta:
        verbose_name = "年度计划"
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["project", "year"], name="annualplan_one_per_year"),
            models.CheckConstraint(
                condition=Q(start_month__gte=1, end_month__lte=12, start_month__lte=F("end_month")),
                name="annualplan_months_in_order",
            ),
            models.CheckConstraint(condition=Q(target__isnull=True) | Q(target__gte=0), name="annualplan_not_negative"),
        ]
        indexes = [models.Index(fields=["year", "project"], name="annualplan_of_year")]

    def __str__(self) -> str:
        return f"{self.project} {self.year}年度计划"


class PlanVersion(PlanTerms):
    """One decision about a year's plan, and the months in which it was in force: `effective_month` through
    `until_month`, 0 while it is not decided or when a later decision took all of them (handbook §10.2).

    `cumulative` holds whole 元 through each month (12 of them) for every split but LINEAR, where it is NULL.
    """

    plan = models.ForeignKey(AnnualPlan, on_delete=models.CASCADE, related_name="versions")
    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="plan_versions")
    year = models.PositiveIntegerField("年度")
    number = models.PositiveIntegerField("版本")
    effective_month = models.PositiveIntegerField("自几月起", default=1)
    until_month = models.PositiveIntegerField("至几月", default=0)
    split = models.CharField("分月方式", max_length=8, choices=PlanSplit.choices, default=PlanSplit.LINEAR)
    cumulative = models.JSONField("分月累计（元）", null=True, blank=True)
    state = models.CharField("状态", max_length=12, choices=RequestState.choices, default=RequestState.APPROVED)
    reason = models.CharField("理由", max_length=500, blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    requested_at = models.DateTimeField("申请时间")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField("审核时间", null=True, blank=True)
    decision_note = models.CharField("审核意见", max_length=500, blank=True)

    objects = PlanVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "年度计划版本"
        ordering = ["-year", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="planversion_one_per_number"),
            models.UniqueConstraint(
                fields=["plan"], condition=Q(state=RequestState.PENDING), name="planversion_one_open_request"
            ),
            models.UniqueConstraint(
                fields=["plan", "effective_month"], condition=Q(until_month__gt=0), name="planversion_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(start_month__gte=1, end_month__lte=12, start_month__lte=F("end_month")),
                name="planversion_months_in_order",
            ),
            models.CheckConstraint(
                condition=Q(effective_month__gte=1, effective_month__lte=12)
                & (Q(until_month=0) | Q(until_month__gte=F("effective_month"), until_month__lte=12)),
                name="planversion_in_force_months",
            ),
            models.CheckConstraint(
                condition=Q(until_month=0) | Q(state=RequestState.APPROVED), name="planversion_in_force_is_approved"
            ),
            models.CheckConstraint(
                condition=Q(target__isnull=True) | Q(target__gte=0), name="planversion_not_negative"
            ),
        ]
        indexes = [models.Index(fields=["year", "project"], name="planversion_of_year")]

    def __str__(self) -> str:
        return f"{self.plan} 第{self.number}版"

    @property
    def months(self) -> list[Decimal] | None:
        """万元 of each month; they sum to the target to the 元. None without a target."""
        if self.target is None:
            return None
        if self.cumulative:
            return months_of(self.cumulative)
        return months_of(cumulate(self.target, weights_of(PlanSplit.LINEAR, self.start_month, self.end_month, ())))
