"""What 入库纳统 and each kind of state funds ask for on paper: checklists beside the stage gates (handbook §3.4, §4.1).

They are demands like those of the gates: one table answers for a project and for a list, and papers that a gate has
seen already count here too.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Q
from django.db.models.expressions import Combinable

from common.db import exists_in
from investment.choices import FundKind
from projects.gates import Demand, facts, paper, papers

ENROLMENT = "enrolment"
APPROVAL = papers(
    ("FEASIBILITY", "可行性研究报告批复", "approval"),
    ("RATIFY_DOC", "核准文件", "ratify"),
    ("RECORD_DOC", "备案证明", "record"),
)

READY = (Demand("PROJECT_CODE", "项目代码", facts(~Q(national_code="")), place="edit"), *APPROVAL)
FUNDS_TAB = "investment:project_funds"


def fund_gate(kind: str) -> str:
    """The checklist of a kind of funds."""
    return f"fund_{kind}"


def _site_photo(model: Any, today: date) -> Combinable:
    reported = exists_in(model.attachments, report__isnull=False, file__content_type__startswith="image/")
    return reported | paper("STAT_PHOTO")(model, today)


CHECKLISTS: dict[str, tuple[str, tuple[Demand, ...]]] = {  # gate → tab, demands
    ENROLMENT: (
        "investment:project_enrolment",
        (
            *APPROVAL,
            *papers(
                ("CONSTRUCTION_PERMIT", "施工许可证", "building_permit"),
                ("STAT_CONTRACT", "施工合同（设备合同、发票）", ""),
            ),
            Demand("STAT_PHOTO", "带时间、地点、项目名的现场照片", _site_photo),
            *papers(
                ("STAT_LICENCE", "营业执照（统一社会信用代码证书）", ""),
                ("STAT_FORM", "项目入库申请表", ""),
            ),
        ),
    ),
    # Funds: what makes an application mature. 一案两书 for bonds; 政府投资不得由施工单位垫资 (政府投资条例 22条).
    fund_gate(FundKind.CENTRAL_BUDGET): (
        FUNDS_TAB,
        (
            *READY,
            *papers(
                ("NATIONAL_LIBRARY", "国家重大建设项目库编号", ""),
                ("FUND_REPORT", "资金申请报告", ""),
                ("NO_ADVANCE", "施工单位不垫资承诺", "approval"),
            ),
        ),
    ),
    fund_gate(FundKind.SPECIAL_BOND): (
        FUNDS_TAB,
        (
            *READY,
            *papers(
                ("BOND_PLAN", "专项债券实施方案", ""),
                ("BOND_FINANCE", "财务评估报告", ""),
                ("BOND_LEGAL", "法律意见书", ""),
                ("NO_ADVANCE", "施工单位不垫资承诺", "approval"),
            ),
        ),
    ),
    fund_gate(FundKind.ULTRA_LONG_BOND): (
        FUNDS_TAB,
        (
            *READY,
            *papers(
                ("NATIONAL_LIBRARY", "国家重大建设项目库编号", ""),
                ("FUND_REPORT", "资金申请报告", ""),
                ("ULTRA_FIELD", "“两重”“两新”领域符合性说明", ""),
            ),
        ),
    ),
    **{
        fund_gate(kind): (FUNDS_TAB, (*READY, *papers(("FUND_REPORT", "资金申请报告", ""))))
        for kind in (FundKind.PROVINCIAL, FundKind.MUNICIPAL, FundKind.DISTRICT, FundKind.POLICY_BANK)
    },
}


def registered() -> Iterator[tuple[str, str, tuple[Demand, ...]]]:
    """(gate, tab, demands) of every checklist."""
    return ((gate, tab, demands) for gate, (tab, demands) in CHECKLISTS.items())
