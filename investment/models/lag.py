"""Lag work: why a project is behind, what is done about it, and week by week how it catches up (features §4, 14–17)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.fields import MoneyField
from common.lights import Light
from investment.choices import CatchUpOutcome
from investment.querysets.lag import CatchUpPlanQuerySet, CatchUpStepQuerySet


class LagCause(models.Model):
    """滞后原因 that catch-up plans choose from (features §4, 15); kept by administrators."""

    name = models.CharField("滞后原因", max_length=40, unique=True)
    order = models.PositiveIntegerField("排序", default=100)
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = "滞后原因"
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


class CatchUpPlan(models.Model):
    """追赶计划 of a project that is red or yellow: cause, measures, weekly steps. Tracked until the light is green,
    it then closes itself with the fact; one open plan per project."""

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="catch_up_plans")
    light = models.CharField("制定时的灯", max_length=8, choices=Light.choices)
    cause = models.ForeignKey(LagCause, verbose_name="滞后原因", on_delete=models.PROTECT, related_name="plans")
    cause_note = models.CharField("原因说明", max_length=300)
    measures = models.CharField("措施", max_length=500)
    opened_on = models.DateField("制定日期")
    target_on = models.DateField("计划转绿日期")
    amount = MoneyField("须追赶的投资（万元）", null=True, blank=True)
    closed_on = models.DateField("销号日期", null=True, blank=True)
    outcome = models.CharField("结果", max_length=10, choices=CatchUpOutcome.choices, blank=True)
    closing_fact = models.CharField("销号事实", max_length=300, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CatchUpPlanQuerySet.as_manager()

    class Meta:
        verbose_name = "追赶计划"
        ordering = ["-opened_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=Q(closed_on__isnull=True), name="catchupplan_one_open_per_project"
            ),
            models.CheckConstraint(condition=Q(target_on__gt=models.F("opened_on")), name="catchupplan_dates_in_order"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True, outcome="") | Q(closed_on__isnull=False) & ~Q(outcome=""),
                name="catchupplan_closed_with_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} 追赶计划"


class CatchUpStep(models.Model):
    """周节点: what is to be reached by a day, in words and 万元 where it is money."""

    plan = models.ForeignKey(CatchUpPlan, on_delete=models.CASCADE, related_name="steps")
    due_on = models.DateField("完成日期")
    text = models.CharField("内容", max_length=200)
    amount = MoneyField("本周完成投资（万元）", null=True, blank=True)
    done_on = models.DateField("实际完成", null=True, blank=True)
    note = models.CharField("完成情况", max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CatchUpStepQuerySet.as_manager()

    class Meta:
        verbose_name = "追赶周节点"
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return f"{self.due_on} {self.text}"
