"""储备库: review meetings, what is put before them, what they decide (handbook §1.1, §3.5)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from projects.choices import BatchKind, Verdict, WithdrawReason
from projects.models.project import Project
from projects.models.stage import StageRequest


class ReserveBatch(models.Model):
    """批次: one review meeting with everything put before it. Open while proposals come in, closed by its minutes."""

    kind = models.CharField("类型", max_length=10, choices=BatchKind.choices, default=BatchKind.ENTRY)
    year = models.PositiveIntegerField("年度")
    number = models.PositiveIntegerField("批次")
    meeting_on = models.DateField("评审会日期")
    document_no = models.CharField("会议纪要文号", max_length=80, blank=True)
    summary = models.CharField("会议意见", max_length=500, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField("发起时间")
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField("办结时间", null=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "入库批次"
        ordering = ["-year", "-number", "-pk"]
        constraints = [models.UniqueConstraint(fields=["kind", "year", "number"], name="reservebatch_number_once")]

    def __str__(self) -> str:
        return f"{self.year}年第{self.number}批{self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return reverse("projects:reserve_batch", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class ReserveProposal(models.Model):
    """One project before one meeting. In a batch of entry it asks to be admitted, in one of adjustment whether it
    stays; `request` is the stage request that the decision led to."""

    batch = models.ForeignKey(ReserveBatch, on_delete=models.PROTECT, related_name="proposals")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="reserve_proposals")
    note = models.CharField("说明", max_length=500, blank=True)
    withdraw_reason = models.CharField("退库原因", max_length=20, choices=WithdrawReason.choices, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField("提请时间")
    verdict = models.CharField("结论", max_length=10, choices=Verdict.choices, default=Verdict.PENDING)
    opinion = models.CharField("评审意见", max_length=500, blank=True)
    request = models.ForeignKey(StageRequest, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = "入库提请"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "project"], name="proposal_once_per_batch"),
            models.UniqueConstraint(
                fields=["project"], condition=Q(verdict=Verdict.PENDING), name="proposal_one_pending_per_project"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.batch}"

    @property
    def verdict_label(self) -> str:
        """The decision in the words of its batch."""
        if self.batch.kind == BatchKind.ADJUST:
            return {"passed": "退库", "refused": "保留", "deferred": "暂缓"}.get(self.verdict, "待评审")
        return self.get_verdict_display()
