"""What people leave behind: files, saved views, follows, the audit trail."""

import uuid

from django.conf import settings
from django.db import models


class StoredFile(models.Model):
    """A file as uploaded, stored under a generated name. Downloads go through the door of the record that owns it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("文件名", max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField("大小（字节）")
    sha256 = models.CharField(max_length=64, db_index=True)
    file = models.FileField(upload_to="%Y/%m/", max_length=200)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    uploaded_at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = "文件"

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")


class SavedView(models.Model):
    """A named list: filters, sort, columns, as the querystring that opens it (ux L1, L2)."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    module = models.CharField(max_length=30)
    name = models.CharField("名称", max_length=30)
    query = models.CharField(max_length=1000, blank=True)

    class Meta:
        verbose_name = "我的视图"
        constraints = [models.UniqueConstraint(fields=["owner", "module", "name"], name="savedview_name_once")]

    def __str__(self) -> str:
        return self.name


class Follow(models.Model):
    """A person follows a record (kind + key; the record's floor is above this one)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="follows")
    kind = models.CharField(max_length=30)
    object_id = models.BigIntegerField()

    class Meta:
        verbose_name = "关注"
        constraints = [models.UniqueConstraint(fields=["user", "kind", "object_id"], name="follow_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class AuditEntry(models.Model):
    """One action of one person, append-only: written by the actions, never changed (decisions §20)."""

    at = models.DateTimeField("时间", db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="操作人", on_delete=models.PROTECT, null=True, related_name="+"
    )
    actor_label = models.CharField("操作人", max_length=80)
    action = models.CharField("操作", max_length=60)
    kind = models.CharField("对象类型", max_length=30)
    object_id = models.BigIntegerField("对象编号", null=True)
    label = models.CharField("对象", max_length=200)
    changes = models.JSONField("变更", default=dict)
    reason = models.CharField("说明", max_length=500, blank=True)
    ip = models.GenericIPAddressField("来源地址", null=True)

    class Meta:
        verbose_name = "操作日志"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["kind", "object_id"], name="audit_of_object")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_label} {self.action} {self.label}"
