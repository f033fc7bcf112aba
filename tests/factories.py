"""Projects for tests, made by the real actions."""

from datetime import date
from decimal import Decimal
from itertools import count

from accounts.models import Unit
from investment.models import LagCause
from projects.actions import register_project, supply_evidence
from projects.choices import Category, Precision
from projects.gates import DEMANDS
from projects.models import MilestoneTemplate, Project
from projects.node_templates import template_rows

_serial = count(1)


def seed_templates() -> None:
    """The node table, once."""
    if not MilestoneTemplate.objects.exists():
        MilestoneTemplate.objects.bulk_create(MilestoneTemplate(**row) for row in template_rows())


def make_project(unit: Unit, **fields) -> Project:
    """A project of the unit with complete basic information; override any field, e.g. stage="commenced"."""
    seed_templates()
    values = {
        "name": f"测试项目{next(_serial)}号",
        "content": "新建厂房2万平方米",
        "location": "云岭经济开发区",
        "total_investment": Decimal(12000),
        "fund_source": "企业自筹",
        "industry_code": "C3985",
        "category": Category.INDUSTRY,
        "planned_start_from": date(2027, 3, 1),
        "planned_start_to": date(2027, 3, 31),
        "planned_start_precision": Precision.MONTH,
        "planned_completion_from": date(2028, 12, 1),
        "planned_completion_to": date(2028, 12, 31),
        "planned_completion_precision": Precision.MONTH,
        **fields,
    }
    return register_project(by=None, lead_unit=unit, **values)


def lag_cause(name: str = "资金不到位") -> LagCause:
    """A cause of lag of the dictionary."""
    return LagCause.objects.get_or_create(name=name)[0]


def supply_all(project: Project, gate: str) -> None:
    """Every paper that a gate may ask for."""
    for demand in DEMANDS[gate]:
        if demand.place == "evidence":
            supply_evidence(project=project, code=demand.code, by=None, document_no="云发改〔2026〕1号")
