"""Import batches: what a file said, what a person decided, what was done with every row."""

import uuid

from django.conf import settings
from django.db import models

from ingest.choices import Verdict


class ImportBatch(models.Model):
    """One uploaded list on its way through the wizard; any step can be resumed another day (ux §3.9)."""

    class State(models.TextChoices):
        """The step that is to be done next, or how it ended."""

        SHEETS = "sheets", "选表与表头"
        COLUMNS = "columns", "列对应"
        VALUES = "values", "值对应"
        PREVIEW = "preview", "预检"
        COMMITTING = "committing", "正在写入"
        COMMITTED = "committed", "已导入"
        DISCARDED = "discarded", "已放弃"

    HEAVY = ("reading",)  # megabytes: not read again after every save (common.db.save_versioned)

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("内容", max_length=30, default="project")
    file = models.ForeignKey("accounts.StoredFile", on_delete=models.PROTECT, related_name="+")
    state = models.CharField("步骤", max_length=12, choices=State.choices, default=State.SHEETS)
    choices = models.JSONField("选择", default=dict)  # ingest.decisions.Decisions
    reading = models.JSONField("读取结果", default=dict)  # ingest.reading
    counts = models.JSONField("计数", default=dict)
    staged_hash = models.CharField(max_length=64, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("上传时间")
    previewed_at = models.DateTimeField("预检时间", null=True)
    parent = models.ForeignKey(  # the import whose refused rows came back corrected
        "self", verbose_name="接着", on_delete=models.PROTECT, null=True, related_name="followers"
    )
    layout = models.CharField(max_length=64, blank=True, db_index=True)  # ingest.layouts
    settled_layout = models.CharField(max_length=64, blank=True, db_index=True)  # with the headers as decided
    alike = models.ForeignKey(  # the import of the same layout whose columns were taken over
        "self", verbose_name="格式同", on_delete=models.PROTECT, null=True, related_name="+"
    )
    order = models.JSONField("导入方式", default=dict)  # {mode, reason, ip}: ingest.actions.ordering
    attempt = models.PositiveIntegerField(default=0)  # of carrying the order out; the latest one owns the batch
    lease_until = models.DateTimeField("占用至", null=True)
    refusal = models.JSONField("没有写入的原因", default=dict)  # {message, rows: [{sheet, row, name, what: [text]}]}
    committed_at = models.DateTimeField("导入时间", null=True)
    committed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField("撤销时间", null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "导入批次"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"#{self.pk} {self.file.name}"


class ImportRow(models.Model):
    """One project row of a batch with its verdict."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    sheet = models.CharField(max_length=100)
    row = models.PositiveIntegerField("行")
    name = models.CharField("项目名称", max_length=200, blank=True)
    verdict = models.CharField("结论", max_length=10, choices=Verdict.choices)
    errors = models.JSONField("错误", default=list)  # [{code, source, column, letter, found, expected, message}]
    warnings = models.JSONField("提示", default=list)  # likewise
    asks = models.JSONField("须决定", default=dict)  # {"match": {...}, "stage": {...}}: ingest.judging
    diff = models.JSONField("变化", default=list)  # [{field, label, before, after}]
    written = models.JSONField("写入", default=list)  # by floor: {field: [before, after]}, ingest.packing
    record = models.JSONField("写入了什么", null=True)  # {key, aside} of kinds whose rows are records: ingest.undoing
    kept = models.JSONField("未撤销的原因", default=list)  # [{label, wrote, now, who}]: ingest.undoing
    project = models.ForeignKey("projects.Project", on_delete=models.SET_NULL, null=True, related_name="+")
    seen_version = models.PositiveIntegerField(null=True)  # of the project when previewed

    class Meta:
        verbose_name = "导入行"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["batch", "sheet", "row"], name="importrow_once")]
        indexes = [models.Index(fields=["batch", "verdict"], name="importrow_by_verdict")]

    def __str__(self) -> str:
        return f"{self.sheet} 第{self.row}行"

    @property
    def is_merged(self) -> bool:
        """Whether a person decided that this row is a project which was there already."""
        return self.project_id is not None and str(self.asks.get("match", {}).get("chosen", "")).isdigit()


class ColumnMapping(models.Model):
    """A confirmed header → field, remembered for the next list with the same header."""

    kind = models.CharField(max_length=30, default="project")
    header_key = models.CharField(max_length=200)
    header = models.CharField("表头", max_length=200)
    field = models.CharField("字段", max_length=60, blank=True)  # empty: known to be of no use
    unit = models.CharField("单位", max_length=10, blank=True)

    class Meta:
        verbose_name = "列对应"
        constraints = [models.UniqueConstraint(fields=["kind", "header_key"], name="columnmapping_once")]

    def __str__(self) -> str:
        return f"{self.header} → {self.field}"


class ValueMapping(models.Model):
    """A confirmed spelling → value of a choice or person column, remembered likewise."""

    kind = models.CharField(max_length=30, default="project")
    field = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    value = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "值对应"
        constraints = [models.UniqueConstraint(fields=["kind", "field", "key"], name="valuemapping_once")]

    def __str__(self) -> str:
        return f"{self.key} → {self.value}"


class OfflineReturn(models.Model):
    """A workbook 我的项目 that its owner brought back: read, merged with what stands, written once."""

    file = models.ForeignKey("accounts.StoredFile", on_delete=models.PROTECT, related_name="+")
    reading = models.JSONField("读取结果", default=dict)  # {"rows": records of the reader, "errors": its errors}
    receipt = models.JSONField("结果", default=list)  # per row: what was written, what was left, why nothing was
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("交回时间")
    applied_at = models.DateTimeField("写入时间", null=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "离线交回"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"#{self.pk} {self.file.name}"
