"""Choices of the alerts floor."""

from django.db.models import IntegerChoices, TextChoices


class Severity(TextChoices):
    """How bad an alert is."""

    YELLOW = "yellow", "黄"
    RED = "red", "红"


class Level(IntegerChoices):
    """督办升级 by working days overdue (handbook §6.2, decisions §10)."""

    NONE = 0, "正常"
    REMIND = 1, "提醒"
    SUPERVISE = 2, "督办"
    INTERVIEW = 3, "约谈"
    BULLETIN = 4, "通报"


class NoticeState(TextChoices):
    """What became of a notice. Conservation: created = sent + pending + dead + suppressed + undeliverable."""

    PENDING = "pending", "待发送"
    SENT = "sent", "已发送"
    SUPPRESSED = "suppressed", "未发送（不再需要）"
    UNDELIVERABLE = "undeliverable", "无法送达"
    DEAD = "dead", "发送失败"


class MailState(TextChoices):
    """State of a mail in the outbox."""

    PENDING = "pending", "待发送"
    SENT = "sent", "已发送"
    DEAD = "dead", "发送失败"
    CANCELLED = "cancelled", "已取消"


class Channel(TextChoices):
    """Ways out of the house."""

    EMAIL = "email", "邮件"
    PUSH = "push", "消息推送"


class Audience(TextChoices):
    """Who is told. The label completes “因您是…”."""

    OFFICIAL = "official", "责任人"
    STEWARD = "steward", "项目管家"
    UNIT = "unit", "责任单位填报员"
    HEAD = "head", "责任单位负责人"
    LEADER = "leader", "包联领导"
    TASK_FORCE = "task_force", "专班成员"
    SUPERVISOR = "supervisor", "督查员"
    BUREAU = "bureau", "发改管理员"
    PERSON = "person", "当事人"
    NOBODY = "nobody", "（无人负责）"
