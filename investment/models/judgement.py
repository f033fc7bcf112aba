"""How every project stands now, kept so that boards need not judge all of them again for each page (ADR 0007).

Written only by investment.actions.judging; read through investment.judged. Rows of `Unjudged` are written by the
database itself (investment.marking), in the transaction that changes what a light depends on.
"""

from django.db import models
from django.db.models import F

from common.fields import MoneyField
from common.lights import Light
from investment.choices import FundCause


def _light(label: str) -> models.CharField:
    return models.CharField(label, max_length=8, choices=Light.choices)


class Judgement(models.Model):
    """The columns of investment.actions.judging.live of a project, by `JudgedBy`. The project may be gone: rows are
    found from projects only."""

    project = models.OneToOneField(
        "projects.Project", models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="judgement"
    )
    target = MoneyField("年度计划投资（万元）", null=True)
    plan_end_month = models.PositiveSmallIntegerField("计划结束月", null=True)
    completed_to_date = MoneyField("本年完成（万元）", null=True)
    due_yuan = models.BigIntegerField(null=True)
    due_scale = models.BigIntegerField(null=True)
    due_part = models.BigIntegerField(null=True)
    due_whole = models.BigIntegerField(null=True)
    month_done = MoneyField("当月完成（万元）", null=True)
    month_yuan = models.BigIntegerField(null=True)
    month_scale = models.BigIntegerField(null=True)
    told_months = models.PositiveSmallIntegerField("两年内填报月数")
    best_sum = models.BigIntegerField("最好三个月合计（元）")
    last_sum = models.BigIntegerField("最近三个月合计（元）")
    light_progress = _light("进度")
    light_start = _light("开工")
    light_node = _light("节点")
    light_stat = _light("纳统")
    light_fund = _light("资金")
    light_report = _light("填报")
    fund_cause = models.CharField("资金红灯原因", max_length=10, choices=FundCause.choices, null=True)  # noqa: DJ001
    light = _light("状态灯")
    light_rank = models.PositiveSmallIntegerField("灯序")
    next_node_name = models.CharField("下一节点", max_length=100, null=True)  # noqa: DJ001
    next_node_due = models.DateField("下一节点日期", null=True)
    overdue_since = models.DateField("最早逾期", null=True)

    class Meta:
        verbose_name = "现时评定"
        indexes = [
            models.Index(F("light_rank").desc(), F("overdue_since"), F("project").desc(), name="judgement_worst")
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.get_light_display()}"


class Unjudged(models.Model):
    """A project whose judgement may be out of date. A log without keys: writers never wait for each other here."""

    project = models.BigIntegerField("项目", db_column="project_id", db_index=True)

    class Meta:
        verbose_name = "待评定"

    def __str__(self) -> str:
        return str(self.project)


class JudgedBy(models.Model):
    """By what all judgements were made: day, month, rules, calendar, settings. One row, or none before the first.
    `mark` is another one, never seen before, whenever a judgement was made anew."""

    by = models.TextField("依据")
    mark = models.TextField("印记", default="")

    class Meta:
        verbose_name = "评定依据"

    def __str__(self) -> str:
        return self.by
