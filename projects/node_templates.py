"""The default node table (handbook §2.1), seeded into `MilestoneTemplate` and edited by administrators afterwards."""

from projects.choices import ApprovalType, Stage, WallColumn

_W = WallColumn
_ALL = (ApprovalType.APPROVAL, ApprovalType.RATIFY, ApprovalType.RECORD)
_GOV = (ApprovalType.APPROVAL,)

# code, name, wall column, duration, day type, deps, department, legal limit, evidence, condition, approval types
NODES = (
    ("N01", "立项（建议书、核准、备案）", _W.PROJECT_APPROVAL, 5, "WD", (), "发改局", "核准20个工作日", "", "", _ALL),
    ("N02", "用地预审与选址意见书", _W.SITE_SELECTION, 10, "WD", ("N01",), "自然资源局", "20个工作日", "", "", _ALL),
    ("N06", "节能审查", _W.PROJECT_APPROVAL, 10, "WD", ("N01",), "发改局", "", "ENERGY", "energy", _ALL),
    ("N03", "可研批复", _W.PROJECT_APPROVAL, 10, "WD", ("N02", "N06"), "发改局", "地方承诺", "FEASIBILITY", "", _GOV),
    ("N04", "环评批复", _W.ENVIRONMENTAL_ASSESSMENT, 20, "WD", ("N01", "N03"), "生态环境局", "报告书60日、报告表30日",
     "EIA", "eia", _ALL),
    ("N05", "水保方案", _W.ENVIRONMENTAL_ASSESSMENT, 10, "WD", ("N01", "N03"), "水利局", "", "WATER_SOIL",
     "soil", _ALL),
    ("N07", "供地与用地规划许可", _W.LAND_APPROVAL, 10, "WD", ("N02", "N03"), "自然资源局", "许可20个工作日", "LAND",
     "new_land", _ALL),
    ("N07a", "征地拆迁", _W.LAND_ACQUISITION, 90, "CD", ("N02",), "征收办", "预公告10个工作日、安置公告30日", "",
     "new_land", _ALL),
    ("N08", "初步设计及概算批复", _W.CONSTRUCTION_DESIGN, 15, "WD", ("N03",), "发改局", "地方承诺", "PRELIM_DESIGN", "",
     _GOV),
    ("N09", "建设工程规划许可证", _W.CONSTRUCTION_PERMIT, 10, "WD", ("N02", "N07", "N08"), "自然资源局", "20个工作日",
     "PROJ_PLAN_PERMIT", "building", _ALL),
    ("N10", "施工图审查", _W.CONSTRUCTION_DESIGN, 10, "WD", ("N02", "N08"), "住建局", "大型15个工作日", "DRAWING",
     "building_permit", _ALL),
    ("N11", "招投标", _W.TENDERING, 25, "WD", ("N02", "N08"), "建设单位", "发出至截止20日以上", "BID", "bid", _ALL),
    ("N12", "施工许可证", _W.CONSTRUCTION_PERMIT, 5, "WD", ("N09", "N10", "N11"), "住建局", "7日",
     "CONSTRUCTION_PERMIT",
     "building_permit", _ALL),
    ("N14", "安全设施设计审查", _W.SAFETY_ASSESSMENT, 20, "WD", ("N01", "N03"), "应急管理局", "20个工作日", "SAFETY",
     "high_risk", _ALL),
    ("N13", "开工", _W.COMMENCEMENT, 0, "WD", ("N12", "N09", "N07", "N04", "N05", "N07a", "N14"), "建设单位",
     "领证3个月内", "COMMENCE_EVIDENCE", "", _ALL),
    ("N15", "主体封顶（完工）", _W.COMPLETION, 240, "WD", ("N13",), "建设单位", "按合同", "", "", _ALL),
    ("N16", "竣工验收", _W.COMPLETION, 20, "WD", ("N15",), "建设单位", "消防验收15个工作日", "ACCEPTANCE", "", _ALL),
    ("N17", "投产（交付使用）", _W.PRODUCTION, 0, "WD", ("N16",), "建设单位", "", "", "", _ALL),
)  # fmt: skip

START_NODE, PRODUCTION_NODE = "N13", "N17"
TARGET_NODE = {"start": START_NODE, "production": PRODUCTION_NODE}
AFTER_START = ("N15", "N16", "N17")
N01_BY_TYPE = {  # name, duration, evidence: 备案即时, 核准20个工作日 (673号令)
    ApprovalType.APPROVAL: ("项目建议书批复", 5, ""),
    ApprovalType.RATIFY: ("项目核准", 20, "RATIFY_DOC"),
    ApprovalType.RECORD: ("项目备案", 1, "RECORD_DOC"),
}


def template_rows() -> list[dict]:
    """One row per approval type and node, as fields of MilestoneTemplate. Deps may name nodes a type does not have:
    their successors then inherit the predecessors (decisions §8)."""
    rows = []
    for order, (code, name, column, duration, day_type, deps, unit, limit, evidence, when, types) in enumerate(
        NODES, 1
    ):
        for kind in types:
            row_name, row_duration, row_evidence = name, duration, evidence
            if code == "N01":
                row_name, row_duration, row_evidence = N01_BY_TYPE[kind]
            rows.append(
                {
                    "approval_type": kind,
                    "code": code,
                    "name": row_name,
                    "order": order * 10,
                    "wall_column": column,
                    "duration": row_duration,
                    "day_type": day_type,
                    "deps": list(deps),
                    "department": unit,
                    "legal_limit": limit,
                    "evidence_code": row_evidence,
                    "applies_when": when,
                }
            )
    return rows


def lies_before(code: str, first_stage: str) -> bool:
    """Whether a node lies before the stage in which a project was first loaded: then it is 未跟踪, not red."""
    if first_stage == Stage.PRODUCTION:
        return True
    return Stage(first_stage).order >= Stage.COMMENCED.order and code not in AFTER_START
