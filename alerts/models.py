"""What holds (Alert), who is owed a word (AlertNotice), what leaves the house (Mail), which jobs ran (JobRun).

The database is the only record of an obligation; queues and clocks only wake somebody to look at it (decisions §18).
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from alerts.choices import Channel, Level, MailState, NoticeState, Severity
from alerts.querysets import AlertQuerySet, MailQuerySet, NoticeQuerySet


class Alert(models.Model):
    """One episode of a condition: opened when it first held, updated in place, closed when it no longer holds."""

    rule = models.CharField("规则", max_length=40)
    subject = models.CharField("对象", max_length=80)  # "milestone:12", "report:7:2026-11"
    project = models.ForeignKey(
        "projects.Project", verbose_name="项目", on_delete=models.CASCADE, null=True, related_name="alerts"
    )
    unit = models.ForeignKey("accounts.Unit", verbose_name="责任单位", on_delete=models.PROTECT, null=True)
    severity = models.CharField("级别", max_length=10, choices=Severity.choices)
    level = models.IntegerField("督办级别", choices=Level.choices, default=Level.NONE)
    level_since = models.DateField("进入现级别日期")
    title = models.CharField("事项", max_length=200)
    detail = models.CharField("情况", max_length=300, blank=True)
    path = models.CharField("页面", max_length=200)  # where it is dealt with, inside the site
    facts = models.JSONField("依据", default=dict)
    due_on = models.DateField("期限", null=True)
    opened_on = models.DateField("发现日期")
    checked_on = models.DateField("最近核对")
    closed_at = models.DateTimeField("销号时间", null=True)
    closed_reason = models.CharField("销号依据", max_length=200, blank=True)
    acknowledged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    acknowledged_at = models.DateTimeField("知悉时间", null=True)
    measure = models.CharField("措施", max_length=500, blank=True)
    promised_on = models.DateField("承诺完成", null=True)
    floor = models.IntegerField("不低于级别", choices=Level.choices, default=Level.NONE)  # urgent: raised by a person
    urged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    urged_at = models.DateTimeField("提级时间", null=True)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = "预警"
        ordering = ["severity", "-level", "due_on", "pk"]  # red before yellow
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "subject"], condition=Q(closed_at__isnull=True), name="alert_one_open_episode"
            )
        ]
        indexes = [models.Index(fields=["project", "closed_at"], name="alert_of_project")]

    def __str__(self) -> str:
        return self.title


class LadderStep(models.Model):
    """A rung that an alert reached, once: by the calendar, or raised by a person. Papers (督办单、约谈) point here."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="steps")
    level = models.IntegerField("督办级别", choices=Level.choices)
    on = models.DateField("日期")
    at = models.DateTimeField("时间")
    detail = models.CharField("当时情况", max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField("提级理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "督办升级"
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["alert", "level"], name="step_once_per_level")]

    def __str__(self) -> str:
        return f"{self.alert} {self.get_level_display()}"


class AlertNotice(models.Model):
    """A word owed to a person about an alert. `window` decides repetition: the same window is told once."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="notices")
    severity = models.CharField("级别", max_length=10, choices=Severity.choices)
    window = models.CharField("时窗", max_length=40)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="alert_notices"
    )
    recipient_key = models.CharField(max_length=80)  # "user:5", "name:某某", "nobody"
    because = models.CharField("因您是", max_length=40)
    is_current = models.BooleanField("仍负责", default=True)  # False once the duty passed to somebody else
    state = models.CharField("状态", max_length=20, choices=NoticeState.choices, default=NoticeState.PENDING)
    is_urgent = models.BooleanField("即时", default=False)  # a new red, a step up, an assignment, a mention
    why_not = models.CharField("未发送原因", max_length=60, blank=True)
    mail = models.ForeignKey("Mail", on_delete=models.PROTECT, null=True, related_name="notices")
    created_at = models.DateTimeField("时间")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "通知"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["alert", "severity", "window", "recipient_key"], name="notice_once_per_window"
            )
        ]
        indexes = [
            models.Index(fields=["recipient"], condition=Q(state=NoticeState.PENDING), name="notice_waiting_for_mail")
        ]

    def __str__(self) -> str:
        return f"{self.alert} → {self.recipient_key}"

    @property
    def recipient_label(self) -> str:
        """The person's name, with or without an account."""
        if self.recipient:
            return self.recipient.full_name
        return "（无人负责）" if self.recipient_key == "nobody" else self.recipient_key.removeprefix("name:")


class Mail(models.Model):
    """One mail: composed once (frozen), claimed with a lease, sent, marked. The Message-ID never changes."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mails")
    channel = models.CharField("渠道", max_length=10, choices=Channel.choices, default=Channel.EMAIL)
    address = models.CharField("地址", max_length=300)
    business_date = models.DateField("业务日期")
    kind = models.CharField("类别", max_length=30)
    subject = models.CharField("主题", max_length=200)
    text = models.TextField("正文")
    html = models.TextField("网页正文")
    state = models.CharField("状态", max_length=12, choices=MailState.choices, default=MailState.PENDING)
    message_id = models.CharField(max_length=120, unique=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField("尝试次数", default=0)
    next_try_at = models.DateTimeField("下次发送")
    last_error = models.CharField("最近错误", max_length=500, blank=True)
    refused = models.BooleanField("地址被拒收", default=False)  # for good: somebody must correct it
    failing_since = models.DateTimeField("开始失败时间", null=True)
    created_at = models.DateTimeField("生成时间")
    sent_at = models.DateTimeField("发送时间", null=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = "邮件"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "business_date", "kind", "channel"], name="mail_one_per_person_and_day"
            )
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state=MailState.PENDING), name="mail_due_for_sending")
        ]

    def __str__(self) -> str:
        return self.subject


class Preference(models.Model):
    """What a person wants by mail. Duty alerts, steps up the ladder and mentions are not for choosing."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="alert_preference")
    mail_hour = models.PositiveSmallIntegerField("每天几点起", null=True)  # None: the site's hour
    wants_instant = models.BooleanField("新红灯即时发送", default=True)
    push_address = models.CharField("消息推送地址", max_length=300, blank=True)  # besides e-mail
    muted = models.JSONField("不发邮件的类型", default=list)  # codes of rules
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "提醒设置"

    def __str__(self) -> str:
        return f"{self.user} 的提醒设置"


class JobRun(models.Model):
    """A job of a business date: the unique row decides who runs it; a late, doubled or dead beat does no harm."""

    job = models.CharField("任务", max_length=40)
    business_date = models.DateField("业务日期")
    started_at = models.DateTimeField("开始")
    lease_until = models.DateTimeField("占用至")
    finished_at = models.DateTimeField("完成", null=True)
    result = models.CharField("结果", max_length=300, blank=True)
    error = models.CharField("错误", max_length=500, blank=True)

    class Meta:
        verbose_name = "任务运行"
        ordering = ["-business_date", "-pk"]
        constraints = [models.UniqueConstraint(fields=["job", "business_date"], name="jobrun_once_a_day")]

    def __str__(self) -> str:
        return f"{self.job} {self.business_date}"
