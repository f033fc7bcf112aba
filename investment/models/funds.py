"""State funds: programmes, what projects ask of them, and the money on its way, as dated rows."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django_fsm import ConcurrentTransitionMixin, FSMField, transition

from common.fields import MoneyField
from investment.choices import AmountKind, FundKind, FundState
from investment.querysets.funds import FundApplicationQuerySet, FundProgrammeQuerySet

S = FundState


class FundProgramme(models.Model):
    """申报批次 of a kind of funds: until when, for what, under which conditions (handbook §4.1). Empty lists set no
    condition; `industries` are prefixes of GB/T 4754 codes."""

    kind = models.CharField("资金类型", max_length=16, choices=FundKind.choices)
    name = models.CharField("名称", max_length=120)
    year = models.PositiveIntegerField("年度")
    batch = models.CharField("批次", max_length=40, blank=True)
    document_no = models.CharField("文号", max_length=80, blank=True)
    direction = models.CharField("支持方向", max_length=300, blank=True)
    open_from = models.DateField("申报开始", null=True, blank=True)
    deadline = models.DateField("区内截止", null=True, blank=True)
    start_by = models.DateField("开工期限", null=True, blank=True)
    quota = MoneyField("额度（万元）", null=True, blank=True)
    most_percent = models.PositiveIntegerField("最高支持比例（%）", null=True, blank=True)
    least_total = MoneyField("最低总投资（万元）", null=True, blank=True)
    industries = models.JSONField("行业", default=list, blank=True)
    stages = models.JSONField("阶段", default=list, blank=True)
    levels = models.JSONField("级别", default=list, blank=True)
    note = models.CharField("说明", max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = FundProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = "资金批次"
        ordering = ["-year", "deadline", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["year", "kind", "name"], name="programme_name_once_a_year"),
            models.CheckConstraint(
                condition=Q(most_percent__isnull=True) | Q(most_percent__gte=1, most_percent__lte=100),
                name="programme_percent_of_hundred",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.year}年{self.batch}）"


class FundApplication(ConcurrentTransitionMixin, models.Model):
    """What a project asks of a programme (handbook §4.2). `applied` is what the form says now; what was asked,
    approved, issued, received, paid and spent are sums of FundAmount."""

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="fund_applications")
    programme = models.ForeignKey(FundProgramme, on_delete=models.PROTECT, related_name="applications")
    state = FSMField("状态", max_length=12, choices=S.choices, default=S.DRAFT, protected=True)
    applied = MoneyField("申报金额（万元）")
    matching = MoneyField("配套资金（万元）", null=True, blank=True)
    usage = models.CharField("资金用途", max_length=500)
    unit_person = models.CharField("日常监管责任人（项目单位）", max_length=40, blank=True)
    regulator_person = models.CharField("监管责任人（主管部门）", max_length=40, blank=True)
    target = models.CharField("绩效目标", max_length=300, blank=True)
    score = models.PositiveIntegerField("绩效得分", null=True, blank=True)
    duplicate_note = models.CharField("与其他中央资金不重复的说明", max_length=300, blank=True)
    times_returned = models.PositiveIntegerField("退回次数", default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField("登记时间")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = FundApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = "资金申报"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "programme"], name="application_once_per_programme"),
            models.CheckConstraint(condition=Q(state__in=S.values), name="application_state_known"),
            models.CheckConstraint(condition=Q(applied__gt=0), name="application_asks_for_something"),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.programme.name}"

    @transition(state, source=[S.DRAFT, S.RETURNED], target=S.SUBMITTED)
    def submit(self) -> None:
        """申报."""

    @transition(state, source=S.SUBMITTED, target=S.REVIEWED)
    def review(self) -> None:
        """区级审核通过."""

    @transition(state, source=S.REVIEWED, target=S.REPORTED)
    def report(self) -> None:
        """报上级."""

    @transition(state, source=S.REPORTED, target=S.APPROVED)
    def approve(self) -> None:
        """通过（入围）."""

    @transition(state, source=S.APPROVED, target=S.ISSUED)
    def issue(self) -> None:
        """资金计划下达."""

    @transition(state, source=S.ISSUED, target=S.RECEIVED)
    def receive(self) -> None:
        """到位（国库、专户）."""

    @transition(state, source=S.RECEIVED, target=S.PAID)
    def pay(self) -> None:
        """拨付项目单位."""

    @transition(state, source=S.PAID, target=S.SPENT)
    def spend(self) -> None:
        """形成支出."""

    @transition(state, source=S.SPENT, target=S.EVALUATED)
    def evaluate(self) -> None:
        """绩效评价."""

    @transition(state, source=[S.SUBMITTED, S.REVIEWED, S.REPORTED], target=S.RETURNED)
    def send_back(self) -> None:
        """退回补正."""
        self.times_returned += 1

    @transition(state, source=[S.SUBMITTED, S.REVIEWED, S.REPORTED], target=S.REJECTED)
    def reject(self) -> None:
        """未获批."""

    @transition(state, source=[S.APPROVED, S.ISSUED, S.RECEIVED], target=S.ADJUSTED)
    def adjust(self) -> None:
        """调出: the plan goes to another project."""

    @transition(state, source=[S.RECEIVED, S.PAID, S.SPENT], target=S.CLAWED_BACK)
    def claw_back(self) -> None:
        """收回."""


class FundAmount(models.Model):
    """One dated amount with its paper, append-only. A mistake is corrected by a second row that quotes the first."""

    application = models.ForeignKey(FundApplication, on_delete=models.CASCADE, related_name="amounts")
    kind = models.CharField("事项", max_length=10, choices=AmountKind.choices)
    amount = MoneyField("金额（万元）")
    on = models.DateField("日期")
    document_no = models.CharField("文号或凭证号", max_length=80, blank=True)
    file = models.ForeignKey("accounts.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField("说明", max_length=300, blank=True)
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections")
    at = models.DateTimeField("登记时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "资金流水"
        ordering = ["on", "pk"]
        indexes = [models.Index(fields=["kind", "on"], name="fundamount_by_kind")]
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="fundamount_says_something"),
            models.CheckConstraint(
                condition=Q(amount__gt=0) | Q(corrects__isnull=False), name="fundamount_negative_quotes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.get_kind_display()} {self.amount}"


class FundStep(models.Model):
    """One step of an application, append-only, with the paper it rests on."""

    application = models.ForeignKey(FundApplication, on_delete=models.CASCADE, related_name="steps")
    step = models.CharField("事项", max_length=20)
    on = models.DateField("日期")
    document_no = models.CharField("文号", max_length=80, blank=True)
    note = models.CharField("说明", max_length=500, blank=True)
    at = models.DateTimeField("登记时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "资金申报记录"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.application} {self.step}"
