"""The project: what it is, where it stands, what it aims at."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django_fsm import ConcurrentTransitionMixin, FSMField, transition

from common.fields import MoneyField
from projects import lifecycle
from projects.choices import (
    ApprovalType,
    Category,
    ConstructionNature,
    EiaKind,
    FundingNature,
    Level,
    Precision,
    Stage,
    Status,
    TargetKind,
    WithdrawReason,
)
from projects.querysets import ProjectQuerySet


class Enterprise(models.Model):
    """企业（项目业主、投资方）, known by its 统一社会信用代码 where there is one."""

    name = models.CharField("企业名称", max_length=120)
    uscc = models.CharField("统一社会信用代码", max_length=18, null=True, blank=True, unique=True)

    class Meta:
        verbose_name = "企业"

    def __str__(self) -> str:
        return self.name


class IndustryChain(models.Model):
    """主导产业链."""

    name = models.CharField("产业链", max_length=40, unique=True)
    order = models.PositiveIntegerField("排序", default=100)
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = "产业链"
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


class Project(ConcurrentTransitionMixin, models.Model):
    """重大项目 (handbook §1, §8.6). Written only by `projects.actions`; stage and status move only through their FSM.

    Planned dates are kept as from/to/precision, judged by `to`; the first planned ones stay as baseline (§10.15).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField("项目编号", max_length=40, unique=True)
    name = models.CharField("项目名称", max_length=200)
    name_key = models.CharField(max_length=200, db_index=True, editable=False)
    name_search = models.CharField(max_length=600, blank=True, editable=False)
    former_names = models.CharField("曾用名", max_length=400, blank=True)
    national_code = models.CharField("项目代码", max_length=30, blank=True)
    sub_no = models.PositiveIntegerField("子项目序号", default=0)

    stage = FSMField("阶段", max_length=20, choices=Stage.choices, default=Stage.PLANNING, protected=True)
    status = FSMField("状态", max_length=20, choices=Status.choices, default=Status.NORMAL, protected=True)
    stage_since = models.DateField("进入现阶段日期")
    status_reason = models.CharField("状态说明", max_length=500, blank=True)
    status_since = models.DateField("状态起始日期", null=True, blank=True)
    withdraw_reason = models.CharField("退库原因", max_length=20, choices=WithdrawReason.choices, blank=True)
    resume_expected_on = models.DateField("预计复工日期", null=True, blank=True)
    first_stage = models.CharField(max_length=20, choices=Stage.choices, default=Stage.PLANNING, editable=False)

    lead_unit = models.ForeignKey(
        "accounts.Unit", verbose_name="责任单位", on_delete=models.PROTECT, related_name="led_projects"
    )
    co_units = models.ManyToManyField("accounts.Unit", verbose_name="协办单位", blank=True, related_name="+")
    owner_name = models.CharField("建设单位", max_length=120, blank=True)
    owner = models.ForeignKey(
        Enterprise, verbose_name="企业", on_delete=models.PROTECT, null=True, blank=True, related_name="projects"
    )
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    restarted_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    category = models.CharField("项目类别", max_length=20, choices=Category.choices, blank=True)
    industry_code = models.CharField("行业代码", max_length=5, blank=True)
    industry_label = models.CharField("行业（原表）", max_length=100, blank=True)
    chain = models.ForeignKey(
        IndustryChain, verbose_name="产业链", on_delete=models.PROTECT, null=True, blank=True, related_name="projects"
    )
    level = models.CharField("级别", max_length=20, choices=Level.choices, default=Level.DISTRICT)
    approval_type = models.CharField(
        "管理方式", max_length=20, choices=ApprovalType.choices, default=ApprovalType.RECORD
    )
    construction_nature = models.CharField(
        "建设性质", max_length=20, choices=ConstructionNature.choices, default=ConstructionNature.NEW
    )
    funding_nature = models.CharField("资金性质", max_length=20, choices=FundingNature.choices, blank=True)
    is_attraction = models.BooleanField("招商引资项目", default=False)
    is_livelihood = models.BooleanField("民生实事项目", default=False)

    location = models.CharField("建设地点", max_length=200, blank=True)
    region_code = models.CharField("行政区划代码", max_length=12, blank=True)
    content = models.TextField("建设内容与规模", max_length=4000, blank=True)
    total_investment = MoneyField("总投资（万元）", null=True, blank=True)
    fund_source = models.CharField("资金来源", max_length=200, blank=True)

    new_land = models.BooleanField("新增用地", default=False)
    has_building = models.BooleanField("有房建市政工程", default=True)
    floor_area = models.DecimalField("建筑面积（㎡）", max_digits=14, decimal_places=2, null=True, blank=True)
    works_cost = MoneyField("工程投资额（万元）", null=True, blank=True)
    eia_kind = models.CharField("环评", max_length=10, choices=EiaKind.choices, default=EiaKind.REQUIRED)
    energy_tce = models.DecimalField("年综合能耗（吨标准煤）", max_digits=12, decimal_places=2, default=0)
    power_wkwh = models.DecimalField("年用电（万千瓦时）", max_digits=12, decimal_places=2, default=0)
    high_risk = models.BooleanField("高危行业", default=False)
    bid_required = models.BooleanField("依法必须招标", default=False)
    soil_ha = models.DecimalField("占地（公顷）", max_digits=12, decimal_places=4, default=0)
    earthwork_m3 = models.DecimalField("土石方（立方米）", max_digits=14, decimal_places=2, default=0)

    planned_start_from = models.DateField("计划开工（起）", null=True, blank=True)
    planned_start_to = models.DateField("计划开工", null=True, blank=True)
    planned_start_precision = models.CharField(max_length=12, choices=Precision.choices, blank=True)
    baseline_start_to = models.DateField("首次计划开工", null=True, blank=True, editable=False)
    planned_completion_from = models.DateField("计划竣工（起）", null=True, blank=True)
    planned_completion_to = models.DateField("计划竣工", null=True, blank=True)
    planned_completion_precision = models.CharField(max_length=12, choices=Precision.choices, blank=True)
    baseline_completion_to = models.DateField("首次计划竣工", null=True, blank=True, editable=False)
    planned_production_from = models.DateField("计划投产（起）", null=True, blank=True)
    planned_production_to = models.DateField("计划投产", null=True, blank=True)
    planned_production_precision = models.CharField(max_length=12, choices=Precision.choices, blank=True)
    baseline_production_to = models.DateField("首次计划投产", null=True, blank=True, editable=False)
    start_excuse = models.CharField("未按期开工的批准理由", max_length=200, blank=True)

    planned_at = models.DateField("谋划日期", null=True, blank=True)
    reserved_at = models.DateField("入库日期", null=True, blank=True)
    actual_start_date = models.DateField("实际开工日期", null=True, blank=True)
    permit_date = models.DateField("施工许可日期", null=True, blank=True)
    construction_at = models.DateField("转建设日期", null=True, blank=True)
    completed_on = models.DateField("竣工日期", null=True, blank=True)
    production_date = models.DateField("投产日期", null=True, blank=True)
    closed_on = models.DateField("办结日期", null=True, blank=True)
    reporting_since = models.DateField("月报起始月", null=True, blank=True, editable=False)

    target_kind = models.CharField("倒排目标", max_length=12, choices=TargetKind.choices, blank=True)
    target_on = models.DateField("目标日期", null=True, blank=True)
    baseline_target_on = models.DateField("首次目标日期", null=True, blank=True, editable=False)

    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField("登记时间")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    updated_at = models.DateTimeField("更新时间")

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "项目"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["national_code", "sub_no"], condition=~Q(national_code=""), name="project_code_once"
            ),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="project_stage_known"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="project_status_known"),
            models.CheckConstraint(
                condition=Q(total_investment__isnull=True) | Q(total_investment__gte=0),
                name="project_total_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(completed_on__isnull=True)
                | Q(actual_start_date__isnull=True)
                | Q(completed_on__gte=F("actual_start_date")),
                name="project_completed_after_start",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "stage"], name="project_by_stage"),
            models.Index(fields=["lead_unit", "status"], name="project_by_unit"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("projects:project_detail", args=[self.pk])

    @property
    def state(self) -> str:
        """What people call its condition (lifecycle.state_of)."""
        return lifecycle.state_of(
            stage=self.stage, status=self.status, completed_on=self.completed_on, closed_on=self.closed_on
        )

    @property
    def resume_state(self) -> str | None:
        """The state kept beneath a suspension."""
        if self.status != Status.SUSPENDED:
            return None
        return lifecycle.state_of(
            stage=self.stage, status=Status.NORMAL, completed_on=self.completed_on, closed_on=self.closed_on
        )

    @property
    def state_label(self) -> str:
        return lifecycle.STATE_LABELS[self.state]

    def open_edges(self) -> list[lifecycle.Edge]:
        """Edges that lead on from here."""
        return lifecycle.edges_from(self.state, resume_state=self.resume_state)

    # The machine itself. Called only by projects.actions.stage, which asks the gates first and records the change.
    # Gates are not conditions here: they must name what is missing, and conditions can only say no.

    @transition(stage, source=Stage.PLANNING, target=Stage.RESERVE)
    def admit_to_reserve(self, on: date) -> None:
        """谋划 → 储备."""
        self.reserved_at = on

    @transition(stage, source=Stage.RESERVE, target=Stage.PLANNING)
    def send_back(self, on: date) -> None:
        """储备 → 谋划: not mature enough."""
        self.reserved_at = None

    @transition(stage, source=Stage.RESERVE, target=Stage.COMMENCED)
    def commence(self, on: date) -> None:
        """储备 → 开工."""
        self.actual_start_date = on
        self.reporting_since = on.replace(day=1)

    @transition(stage, source=Stage.COMMENCED, target=Stage.CONSTRUCTION)
    def enter_construction(self, on: date) -> None:
        """开工 → 建设."""
        self.construction_at = on

    @transition(stage, source=Stage.CONSTRUCTION, target=Stage.PRODUCTION)
    def commission(self, on: date) -> None:
        """建设（含竣工）→ 投产."""
        self.production_date = on

    @transition(status, source=Status.NORMAL, target=Status.SUSPENDED)
    def suspend(self, on: date) -> None:
        """暂停: the stage stays."""

    @transition(status, source=Status.SUSPENDED, target=Status.NORMAL)
    def resume(self, on: date) -> None:
        """复工: back to the stage that was kept."""
        self.resume_expected_on = None

    @transition(status, source=[Status.NORMAL, Status.SUSPENDED], target=Status.WITHDRAWN)
    def withdraw(self, on: date) -> None:
        """退库: final; a restart is a new project."""

    @transition(status, source=[Status.NORMAL, Status.SUSPENDED], target=Status.TERMINATED)
    def terminate(self, on: date) -> None:
        """终止: final; a restart is a new project."""

    def complete(self, on: date) -> None:
        """竣工: a dated fact within 建设."""
        self.completed_on = on

    def close(self, on: date) -> None:
        """办结（达产）: a dated fact within 投产."""
        self.closed_on = on


class ProjectRelation(models.Model):
    """How projects descend from one another (handbook §10.4)."""

    class Kind(models.TextChoices):
        SPLIT = "split", "拆分"
        MERGE = "merge", "合并"
        REPLACE = "replace", "替代"
        RESTART = "restart", "重启"

    source = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="relations_out")
    target = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="relations_in")
    kind = models.CharField("关系", max_length=10, choices=Kind.choices)

    class Meta:
        verbose_name = "项目关系"
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "kind"], name="relation_once"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="relation_not_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.get_kind_display()} {self.target}"
