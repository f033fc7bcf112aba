"""Two records beside each other, for a person to say whether they are one project."""

from common.dates import label as date_label
from common.money import wan_column
from projects.choices import Precision
from projects.models import Project


def side_by_side(one: Project, other: Project) -> list[dict]:
    """[{label, one, other, same}] of what tells projects apart, and of what would move."""
    rows = []
    for label, tell in _TOLD:
        first, second = tell(one), tell(other)
        rows.append({"label": label, "one": first, "other": second, "same": first == second})
    return rows


def _planned(project: Project, name: str) -> str:
    first, last = getattr(project, f"{name}_from"), getattr(project, f"{name}_to")
    return date_label(first or last, last, getattr(project, f"{name}_precision") or Precision.DAY) if last else ""


_TOLD = (
    ("项目名称", lambda p: p.name),
    ("项目编号", lambda p: p.number),
    ("项目代码", lambda p: p.national_code),
    ("责任单位", lambda p: p.lead_unit.label),
    ("建设单位", lambda p: p.owner_name),
    ("阶段", lambda p: p.state_label),
    ("建设地点", lambda p: p.location),
    ("总投资（万元）", lambda p: wan_column(p.total_investment) if p.total_investment is not None else ""),
    ("计划开工", lambda p: _planned(p, "planned_start")),
    ("计划竣工", lambda p: _planned(p, "planned_completion")),
    ("登记时间", lambda p: f"{p.created_at:%Y-%m-%d}"),
    ("进展填报", lambda p: f"{p.reports.count()} 条"),
    ("已完成节点", lambda p: f"{p.milestones.filter(done_on__isnull=False).count()} 个"),
)
