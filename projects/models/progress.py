"""What officials report, and what is noted beside it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from projects.choices import JournalKind
from projects.models.project import Project


class ProgressReport(models.Model):
    """形象进度: what was done, said by the official for a month; several a month are allowed."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="reports")
    year = models.PositiveIntegerField("年")
    month = models.PositiveIntegerField("月")
    text = models.TextField("当前进展", max_length=2000)
    physical_percent = models.DecimalField("形象进度（%）", max_digits=5, decimal_places=1, null=True, blank=True)
    problem = models.CharField("存在问题", max_length=500, blank=True)
    help_wanted = models.CharField("需协调事项", max_length=500, blank=True)
    next_plan = models.CharField("下月计划", max_length=500, blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField("提交时间")
    key = models.UUIDField(unique=True, editable=False)  # idempotency: one form, one report

    class Meta:
        verbose_name = "进展填报"
        ordering = ["-submitted_at", "-pk"]
        indexes = [models.Index(fields=["project", "-submitted_at"], name="report_latest_of_project")]
        constraints = [models.CheckConstraint(condition=Q(month__gte=1, month__lte=12), name="report_month_in_year")]

    def __str__(self) -> str:
        return f"{self.project} {self.year}年{self.month}月进展"


class Attachment(models.Model):
    """A photo or paper of a report, a node or the project itself; downloaded through the project's door."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="attachments")
    report = models.ForeignKey(ProgressReport, on_delete=models.CASCADE, null=True, related_name="attachments")
    file = models.ForeignKey("accounts.StoredFile", on_delete=models.PROTECT, related_name="+")
    caption = models.CharField("说明", max_length=100, blank=True)

    class Meta:
        verbose_name = "附件"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.caption or self.file.name


class ReportDraft(models.Model):
    """What a person has typed into the update sheet and not yet sent; one per person and project."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="drafts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    data = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = "填报草稿"
        constraints = [models.UniqueConstraint(fields=["project", "user"], name="draft_one_per_person")]

    def __str__(self) -> str:
        return f"{self.project} {self.user}"


class JournalEntry(models.Model):
    """工作日志: a human note that never expires, apart from the machine's trail (ux P2)."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="journal")
    kind = models.CharField("类别", max_length=10, choices=JournalKind.choices, default=JournalKind.NOTE)
    text = models.TextField("内容", max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "工作日志"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.project} {self.get_kind_display()}"
