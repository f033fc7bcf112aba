"""入库纳统: a project's entry into the investment statistics, and what happened on the way."""

from datetime import date

from django.conf import settings
from django.db import models
from django_fsm import ConcurrentTransitionMixin, FSMField, transition

from common.fields import MoneyField
from investment.choices import EnrolmentState, EntryKind, ExcuseState, ExitReason, UnenrolledReason


class StatisticsEnrolment(ConcurrentTransitionMixin, models.Model):
    """入库纳统 of a project (handbook §3.4), one row; no row means that nothing was done yet.

    Moved only by `investment.actions.enrolment`. `entered_on` and `exited_on` are facts of the statistics bureau.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="enrolments")
    kind = models.CharField("统计类别", max_length=12, choices=EntryKind.choices, default=EntryKind.PROJECT)
    state = FSMField(
        "入库状态",
        max_length=16,
        choices=EnrolmentState.choices,
        default=EnrolmentState.NOT_SUBMITTED,
        protected=True,
    )
    code = models.CharField("统计项目代码", max_length=40, blank=True)
    total = MoneyField("统计口径计划总投资（万元）", null=True, blank=True)
    submitted_on = models.DateField("申报日期", null=True, blank=True)
    returned_on = models.DateField("退回日期", null=True, blank=True)
    times_returned = models.PositiveIntegerField("退回次数", default=0)
    entered_on = models.DateField("入库日期", null=True, blank=True)
    exited_on = models.DateField("退库日期", null=True, blank=True)
    exit_reason = models.CharField("退库原因", max_length=12, choices=ExitReason.choices, blank=True)
    reason = models.CharField("未纳统原因", max_length=12, choices=UnenrolledReason.choices, blank=True)
    reason_note = models.CharField("原因说明", max_length=300, blank=True)
    excuse = models.CharField("理由审核", max_length=10, choices=ExcuseState.choices, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "入库纳统"
        constraints = [
            models.UniqueConstraint(fields=["project"], name="enrolment_once_per_project"),
            models.CheckConstraint(condition=models.Q(state__in=EnrolmentState.values), name="enrolment_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.get_state_display()}"

    @transition(
        state,
        source=[EnrolmentState.NOT_SUBMITTED, EnrolmentState.RETURNED, EnrolmentState.EXITED],
        target=EnrolmentState.SUBMITTED,
    )
    def submit(self, on: date) -> None:
        """申报."""
        self.submitted_on = on

    @transition(state, source=EnrolmentState.SUBMITTED, target=EnrolmentState.RETURNED)
    def send_back(self, on: date) -> None:
        """退回: the papers were not good enough."""
        self.returned_on = on
        self.times_returned += 1

    @transition(state, source=EnrolmentState.SUBMITTED, target=EnrolmentState.ENTERED)
    def enter(self, on: date) -> None:
        """入库; what happened before an earlier exit stands in the log."""
        self.entered_on = on
        self.exited_on, self.exit_reason = None, ""

    @transition(state, source=EnrolmentState.ENTERED, target=EnrolmentState.EXITED)
    def leave(self, on: date) -> None:
        """退库."""
        self.exited_on = on


class EnrolmentEvent(models.Model):
    """One step on the way into the statistics, append-only: applied, returned, entered, left, reasons."""

    enrolment = models.ForeignKey(StatisticsEnrolment, on_delete=models.CASCADE, related_name="events")
    step = models.CharField("事项", max_length=20)
    on = models.DateField("发生日期")
    note = models.CharField("说明", max_length=500, blank=True)
    at = models.DateTimeField("登记时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "纳统记录"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.enrolment.project} {self.step}"
