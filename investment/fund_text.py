"""The steps of an application as a table: who takes each, from which states, what it asks (handbook §4.2)."""

from dataclasses import dataclass

from accounts.roles import Can
from investment.choices import AmountKind, FundState

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
