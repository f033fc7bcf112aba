"""What each stage demands, as a table (handbook §1.3; order and conditions: vectors.md §6).

A demand is SQL, so one table answers for a single project (`read_gate`) and for the whole wall (`with_demands`),
and the board of missing papers cannot disagree with the button that refuses.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, Value, When
from django.db.models.expressions import Combinable
from django.db.models.lookups import GreaterThan

from common.db import exists_in, rows_of, total_of
from projects.choices import ApprovalType, Category, Duty, EiaKind, Status
from projects.lifecycle import COMMENCED, COMPLETED, CONSTRUCTION, PRODUCTION, RESERVE

PRODUCTIVE = (Category.INDUSTRY, Category.AGRICULTURE)

# When a paper (or a node) applies to a project: a Q, or a function of the model that gives one. Used by the demands
# here and by the node templates; upper floors register theirs at start-up (`register_condition`).
CONDITIONS: dict[str, Q | Callable[[Any], Q]] = {
    "": Q(),
    "approval": Q(approval_type=ApprovalType.APPROVAL),
    "ratify": Q(approval_type=ApprovalType.RATIFY),
    "record": Q(approval_type=ApprovalType.RECORD),
    "new_land": Q(new_land=True),
    "building": Q(has_building=True),
    # 限额: at or below either limit no construction permit is needed (handbook §11 permit_limit)
    "building_permit": Q(has_building=True)
    & (Q(floor_area__isnull=True) | Q(floor_area__gt=300))
    & (Q(works_cost__isnull=True) | Q(works_cost__gt=Decimal(30))),
    "eia": ~Q(eia_kind=EiaKind.EXEMPT),
    "energy": Q(energy_tce__gte=1000) | Q(power_wkwh__gte=500),
    "high_risk": Q(high_risk=True),
    "soil": Q(soil_ha__gte=Decimal("0.5")) | Q(earthwork_m3__gte=1000),
    "bid": Q(bid_required=True),
    "productive": Q(category__in=PRODUCTIVE),
    "not_productive": ~Q(category__in=PRODUCTIVE),
    "productive_risky": Q(category__in=PRODUCTIVE, high_risk=True),
}


def register_condition(name: str, condition: Callable[[Any], Q]) -> None:
    """Add a condition (from AppConfig.ready)."""
    CONDITIONS[name] = condition


def condition_of(name: str, model: Any) -> Q:
    """When the condition `name` holds of rows of `model`."""
    condition = CONDITIONS[name]
    return condition if isinstance(condition, Q) else condition(model)


BASIC_FIELDS = (  # BASIC_INFO: field, what it is called, how SQL says that it is there
    ("content", "建设内容与规模", ~Q(content="")),
    ("location", "建设地点", ~Q(location="")),
    ("total_investment", "总投资", Q(total_investment__gt=0)),
    ("fund_source", "资金来源", ~Q(fund_source="")),
    ("industry_code", "行业代码", ~Q(industry_code="")),
    ("planned_start_to", "计划开工", Q(planned_start_to__isnull=False)),
    ("planned_completion_to", "计划竣工", Q(planned_completion_to__isnull=False)),
)

Holds = Callable[[Any, date], Combinable | Q]


@dataclass(frozen=True)
class Demand:
    """One thing a gate asks for. `when` names a condition; `place` says where on the site it is supplied;
    `waivable_node` is the node whose 容缺受理 may stand in for the paper (permits never: decisions §7)."""

    code: str
    label: str
    holds: Holds
    when: str = ""
    place: str = "evidence"
    waivable_node: str = ""


def paper(code: str) -> Holds:
    """A valid piece of evidence with this code."""
    return lambda model, today: Exists(rows_of(model.evidence, code=code).valid(today))


def facts(*conditions: Q) -> Holds:
    """The project's own fields say so."""
    combined = Q()
    for condition in conditions:
        combined &= condition
    return lambda model, today: combined


def assigned(duty: Duty) -> Holds:
    """Somebody holds this duty today."""
    return lambda model, today: Exists(rows_of(model.assignments, duty=duty).in_force(today))


