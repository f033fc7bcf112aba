"""Requests to move a project, what became of them, and corrections of the record."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from projects import lifecycle
from projects.choices import RequestState, WithdrawReason
from projects.models.project import Project


class StageRequest(models.Model):
    """A request to take one edge of the lifecycle; decided by the role that the edge names (decisions §6)."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="stage_requests")
    edge = models.CharField("事项", max_length=20, choices=[(e.code, e.label) for e in lifecycle.EDGES])
    state = models.CharField("状态", max_length=12, choices=RequestState.choices, default=RequestState.PENDING)
    effective_on = models.DateField("发生日期", null=True, blank=True)
    note = models.CharField("说明", max_length=500, blank=True)
    withdraw_reason = models.CharField("退库原因", max_length=20, choices=WithdrawReason.choices, blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField("申请时间")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField("审核时间", null=True)
    decision_note = models.CharField("审核意见", max_length=500, blank=True)

    class Meta:
        verbose_name = "阶段申请"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=Q(state=RequestState.PENDING), name="stagerequest_one_pending"
            )
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.label}"

    @property
    def label(self) -> str:
        return lifecycle.EDGE[self.edge].label


class StageChange(models.Model):
    """One move of a project, append-only. `baseline` is the stage it had when first loaded from a list."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="stage_changes")
    edge = models.CharField("事项", max_length=20)  # an edge's code, or "baseline" / "correction"
    before = models.CharField("原状态", max_length=20, blank=True)
    after = models.CharField("新状态", max_length=20)
    on = models.DateField("发生日期")
    at = models.DateTimeField("登记时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField("说明", max_length=500, blank=True)
    request = models.ForeignKey(StageRequest, on_delete=models.PROTECT, null=True, related_name="changes")

    class Meta:
        verbose_name = "阶段变更"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.project} {self.before}→{self.after}"

    @property
    def before_label(self) -> str:
        return lifecycle.STATE_LABELS.get(self.before, "")

    @property
    def after_label(self) -> str:
        return lifecycle.STATE_LABELS[self.after]


class CorrectionRequest(models.Model):
    """更正单: a wrong stage or date after 开工 is corrected by decision, keeping the record (decisions §5)."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="corrections")
    field = models.CharField("更正内容", max_length=40)
    before = models.CharField("现值", max_length=200)
    after = models.CharField("更正为", max_length=200)
    reason = models.CharField("理由", max_length=500)
    state = models.CharField("状态", max_length=12, choices=RequestState.choices, default=RequestState.PENDING)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField("申请时间")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField("审核时间", null=True)
    decision_note = models.CharField("审核意见", max_length=500, blank=True)

    class Meta:
        verbose_name = "更正单"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.project} 更正 {self.field}"
