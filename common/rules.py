"""The rules of the lights as values: four presets with thresholds, and when other dimensions turn (handbook §3.3).

A published RuleSet holds them from a month on; before the first one the defaults hold. History is judged by the rules
then in force (handbook §11).
"""

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from django.db.models import TextChoices

from common.errors import DomainError
from common.models import RuleSet
from common.periods import Period

CODE = "lights"


class Preset(TextChoices):
    """What the progress light compares (vectors.md §5)."""

    RATIO = "ratio", "达序时率（完成额 ÷ 时序应完成额）"
    PP = "pp", "落后百分点（时序进度 − 年度完成率）"
    SHORTFALL = "shortfall", "欠额比例（时序应完成额的缺口 ÷ 时序应完成额）"
    MONTHLY80 = "monthly80", "当月任务完成率（本月完成 ÷ 本月计划）"


THRESHOLDS: dict[str, tuple[int, int]] = {  # red, yellow: whole percents, for `pp` points
    Preset.RATIO: (60, 80),
    Preset.PP: (30, 10),
    Preset.SHORTFALL: (50, 0),
    Preset.MONTHLY80: (60, 80),
}
YELLOW_BELOW = THRESHOLDS[Preset.RATIO][1]  # 达序时率 below which the bar of a group is yellow, whatever the preset
LACKING = (Preset.PP, Preset.SHORTFALL)  # these measure what is lacking: red is the larger figure


@dataclass(frozen=True, slots=True)
class LightRules:
    """One version of the rules. Months are whole months, rates whole percents; `off` names dimensions not judged."""

    preset: str = Preset.RATIO.value
    red: int = 60
    yellow: int = 80
    start_yellow: int = 1  # month ends passed without a start (light.start)
    start_red: int = 3
    node_workdays: int = 10  # a node due within so many working days is yellow (light.node)
    stat_yellow: int = 1  # months since commencement without statistics entry (light.stat_entry)
    stat_red: int = 2
    fund_yellow_months: int = 3  # months since the first receipt, and the spending asked for by then (light.fund)
    fund_yellow_rate: int = 50
    fund_red_months: int = 6
    fund_red_rate: int = 80
    report_yellow: int = 1  # closed months in a row without a figure (decisions §4)
    report_red: int = 2
    off: tuple[str, ...] = ()
    version: int = 0  # of the version; 0 = the defaults

    @property
    def label(self) -> str:
        return f"规则第 {self.version} 版" if self.version else "默认规则"

    def values(self) -> dict[str, Any]:
        """As a RuleSet keeps them."""
        kept = asdict(self)
        del kept["version"]
        return kept | {"off": list(self.off)}

    @classmethod
    def of(cls, rule_set: RuleSet | None) -> "LightRules":
        """The rules of a version; keys it does not have take their defaults."""
        if rule_set is None:
            return cls()
        known = {field.name for field in fields(cls)} - {"version", "off"}
        values = {key: value for key, value in rule_set.values.items() if key in known}
        return cls(**values, off=tuple(rule_set.values.get("off", ())), version=rule_set.version)

    def with_preset(self, preset: str) -> "LightRules":
        """The same with another preset and its own thresholds."""
        red, yellow = THRESHOLDS[preset]
        return replace(self, preset=preset, red=red, yellow=yellow)

    def check(self) -> None:
        """Raises DomainError in one sentence when thresholds contradict each other."""
        if self.preset in LACKING:
            if not 0 <= self.yellow < self.red <= 100:
                raise DomainError(f"黄灯界限 {self.yellow} 应小于红灯界限 {self.red}，两者都在 0 至 100 之间。")
        elif not 0 < self.red < self.yellow <= 100:
            raise DomainError(f"红灯界限 {self.red} 应小于黄灯界限 {self.yellow}，两者都在 1 至 100 之间。")
        for name, first, second in (
            ("开工", self.start_yellow, self.start_red),
            ("入库", self.stat_yellow, self.stat_red),
            ("资金", self.fund_yellow_months, self.fund_red_months),
            ("填报", self.report_yellow, self.report_red),
        ):
            if not 1 <= first < second <= 24:
                raise DomainError(f"{name}灯：转黄的月数 {first} 应小于转红的月数 {second}，两者都在 1 至 24 之间。")


def light_rules(period: Period) -> LightRules:
    """The rules in force in a month: the newest published version that was effective on its first day."""
    return LightRules.of(RuleSet.objects.in_force(CODE, period.first_day()))
