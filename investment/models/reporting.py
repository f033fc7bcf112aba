"""What was done month by month."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from common.fields import MoneyField
from common.periods import Period
from investment.choices import EntryState
from investment.querysets import MonthlyEntryQuerySet


class MonthlyEntry(models.Model):
    """本月完成投资, one row per month: `completed` as dispatched by the platform (调度数), `statistics` as reported to
    the statistics bureau (统计数), never mixed (handbook §0.3). No row is not zero (handbook §10.8).

    `covers_from` is set on an opening figure from a list: it holds the year's total from that month on. A negative
    figure quotes the month that it corrects, with the reason (handbook §10.3).

    `year_to_date` is the year's sum through this month and holds until `until_month`, the month before the next
    figure: kept by actions.to_date in the transaction that changes a figure, proven by `manage.py check_integrity`.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="monthly_entries")
    year = models.PositiveIntegerField("年")
    month = models.PositiveIntegerField("月")
    completed = MoneyField("本月完成投资（万元）")
    statistics = MoneyField("统计数（万元）", null=True, blank=True)
    works = MoneyField("建筑安装工程（万元）", null=True, blank=True)
    equipment = MoneyField("设备工器具购置（万元）", null=True, blank=True)
    other_costs = MoneyField("其他费用（万元）", null=True, blank=True)
    covers_from = models.PositiveIntegerField("含自几月起", null=True, blank=True)
    corrects_year = models.PositiveIntegerField("更正哪一年", null=True, blank=True)
    corrects_month = models.PositiveIntegerField("更正哪个月", null=True, blank=True)
    note = models.CharField("说明", max_length=500, blank=True)
    state = models.CharField("状态", max_length=12, choices=EntryState.choices, default=EntryState.SUBMITTED)
    late_workdays = models.PositiveIntegerField("迟报工作日", default=0)
    times_returned = models.PositiveIntegerField("退回次数", default=0)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reported_at = models.DateTimeField("报送时间")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField("审核时间", null=True, blank=True)
    decision_note = models.CharField("审核意见", max_length=500, blank=True)
    year_to_date = MoneyField("自年初累计（万元）", null=True, editable=False)
    until_month = models.PositiveIntegerField("累计有效至几月", default=0, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = MonthlyEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "月度完成"
        ordering = ["year", "month"]
        constraints = [
            models.UniqueConstraint(fields=["project", "year", "month"], name="monthlyentry_one_per_month"),
            models.CheckConstraint(condition=Q(month__gte=1, month__lte=12), name="monthlyentry_month_in_year"),
            models.CheckConstraint(
                condition=Q(completed__gte=0)
                | Q(corrects_year__isnull=False, corrects_month__gte=1, corrects_month__lte=12) & ~Q(note=""),
                name="monthlyentry_negative_quotes",
            ),
            models.CheckConstraint(
                condition=Q(works__isnull=True, equipment__isnull=True, other_costs__isnull=True)
                | Q(
                    works__isnull=False,
                    equipment__isnull=False,
                    other_costs__isnull=False,
                    completed=F("works") + F("equipment") + F("other_costs"),
                ),
                name="monthlyentry_composition_adds_up",
            ),
        ]
        indexes = [
            models.Index(fields=["year", "until_month"], name="monthlyentry_holding"),
            models.Index(fields=["year", "month", "project", "state"], name="monthlyentry_of_month"),
            models.Index(fields=["reported_at"], name="monthlyentry_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.year}-{self.month:02d}"

    @property
    def corrects(self) -> Period | None:
        """The month that a negative figure corrects."""
        return Period(self.corrects_year, self.corrects_month) if self.corrects_year else None


class OpeningBalance(models.Model):
    """上年末累计: what had been invested in a project before `year` began, where the platform has no months of it."""

    project = models.OneToOneField("projects.Project", on_delete=models.CASCADE, related_name="opening_balance")
    year = models.PositiveIntegerField("年")
    amount = MoneyField("上年末累计完成（万元）")
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "上年末累计"
        constraints = [models.CheckConstraint(condition=Q(amount__gte=0), name="openingbalance_not_negative")]

    def __str__(self) -> str:
        return f"{self.project} {self.year}年以前"


class MonthUnlock(models.Model):
    """A locked month of a project opened again by the bureau, through `until`; kept for good."""

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="month_unlocks")
    year = models.PositiveIntegerField("年")
    month = models.PositiveIntegerField("月")
    until = models.DateField("开放至")
    reason = models.CharField("理由", max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("解锁时间")

    class Meta:
        verbose_name = "月份解锁"
        ordering = ["-at"]
        indexes = [models.Index(fields=["project", "year", "month"], name="monthunlock_of_month")]

    def __str__(self) -> str:
        return f"{self.project} {self.year}-{self.month:02d} 解锁"


class ReportDraft(models.Model):
    """What somebody has typed into the month's grid and not yet sent: {project pk: {field: text}}."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="report_drafts")
    year = models.PositiveIntegerField("年")
    month = models.PositiveIntegerField("月")
    rows = models.JSONField("草稿", default=dict)
    saved_at = models.DateTimeField("保存时间")

    class Meta:
        verbose_name = "填报草稿"
        constraints = [models.UniqueConstraint(fields=["user", "year", "month"], name="reportdraft_one_per_month")]

    def __str__(self) -> str:
        return f"{self.user} {self.year}-{self.month:02d} 草稿"


class ReportReminder(models.Model):
    """A unit was asked for the figures it still owes for a month; once a day."""

    unit = models.ForeignKey("accounts.Unit", on_delete=models.CASCADE, related_name="report_reminders")
    year = models.PositiveIntegerField("年")
    month = models.PositiveIntegerField("月")
    on = models.DateField("催报日期")
    owed = models.PositiveIntegerField("欠报项目数")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "催报"
        ordering = ["-on"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "year", "month", "on"], name="reportreminder_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.year}-{self.month:02d} 催报"
