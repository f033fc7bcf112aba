"""入库纳统 in words, and the table of its steps: who takes each, from where, what it asks (handbook §3.4)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.roles import Can
from common.lights import Light
from common.rules import LightRules
from investment.choices import EnrolmentState, ExcuseState

S = EnrolmentState


@dataclass(frozen=True)
class Step:
    """One button of the tab. `open_in(state, excuse)` says when it is there; `done` is what the page says after it."""

    label: str
    capability: Can
    open_in: Callable[[str, str], bool]
    done: str
    note: str = ""

    @property
    def url_name(self) -> str:
        unit = self.capability == Can.EDIT_PROJECTS
        return "investment:enrolment_step" if unit else "investment:enrolment_decide"


def _before(state: str, excuse: str) -> bool:
    return state in (S.NOT_SUBMITTED, S.RETURNED, S.EXITED)


STEPS: dict[str, Step] = {
    "submit": Step(
        "申报入库", Can.EDIT_PROJECTS, _before, "已申报，等待统计部门审核。", "资料每月 10 日前报送，先入库、后有数。"
    ),
    "explain": Step(
        "说明未纳统原因",
        Can.EDIT_PROJECTS,
        lambda state, excuse: _before(state, excuse) and excuse != ExcuseState.GRANTED,
        "原因已报送，等待统计部门审核。",
        "原因经统计部门认可后，纳统灯不再计时。",
    ),
    "enter": Step("登记入库", Can.STATISTICS, lambda state, excuse: state == S.SUBMITTED, "已登记入库。"),
    "return": Step("退回", Can.STATISTICS, lambda state, excuse: state == S.SUBMITTED, "已退回责任单位。"),
    "leave": Step("登记退库", Can.STATISTICS, lambda state, excuse: state == S.ENTERED, "已登记退库。"),
    "grant": Step("认可理由", Can.STATISTICS, lambda state, excuse: excuse == ExcuseState.ASKED, "已认可。"),
    "refuse": Step("不予认可", Can.STATISTICS, lambda state, excuse: excuse == ExcuseState.ASKED, "已退回说明。"),
}


def state_words(row: Any) -> dict[str, Any]:
    """The state of a row of `with_enrolment`, with its date."""
    state = row.stat_state or S.NOT_SUBMITTED
    if state == S.NOT_SUBMITTED and row.stat_tier is None:
        return {"text": "不需要入库"}
    day = {
        S.SUBMITTED: row.stat_submitted_on,
        S.RETURNED: row.stat_returned_on,
        S.ENTERED: row.stat_entered_on,
        S.EXITED: row.stat_exited_on,
    }.get(state)
    again = f"，退回过 {row.stat_times_returned} 次" if row.stat_times_returned else ""
    return {
        "text": S(state).label,
        "sub": f"{day}{again}" if day else "",
        "tone": "warn" if state == S.RETURNED else "",
    }


def light_words(row: Any, rules: LightRules) -> str:
    """Why light_stat has its colour by `rules`, with the figures used; rows of `with_stat_light`."""
    start = row.actual_start_date
    if row.light_stat == Light.GRAY:
        return "不足统计起点，不需要入库" if start else "未开工"
    if row.light_stat in (Light.YELLOW, Light.RED):
        months = rules.stat_red if row.light_stat == Light.RED else rules.stat_yellow
        return f"{start} 开工，超过 {months} 个月未入库"
    return ""
