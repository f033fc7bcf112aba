"""The few tables without a domain: work calendar, site settings, versioned rule sets."""

from datetime import date

from django.db import models


class CalendarDay(models.Model):
    """A day on which the official calendar departs from Mon–Fri, as announced by the State Council each year.

    Maintained by administrators; it wins over every library (decisions §25).
    """

    date = models.DateField("日期", unique=True)
    is_workday = models.BooleanField("是否上班")
    name = models.CharField("说明", max_length=40, help_text="例如：国庆节放假、春节调休上班")
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    class Meta:
        verbose_name = "工作日历"
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class SiteSetting(models.Model):
    """One named setting of the site, as JSON. Defaults live in `common.settings.DEFAULTS`."""

    key = models.CharField("名称", max_length=60, primary_key=True)
    value = models.JSONField("值")
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    class Meta:
        verbose_name = "系统参数"

    def __str__(self) -> str:
        return self.key


class RuleSetQuerySet(models.QuerySet):
    """Versions of rules."""

    def in_force(self, code: str, day: date) -> "RuleSet | None":
        """The newest published version of `code` that is effective on `day`; None before the first."""
        published = self.filter(code=code, is_draft=False, effective_from__lte=day)
        return published.order_by("-effective_from", "-version").first()

    def draft(self, code: str) -> "RuleSet | None":
        """The version being worked on; there is at most one."""
        return self.filter(code=code, is_draft=True).first()


class RuleSet(models.Model):
    """A version of a set of thresholds. History is judged by the version then in force (handbook §11).

    What is published never changes; a draft is edited by its `revision` (the lock) until it is.
    """

    code = models.CharField("规则", max_length=40)
    version = models.PositiveIntegerField("版本")
    effective_from = models.DateField("生效日期")
    values = models.JSONField("阈值", default=dict)
    note = models.CharField("说明", max_length=200, blank=True)
    is_draft = models.BooleanField("草稿", default=False)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects = RuleSetQuerySet.as_manager()

    class Meta:
        verbose_name = "规则版本"
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="ruleset_one_row_per_version"),
            models.UniqueConstraint(fields=["code"], condition=models.Q(is_draft=True), name="ruleset_one_draft"),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"
