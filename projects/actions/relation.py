"""How projects descend from one another: renamed, split, restarted, shared across districts (handbook §10.4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from accounts import audit
from accounts.choices import Role
from accounts.models import Unit, User
from common.db import save_versioned
from common.errors import DomainError, NotAllowed
from common.text import quoted
from projects.actions.people import assign
from projects.actions.project import edit_project, register_project
from projects.actions.stage import end_project
from projects.choices import Duty, Stage, Status
from projects.models import Assignment, DistrictShare, Milestone, Project, ProjectRelation
from projects.reconcile import reconcile

INHERITED = (
    "owner_name", "owner", "category", "industry_code", "industry_label", "chain", "level", "approval_type",
    "construction_nature", "funding_nature", "is_attraction", "is_livelihood", "location", "region_code", "content",
    "fund_source", "new_land", "has_building", "eia_kind", "high_risk", "bid_required", "planned_start_from",
    "planned_start_to", "planned_start_precision", "planned_completion_from", "planned_completion_to",
    "planned_completion_precision", "planned_production_from", "planned_production_to", "planned_production_precision",
)  # fmt: skip
LIVED = (
    "planned_at", "reserved_at", "actual_start_date", "permit_date", "construction_at", "completed_on",
    "reporting_since", "national_code",
)  # fmt: skip
NODE_FACTS = ("is_applicable", "is_tracked", "start_on", "due_on", "baseline_due_on", "begun_on", "done_on", "duration")


@dataclass(frozen=True)
class Part:
    """One child of a split; `total` in 万元."""

    name: str
    total: Decimal
    lead_unit: Unit


@transaction.atomic
def rename_project(*, project: Project, name: str, reason: str, by: User, version: int) -> Project:
    """更名: the old name stays searchable; imports match by code first."""
    if not reason.strip():
        raise DomainError("更名须填写依据。")
    if " ".join(name.split()) == project.name:
        raise DomainError("新名称与现名称相同。")
    return edit_project(project=project, by=by, version=version, name=name, reason=f"更名：{reason}")


@transaction.atomic
def split_project(
    *, project: Project, parts: Sequence[Part], reason: str, by: User, today: date, version: int
) -> list[Project]:
    """拆分: the parts take over from the project, which ends and stays as their origin; it is in no total any more.

    The totals must agree to the 元 (rule split.reconcile). Raises DomainError, NotAllowed, StaleVersion.
    """
    if not by.has_role(Role.ADMIN):
        raise NotAllowed("拆分由发改局办理，您的账号不能提交。")
    if len(parts) < 2:
        raise DomainError("拆分至少要有两个子项。")
    if not reason.strip():
        raise DomainError("拆分须填写依据（批准文件或会议纪要）。")
    if project.total_investment is None:
        raise DomainError("母项没有总投资，无法对账，请先补填。")
    if sentence := reconcile(project.total_investment, (part.total for part in parts)).sentence:
        raise DomainError(sentence)
    save_versioned(project, version=version)
    children = [_child(project, part, by) for part in parts]
    end_project(project=project, by=by, today=today, note=f"拆分为{len(parts)}个子项：{reason}")
    ProjectRelation.objects.bulk_create(
        ProjectRelation(source=project, target=child, kind=ProjectRelation.Kind.SPLIT) for child in children
    )
    names = "、".join(child.name for child in children)
    audit.record(by=by, action="拆分项目", subject=project, changes={"子项": ["", names]}, reason=reason)
    return children


def _child(parent: Project, part: Part, by: User) -> Project:
    """A project where its parent stands: same stage and dates, its nodes as far as they are done, its people."""
    fields = {name: getattr(parent, name) for name in (*INHERITED, *LIVED)}
    sub_no = Project.objects.filter(national_code=parent.national_code).aggregate(n=Max("sub_no"))["n"]
    child = register_project(
        by=by,
        lead_unit=part.lead_unit,
        name=part.name,
        stage=parent.stage,
        status=parent.status,
        since=parent.stage_since,
        note=f"由{quoted(parent.name)}拆分",
        total_investment=part.total,
        sub_no=(sub_no or 0) + 1 if parent.national_code else 0,
        co_units=parent.co_units.all(),
        **fields,
    )
    known = {node.code: node for node in parent.milestones.all()}
    nodes = [node for node in child.milestones.all() if node.code in known]
    for node in nodes:
        for fact in NODE_FACTS:
            setattr(node, fact, getattr(known[node.code], fact))
    Milestone.objects.bulk_update(nodes, NODE_FACTS)
    for term in Assignment.objects.filter(project=parent, ends_on__isnull=True).exclude(duty=Duty.LEAD_UNIT):
        holder = {"user": term.user, "name": term.name, "unit": term.unit}
        assign(project=child, duty=term.duty, starts_on=term.starts_on, by=by, **holder)
    return child


def is_followed(project: Project) -> bool:
    """Whether another project has taken this one up already: split, merged or restarted."""
    return ProjectRelation.objects.filter(source=project).exclude(kind=ProjectRelation.Kind.REPLACE).exists()


@transaction.atomic
def restart_project(*, project: Project, name: str, reason: str, by: User, today: date) -> Project:
    """重启: what has ended never comes back; a new project in 谋划 takes it up and says where it comes from."""
    if project.status not in (Status.WITHDRAWN, Status.TERMINATED):
        raise DomainError("只有退库或终止的项目可以重启。")
    if not reason.strip():
        raise DomainError("重启须填写依据。")
    if is_followed(project):
        raise DomainError("这个项目已经拆分、合并或重启过，请在后续项目中办理。")
    fresh = register_project(
        by=by,
        lead_unit=project.lead_unit,
        name=name,
        stage=Stage.PLANNING,
        since=today,
        note=f"重启{quoted(project.name)}：{reason}"[:500],
        total_investment=project.total_investment,
        restarted_from=project,
        co_units=project.co_units.all(),
        **{field: getattr(project, field) for field in INHERITED if not field.startswith("planned_")},
    )
    ProjectRelation.objects.create(source=project, target=fresh, kind=ProjectRelation.Kind.RESTART)
    audit.record(by=by, action="重启项目", subject=project, changes={"新项目": ["", fresh.name]}, reason=reason)
    return fresh


@transaction.atomic
def set_district_shares(
    *, project: Project, shares: Sequence[tuple[str, Decimal]], by: User, version: int, reason: str = ""
) -> None:
    """跨区分摊: (district, percent), this district first; none of them means that the project lies wholly here.

    The parts must make 100 %. Raises DomainError, StaleVersion.
    """
    names = [name.strip() for name, _ in shares]
    if not all(names):
        raise DomainError("行政区的名称不能为空。")
    if twice := [name for name in names if names.count(name) > 1]:
        raise DomainError(f"“{twice[0]}”填了 {len(twice)} 行，每个行政区只填一行。")
    if shares and (total := sum(percent for _, percent in shares)) != 100:
        raise DomainError(f"各区份额合计应为 100%，现为 {total}%。")
    before = _words(project.district_shares.all())
    save_versioned(project, version=version)
    project.district_shares.all().delete()
    made = DistrictShare.objects.bulk_create(
        DistrictShare(project=project, district=name.strip(), percent=percent, is_own=not position)
        for position, (name, percent) in enumerate(shares)
    )
    audit.record(by=by, action="跨区分摊", subject=project, changes={"份额": [before, _words(made)]}, reason=reason)


def _words(shares) -> str:
    return "、".join(f"{share.district} {share.percent.normalize():f}%" for share in shares)
