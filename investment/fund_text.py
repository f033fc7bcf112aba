"""The steps of an application as a table: who takes each, from which states, what it asks (handbook §4.2); what its
light says."""

from dataclasses import dataclass

from accounts.roles import Can
from common.lights import Light
from common.rules import LightRules
from investment.choices import AmountKind, FundCause, FundState

S = FundState
GIVEN = (S.ISSUED, S.RECEIVED, S.PAID, S.SPENT)


@dataclass(frozen=True)
class Step:
    """One button. `amount` names the money it records; `asks` the fields of the form besides a note."""

    label: str
    capability: Can
    states: tuple[str, ...]
    done: str
    asks: tuple[str, ...] = ()
    amount: str = ""
    note: str = ""

    @property
    def url_name(self) -> str:
        return "investment:fund_step" if self.capability == Can.EDIT_PROJECTS else "investment:fund_decide"


def _money(label: str, capability: Can, kind: str, states: tuple[str, ...], note: str) -> Step:
    return Step(label, capability, states, f"{label.removeprefix('登记')}已登记。", ("amount",), kind, note)


STEPS: dict[str, Step] = {
    "submit": Step("申报", Can.EDIT_PROJECTS, (S.DRAFT, S.RETURNED), "已申报，等待区级审核。",
                   note="申报后不能修改，退回以后才能改。"),
    "review": Step("区级审核通过", Can.FUNDS, (S.SUBMITTED,), "区级审核已通过。"),
    "report": Step("报上级", Can.FUNDS, (S.REVIEWED,), "已登记报上级。", ("paper",)),
    "approve": _money("登记批复", Can.FUNDS, AmountKind.APPROVED, (S.REPORTED,), "批复额不超过申报额。"),
    "issue": _money("登记下达", Can.FUNDS, AmountKind.ISSUED, (S.APPROVED, *GIVEN), "资金计划分次下达的逐次登记。"),
    "receive": _money("登记到位", Can.FUNDS, AmountKind.RECEIVED, GIVEN, "到国库或专户之日。"),
    "pay": _money("登记拨付", Can.FUNDS, AmountKind.PAID, (S.RECEIVED, S.PAID, S.SPENT), "拨到项目单位之日。"),
    "spend": _money("登记支出", Can.EDIT_PROJECTS, AmountKind.SPENT, (S.PAID, S.SPENT),
                    "按结算单、发票、支付凭证登记。"),
    "evaluate": Step("绩效评价", Can.FUNDS, (S.SPENT,), "绩效评价已登记。", ("score",)),
    "send_back": Step("退回", Can.FUNDS, (S.SUBMITTED, S.REVIEWED, S.REPORTED), "已退回责任单位。", ("reason",)),
    "reject": Step("未获批", Can.FUNDS, (S.SUBMITTED, S.REVIEWED, S.REPORTED), "已登记未获批。", ("reason",)),
    "adjust": Step("调出", Can.FUNDS, (S.APPROVED, S.ISSUED, S.RECEIVED), "已登记调出。", ("paper", "reason")),
    "claw_back": Step("收回", Can.FUNDS, (S.RECEIVED, S.PAID, S.SPENT), "已登记收回。", ("paper", "reason")),
}  # fmt: skip


def light_words(light: str, cause: str | None, rules: LightRules) -> str:
    """What the light of funds says of a project or an application, by its light_fund and fund_cause."""
    if cause == FundCause.UNSTARTED:
        return "已过资金批次的开工期限，尚未开工"
    if cause == FundCause.UNDIVIDED:
        return "资金下达满一个月，尚未到位"
    return {
        Light.RED: f"资金到位满 {rules.fund_red_months} 个月，支出不足 {rules.fund_red_rate}%",
        Light.YELLOW: f"资金到位满 {rules.fund_yellow_months} 个月，支出不足 {rules.fund_yellow_rate}%",
        Light.GREEN: "支出进度正常",
    }.get(Light(light), "没有到位的资金")