def _no_lookalike(model: Any, today: date) -> Combinable:
    twins = model._default_manager.filter(name_key=OuterRef("name_key")).exclude(pk=OuterRef("pk"))
    return ~Exists(twins.exclude(status__in=[Status.WITHDRAWN, Status.TERMINATED])) | paper("DEDUP_OK")(model, today)


def _site_photo(model: Any, today: date) -> Combinable:
    return exists_in(model.attachments, report__isnull=False, file__content_type__startswith="image/")


def _plan_of_the_year(model: Any, today: date) -> Combinable:
    return exists_in(model.annual_plans, year=today.year, target__gt=0)


def _money_spent(model: Any, today: date) -> Combinable:
    return GreaterThan(total_of(model.monthly_entries, "completed"), 0)


def _in_statistics(model: Any, today: date) -> Combinable:
    entered = exists_in(model.enrolments, state__in=["submitted", "entered", "exited"])
    return entered | paper("STAT_ENTRY")(model, today)


def papers(*rows: tuple[str, ...]) -> tuple[Demand, ...]:
    """Demands for papers: (code, label, condition[, node whose 容缺受理 may stand in])."""
    return tuple(
        Demand(code, label, paper(code), when, waivable_node=node[0] if node else "")
        for code, label, when, *node in rows
    )


DEMANDS: dict[str, tuple[Demand, ...]] = {
    RESERVE: (
        Demand("BASIC_INFO", "基本信息", facts(*(q for *_, q in BASIC_FIELDS)), place="edit"),
        *papers(
            ("PROPOSAL", "项目谋划书、项目建议书或可研初稿", ""),
            ("POLICY_FIT", "产业政策、规划、环保准入符合性说明", ""),
            ("SITE_IDEA", "拟选址意见", ""),
        ),
        Demand("DEDUP_OK", "查重", _no_lookalike),
        *papers(("REVIEW_MINUTES", "入库评审意见", "")),
    ),
    COMMENCED: (
        Demand("PROJECT_CODE", "项目代码", facts(~Q(national_code="")), place="edit"),
        *papers(
            ("FEASIBILITY", "可行性研究报告批复", "approval"),
            ("PRELIM_DESIGN", "初步设计及概算批复", "approval"),
            ("RATIFY_DOC", "核准文件", "ratify"),
            ("RECORD_DOC", "备案证明", "record"),
            ("LAND", "用地批准、出让合同或划拨决定书", "new_land"),
            ("LAND_PLAN_PERMIT", "建设用地规划许可证", "new_land"),
            ("PROJ_PLAN_PERMIT", "建设工程规划许可证", "building"),
            ("EIA", "环评批复或备案回执", "eia"),
            ("ENERGY", "节能审查意见", "energy"),
            ("SAFETY", "安全条件（设施设计）审查", "high_risk"),
            ("WATER_SOIL", "水土保持方案批复或承诺", "soil", "N05"),
            ("DRAWING", "施工图审查合格书", "building_permit", "N10"),
            ("BID", "中标通知书或合同", "bid"),
            ("CONSTRUCTION_PERMIT", "施工许可证", "building_permit"),
            ("FUNDS", "资金落实证明", ""),
            ("COMMENCE_EVIDENCE", "开工报告（开工令）、水印照片、施工合同", ""),
        ),
    ),
    CONSTRUCTION: (
        Demand("SITE_PHOTO", "首份形象进度照片", _site_photo, place="report"),
        Demand("YEAR_PLAN", "当年投资计划", _plan_of_the_year, place="plan"),
        Demand("MONEY_SPENT", "累计完成投资大于0", _money_spent, place="report"),
        Demand("STEWARD", "项目管家", assigned(Duty.STEWARD), place="people"),
        Demand("TASK_FORCE", "项目专班", assigned(Duty.TASK_FORCE), place="people"),
        Demand("STAT_ENTRY", "入库纳统申请或入库通知", _in_statistics, "in_statistics"),
    ),
    COMPLETED: papers(
        ("ACCEPTANCE", "五方竣工验收意见", ""),
        ("FIRE_ACCEPTANCE", "消防验收（备案）", "building"),
        ("PLAN_VERIFICATION", "规划核实与土地核验", "building"),
        ("ARCHIVE", "工程档案验收", "building"),
        ("ACCEPTANCE_RECORD", "竣工验收备案表", "building"),
    ),
    PRODUCTION: papers(
        ("TRIAL_RUN", "试生产（试运行）报告", "productive"),
        ("FIRST_OUTPUT", "首批产品、首张发票或用电量证明", "productive"),
        ("DISCHARGE_PERMIT", "排污许可证或登记回执", "productive"),
        ("SAFETY_ACCEPTANCE", "安全设施竣工验收", "productive_risky"),
        ("ENVIRONMENT_ACCEPTANCE", "环境保护自主验收", "productive"),
        ("HANDOVER", "移交（交付使用）证明", "not_productive"),
    ),
}
STAGE_GATES = tuple(DEMANDS)
EVIDENCE_LABELS = {d.code: d.label for demands in DEMANDS.values() for d in demands if d.place == "evidence"}
PAPER_TABS: dict[str, str] = {}  # code of a paper → URL name of the project's tab that asks for it


