"""Choices of the ingest floor."""

from django.db.models import TextChoices


class Step(TextChoices):
    """The six steps of the wizard, in order."""

    UPLOAD = "upload", "上传"
    SHEETS = "sheets", "选表与表头"
    COLUMNS = "columns", "列对应"
    VALUES = "values", "值对应"
    PREVIEW = "preview", "预检"
    RECEIPT = "receipt", "结果"


class Writes(TextChoices):
    """Which of the good rows a person wants written."""

    BOTH = "both", "新增并更新"
    NEW = "new", "只新增"
    CHANGED = "changed", "只更新"


class Verdict(TextChoices):
    """What becomes of a row."""

    REFUSED = "refused", "需改正"
    NEW = "new", "新增"
    CHANGED = "changed", "更新"
    UNCHANGED = "unchanged", "无变化"
    SKIPPED = "skipped", "跳过"
