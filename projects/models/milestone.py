"""Key nodes, their templates, their evidence."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from projects.choices import ApprovalType, DayType, WallColumn
from projects.models.project import Project
from projects.querysets import EvidenceQuerySet, MilestoneQuerySet


class MilestoneTemplate(models.Model):
    """One node of the standard schedule per 管理方式 (handbook §2.1). All of it may be edited by administrators."""

    approval_type = models.CharField("管理方式", max_length=20, choices=ApprovalType.choices)
    code = models.CharField("节点代码", max_length=6)
    name = models.CharField("节点", max_length=40)
    order = models.PositiveIntegerField("排序")
    wall_column = models.CharField("挂图列", max_length=30, choices=WallColumn.choices)
    duration = models.PositiveIntegerField("时长")
    day_type = models.CharField("计日方式", max_length=2, choices=DayType.choices, default=DayType.WORKDAY)
    deps = models.JSONField("前置节点", default=list)
    department = models.CharField("牵头部门", max_length=40, blank=True)
    legal_limit = models.CharField("法定或通行上限", max_length=60, blank=True)
    evidence_code = models.CharField("证据", max_length=30, blank=True)
    applies_when = models.CharField("适用条件", max_length=30, blank=True)  # a name in projects.gates.CONDITIONS

    class Meta:
        verbose_name = "节点模板"
        ordering = ["approval_type", "order"]
        constraints = [models.UniqueConstraint(fields=["approval_type", "code"], name="template_node_once")]

    def __str__(self) -> str:
        return f"{self.get_approval_type_display()} {self.code} {self.name}"


class Milestone(models.Model):
    """关键节点 of one project. Due dates come from backward scheduling; the first ones stay as baseline.

    `is_tracked` is False for nodes that lie before the stage in which the project was first loaded (decisions §8).
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="milestones")
    code = models.CharField("节点代码", max_length=6)
    name = models.CharField("节点", max_length=40)
    order = models.PositiveIntegerField()
    wall_column = models.CharField("挂图列", max_length=30, choices=WallColumn.choices)
    duration = models.PositiveIntegerField("时长")
    day_type = models.CharField("计日方式", max_length=2, choices=DayType.choices, default=DayType.WORKDAY)
    deps = models.JSONField("前置节点", default=list)
    department = models.CharField("牵头部门", max_length=40, blank=True)
    evidence_code = models.CharField("证据", max_length=30, blank=True)
    is_applicable = models.BooleanField("适用", default=True)
    is_tracked = models.BooleanField("跟踪", default=True)
    is_critical = models.BooleanField("关键路径", default=False)
    float_workdays = models.IntegerField("总浮动（工作日）", null=True)
    start_on = models.DateField("最迟启动", null=True)
    due_on = models.DateField("计划完成", null=True)
    baseline_due_on = models.DateField("首次计划完成", null=True)
    forecast_on = models.DateField("预计完成", null=True)
    begun_on = models.DateField("实际启动", null=True)
    done_on = models.DateField("实际完成", null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    blocker = models.CharField("卡点", max_length=300, blank=True)
    accepted_conditionally_until = models.DateField("容缺受理至", null=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = "关键节点"
        ordering = ["project_id", "order"]
        constraints = [models.UniqueConstraint(fields=["project", "code"], name="milestone_once_per_project")]
        indexes = [
            models.Index(
                fields=["due_on", "project"],
                condition=Q(done_on__isnull=True, is_applicable=True, is_tracked=True),
                name="milestone_open_by_due",
            ),
            models.Index(
                fields=["project", "due_on"],
                condition=Q(done_on__isnull=True, is_applicable=True, is_tracked=True),
                name="milestone_open_of_project",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Replan(models.Model):
    """A change of the schedule: from which target to which, why, and every moved due date (ux P3)."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="replans")
    at = models.DateTimeField("时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField("理由", max_length=500, blank=True)
    target_before = models.DateField("原目标", null=True)
    target_after = models.DateField("新目标")
    moved = models.JSONField("变动", default=list)  # [{code, name, before, after}]

    class Meta:
        verbose_name = "计划调整"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.project} {self.target_before}→{self.target_after}"


class Evidence(models.Model):
    """要件: one paper that a gate asks for, with its number or file (handbook §1.3). Withdrawn, never deleted."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="evidence")
    code = models.CharField("要件", max_length=30)
    document_no = models.CharField("文号", max_length=80, blank=True)
    issued_by = models.CharField("出具单位", max_length=80, blank=True)
    issued_on = models.DateField("出具日期", null=True, blank=True)
    valid_until = models.DateField("有效期至", null=True, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)
    file = models.ForeignKey("accounts.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    milestone = models.ForeignKey(Milestone, on_delete=models.SET_NULL, null=True, related_name="evidence")
    supplied_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    supplied_at = models.DateTimeField("提交时间")
    withdrawn_at = models.DateTimeField("撤回时间", null=True)
    withdrawn_reason = models.CharField("撤回理由", max_length=300, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = "要件"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["project", "code"], name="evidence_of_project")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(document_no="") | Q(file__isnull=False), name="evidence_has_number_or_file"
            )
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.code}"


class ClockPause(models.Model):
    """停表: days of expert review, public notice or supplementing that do not count (行政许可法45条)."""

    milestone = models.ForeignKey(Milestone, on_delete=models.CASCADE, related_name="pauses")
    from_on = models.DateField("起")
    to_on = models.DateField("止")
    reason = models.CharField("事由", max_length=100)

    class Meta:
        verbose_name = "停表"
        constraints = [
            models.CheckConstraint(condition=Q(to_on__gte=models.F("from_on")), name="pause_ends_after_start")
        ]

    def __str__(self) -> str:
        return f"{self.milestone} {self.from_on}–{self.to_on}"