def register_papers(gate: str, url_name: str, demands: tuple[Demand, ...]) -> None:
    """Add a checklist beside the stage gates (from AppConfig.ready); its papers are shown on the tab `url_name`."""
    DEMANDS[gate] = demands
    for demand in demands:
        if demand.place == "evidence" and demand.code not in EVIDENCE_LABELS:
            EVIDENCE_LABELS[demand.code] = demand.label
            PAPER_TABS[demand.code] = url_name


@dataclass(frozen=True)
class GateItem:
    """One line of the stage dialog."""

    demand: Demand
    held: bool
    waived: bool
    detail: str = ""

    @property
    def ok(self) -> bool:
        return self.held or self.waived


@dataclass(frozen=True)
class GateReport:
    """What a gate asks of a project: only demands that apply, in the order of the table."""

    items: tuple[GateItem, ...]

    @property
    def missing(self) -> list[GateItem]:
        return [item for item in self.items if not item.ok]

    @property
    def waived(self) -> list[GateItem]:
        return [item for item in self.items if item.waived and not item.held]

    @property
    def ok(self) -> bool:
        return not self.missing


def as_flag(condition: Q | Combinable) -> Case | Value:
    """A boolean column that is never NULL."""
    if isinstance(condition, Q) and not condition:
        return Value(True)
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def flags_of(demand: Demand, model: Any, today: date) -> dict[str, Any]:
    """The three columns of one demand: need_CODE, has_CODE, waived_CODE."""
    waived: Any = Value(False)
    if demand.waivable_node:
        waived = exists_in(
            model.milestones, code=demand.waivable_node, accepted_conditionally_until__gte=today, done_on__isnull=True
        )
    return {
        f"need_{demand.code}": as_flag(condition_of(demand.when, model)),
        f"has_{demand.code}": as_flag(demand.holds(model, today)),
        f"waived_{demand.code}": waived,
    }


def read_gate(project: Any, gate: str, today: date) -> GateReport:
    """What `gate` asks of the *saved* project: one query. `gate` is a key of DEMANDS, or "" (asks nothing)."""
    demands = DEMANDS.get(gate, ())
    if not demands:
        return GateReport(())
    row = type(project)._default_manager.filter(pk=project.pk).with_demands(gate, today).get()
    return GateReport(
        tuple(
            GateItem(d, getattr(row, f"has_{d.code}"), getattr(row, f"waived_{d.code}"), _detail(d, row))
            for d in demands
            if getattr(row, f"need_{d.code}")
        )
    )


def _detail(demand: Demand, row: Any) -> str:
    if demand.code != "BASIC_INFO":
        return ""
    lacking = [label for field, label, _ in BASIC_FIELDS if not getattr(row, field)]
    return "缺：" + "、".join(lacking) if lacking else ""
